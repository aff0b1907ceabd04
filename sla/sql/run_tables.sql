-- Purpose: the small table that says what a recompute covers and by which definition, and the one that it fills; both
-- emptied by every commit. Grain: queue x version; queue x half-hour, agent day, reason day.
-- One table, so that a call meets its queue's terms in one hash join.
CREATE TEMP TABLE IF NOT EXISTS sla_definition (
  contract_id int, vendor_id int, origin timestamptz, run_start timestamptz, run_end timestamptz,
  starts timestamptz[], days date[], queue_id int, valid_from timestamptz, valid_until timestamptz, version_id int,
  formula smallint, threshold_seconds int, is_below boolean, short_abandon_seconds int, count_flow_outs boolean,
  connect_excludes_short boolean, abandonment_excludes_short boolean, by_answer boolean, fcr_window interval,
  fcr_same_reason boolean, fcr_forward interval, csat_top_from smallint, csat_best smallint
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS sla_fresh (
  contract_id int, vendor_id int, queue_id int, bucket timestamptz, agent_id int, reason_id int, day date,
  grain int, version_id int, calls int, offered int DEFAULT 0, answered int DEFAULT 0, abandoned int DEFAULT 0,
  flowed_out int DEFAULT 0, abandoned_short int DEFAULT 0, service_met int DEFAULT 0, service_base int DEFAULT 0,
  connect_base int DEFAULT 0, abandonment_met int DEFAULT 0, abandonment_base int DEFAULT 0, csat_met int DEFAULT 0,
  csat_base int DEFAULT 0, csat_sum int DEFAULT 0, fcr_met int DEFAULT 0, fcr_base int DEFAULT 0,
  wait_seconds bigint DEFAULT 0, wait_max_seconds int DEFAULT 0, handled int DEFAULT 0,
  talk_seconds bigint DEFAULT 0, hold_seconds bigint DEFAULT 0, wrap_seconds bigint DEFAULT 0,
  transferred int DEFAULT 0, dialed int DEFAULT 0, success int DEFAULT 0, resolved int DEFAULT 0
) ON COMMIT DELETE ROWS;
