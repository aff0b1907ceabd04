-- Purpose: remember where each stored call lies now. Grain: call. Index: primary key.
INSERT INTO calls_callidentity (vendor_id, external_id, contract_id, offered_at)
SELECT s.vendor_id, s.external_id, s.contract_id, s.offered_at
FROM calls_staging s
WHERE NOT EXISTS (SELECT FROM calls_existing e WHERE e.line = s.line AND e.verdict <> 1)
ON CONFLICT (vendor_id, external_id) DO UPDATE
  SET contract_id = excluded.contract_id, offered_at = excluded.offered_at
