-- Purpose: the quarter hours that this part changes: of arrival and answer of stored rows and of the ones they replace.
-- Grain: contract x quarter hour. Quarters, because every zone's midnight is the start of one.
WITH moved AS (
  SELECT s.contract_id, s.offered_at, s.answered_at FROM calls_staging s
  WHERE NOT EXISTS (SELECT FROM calls_existing e WHERE e.line = s.line AND e.verdict <> 1)
  UNION ALL
  SELECT c.contract_id, c.offered_at, c.answered_at FROM calls_existing e
  JOIN calls_call c ON c.contract_id = e.contract_id AND c.external_id = e.external_id AND c.offered_at = e.offered_at
  WHERE e.verdict = 1
)
SELECT DISTINCT contract_id, date_bin('15 minutes', at, TIMESTAMPTZ '2000-01-01 00:00+00') AS quarter
FROM moved CROSS JOIN LATERAL (VALUES (offered_at), (answered_at)) AS moment (at)
WHERE at IS NOT NULL
