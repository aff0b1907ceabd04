-- Purpose: keep KPIs measured elsewhere; rows that say the same already stay untouched. Grain: contract x day x KPI.
-- Index: the unique key (vendor_id, contract_id, kpi, day).
INSERT INTO sla_measuredday AS m (vendor_id, contract_id, day, kpi, numerator, denominator, computed_at)
SELECT r.vendor_id, r.contract_id, r.day, r.kpi, r.numerator, r.denominator, %(at)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
  vendor_id int, contract_id int, day date, kpi text, numerator bigint, denominator bigint)
WHERE r.denominator > 0
ORDER BY r.contract_id, r.kpi, r.day
ON CONFLICT (vendor_id, contract_id, kpi, day) DO UPDATE
SET numerator = excluded.numerator, denominator = excluded.denominator, computed_at = excluded.computed_at
WHERE (m.numerator, m.denominator) IS DISTINCT FROM (excluded.numerator, excluded.denominator)
