-- Purpose: one part of a file on its way in; COPY cannot fill a table under row-level security. Grain: file row.
CREATE TEMP TABLE IF NOT EXISTS calls_staging (
  line bigint, offered_at timestamptz, answered_at timestamptz, ended_at timestamptz, customer_key bigint,
  contract_id int, vendor_id int, queue_id int, agent_id int, reason_id int, batch_id int, revision int,
  ring_seconds int, wait_seconds int, talk_seconds int, hold_seconds int, wrap_seconds int,
  direction smallint, outcome smallint, abandon_place smallint, csat smallint, resolved boolean, success boolean,
  external_id text, transferred_from text, recording text, ivr_path text, offered_text text
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS calls_existing (
  line bigint, contract_id int, external_id text, offered_at timestamptz, verdict smallint
) ON COMMIT DELETE ROWS;
