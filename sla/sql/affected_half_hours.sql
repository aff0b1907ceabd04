-- Purpose: the half-hours of a contract's queues in which callers felt an incident that counts for relief.
-- Grain: queue x half-hour x incident. Half-hours are counted from the first moment of the contract's local day.
-- Index: sla_incidentqueue_queue, contracts_coverage_queue; incidents are few.
SELECT a.queue_id, b.bucket, i.id AS incident_id, i.uuid AS incident_uuid, i.number,
  extract(epoch FROM least(b.bucket + interval '30 minutes', d.ends, s.until)
    - greatest(b.bucket, i.affected_from))::float AS affected_seconds
FROM sla_incident i
CROSS JOIN LATERAL (SELECT coalesce(i.affected_until, %(at)s)) AS s (until)
JOIN sla_incidentqueue a ON a.vendor_id = i.vendor_id AND a.incident_id = i.id
JOIN contracts_coverage c
  ON c.vendor_id = i.vendor_id AND c.contract_id = %(contract_id)s AND c.queue_id = a.queue_id
JOIN unnest(%(days)s::date[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS d (day, starts, ends)
  ON d.ends > i.affected_from AND d.starts < s.until
  AND d.day >= c.starts_on AND (c.ends_on IS NULL OR d.day <= c.ends_on)
CROSS JOIN LATERAL generate_series(d.starts, d.ends - interval '1 microsecond', interval '30 minutes') AS b (bucket)
WHERE i.vendor_id = ANY (%(vendor_ids)s)
  AND i.counts_for_relief
  AND b.bucket >= %(start)s AND b.bucket < %(end)s
  AND least(b.bucket + interval '30 minutes', d.ends) > i.affected_from AND b.bucket < s.until
ORDER BY a.queue_id, b.bucket, i.number
