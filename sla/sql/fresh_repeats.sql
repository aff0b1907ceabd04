-- Purpose: takes the calls that were followed by a repeat off the resolved ones. A repeat is a later inbound call of the
-- same customer (and reason, if so defined) in the window, answered or not; a transferred leg is none. One statement for
-- each recipe in force, because a window frame wants constants.
-- Grain: as fresh_arrival. Index: calls_call_time or calls_call_queue; then one sort by customer.
INSERT INTO sla_fresh (contract_id, vendor_id, queue_id, bucket, agent_id, reason_id, day, grain, calls, fcr_met)
SELECT contract_id, vendor_id, queue_id, bucket, agent_id, reason_id, day,
  GROUPING(bucket, agent_id, reason_id), 0, -count(*)
FROM (
  SELECT c.contract_id, c.vendor_id, c.queue_id, date_bin('30 minutes', booked.at, d.origin) AS bucket, c.agent_id,
    c.reason_id, d.days[width_bucket(booked.at, d.starts)] AS day
  FROM (
    SELECT c.contract_id, c.vendor_id, c.queue_id, c.agent_id, coalesce(c.reason_id, 0) AS reason_id,
      c.offered_at, c.answered_at, c.outcome,
      count(*) OVER (
        -- The customer first: compared first, it orders nearly all; and no index tempts the plan to fetch row by row.
        PARTITION BY c.customer_key, c.contract_id, CASE WHEN %(same_reason)s THEN coalesce(c.reason_id, 0) END
        ORDER BY c.offered_at
        RANGE BETWEEN %(forward)s + interval '1 microsecond' FOLLOWING AND %(window)s FOLLOWING) AS repeats
    FROM calls_call c
    WHERE c.contract_id = ANY(%(contract_ids)s) AND c.customer_key IS NOT NULL
      AND c.direction = 1 AND c.outcome <> 9 AND c.transferred_from IS NULL
      AND c.offered_at >= %(start)s::timestamptz - interval '24 hours'
      AND c.offered_at <= %(end)s::timestamptz + %(window)s
  ) c
  JOIN sla_definition d ON d.contract_id = c.contract_id AND d.queue_id = c.queue_id
    AND c.offered_at >= d.valid_from AND c.offered_at < d.valid_until
    AND d.fcr_window = %(window)s AND d.fcr_forward = %(forward)s AND d.fcr_same_reason = %(same_reason)s
  CROSS JOIN LATERAL (SELECT CASE WHEN d.by_answer THEN c.answered_at ELSE c.offered_at END AS at) booked
  WHERE d.version_id IS NOT NULL AND c.repeats > 0 AND c.outcome = 1 AND booked.at >= d.run_start AND booked.at < d.run_end
) call
WHERE day IS NOT NULL
GROUP BY GROUPING SETS (
  (contract_id, vendor_id, queue_id, day, bucket),
  (contract_id, vendor_id, queue_id, day, agent_id),
  (contract_id, vendor_id, queue_id, day, reason_id))
