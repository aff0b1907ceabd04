-- Purpose: some computed days without marks, drawn by a published seed. Grain: contract x day.
SELECT d.contract_id, d.vendor_id, d.day FROM sla_contractday d
WHERE NOT EXISTS (SELECT FROM calls_mark m WHERE m.contract_id = d.contract_id AND m.day = d.day)
ORDER BY md5(d.contract_id::text || d.day::text || %(seed)s) LIMIT %(count)s
