-- Purpose: set aside what used up its attempts, so that its neighbors go on; a last attempt that still runs holds a lease
-- or the row's lock. Grain: batch. Index: calls_batch_state.
UPDATE calls_batch SET state = 'quarantined', is_open_or_loaded = false, problem = 'failed_three_times', finished_at = %(at)s
WHERE id IN (
  SELECT id FROM calls_batch
  WHERE state IN ('received', 'confirmed') AND attempts >= %(max_attempts)s
    AND (lease_until IS NULL OR lease_until < clock_timestamp())
  FOR UPDATE SKIP LOCKED)
RETURNING id
