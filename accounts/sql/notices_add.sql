-- Purpose: tell people once each, whoever else is telling them at the same moment. Grain: news x recipient.
-- Index: the unique key (vendor_id, recipient_id, key) refuses the second; who may not know of the matter is left out.
INSERT INTO accounts_notice (vendor_id, uuid, recipient_id, kind, message, parameters, path, key, created_at)
SELECT n.vendor_id, gen_random_uuid(), u.id, n.kind, n.message, n.parameters, n.path, n.key, %(at)s
FROM jsonb_to_recordset(%(news)s::jsonb) AS n (
  vendor_id int, recipients int[], kind text, message text, parameters jsonb, path text, key text)
JOIN accounts_user u ON u.id = ANY (n.recipients) AND u.is_active
JOIN accounts_membership m ON m.user_id = u.id
JOIN accounts_organization o ON o.id = m.organization_id AND o.is_active
WHERE o.id = n.vendor_id OR o.side = 'client'
-- Two senders that write the same keys in another order would wait for each other.
ORDER BY n.vendor_id, u.id, n.key
ON CONFLICT (vendor_id, recipient_id, key) DO NOTHING
