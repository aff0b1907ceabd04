-- Purpose: store the rows that are new or newer. Grain: call.
INSERT INTO calls_call (
  offered_at, answered_at, ended_at, customer_key, contract_id, vendor_id, queue_id, agent_id, reason_id, batch_id,
  revision, ring_seconds, wait_seconds, talk_seconds, hold_seconds, wrap_seconds, direction, outcome, abandon_place,
  csat, resolved, success, external_id, transferred_from, recording, ivr_path, offered_text)
SELECT
  s.offered_at, s.answered_at, s.ended_at, s.customer_key, s.contract_id, s.vendor_id, s.queue_id, s.agent_id,
  s.reason_id, s.batch_id, s.revision, s.ring_seconds, s.wait_seconds, s.talk_seconds, s.hold_seconds,
  s.wrap_seconds, s.direction, s.outcome, s.abandon_place, s.csat, s.resolved, s.success, s.external_id,
  s.transferred_from, s.recording, s.ivr_path, s.offered_text
FROM calls_staging s
WHERE NOT EXISTS (SELECT FROM calls_existing e WHERE e.line = s.line AND e.verdict <> 1)
