-- Purpose: every measure that belongs to the moment of arrival (all of them, unless the queue books answers where they
-- happen). Grain: queue x half-hour, queue x agent x day, queue x reason x day. Index: calls_call_queue or a scan.
-- What a contract's terms define is counted only for calls whose terms were signed (version_id); plain counts always.
-- grain: bit 4 half-hour, bit 2 agent, bit 1 reason is the one that is NOT grouped by.
INSERT INTO sla_fresh
SELECT contract_id, vendor_id, queue_id, bucket, agent_id, reason_id, day,
  GROUPING(bucket, agent_id, reason_id), max(version_id), count(*),
  count(*) FILTER (WHERE inbound),
  count(*) FILTER (WHERE inbound AND answered AND here),
  count(*) FILTER (WHERE inbound AND abandoned),
  count(*) FILTER (WHERE inbound AND flowed_out),
  count(*) FILTER (WHERE signed AND inbound AND short),
  count(*) FILTER (WHERE signed AND inbound AND ((answered AND in_time AND here)
    OR (formula = 1 AND abandoned AND in_time) OR (formula = 5 AND short))),
  count(*) FILTER (WHERE signed AND inbound AND ((answered AND here) OR (flowed_out AND count_flow_outs) OR (abandoned
    AND CASE formula WHEN 2 THEN false WHEN 4 THEN NOT in_time WHEN 6 THEN NOT short ELSE true END))),
  count(*) FILTER (WHERE signed AND inbound AND NOT (connect_excludes_short AND short) AND (here OR NOT answered)),
  count(*) FILTER (WHERE signed AND inbound AND abandoned AND NOT (abandonment_excludes_short AND short)),
  count(*) FILTER (WHERE signed AND inbound AND NOT (abandonment_excludes_short AND short)),
  count(*) FILTER (WHERE signed AND answered AND here AND csat BETWEEN csat_top_from AND csat_best),
  count(*) FILTER (WHERE signed AND answered AND here AND csat BETWEEN 1 AND csat_best),
  coalesce(sum(csat) FILTER (WHERE signed AND answered AND here AND csat BETWEEN 1 AND csat_best), 0),
  count(*) FILTER (WHERE signed AND judged AND here),
  count(*) FILTER (WHERE signed AND judged AND here),
  coalesce(sum(wait_seconds) FILTER (WHERE inbound AND answered AND here), 0),
  coalesce(max(wait_seconds) FILTER (WHERE inbound AND answered AND here), 0),
  count(*) FILTER (WHERE answered AND here),
  coalesce(sum(talk_seconds) FILTER (WHERE answered AND here), 0),
  coalesce(sum(hold_seconds) FILTER (WHERE answered AND here), 0),
  coalesce(sum(wrap_seconds) FILTER (WHERE answered AND here), 0),
  count(*) FILTER (WHERE answered AND here AND is_transfer),
  count(*) FILTER (WHERE NOT inbound),
  count(*) FILTER (WHERE success AND here),
  count(*) FILTER (WHERE answered AND here AND resolved)
FROM (
  SELECT c.contract_id, c.vendor_id, c.queue_id, date_bin('30 minutes', c.offered_at, d.origin) AS bucket,
    -- Whoever hung up before an answer had no agent yet.
    CASE WHEN c.outcome = 1 OR c.direction = 2 THEN c.agent_id END AS agent_id, coalesce(c.reason_id, 0) AS reason_id,
    d.days[width_bucket(c.offered_at, d.starts)] AS day, d.version_id, d.version_id IS NOT NULL AS signed,
    d.formula, d.count_flow_outs,
    d.connect_excludes_short, d.abandonment_excludes_short, d.csat_top_from, d.csat_best,
    c.csat, c.wait_seconds, c.talk_seconds, c.hold_seconds, c.wrap_seconds, c.success, c.resolved,
    c.direction = 1 AS inbound, c.outcome = 1 AS answered, c.outcome = 2 AS abandoned, c.outcome = 3 AS flowed_out,
    c.outcome = 2 AND coalesce(c.wait_seconds <= d.short_abandon_seconds, false) AS short,
    -- An unknown wait is neither in time nor short.
    coalesce(CASE WHEN d.is_below THEN c.wait_seconds < d.threshold_seconds
                  ELSE c.wait_seconds <= d.threshold_seconds END, false) AS in_time,
    c.transferred_from IS NOT NULL AS is_transfer,
    c.direction = 1 AND c.outcome = 1 AND c.customer_key IS NOT NULL AND c.transferred_from IS NULL AS judged,
    NOT (d.by_answer AND c.outcome = 1) AS here
  FROM sla_definition d
  JOIN calls_call c ON c.contract_id = d.contract_id AND c.queue_id = d.queue_id
    AND c.offered_at >= d.valid_from AND c.offered_at < d.valid_until
    AND c.offered_at >= d.run_start AND c.offered_at < d.run_end
  WHERE c.outcome <> 9 AND c.offered_at >= %(start)s AND c.offered_at < %(end)s
) call
WHERE day IS NOT NULL
GROUP BY GROUPING SETS (
  (contract_id, vendor_id, queue_id, day, bucket),
  (contract_id, vendor_id, queue_id, day, agent_id),
  (contract_id, vendor_id, queue_id, day, reason_id))
