-- Purpose: store the new callers; a ticket may have brought one meanwhile. Grain: customer.
INSERT INTO calls_customer (vendor_id, customer_key, number_encrypted, number_masked)
SELECT DISTINCT ON (customer_key) %(vendor_id)s, customer_key, number_encrypted, number_masked FROM calls_customer_fresh
ON CONFLICT DO NOTHING
