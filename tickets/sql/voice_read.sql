-- Purpose: calls and answers of each reason in the last seven whole days and in the four weeks before them, beside the
-- days of each that calls are known of. Grain: contract x reason, or x queue where that is asked for.
-- Index: primary keys of sla_contractday and sla_reasonday.
WITH today AS (
  SELECT c.id AS contract_id, c.vendor_id, (%(at)s::timestamptz AT TIME ZONE c.zone)::date AS day
  FROM contracts_contract c
  WHERE c.vendor_id = ANY (%(vendor_ids)s) AND (%(contract_ids)s::int[] IS NULL OR c.id = ANY (%(contract_ids)s::int[]))
), lengths AS (
  SELECT t.contract_id, t.vendor_id, t.day AS today,
    count(*) FILTER (WHERE d.day >= t.day - %(days)s) AS days,
    count(*) FILTER (WHERE d.day < t.day - %(days)s) AS days_before
  FROM today t
  JOIN sla_contractday d ON d.contract_id = t.contract_id AND d.day < t.day
    AND d.day >= t.day - %(days)s - %(days_before)s AND d.calls > 0
  GROUP BY t.contract_id, t.vendor_id, t.day
)
SELECT l.vendor_id, l.contract_id, r.reason_id, CASE WHEN %(by_queue)s THEN r.queue_id END AS queue_id,
  l.today - 1 AS last_day, l.days, l.days_before,
  coalesce(sum(r.offered) FILTER (WHERE r.day >= l.today - %(days)s), 0) AS calls,
  coalesce(sum(r.csat_met) FILTER (WHERE r.day >= l.today - %(days)s), 0) AS satisfied,
  coalesce(sum(r.csat_base) FILTER (WHERE r.day >= l.today - %(days)s), 0) AS answers,
  coalesce(sum(r.offered) FILTER (WHERE r.day < l.today - %(days)s), 0) AS calls_before,
  coalesce(sum(r.csat_met) FILTER (WHERE r.day < l.today - %(days)s), 0) AS satisfied_before,
  coalesce(sum(r.csat_base) FILTER (WHERE r.day < l.today - %(days)s), 0) AS answers_before
FROM lengths l
JOIN sla_reasonday r ON r.contract_id = l.contract_id AND r.day < l.today
  AND r.day >= l.today - %(days)s - %(days_before)s AND r.reason_id <> 0
WHERE l.days > 0 AND l.days_before > 0
GROUP BY l.vendor_id, l.contract_id, l.today, l.days, l.days_before, r.reason_id, 4
ORDER BY l.contract_id, r.reason_id, 4
