-- Purpose: set aside what failed three times, so that its neighbors go on; a third attempt that still runs holds a lease
-- or the row's lock. Grain: batch. Index: calls_batch_state.
UPDATE calls_batch SET state = 'quarantined', is_open_or_loaded = false, problem = 'failed_three_times', finished_at = %(at)s
WHERE id IN (
  SELECT id FROM calls_batch
  WHERE state IN ('received', 'confirmed') AND attempts >= 3
    AND (lease_until IS NULL OR lease_until < clock_timestamp())
  FOR UPDATE SKIP LOCKED)
RETURNING id
