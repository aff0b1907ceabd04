-- Purpose: what became of the rows of the part just stored, as its staging still tells in the same transaction.
-- Grain: staged row, at most a request's. Verdict: as in calls/find_existing; null met no stored call.
SELECT s.line, max(e.verdict) AS verdict
FROM calls_staging s LEFT JOIN calls_existing e ON e.line = s.line
GROUP BY s.line
