-- Purpose: the contract-days of a stretch that have calls, figures or marks. Grain: contract x day. Index: vendor, day.
SELECT contract_id, vendor_id, day FROM sla_contractday WHERE day >= %(first)s AND day <= %(last)s
UNION
SELECT contract_id, vendor_id, day FROM calls_mark WHERE day >= %(first)s AND day <= %(last)s
ORDER BY day, contract_id
