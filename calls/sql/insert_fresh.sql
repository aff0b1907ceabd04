-- Purpose: store rows of which the contract has no call yet. Grain: call.
INSERT INTO calls_call (
  offered_at, answered_at, ended_at, customer_key, contract_id, vendor_id, queue_id, agent_id, reason_id, batch_id,
  revision, ring_seconds, wait_seconds, talk_seconds, hold_seconds, wrap_seconds, direction, outcome, abandon_place,
  csat, resolved, success, external_id, transferred_from, recording, ivr_path, offered_text)
SELECT
  offered_at, answered_at, ended_at, customer_key, contract_id, vendor_id, queue_id, agent_id, reason_id, batch_id,
  revision, ring_seconds, wait_seconds, talk_seconds, hold_seconds, wrap_seconds, direction, outcome, abandon_place,
  csat, resolved, success, external_id, transferred_from, recording, ivr_path, offered_text
FROM calls_staging
