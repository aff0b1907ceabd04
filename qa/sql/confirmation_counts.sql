-- Purpose: how many agents each round asks, and how many of them confirmed. Grain: round. Index: qa_confirmation_once.
SELECT r.id, count(*) AS asked, count(c.id) AS confirmed
FROM qa_confirmationround r
JOIN vendors_agent a ON a.vendor_id = r.vendor_id AND a.is_active AND (r.teams = '[]'::jsonb OR r.teams ? a.team)
LEFT JOIN qa_confirmation c ON c.vendor_id = r.vendor_id AND c.script_id = r.script_id AND c.agent_id = a.id
WHERE r.vendor_id = ANY(%(vendor_ids)s) AND r.id = ANY(%(round_ids)s)
GROUP BY r.id
