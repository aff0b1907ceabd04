-- Purpose: judge each staged row against the stored revision of its call, wherever its time has moved to.
-- Grain: staged row x stored call. Index: primary key (contract_id, external_id). Verdict: 0 unchanged, 1 newer, 2 older.
-- The higher (revision, content) wins whatever the order of arrival; a feed without revisions goes by order of receipt.
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
    WHEN hashtextextended(ROW(s.offered_at, s.answered_at, s.ended_at, s.customer_key, s.queue_id, s.agent_id, s.reason_id,
      s.ring_seconds, s.wait_seconds, s.talk_seconds, s.hold_seconds, s.wrap_seconds, s.direction,
      s.outcome, s.abandon_place, s.csat, s.resolved, s.success, s.transferred_from, s.recording,
      s.ivr_path)::text, 0)
      > hashtextextended(ROW(c.offered_at, c.answered_at, c.ended_at, c.customer_key, c.queue_id, c.agent_id, c.reason_id,
      c.ring_seconds, c.wait_seconds, c.talk_seconds, c.hold_seconds, c.wrap_seconds, c.direction,
      c.outcome, c.abandon_place, c.csat, c.resolved, c.success, c.transferred_from, c.recording,
      c.ivr_path)::text, 0) THEN 1
    ELSE 2
  END
FROM calls_staging s
JOIN calls_call c ON c.contract_id = s.contract_id AND c.external_id = s.external_id
WHERE c.contract_id = ANY(%(contract_ids)s) AND c.offered_at >= %(probe_from)s AND c.offered_at < %(probe_until)s
