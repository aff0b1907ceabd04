-- Purpose: the fresh half-hours of the run's days. Grain: queue x half-hour.
INSERT INTO sla_queuehalfhour (
  contract_id, vendor_id, queue_id, bucket, definition_version_id, offered, answered, abandoned, flowed_out,
  abandoned_short, service_met, service_base, connect_base, abandonment_met, abandonment_base, csat_met, csat_base,
  csat_sum, fcr_met, fcr_base, wait_seconds, handled, talk_seconds, hold_seconds, wrap_seconds, transferred, dialed,
  success, resolved, wait_max_seconds)
SELECT
  contract_id, vendor_id, queue_id, bucket,
  -- Arrivals without signed terms leave the row without a version, even if an earlier day's call is answered in it.
  CASE WHEN bool_and(version_id IS NOT NULL OR calls = 0) THEN max(version_id) END,
  sum(offered), sum(answered), sum(abandoned), sum(flowed_out), sum(abandoned_short), sum(service_met),
  sum(service_base), sum(connect_base), sum(abandonment_met), sum(abandonment_base), sum(csat_met), sum(csat_base),
  sum(csat_sum), sum(fcr_met), sum(fcr_base), sum(wait_seconds), sum(handled), sum(talk_seconds), sum(hold_seconds),
  sum(wrap_seconds), sum(transferred), sum(dialed), sum(success), sum(resolved), max(wait_max_seconds)
FROM sla_fresh
WHERE grain = 3
GROUP BY contract_id, vendor_id, queue_id, bucket
