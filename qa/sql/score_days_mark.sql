-- Purpose: mark all days that QA KPIs are kept for or may count on. Grain: contract x day.
-- Index: qa_evaluation_day; the unique key of sla_measuredday.
INSERT INTO qa_scoremark (vendor_id, contract_id, day)
SELECT m.vendor_id, m.contract_id, m.day FROM sla_measuredday m
WHERE m.kpi = ANY (%(kpis)s) AND m.vendor_id = ANY (%(vendor_ids)s)
UNION
SELECT e.vendor_id, e.contract_id, e.day FROM qa_evaluation e
WHERE e.draw_id IS NOT NULL AND e.vendor_id = ANY (%(vendor_ids)s)
