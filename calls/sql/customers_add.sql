-- Purpose: store callers that the vendor has not had before, in key order. Grain: customer. Index: primary key.
INSERT INTO calls_customer (vendor_id, customer_key, number_encrypted, number_masked)
SELECT %(vendor_id)s, key, encrypted, masked
FROM unnest(%(keys)s::bigint[], %(encrypted)s::bytea[], %(masked)s::text[]) AS fresh (key, encrypted, masked)
ORDER BY key
ON CONFLICT DO NOTHING
