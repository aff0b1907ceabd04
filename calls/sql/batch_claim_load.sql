-- Purpose: count an attempt at the next part of a confirmed file; committed before the attempt, so that a file which kills
-- its worker is seen. Who loads holds the row's lock, which ends with the process; no lease is needed. Grain: batch. Index: calls_batch_state.
UPDATE calls_batch SET attempts = attempts + 1, lease_until = NULL
WHERE id = (
  SELECT id FROM calls_batch
  WHERE state = 'confirmed' AND attempts < %(max_attempts)s
    AND (%(batch_id)s::int IS NULL OR id = %(batch_id)s)
  ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING id
