-- Purpose: which callers of the part the vendor has not had before. Grain: customer. Index: primary key.
SELECT k.customer_key FROM calls_customer_key k
WHERE NOT EXISTS (SELECT FROM calls_customer c WHERE c.vendor_id = %(vendor_id)s AND c.customer_key = k.customer_key)
