-- Purpose: keep signals once a week each, whoever looks at the same moment. Grain: contract x reason x week.
-- Index: the unique key tickets_voicesignal_once refuses the second.
INSERT INTO tickets_voicesignal (vendor_id, uuid, contract_id, reason_id, week, last_day, days, calls, satisfied, answers,
  days_before, calls_before, satisfied_before, answers_before, rise_probability, fall_probability, raised_at)
SELECT s.vendor_id, gen_random_uuid(), s.contract_id, s.reason_id, s.week, s.last_day, s.days, s.calls, s.satisfied,
  s.answers, s.days_before, s.calls_before, s.satisfied_before, s.answers_before, s.rise_probability,
  s.fall_probability, %(at)s
FROM jsonb_to_recordset(%(signals)s::jsonb) AS s (
  vendor_id int, contract_id int, reason_id int, week date, last_day date, days int, calls int, satisfied int,
  answers int, days_before int, calls_before int, satisfied_before int, answers_before int,
  rise_probability float8, fall_probability float8)
ORDER BY s.contract_id, s.reason_id
ON CONFLICT (vendor_id, contract_id, reason_id, week) DO NOTHING
RETURNING contract_id, reason_id
