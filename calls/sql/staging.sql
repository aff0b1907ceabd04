-- Purpose: one part of a file on its way in; COPY cannot fill a table under row-level security. Grain: file row.
-- Times come as microseconds since 1970, which are read faster than text; a double holds them exactly until 2255, and
-- to_timestamp rounds to the microsecond again.
CREATE TEMP TABLE IF NOT EXISTS calls_staging (
  offered_us bigint, answered_us bigint, ended_us bigint,
  offered_at timestamptz GENERATED ALWAYS AS (to_timestamp(offered_us / 1000000::float8)) STORED,
  answered_at timestamptz GENERATED ALWAYS AS (to_timestamp(answered_us / 1000000::float8)) STORED,
  ended_at timestamptz GENERATED ALWAYS AS (to_timestamp(ended_us / 1000000::float8)) STORED,
  line bigint, customer_key bigint,
  contract_id int, vendor_id int, queue_id int, agent_id int, reason_id int, batch_id int, revision int,
  ring_seconds int, wait_seconds int, talk_seconds int, hold_seconds int, wrap_seconds int,
  direction smallint, outcome smallint, abandon_place smallint, csat smallint, resolved boolean, success boolean,
  external_id text, transferred_from text, recording text, ivr_path text, offered_text text
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS calls_existing (
  line bigint, contract_id int, external_id text, offered_at timestamptz, verdict smallint, is_same_revision boolean
) ON COMMIT DELETE ROWS;
