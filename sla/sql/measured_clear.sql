-- Purpose: take away KPIs of days that have nothing to divide by any more. Grain: contract x day x KPI.
-- Index: the unique key (vendor_id, contract_id, kpi, day).
DELETE FROM sla_measuredday m
USING jsonb_to_recordset(%(rows)s::jsonb) AS r (vendor_id int, contract_id int, day date, kpi text, denominator bigint)
WHERE r.denominator = 0 AND m.vendor_id = r.vendor_id AND m.contract_id = r.contract_id AND m.kpi = r.kpi
  AND m.day = r.day
