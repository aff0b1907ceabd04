-- Purpose: keep staged rows that came after a newer revision, once each. Grain: staged row.
INSERT INTO calls_formercall (
  offered_at, answered_at, ended_at, customer_key, contract_id, vendor_id, queue_id, agent_id, reason_id, batch_id,
  revision, ring_seconds, wait_seconds, talk_seconds, hold_seconds, wrap_seconds, direction, outcome, abandon_place,
  csat, resolved, success, external_id, transferred_from, recording, ivr_path, offered_text, kept_at)
SELECT
  s.offered_at, s.answered_at, s.ended_at, s.customer_key, s.contract_id, s.vendor_id, s.queue_id, s.agent_id,
  s.reason_id, s.batch_id, s.revision, s.ring_seconds, s.wait_seconds, s.talk_seconds, s.hold_seconds,
  s.wrap_seconds, s.direction, s.outcome, s.abandon_place, s.csat, s.resolved, s.success, s.external_id,
  s.transferred_from, s.recording, s.ivr_path, s.offered_text, %(at)s
FROM calls_staging s
WHERE s.line IN (SELECT line FROM calls_existing WHERE verdict = 2)
  AND NOT EXISTS (SELECT FROM calls_formercall f
    WHERE f.contract_id = s.contract_id AND f.external_id = s.external_id AND f.revision = s.revision
      AND ROW(f.offered_at, f.answered_at, f.ended_at, f.customer_key, f.queue_id, f.agent_id, f.reason_id,
      f.ring_seconds, f.wait_seconds, f.talk_seconds, f.hold_seconds, f.wrap_seconds, f.direction,
      f.outcome, f.abandon_place, f.csat, f.resolved, f.success, f.transferred_from, f.recording,
      f.ivr_path)
      IS NOT DISTINCT FROM ROW(s.offered_at, s.answered_at, s.ended_at, s.customer_key, s.queue_id, s.agent_id, s.reason_id,
      s.ring_seconds, s.wait_seconds, s.talk_seconds, s.hold_seconds, s.wrap_seconds, s.direction,
      s.outcome, s.abandon_place, s.csat, s.resolved, s.success, s.transferred_from, s.recording,
      s.ivr_path))
