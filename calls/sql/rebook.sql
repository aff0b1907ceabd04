-- Purpose: book calls under the contract that covers their queue now; those that none covers stay where they are, in no
-- figure. Grain: call; returns contract x hour of arrival or answer. Index: calls_call_queue, or a scan of the vendor's.
WITH span AS MATERIALIZED (
  SELECT * FROM unnest(%(contract_ids)s::int[], %(queue_ids)s::int[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    AS span (contract_id, queue_id, starts_at, ends_at)
), astray AS (
  SELECT DISTINCT ON (c.contract_id, c.external_id, c.offered_at)
    c.contract_id AS former_id, span.contract_id, c.external_id, c.offered_at, c.answered_at
  FROM calls_call c
  JOIN span ON span.queue_id = c.queue_id AND c.offered_at >= span.starts_at AND c.offered_at < span.ends_at
  WHERE c.vendor_id = %(vendor_id)s AND c.contract_id <> span.contract_id
    -- Days of two zones may overlap by hours: whoever covers a call keeps it.
    AND NOT EXISTS (SELECT FROM span own WHERE own.contract_id = c.contract_id AND own.queue_id = c.queue_id
      AND c.offered_at >= own.starts_at AND c.offered_at < own.ends_at)
  ORDER BY c.contract_id, c.external_id, c.offered_at, span.starts_at DESC
), booked AS (
  UPDATE calls_call c SET contract_id = astray.contract_id FROM astray
  WHERE c.contract_id = astray.former_id AND c.external_id = astray.external_id AND c.offered_at = astray.offered_at
), known AS (
  UPDATE calls_callidentity i SET contract_id = astray.contract_id FROM astray
  WHERE i.vendor_id = %(vendor_id)s AND i.external_id = astray.external_id
), former AS (
  UPDATE calls_formercall f SET contract_id = astray.contract_id FROM astray
  WHERE f.vendor_id = %(vendor_id)s AND f.contract_id = astray.former_id AND f.external_id = astray.external_id
)
SELECT DISTINCT touched.contract_id, date_bin('15 minutes', moment.at, TIMESTAMPTZ '2000-01-01 00:00+00') AS quarter
FROM astray
CROSS JOIN LATERAL (VALUES (astray.contract_id), (astray.former_id)) AS touched (contract_id)
CROSS JOIN LATERAL (VALUES (astray.offered_at), (astray.answered_at)) AS moment (at)
WHERE moment.at IS NOT NULL
