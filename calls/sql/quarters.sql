-- Purpose: the quarter hours in which a contract has calls. Grain: quarter hour. Index: primary key of calls_call.
SELECT DISTINCT c.contract_id, date_bin('15 minutes', moment.at, TIMESTAMPTZ '2000-01-01 00:00+00') AS quarter
FROM calls_call c CROSS JOIN LATERAL (VALUES (c.offered_at), (c.answered_at)) AS moment (at)
WHERE c.contract_id = %(contract_id)s AND moment.at IS NOT NULL
