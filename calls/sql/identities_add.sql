-- Purpose: remember where the calls of a part lie of which none was known. Grain: call. Index: primary key, in its order.
-- No ON CONFLICT: an id that is known after all is a fault, and the key refuses it.
INSERT INTO calls_callidentity (vendor_id, external_id, contract_id, offered_at)
SELECT vendor_id, external_id, contract_id, offered_at FROM calls_staging ORDER BY external_id
