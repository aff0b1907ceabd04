-- Purpose: mark all days that KPIs of tickets and feedback are kept for or may count on. Grain: contract x day.
-- Index: tickets_clock_counted, tickets_feedback_received; the unique key of sla_measuredday.
INSERT INTO tickets_daymark (vendor_id, contract_id, day)
SELECT m.vendor_id, m.contract_id, m.day FROM sla_measuredday m
WHERE m.kpi = ANY (%(kpis)s) AND m.vendor_id = ANY (%(vendor_ids)s)
UNION
SELECT t.vendor_id, t.contract_id, (c.counted_at AT TIME ZONE n.zone)::date
FROM tickets_ticketclock c
JOIN tickets_ticket t ON t.id = c.ticket_id
JOIN contracts_contract n ON n.id = t.contract_id
WHERE c.counted_at IS NOT NULL AND c.vendor_id = ANY (%(vendor_ids)s)
UNION
SELECT f.vendor_id, f.contract_id, (moment.at AT TIME ZONE n.zone)::date
FROM tickets_feedback f
JOIN contracts_contract n ON n.id = f.contract_id
CROSS JOIN LATERAL (VALUES (f.received_at), (f.routed_at), (f.route_due_at)) AS moment (at)
WHERE moment.at <= %(at)s AND f.vendor_id = ANY (%(vendor_ids)s)
