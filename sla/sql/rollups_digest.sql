-- Purpose: one fingerprint per contract-day over all its rollup rows, to see whether a recompute changes anything.
-- Grain: contract x day. Index: primary keys.
WITH key AS MATERIALIZED (SELECT * FROM unnest(%(contract_ids)s::int[], %(days)s::date[],
  %(day_starts)s::timestamptz[], %(day_ends)s::timestamptz[]) AS key (contract_id, day, day_start, day_end)),
entry AS (
  SELECT key.contract_id, key.day, 'half-hour ' || t::text AS line FROM key JOIN sla_queuehalfhour t
    ON t.contract_id = key.contract_id AND t.bucket >= key.day_start AND t.bucket < key.day_end
  UNION ALL
  SELECT key.contract_id, key.day, 'day ' || t::text FROM key JOIN sla_queueday t
    ON t.contract_id = key.contract_id AND t.day = key.day
  UNION ALL
  SELECT key.contract_id, key.day, 'agent ' || t::text FROM key JOIN sla_agentday t
    ON t.contract_id = key.contract_id AND t.day = key.day
  UNION ALL
  SELECT key.contract_id, key.day, 'reason ' || t::text FROM key JOIN sla_reasonday t
    ON t.contract_id = key.contract_id AND t.day = key.day
)
SELECT key.contract_id, key.day, md5(coalesce(string_agg(entry.line, '|' ORDER BY entry.line), '')) AS digest
FROM key LEFT JOIN entry ON entry.contract_id = key.contract_id AND entry.day = key.day
GROUP BY key.contract_id, key.day
