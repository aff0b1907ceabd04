-- Purpose: from when to when the part and the revisions it replaces reach, by contract. Grain: contract.
SELECT contract_id, min(at) AS first_at, max(at) AS last_at
FROM (
  SELECT contract_id, unnest(ARRAY[offered_at, answered_at]) AS at FROM calls_staging
  UNION ALL
  SELECT e.contract_id, unnest(ARRAY[c.offered_at, c.answered_at]) FROM calls_existing e
  JOIN calls_call c ON c.contract_id = e.contract_id AND c.external_id = e.external_id AND c.offered_at = e.offered_at
  WHERE e.verdict = 1
) moment
WHERE at IS NOT NULL
GROUP BY contract_id
