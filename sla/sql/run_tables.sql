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
  grain int, version_id int, calls int,
  offered int, answered int, abandoned int, flowed_out int, abandoned_short int, service_met int, service_base int,
  connect_base int, abandonment_met int, abandonment_base int, csat_met int, csat_base int, csat_sum int,
  fcr_met int, fcr_base int, wait_seconds bigint, wait_max_seconds int, handled int, talk_seconds bigint,
  hold_seconds bigint, wrap_seconds bigint, transferred int, dialed int, success int, resolved int
) ON COMMIT DELETE ROWS;
