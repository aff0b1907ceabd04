-- Purpose: which recipes of first-call resolution the run needs, and for which contracts. Grain: recipe.
SELECT fcr_window AS "window", fcr_forward AS forward, fcr_same_reason AS same_reason,
  array_agg(DISTINCT contract_id) AS contract_ids
FROM sla_definition
WHERE version_id IS NOT NULL AND valid_from < run_end AND valid_until > run_start - interval '24 hours'
GROUP BY fcr_window, fcr_forward, fcr_same_reason
