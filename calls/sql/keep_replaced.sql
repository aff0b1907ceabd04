-- Purpose: keep the stored revisions that newer ones replace. Grain: call.
INSERT INTO calls_formercall (
  offered_at, answered_at, ended_at, customer_key, contract_id, vendor_id, queue_id, agent_id, reason_id, batch_id,
  revision, ring_seconds, wait_seconds, talk_seconds, hold_seconds, wrap_seconds, direction, outcome, abandon_place,
  csat, resolved, success, external_id, transferred_from, recording, ivr_path, offered_text, kept_at)
SELECT
  c.offered_at, c.answered_at, c.ended_at, c.customer_key, c.contract_id, c.vendor_id, c.queue_id, c.agent_id,
  c.reason_id, c.batch_id, c.revision, c.ring_seconds, c.wait_seconds, c.talk_seconds, c.hold_seconds,
  c.wrap_seconds, c.direction, c.outcome, c.abandon_place, c.csat, c.resolved, c.success, c.external_id,
  c.transferred_from, c.recording, c.ivr_path, c.offered_text, %(at)s
FROM calls_call c JOIN calls_existing e
  ON e.contract_id = c.contract_id AND e.external_id = c.external_id AND e.offered_at = c.offered_at AND e.verdict = 1
