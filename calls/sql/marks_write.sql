-- Purpose: mark the days of one contract that this part changed: of arrival, of answer, of the replaced revision, and the
-- days before whose resolution a new call may undo. Grain: contract x day. Bounds are computed by core.periods.
WITH moved AS (
  SELECT s.offered_at AS at FROM calls_staging s
  WHERE s.contract_id = %(contract_id)s
    AND NOT EXISTS (SELECT FROM calls_existing e WHERE e.line = s.line AND e.verdict <> 1)
  UNION ALL
  SELECT s.answered_at FROM calls_staging s
  WHERE s.contract_id = %(contract_id)s AND s.answered_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM calls_existing e WHERE e.line = s.line AND e.verdict <> 1)
  UNION ALL
  SELECT unnest(ARRAY[f.offered_at, f.answered_at]) FROM calls_existing e
  JOIN calls_call f ON f.contract_id = e.contract_id AND f.external_id = e.external_id AND f.offered_at = e.offered_at
  WHERE e.contract_id = %(contract_id)s AND e.verdict = 1
), touched AS (
  SELECT DISTINCT (%(days)s::date[])[width_bucket(at, %(starts)s::timestamptz[])] AS day FROM moved WHERE at IS NOT NULL
)
INSERT INTO calls_mark (contract_id, vendor_id, day, at)
SELECT DISTINCT %(contract_id)s::int, %(vendor_id)s::int, touched.day - back.days, %(at)s::timestamptz
FROM touched CROSS JOIN generate_series(0, %(days_back)s) AS back (days)
WHERE touched.day - back.days >= %(first_day)s::date
