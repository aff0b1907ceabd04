-- Purpose: take the replaced revisions out of the calls that count. Grain: call.
DELETE FROM calls_call c USING calls_existing e
WHERE e.contract_id = c.contract_id AND e.external_id = c.external_id AND e.offered_at = c.offered_at AND e.verdict = 1
