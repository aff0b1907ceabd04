-- Purpose: days as the sum of their half-hours. Grain: queue x day. Source: the half-hour rows just computed.
INSERT INTO sla_queueday (
  contract_id, vendor_id, queue_id, day, definition_version_id, offered, answered, abandoned, flowed_out,
  abandoned_short, service_met, service_base, connect_base, abandonment_met, abandonment_base, csat_met, csat_base,
  csat_sum, fcr_met, fcr_base, wait_seconds, handled, talk_seconds, hold_seconds, wrap_seconds, transferred, dialed,
  success, resolved, wait_max_seconds)
SELECT
  contract_id, vendor_id, queue_id, day,
  -- Arrivals without signed terms leave the row without a version, even if an earlier day's call is answered in it.
  CASE WHEN bool_and(version_id IS NOT NULL OR calls = 0) THEN max(version_id) END,
  sum(coalesce(offered, 0)), sum(coalesce(answered, 0)),
  sum(coalesce(abandoned, 0)), sum(coalesce(flowed_out, 0)), sum(coalesce(abandoned_short, 0)),
  sum(coalesce(service_met, 0)), sum(coalesce(service_base, 0)), sum(coalesce(connect_base, 0)),
  sum(coalesce(abandonment_met, 0)), sum(coalesce(abandonment_base, 0)), sum(coalesce(csat_met, 0)),
  sum(coalesce(csat_base, 0)), sum(coalesce(csat_sum, 0)), sum(coalesce(fcr_met, 0)), sum(coalesce(fcr_base, 0)),
  sum(coalesce(wait_seconds, 0)), sum(coalesce(handled, 0)), sum(coalesce(talk_seconds, 0)),
  sum(coalesce(hold_seconds, 0)), sum(coalesce(wrap_seconds, 0)), sum(coalesce(transferred, 0)),
  sum(coalesce(dialed, 0)), sum(coalesce(success, 0)), sum(coalesce(resolved, 0)), max(coalesce(wait_max_seconds,
  0))
FROM sla_fresh
WHERE grain = 3
GROUP BY contract_id, vendor_id, queue_id, day
