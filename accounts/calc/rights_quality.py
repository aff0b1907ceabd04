"""Which fields of quality assurance exist for whom; read together with the table of accounts.calc.rights."""

from __future__ import annotations

QUALITY_FIELDS = """\
[form_draft]
-r-r-r ----- --  uuid version changed_at changed_by
-w-w-r ----- --  code name body
------ ----- --  vendor_id
[form]
rrrrrr rrrrr rr  uuid vendor code name number body digest is_live published_at
rrrrrr ----- --  published_by
[sampling_plan]
rrrrrr rrrr- rr  uuid vendor version contract state first_seed made_at
rwrwrr rrrr- rr  name queue kind form_code side method rate_percent least most base high high_percent low_percent
rwrwrr rrrr- rr  new_days talk_seconds_least starts_on ends_on
------ ----- --  secret_encrypted chain_length
[draw]
rrrrrr rrrr- rr  uuid vendor plan form number day seed algorithm rules excluded quotas population_sha256
rrrrrr rrrr- rr  population_count sampled_count placed_count drawn_at
------ ----- --  population_list
[evaluation]
rrrrrr rrrrr rr  uuid vendor number side form origin contract queue agent reason kind reference offered_at day
rrrrrr rrrrr rr  state answers causes remarks comment earned possible is_failed families released_at dispute_until
rrrrrr rrrrr rr  acknowledged_at acknowledged_by final_at version +ratio +events +dispute +others
rrrrrr rrrr- rr  draw stratum stratum_count stratum_population evaluator_name taken_at submitted_at is_risky
------ ----- --  evaluator_id held_until
[dispute]
rrrrrr rrrrr rr  uuid vendor evaluation opened_at opened_by lines decided_at decided_by decision former
------ ----- --  decided_by_id
[coaching_task]
rrrrrr rrrrr rr  uuid vendor evaluation agent questions text due_on made_at made_by done_at done_by outcome again
rrrrrr rrrrr rr  version
------ ----- --  made_side done_side reminded_at
[rule_draft]
-r-r-r ----- --  uuid version kind changed_at changed_by
-w-w-r ----- --  code name body side form_code links
------ ----- --  vendor_id
[rule_set]
rrrrrr rrrr- rr  uuid vendor kind code name number body digest side form_code links is_live published_at
rrrrrr ----- --  published_by
[transcript]
rr-r-r rrr-r rr  uuid vendor contract external_id queue agent reason offered_at day body language turns_count
rr-r-r rrr-r rr  received_at is_waiting +turns
------ ----- --  owner digest
[transcript_import]
rr-r-r rrr-- rr  uuid vendor source file_name received_at received_by received_side state rows_sent rows_read
rr-r-r rrr-- rr  rows_new rows_changed rows_unchanged rows_rejected problems finished_at
rw-w-r www-- ww  contract
[check]
rrrrrr rrrr- rr  uuid vendor transcript rule_set day checked_at failed passed is_risky results
------ ----- --  is_current
[improvement]
rrrrrr rrrr- rr  uuid vendor version contract number round state due_on made_at made_by closed_at +checks
rwrwrr wwwr- rr  title problem cause measure origin origin_reference owner_name owner_side metric metric_name form_code
rwrwrr wwwr- rr  evaluated_by direction target group_by pilot control baseline_first baseline_last baseline_numerator
rwrwrr wwwr- rr  baseline_denominator baseline_source starts_on check_days
------ ----- --  owner_id made_side told_at
[improvement_check]
rrrrrr rrrr- rr  uuid vendor improvement round at by before_first before_last after_first after_last method effect
rrrrrr rrrr- rr  error low high verdict figures source
------ ----- --  side
[bank_question]
rrrrrr ----- r-  uuid version revision made_at made_by
rwrwrr ----- r-  code text accepted topic language valid_from valid_to
------ ----- --  vendor
[bank_reply]
rrrrrr rrrr- rr  uuid vendor version number question_code question_revision question_text topic language withdrawn_at
rwrwrr rrrr- rr  asked_by asked_on agent contract call_external_id answer is_correct withdrawn_reason
rwrwrr ----- r-  answer_group
rrrrrr ----- r-  made_at made_by
------ ----- --  question_uuid
[idea]
rrrrrr rrrrr rr  uuid vendor version number agent author_name sent_at state decided_at decided_by adopted_on
rrrrrr wwwww rr  topic title text
rwrwrr wwrrr rr  decision effect
------ ----- --  author_id decided_side
[service_case]
rrrrrr rrrrr rr  uuid vendor version number state proposed_at proposed_by decided_at decided_by
rwrwrr wwrrr rr  contract agent kind reference happened_on title text
rwrwrr rrrrr rr  decision
------ ----- --  proposed_by_id proposed_side
[calibration]
rrrrrr rrrr- rr  uuid part number form_code form_name form_number body deadline_at reveals_early made_at state
rrrrrr rrrr- rr  revealed_at agreed_at results version
rrrrrr ----- r-  name owner_id peer_id made_by agreed_by
------ ----- --  vendor_id lead_id
[calibration_case]
rrrrrr rrrr- rr  uuid position text reference consensus consensus_remarks
------ ----- --  vendor_id calibration contract_id
[calibration_seat]
rrrrrr rrrr- rr  uuid name
------ ----- --  vendor_id calibration user_id
[calibration_sheet]
rrrrrr rrrr- rr  uuid case answers causes remarks comment submitted_at
------ ----- --  vendor_id seat
"""
