-- Purpose: note each threshold that a clock of an incident has reached and that was not noted yet, and return those.
-- Grain: incident x clock x percent. Index: sla_incidentalert_once; incidents are few, so they are read as they lie.
-- Any number of workers at once: the second waits for the first one's row and inserts nothing.
INSERT INTO sla_incidentalert (vendor_id, incident_id, clock, percent, reached_at, told_at)
SELECT i.vendor_id, i.id, c.clock, t.percent,
  i.raised_at + make_interval(secs => c.limit_seconds * t.percent / 100.0), %(at)s
FROM sla_incident i
CROSS JOIN LATERAL (VALUES
  ('locate', i.locate_limit_seconds, i.located_at),
  ('restore', i.restore_limit_seconds, i.restored_at)
) AS c (clock, limit_seconds, stopped_at)
CROSS JOIN unnest(%(percents)s::int[]) AS t (percent)
WHERE i.vendor_id = ANY (%(vendor_ids)s)
  AND CASE
    WHEN c.stopped_at IS NULL
      THEN i.raised_at + make_interval(secs => c.limit_seconds * t.percent / 100.0) <= %(at)s
    -- Located or restored since the last look: that it was too late is told, that it would soon be is not.
    ELSE t.percent = %(limit_percent)s AND c.stopped_at > i.raised_at + make_interval(secs => c.limit_seconds)
  END
  AND NOT EXISTS (
    SELECT FROM sla_incidentalert a
    WHERE a.vendor_id = i.vendor_id AND a.incident_id = i.id AND a.clock = c.clock AND a.percent = t.percent
  )
ON CONFLICT (vendor_id, incident_id, clock, percent) DO NOTHING
RETURNING vendor_id, incident_id, clock, percent, reached_at
