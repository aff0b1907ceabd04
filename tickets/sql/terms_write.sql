-- Purpose: give tickets the terms that a changed rule leads to. Grain: ticket, locked by the caller.
-- Index: primary key.
UPDATE tickets_ticket t
SET terms_id = r.terms_id, tier = r.tier, version = r.version
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id int, terms_id int, tier text, version int)
WHERE t.id = r.id
