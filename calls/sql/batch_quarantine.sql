-- Purpose: set aside what failed three times, so that its neighbors go on. Grain: batch. Index: calls_batch_state.
UPDATE calls_batch SET state = 'quarantined', is_open_or_loaded = false, problem = 'failed_three_times', finished_at = %(at)s
WHERE state IN ('received', 'confirmed') AND attempts >= 3 AND lease_until < clock_timestamp()
RETURNING id
