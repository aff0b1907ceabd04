-- Purpose: the fresh agent days; what has no agent yet (offered, abandoned) is not the agent's. Grain: queue x agent x day.
INSERT INTO sla_agentday (
  contract_id, vendor_id, queue_id, agent_id, day, definition_version_id, offered, answered, abandoned, flowed_out,
  abandoned_short, service_met, service_base, connect_base, abandonment_met, abandonment_base, csat_met, csat_base,
  csat_sum, fcr_met, fcr_base, wait_seconds, handled, talk_seconds, hold_seconds, wrap_seconds, transferred, dialed,
  success, resolved, wait_max_seconds)
SELECT
  contract_id, vendor_id, queue_id, agent_id, day,
  -- Arrivals without signed terms leave the row without a version, even if an earlier day's call is answered in it.
  CASE WHEN bool_and(version_id IS NOT NULL OR calls = 0) THEN max(version_id) END,
  0, sum(answered), 0, 0, 0, sum(service_met), sum(service_base), 0, 0, 0, sum(csat_met), sum(csat_base),
  sum(csat_sum), sum(fcr_met), sum(fcr_base), sum(wait_seconds), sum(handled), sum(talk_seconds), sum(hold_seconds),
  sum(wrap_seconds), sum(transferred), sum(dialed), sum(success), sum(resolved), max(wait_max_seconds)
FROM sla_fresh
WHERE grain = 5 AND agent_id IS NOT NULL
GROUP BY contract_id, vendor_id, queue_id, agent_id, day
HAVING sum(handled) + sum(dialed) > 0
