-- Purpose: count an attempt at the next part of a confirmed file; committed before the attempt, so that a file which kills
-- its worker is seen. Grain: batch. Index: calls_batch_state.
UPDATE calls_batch SET attempts = attempts + 1, lease_until = clock_timestamp() + interval '30 seconds'
WHERE id = (
  SELECT id FROM calls_batch
  WHERE state = 'confirmed' AND attempts < 3 AND (lease_until IS NULL OR lease_until < clock_timestamp())
    AND (%(batch_id)s::int IS NULL OR id = %(batch_id)s)
  ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING id
