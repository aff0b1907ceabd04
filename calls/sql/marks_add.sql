-- Purpose: mark days as changed, in the transaction that changes them. Grain: contract x day. Append-only, never
-- ON CONFLICT (reliability 0.2).
INSERT INTO calls_mark (contract_id, vendor_id, day, at)
SELECT contract_id, %(vendor_id)s, day, %(at)s
FROM unnest(%(contract_ids)s::int[], %(days)s::date[]) AS key (contract_id, day)
