-- Purpose: put an event into the outbox, once for each webhook that subscribed to it. Grain: event x webhook.
-- Index: the unique key (vendor_id, webhook_id, event_key) refuses the second.
INSERT INTO accounts_delivery (vendor_id, webhook_id, event, event_key, event_id, payload, created_at, attempts,
  next_attempt_at, last_status)
SELECT w.vendor_id, w.id, %(event)s, %(event_key)s, %(event_id)s, %(payload)s::jsonb, %(at)s, 0,
  -- A receiver that is down is not asked more often because more happens.
  greatest(%(at)s, w.retry_at), ''
FROM accounts_webhook w
JOIN accounts_organization o ON o.id = w.vendor_id AND o.is_active
WHERE w.vendor_id = ANY (%(organizations)s) AND w.is_active AND w.events @> to_jsonb(%(event)s::text)
ORDER BY w.id
ON CONFLICT (vendor_id, webhook_id, event_key) DO NOTHING
