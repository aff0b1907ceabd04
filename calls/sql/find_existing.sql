-- Purpose: judge each staged row against the stored revision of its call, wherever its time has moved to.
-- Grain: staged row. Index: primary keys of calls_callidentity and calls_call. Verdict: 0 unchanged, 1 newer, 2 older.
-- The higher (revision, withdrawal, content) wins whatever the order of arrival: content by the codes of agent and reason,
-- for their keys are given out in the order of arrival. A feed without revisions goes by order of receipt: of two files of
-- one second by their numbers, of two parts of one file by their place.
INSERT INTO calls_existing
SELECT s.line, c.contract_id, c.external_id, c.offered_at,
  CASE
    WHEN ROW(s.offered_at, s.answered_at, s.ended_at, s.customer_key, s.queue_id, s.agent_id, s.reason_id,
      s.ring_seconds, s.wait_seconds, s.talk_seconds, s.hold_seconds, s.wrap_seconds, s.direction,
      s.outcome, s.abandon_place, s.csat, s.resolved, s.success, s.transferred_from, s.recording,
      s.ivr_path)
      IS NOT DISTINCT FROM ROW(c.offered_at, c.answered_at, c.ended_at, c.customer_key, c.queue_id, c.agent_id, c.reason_id,
      c.ring_seconds, c.wait_seconds, c.talk_seconds, c.hold_seconds, c.wrap_seconds, c.direction,
      c.outcome, c.abandon_place, c.csat, c.resolved, c.success, c.transferred_from, c.recording,
      c.ivr_path)
      AND (s.revision = c.revision OR %(by_receipt)s) THEN 0
    WHEN s.revision > c.revision THEN 1
    WHEN s.revision < c.revision THEN 2
    WHEN %(by_receipt)s THEN CASE WHEN s.batch_id >= c.batch_id THEN 1 ELSE 2 END
    WHEN (s.outcome = 9) <> (c.outcome = 9) THEN CASE WHEN s.outcome = 9 THEN 1 ELSE 2 END
    WHEN hashtextextended(ROW(s.offered_at, s.answered_at, s.ended_at, s.customer_key, s.queue_id,
      (SELECT a.code FROM vendors_agent a WHERE a.id = s.agent_id),
      (SELECT r.code FROM calls_callreason r WHERE r.id = s.reason_id),
      s.ring_seconds, s.wait_seconds, s.talk_seconds, s.hold_seconds, s.wrap_seconds, s.direction,
      s.outcome, s.abandon_place, s.csat, s.resolved, s.success, s.transferred_from, s.recording,
      s.ivr_path)::text, 0)
      > hashtextextended(ROW(c.offered_at, c.answered_at, c.ended_at, c.customer_key, c.queue_id,
      (SELECT a.code FROM vendors_agent a WHERE a.id = c.agent_id),
      (SELECT r.code FROM calls_callreason r WHERE r.id = c.reason_id),
      c.ring_seconds, c.wait_seconds, c.talk_seconds, c.hold_seconds, c.wrap_seconds, c.direction,
      c.outcome, c.abandon_place, c.csat, c.resolved, c.success, c.transferred_from, c.recording,
      c.ivr_path)::text, 0) THEN 1
    ELSE 2
  END,
  s.revision = c.revision AND s.outcome <> 9
FROM calls_staging s
JOIN calls_callidentity i ON i.vendor_id = %(vendor_id)s AND i.external_id = s.external_id
JOIN calls_call c ON c.contract_id = i.contract_id AND c.external_id = i.external_id AND c.offered_at = i.offered_at
