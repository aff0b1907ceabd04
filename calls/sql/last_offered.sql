-- Purpose: when the newest call of each contract was offered; a row for each contract that has calls.
-- Grain: contract. Index: calls_call_queue, one step a queue; the newest month that has calls ends the search.
SELECT pair.contract_id, max(newest.offered_at) AS offered_at
FROM unnest(%(contract_ids)s::int[], %(queue_ids)s::int[]) AS pair (contract_id, queue_id)
CROSS JOIN LATERAL (
  SELECT c.offered_at FROM calls_call c
  WHERE c.contract_id = pair.contract_id AND c.queue_id = pair.queue_id AND c.outcome <> 9
  ORDER BY c.offered_at DESC LIMIT 1
) newest
GROUP BY pair.contract_id
