-- Purpose: keep the best row of each call in the part; the others are duplicates (same content and revision) or
-- superseded, and the superseded ones are kept as former revisions. Grain: staged row. Returns: duplicates, superseded.
WITH ranked AS (
  SELECT s.line, s.contract_id, s.external_id, s.revision, s.outcome, ROW(s.offered_at, s.answered_at, s.ended_at, s.customer_key, s.queue_id, s.agent_id, s.reason_id,
      s.ring_seconds, s.wait_seconds, s.talk_seconds, s.hold_seconds, s.wrap_seconds, s.direction,
      s.outcome, s.abandon_place, s.csat, s.resolved, s.success, s.transferred_from, s.recording,
      s.ivr_path)::text AS content,
    row_number() OVER best AS place,
    first_value(s.revision) OVER best AS best_revision,
    first_value(ROW(s.offered_at, s.answered_at, s.ended_at, s.customer_key, s.queue_id, s.agent_id, s.reason_id,
      s.ring_seconds, s.wait_seconds, s.talk_seconds, s.hold_seconds, s.wrap_seconds, s.direction,
      s.outcome, s.abandon_place, s.csat, s.resolved, s.success, s.transferred_from, s.recording,
      s.ivr_path)::text) OVER best AS best_content
  FROM calls_staging s
  -- Most calls are there once, and need no comparing.
  WHERE s.external_id IN (SELECT external_id FROM calls_staging GROUP BY external_id HAVING count(*) > 1)
  WINDOW best AS (PARTITION BY s.external_id ORDER BY s.revision DESC,
    CASE WHEN %(by_receipt)s THEN false ELSE s.outcome = 9 END DESC,
    CASE WHEN %(by_receipt)s THEN s.line ELSE hashtextextended(ROW(s.offered_at, s.answered_at, s.ended_at, s.customer_key, s.queue_id,
      (SELECT a.code FROM vendors_agent a WHERE a.id = s.agent_id),
      (SELECT r.code FROM calls_callreason r WHERE r.id = s.reason_id),
      s.ring_seconds, s.wait_seconds, s.talk_seconds, s.hold_seconds, s.wrap_seconds, s.direction,
      s.outcome, s.abandon_place, s.csat, s.resolved, s.success, s.transferred_from, s.recording,
      s.ivr_path)::text, 0) END DESC, s.line)
), losers AS (
  SELECT line, revision = best_revision AND content = best_content AS is_duplicate,
    revision = best_revision AND content <> best_content AND outcome <> 9 AS is_same_revision
  FROM ranked WHERE place > 1
), kept AS (
  INSERT INTO calls_formercall (
    offered_at, answered_at, ended_at, customer_key, contract_id, vendor_id, queue_id, agent_id, reason_id,
    batch_id, revision, ring_seconds, wait_seconds, talk_seconds, hold_seconds, wrap_seconds, direction, outcome,
    abandon_place, csat, resolved, success, external_id, transferred_from, recording, ivr_path, offered_text, kept_at)
  SELECT
    s.offered_at, s.answered_at, s.ended_at, s.customer_key, s.contract_id, s.vendor_id, s.queue_id, s.agent_id,
    s.reason_id, s.batch_id, s.revision, s.ring_seconds, s.wait_seconds, s.talk_seconds, s.hold_seconds,
    s.wrap_seconds, s.direction, s.outcome, s.abandon_place, s.csat, s.resolved, s.success, s.external_id,
    s.transferred_from, s.recording, s.ivr_path, s.offered_text, %(at)s
  FROM calls_staging s JOIN losers ON losers.line = s.line AND NOT losers.is_duplicate
), removed AS (
  DELETE FROM calls_staging s USING losers WHERE s.line = losers.line RETURNING losers.is_duplicate, losers.is_same_revision
)
SELECT count(*) FILTER (WHERE is_duplicate) AS duplicate, count(*) FILTER (WHERE NOT is_duplicate) AS superseded,
  count(*) FILTER (WHERE is_same_revision) AS same_revision
FROM removed
