-- Purpose: count what was passed on in time, and what was told back to the customer. Grain: contract x day x KPI.
-- Index: tickets_feedback_passed, tickets_feedback_due, tickets_feedback_received.
WITH k AS (
  SELECT * FROM jsonb_to_recordset(%(keys)s::jsonb) AS k (
    vendor_id int, contract_id int, day date, start_at timestamptz, end_at timestamptz)
), heard AS (
  SELECT k.contract_id, k.day, %(routed)s AS kpi, true AS is_met
  FROM k
  JOIN tickets_feedback f ON f.vendor_id = k.vendor_id AND f.contract_id = k.contract_id
    AND f.routed_at >= k.start_at AND f.routed_at < k.end_at AND f.routed_at <= f.route_due_at
  UNION ALL
  -- Late for good, whether or not it was passed on or dropped since: counted on the day on which it became late.
  SELECT k.contract_id, k.day, %(routed)s, false
  FROM k
  JOIN tickets_feedback f ON f.vendor_id = k.vendor_id AND f.contract_id = k.contract_id
    AND f.route_due_at >= k.start_at AND f.route_due_at < k.end_at
    AND (f.late_at IS NOT NULL OR coalesce(f.routed_at, f.closed_at) > f.route_due_at)
  UNION ALL
  SELECT k.contract_id, k.day, %(closed)s, f.closed_at IS NOT NULL AND coalesce(f.customer_told, false)
  FROM k
  JOIN tickets_feedback f ON f.vendor_id = k.vendor_id AND f.contract_id = k.contract_id
    AND f.received_at >= k.start_at AND f.received_at < k.end_at AND f.route_due_at IS NOT NULL
)
SELECT contract_id, day, kpi, count(*) AS counted, count(*) FILTER (WHERE is_met) AS met
FROM heard
GROUP BY contract_id, day, kpi
