-- Purpose: takes the calls that were followed by a repeat off the resolved ones. A repeat is a later inbound call of the
-- same customer (and reason, if so defined) in the window, answered or not; a transferred leg is none.
-- Grain: as fresh_arrival. Index: calls_call_customer, or a hash of the window's calls when many days are judged.
INSERT INTO sla_fresh (contract_id, vendor_id, queue_id, bucket, agent_id, reason_id, day, grain, calls, fcr_met)
SELECT contract_id, vendor_id, queue_id, bucket, agent_id, reason_id, day,
  GROUPING(bucket, agent_id, reason_id), 0, -count(*)
FROM (
  SELECT c.contract_id, c.vendor_id, c.queue_id, date_bin('30 minutes', booked.at, r.origin) AS bucket, c.agent_id,
    coalesce(c.reason_id, 0) AS reason_id, r.days[width_bucket(booked.at, r.starts)] AS day
  FROM sla_run r
  JOIN calls_call c ON c.contract_id = r.contract_id
    AND c.offered_at >= r.run_start - interval '24 hours' AND c.offered_at < r.run_end
  JOIN sla_definition d ON d.contract_id = c.contract_id AND d.queue_id = c.queue_id
    AND d.valid_from <= c.offered_at AND c.offered_at < d.valid_until
  CROSS JOIN LATERAL (SELECT CASE WHEN d.by_answer THEN c.answered_at ELSE c.offered_at END AS at) booked
  WHERE c.direction = 1 AND c.outcome = 1 AND c.customer_key IS NOT NULL AND c.transferred_from IS NULL
    AND c.offered_at >= %(start)s::timestamptz - interval '24 hours' AND c.offered_at < %(end)s
    AND booked.at >= r.run_start AND booked.at < r.run_end
    AND EXISTS (
      SELECT FROM calls_call n
      WHERE n.contract_id = c.contract_id AND n.customer_key = c.customer_key
        AND n.offered_at > c.offered_at + d.fcr_forward AND n.offered_at <= c.offered_at + d.fcr_window
        AND n.offered_at > %(start)s::timestamptz - interval '24 hours'
        AND n.offered_at <= %(end)s::timestamptz + %(window)s
        AND n.direction = 1 AND n.outcome <> 9 AND n.transferred_from IS NULL
        AND (NOT d.fcr_same_reason OR n.reason_id IS NOT DISTINCT FROM c.reason_id))
) call
WHERE day IS NOT NULL
GROUP BY GROUPING SETS (
  (contract_id, vendor_id, queue_id, day, bucket),
  (contract_id, vendor_id, queue_id, day, agent_id),
  (contract_id, vendor_id, queue_id, day, reason_id))
