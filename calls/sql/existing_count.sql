-- Purpose: the account of staged rows that met a stored call. Grain: part.
SELECT count(*) FILTER (WHERE verdict = 0) AS unchanged, count(*) FILTER (WHERE verdict = 1) AS updated,
  count(*) FILTER (WHERE verdict = 2) AS superseded
FROM (SELECT line, max(verdict) AS verdict FROM calls_existing GROUP BY line) judged
