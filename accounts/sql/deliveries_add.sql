-- Purpose: put events into the outbox, once for each webhook that subscribed to them. Grain: event x webhook.
-- Index: the unique key (vendor_id, webhook_id, event_key) refuses the second.
INSERT INTO accounts_delivery (vendor_id, webhook_id, event, event_key, event_id, payload, created_at, attempts,
  next_attempt_at, last_status)
SELECT w.vendor_id, w.id, e.event, e.event_key, e.event_id, e.payload, %(at)s, 0,
  -- A receiver that is down is not asked more often because more happens.
  greatest(%(at)s, w.retry_at), ''
FROM jsonb_to_recordset(%(events)s::jsonb) AS e (
  vendor_id int, event text, event_key text, event_id uuid, payload jsonb)
JOIN accounts_webhook w ON (w.vendor_id = e.vendor_id OR w.vendor_id = ANY (%(client)s))
  AND w.vendor_id = ANY (%(organizations)s) AND w.is_active AND w.events @> to_jsonb(e.event)
JOIN accounts_organization o ON o.id = w.vendor_id AND o.is_active
-- Two senders that write the same keys in another order would wait for each other.
ORDER BY w.id, e.event_key
ON CONFLICT (vendor_id, webhook_id, event_key) DO NOTHING
