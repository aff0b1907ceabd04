-- Purpose: the answer's measures of queues that book them in the half-hour of the answer; a call is judged by the
-- version of its arrival, so none is counted twice over a change. Grain and index: as fresh_arrival, from a day before.
INSERT INTO sla_fresh (contract_id, vendor_id, queue_id, bucket, agent_id, reason_id, day, grain, version_id, calls,
  offered, answered, abandoned, flowed_out, abandoned_short, service_met, service_base, connect_base, abandonment_met,
  abandonment_base, csat_met, csat_base, csat_sum, fcr_met, fcr_base, wait_seconds, wait_max_seconds, handled,
  talk_seconds, hold_seconds, wrap_seconds, transferred, dialed, success, resolved)
SELECT contract_id, vendor_id, queue_id, bucket, agent_id, reason_id, day,
  GROUPING(bucket, agent_id, reason_id), max(version_id), 0,
  0, count(*) FILTER (WHERE inbound), 0, 0, 0,
  count(*) FILTER (WHERE inbound AND in_time), count(*) FILTER (WHERE inbound), count(*) FILTER (WHERE inbound), 0, 0,
  count(*) FILTER (WHERE csat BETWEEN csat_top_from AND csat_best),
  count(*) FILTER (WHERE csat BETWEEN 1 AND csat_best),
  coalesce(sum(csat) FILTER (WHERE csat BETWEEN 1 AND csat_best), 0),
  count(*) FILTER (WHERE judged), count(*) FILTER (WHERE judged),
  coalesce(sum(wait_seconds) FILTER (WHERE inbound), 0), coalesce(max(wait_seconds) FILTER (WHERE inbound), 0),
  count(*), coalesce(sum(talk_seconds), 0), coalesce(sum(hold_seconds), 0), coalesce(sum(wrap_seconds), 0),
  count(*) FILTER (WHERE is_transfer), 0, count(*) FILTER (WHERE success), count(*) FILTER (WHERE resolved)
FROM (
  SELECT c.contract_id, c.vendor_id, c.queue_id, date_bin('30 minutes', c.answered_at, d.origin) AS bucket,
    c.agent_id, coalesce(c.reason_id, 0) AS reason_id, d.days[width_bucket(c.answered_at, d.starts)] AS day,
    d.version_id, d.csat_top_from, d.csat_best, c.csat, c.wait_seconds, c.talk_seconds, c.hold_seconds,
    c.wrap_seconds, c.success, c.resolved, c.direction = 1 AS inbound, c.transferred_from IS NOT NULL AS is_transfer,
    -- An unknown wait is neither in time nor short.
    coalesce(CASE WHEN d.is_below THEN c.wait_seconds < d.threshold_seconds
                  ELSE c.wait_seconds <= d.threshold_seconds END, false) AS in_time,
    c.direction = 1 AND c.customer_key IS NOT NULL AND c.transferred_from IS NULL AS judged
  FROM sla_definition d
  JOIN calls_call c ON c.contract_id = d.contract_id AND c.queue_id = d.queue_id
    AND c.offered_at >= d.valid_from AND c.offered_at < d.valid_until
  WHERE d.by_answer AND c.outcome = 1
    AND c.offered_at >= %(start)s::timestamptz - interval '24 hours' AND c.offered_at < %(end)s
    AND c.answered_at >= d.run_start AND c.answered_at < d.run_end
) call
WHERE day IS NOT NULL
GROUP BY GROUPING SETS (
  (contract_id, vendor_id, queue_id, day, bucket),
  (contract_id, vendor_id, queue_id, day, agent_id),
  (contract_id, vendor_id, queue_id, day, reason_id))
