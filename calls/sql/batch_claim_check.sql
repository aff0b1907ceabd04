-- Purpose: take one received file to check it, unless somebody else holds it. Grain: batch. Index: calls_batch_state.
UPDATE calls_batch SET attempts = attempts + 1, lease_until = clock_timestamp() + interval '10 seconds'
WHERE id = (
  SELECT id FROM calls_batch
  WHERE state = 'received' AND attempts < %(max_attempts)s AND (lease_until IS NULL OR lease_until < clock_timestamp())
    AND (%(batch_id)s::int IS NULL OR id = %(batch_id)s)
  ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING id
