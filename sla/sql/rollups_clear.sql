-- Purpose: remove what the run is about to write, vanished buckets included. Grain: contract x day. Index: primary keys.
WITH key AS MATERIALIZED (SELECT * FROM unnest(%(contract_ids)s::int[], %(days)s::date[],
    %(day_starts)s::timestamptz[], %(day_ends)s::timestamptz[]) AS key (contract_id, day, day_start, day_end)),
-- A queue that the contract covers no more has no recipe, and may have figures from before.
queue AS (SELECT d.contract_id, d.queue_id FROM sla_definition d
  UNION SELECT t.contract_id, t.queue_id FROM sla_queueday t WHERE t.contract_id IN (SELECT contract_id FROM key)),
half_hours AS (DELETE FROM sla_queuehalfhour t USING key, queue
  WHERE t.contract_id = key.contract_id AND queue.contract_id = key.contract_id AND t.queue_id = queue.queue_id
    AND t.bucket >= key.day_start AND t.bucket < key.day_end),
days AS (DELETE FROM sla_queueday t USING key, queue
  WHERE t.contract_id = key.contract_id AND queue.contract_id = key.contract_id AND t.queue_id = queue.queue_id
    AND t.day = key.day),
agents AS (DELETE FROM sla_agentday t USING key WHERE t.contract_id = key.contract_id AND t.day = key.day),
reasons AS (DELETE FROM sla_reasonday t USING key WHERE t.contract_id = key.contract_id AND t.day = key.day)
DELETE FROM sla_contractday t USING key WHERE t.contract_id = key.contract_id AND t.day = key.day
