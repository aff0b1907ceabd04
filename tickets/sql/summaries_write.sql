-- Purpose: write what lists show of tickets whose clocks were worked out. Grain: ticket, locked by the caller.
-- Index: primary key.
UPDATE tickets_ticket t
SET next_due_at = r.next_due_at, next_clock = r.next_clock, is_breached = r.is_breached, is_stale = false
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id int, next_due_at timestamptz, next_clock text, is_breached boolean)
WHERE t.id = r.id
