-- Purpose: count promises kept and broken, and by how much the ended ones were over. Grain: contract x day x clock.
-- Index: tickets_clock_counted (vendor_id, counted_at).
SELECT k.contract_id, k.day, c.clock,
  count(*) AS counted,
  count(*) FILTER (WHERE c.is_met) AS met,
  count(*) FILTER (WHERE NOT c.is_met) AS overrun,
  coalesce(sum(c.overrun_seconds) FILTER (WHERE NOT c.is_met), 0)::bigint AS overrun_seconds
FROM jsonb_to_recordset(%(keys)s::jsonb) AS k (
  vendor_id int, contract_id int, day date, start_at timestamptz, end_at timestamptz)
JOIN tickets_ticketclock c ON c.vendor_id = k.vendor_id AND c.counted_at >= k.start_at AND c.counted_at < k.end_at
JOIN tickets_ticket t ON t.id = c.ticket_id AND t.contract_id = k.contract_id
GROUP BY k.contract_id, k.day, c.clock
