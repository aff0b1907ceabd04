-- Purpose: ask for a recompute of some days. Grain: contract x day. Append-only, never ON CONFLICT (reliability 0.2).
INSERT INTO calls_mark (contract_id, vendor_id, day, at)
SELECT contract_id, vendor_id, day, %(at)s
FROM unnest(%(contract_ids)s::int[], %(vendor_ids)s::int[], %(days)s::date[]) AS key (contract_id, vendor_id, day)
