-- Purpose: take the days that nobody else recomputes now; a statement of its own, so that what follows sees everything
-- that the former holder committed (performance 4). Grain: contract x day.
SELECT contract_id, day
FROM unnest(%(contract_ids)s::int[], %(days)s::date[]) AS key (contract_id, day)
WHERE pg_try_advisory_xact_lock(contract_id, day - DATE '2000-01-01')
