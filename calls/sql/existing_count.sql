-- Purpose: the account of staged rows that met a stored call. Grain: part.
SELECT count(*) FILTER (WHERE verdict = 0) AS unchanged, count(*) FILTER (WHERE verdict = 1) AS updated,
  count(*) FILTER (WHERE verdict = 2) AS superseded,
  count(*) FILTER (WHERE verdict <> 0 AND is_same_revision) AS same_revision
FROM (
  SELECT line, max(verdict) AS verdict, bool_or(is_same_revision) AS is_same_revision FROM calls_existing GROUP BY line
) judged
