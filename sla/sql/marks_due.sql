-- Purpose: which days wait for a recompute, oldest first. Grain: contract x day. Index: calls_mark_day.
SELECT contract_id, min(vendor_id) AS vendor_id, day, min(at) AS marked_at
FROM calls_mark
GROUP BY contract_id, day
ORDER BY day, contract_id
LIMIT %(limit)s
