"""Who may do and see what: the one table of actions, and the one of object x field x role (T9).

Serializers, forms, exports, history and the access tests read it; nothing else decides. It tells which
*fields* exist for a role. Which *rows* exist is the scope's and the selectors' part:

- a vendor's people see their own vendor only, and the role ``agent`` its own calls and figures only;
- versions of a contract that nobody signed yet, with their definitions and targets, do not exist for vendors
  (:func:`version_states_visible`);
- everybody may read and mend their own profile and tokens; ``user`` and ``token`` below are about others'.
"""

from __future__ import annotations

from accounts.calc.rights_quality import QUALITY_FIELDS

CLIENT_ROLES = (
    "platform_admin",
    "programme_manager",
    "contract_finance",
    "client_qa",
    "client_wfm",
    "auditor",
)
VENDOR_ROLES = ("vendor_manager", "vendor_supervisor", "vendor_qa", "vendor_wfm", "agent")
API_CLIENT = "api_client"
ROLES = (*CLIENT_ROLES, *VENDOR_ROLES, API_CLIENT)

# The columns of both tables, in this order: the client's roles, a vendor's, then the API client of each.
#   PA platform_admin  PM programme_manager  CF contract_finance  CQ client_qa  CW client_wfm  AU auditor
#   VM vendor_manager  VS vendor_supervisor  VQ vendor_qa  VW vendor_wfm  AG agent
#   CC client's api_client  VC vendor's api_client
COLUMNS = (
    *((role, "client") for role in CLIENT_ROLES),
    *((role, "vendor") for role in VENDOR_ROLES),
    (API_CLIENT, "client"),
    (API_CLIENT, "vendor"),
)

# y = allowed. A token narrows its owner's row further; it never widens it.
# users.manage is kept apart from contracts.sign, so that nobody makes up the second person to sign with.
PERMISSIONS = """
PPCCCA VVVVA CV
AMFQWU MSQWG CC
yyyyyy yyyy- yy  vendors.view      vendors, sites and queues
-y---- ----- --  vendors.edit      vendors and their queues
-y---- y---- --  sites.edit
yyyyyy yyyy- yy  agents.view
-y---- yy-y- --  agents.edit
yyyyyy yyyy- yy  contracts.view    vendors: signed versions only
-yy--- ----- --  contracts.edit    draft and submit
-yy--- ----- --  contracts.sign    never one's own submission
yyyyyy yyyyy yy  kpis.view         agents: their own figures
yyyyyy yyyyy yy  calls.view        agents: their own calls
-yyyyy yyyy- yy  calls.export
yyyyyy yyyy- yy  imports.view      files, their accounts and rejected rows
-y---- yy--- yy  calls.import
-y---- y---- --  profiles.edit     import profiles and reasons
-y---- y---- --  customers.unmask  with a reason, counted and recorded
yyyyyy yyyyy yy  tickets.view      agents: their own tickets
-y-y-- yy--y yy  tickets.edit      open, answer, move on
-y-y-- yy--- yy  tickets.assign    choose who, change the tier, merge, cancel
-y-y-- ----- y-  tickets.transfer  take a matter from one vendor and give it to another
-y---- ----- --  tickets.rules     calendars and policies: what is promised is the client's to say
-y---- yy--- --  tickets.replies   quick replies
yyyyyy yyyy- yy  campaigns.view    lists and attempts; agents: what they have in hands
-y-y-- yy--- yy  campaigns.edit    campaigns and their lists
yyyyyy yyyyy yy  scripts.view      agents: what is in use
-y-y-- yyy-- yy  scripts.edit      write, withdraw, ask agents to confirm
------ ----y --  scripts.confirm   that one has read what is in use
yyyyyy yyyyy yy  live.view         calls in progress that were flagged; agents: their own
-y-y-- yyy-y yy  live.flag
-y-y-- yyy-- --  live.take         help, and note what was done
-y-y-- ----- --  scripts.review    never what one wrote oneself
------ yy--y yy  campaigns.call    take the next contact, enter what came of it
yyyyyy yyyy- yy  dnc.view          who is not to be called
-y-y-- yy--- yy  dnc.edit
yyyyyy yyyyy yy  incidents.view    agents: open ones
-y--y- yy--- yy  incidents.raise
-y---- yy--- yy  incidents.step    acknowledge, locate, restore, close, review, and the log
-yy--- ----- --  incidents.judge   relief, and when callers were affected
yyyyyy yyyyy --  plans.view        agents too: the offline script is for them
-y---- y---- --  plans.edit        and their drills
yyyyyy yyyy- --  inspections.view  drills, daily inspections, monthly evidence
-y---- yy--- --  inspections.edit
yyyyyy yyyy- yy  complaints.view   ratings and complaints
-y-y-- yy--- yy  complaints.edit   register, pass on, answer, close
yyyyyy yyyyy yy  qa.view           evaluations; agents: released ones about themselves
yyyyyy yyyy- yy  qa.compare       calibration, graders, findings of the week
-y-y-- ----- --  qa.calibrate     lead calibration sessions
-y-y-- ----- --  qa.forms          forms and sampling plans: what is asked, and of whom, is the client's to say
-y-y-- yyy-- --  qa.evaluate
-y-y-- y-y-- --  qa.release        and decide disputes of one's own side, never about what one evaluated oneself
------ yyy-y --  qa.acknowledge    agents: what is about themselves
------ yyy-- --  qa.dispute        released evaluations, of the client or of the own side
-y-y-- yyy-- --  qa.coach
yyyyyy yyyy- yy  speech.view       rules over transcripts and what they say
-y-y-- ----- --  speech.edit       what is judged by machine is the client's to say
yy-y-y yyy-y yy  transcripts.view  agents: their own calls
-y-y-- yyy-- yy  transcripts.import
yyyyyy yyyy- yy  improvements.view
-y-y-- yyy-- --  improvements.edit
yyyyyy yyyy- yy  consistency.view  vendors: what they answered themselves, never the bank or a rival's
-y-y-- ----- --  consistency.edit  the question bank and mystery calls
yyyyyy yyyyy yy  ideas.view        ideas and exceptional service; agents: their own
------ yyyyy --  ideas.send
-y-y-- yy--- --  ideas.review      never one's own; cases are proposed by both sides and approved by the client
yy---y y---- --  users.view
y----- y---- --  users.manage      a vendor's manager: own people below manager
yyyyy- yyyy- --  tokens.own        personal tokens
y----- y---- --  tokens.manage     service accounts and everybody's tokens
yy---y y---- --  audit.view        the whole book; an object's history goes with the object
yyyyyy yyyyy yy  notices.view      what oneself is told
yy---y y---- yy  webhooks.view     one's own organization's
y----- y---- --  webhooks.manage
"""

# r = read, w = read and write, - = does not exist for this role.
# "+" marks a field that is no column of its model.
# Keys ("id", "pk") are left out: they never leave the house, "uuid" does.
FIELDS = """
PPCCCA VVVVA CV
AMFQWU MSQWG CC
[organization]
rwrrrr rrrrr rr  name
rrrrrr rrrrr rr  side created_at is_active handle
wrrrrr wrrrr rr  mfa_required
[vendor]
rrrrrr rrrrr rr  uuid version
rwrrrr rrrrr rr  code name country is_active
rwrrrr rrrr- rr  contact_name contact_email
rwrrrr ----- --  note
------ ----- --  organization
[site]
rrrrrr rrrrr rr  uuid vendor version
rwrrrr wrrrr rr  code name city country zone is_active
[queue]
rrrrrr rrrrr rr  uuid vendor version
rwrrrr rrrrr rr  code name direction is_active
[agent]
rrrrrr rrrrr rr  uuid vendor version
rwrrrr wwrwr rr  code name team
rwrrrr wwrw- rr  site is_active
rwrrrr wwrw- -r  hired_on left_on
rrrrrr rrrr- --  +count +codes
[contract]
rrrrrr rrrr- rr  uuid vendor version +coverage +versions
rwwrrr rrrr- rr  code name zone currency starts_on ends_on
rww--r ----- --  note
[coverage]
rrrrrr rrrr- rr  vendor contract
rwwrrr rrrr- rr  queue starts_on ends_on
[version]
rrrrrr rrrr- rr  uuid vendor contract number state version +definitions +targets
rwwrrr rrrr- rr  effective_from ends_on service_hours change_note
rwwrrr rrrr- rr  incident_locate_minutes incident_restore_minutes
rrrrrr rrrr- rr  signed_at document document_hash
rrr--r ----- --  return_note drafted_by_id submitted_by_id submitted_at signed_by_id
rrr--r ----- --  +drafted_by +submitted_by +signed_by
[definition]
rrrrrr rrrr- rr  vendor contract_version
rwwrrr rrrr- rr  queue formula threshold_seconds operator short_abandon_seconds count_flow_outs
rwwrrr rrrr- rr  connect_excludes_short abandonment_excludes_short bucketing
rwwrrr rrrr- rr  fcr_window_hours fcr_same_reason fcr_forward_minutes csat_top_from csat_best
[target]
rrrrrr rrrr- rr  vendor contract_version
rwwrrr rrrr- rr  queue kpi goal amber minimum
[call]
rrrrrr rrrrr rr  vendor +contract queue agent reason +customer
rrrrrr rrrrr rr  external_id revision direction outcome abandon_place offered_at answered_at ended_at
rrrrrr rrrrr rr  ring_seconds wait_seconds talk_seconds hold_seconds wrap_seconds
rrrrrr rrrrr rr  csat resolved success transferred_from ivr_path
rrrrrr rrrr- rr  +batch offered_text kept_at
rr-r-r rrr-- -r  recording
------ ----- --  contract_id batch_id customer_key
[customer]
rrrrrr rrrrr rr  number_masked
-r---- r---- --  +number
------ ----- --  vendor customer_key number_encrypted
[reason]
rrrrrr rrrrr rr  uuid vendor code
rwrrrr wrrrr rr  name
[profile]
rrrrrr rrrr- -r  uuid vendor number is_current created_at
rwrrrr wrrr- -r  name document
[batch]
rrrrrr rrrr- rr  uuid vendor number source state profile file_name size_bytes sha256 received_at finished_at
rrrrrr rrrr- rr  problem +message +errors problem_details rows_expected rows_seen parts_total parts_done
rrrrrr rrrr- rr  rows_read rows_new rows_updated rows_unchanged rows_superseded rows_duplicate rows_rejected
rrrrrr rrrr- rr  +read +new +updated +unchanged +superseded +duplicate +rejected
rrrrrr rrrr- rr  first_offered_at last_offered_at
rrrrrr rrrr- -r  received_by
r----r ----- --  attempts
------ ----- --  received_by_id is_open_or_loaded is_confirmed lease_until
[row_error]
rrrrrr rrrr- rr  vendor batch line column rule value
[kpi]
rrrrrr rrrrr rr  +vendor +contract +queue +agent +reason +start +end +tz
rrrrrr rrrrr rr  +value +numerator +denominator +unit +mean +interval +few +provisional
rrrrrr rrrrr rr  +definition_versions +completeness
rrrrrr rrrr- rr  +target +status +distance
[incident]
rrrrrr rrrrr rr  uuid vendor version number state raised_at acknowledged_at located_at restored_at
rwrrwr wwrrr ww  title severity systems affected_from +queues
rrrrrr rrrrr rr  raised_side locate_limit_seconds restore_limit_seconds +locate +restore
rrrrrr rrrr- rr  raised_by closed_at reviewed_at judged_at
rwrrrr wwrr- ww  cause_class cause review actions
rwrrrr wwrrr ww  plan
rwwrrr rrrr- rr  affected_until affected_reason counts_for_relief relief_reason
[incident_entry]
rrrrrr rrrr- rr  vendor incident at actor side kind text
[plan]
rrrrrr rrrrr --  uuid vendor version
rwrrrr wrrrr --  kind title steps offline_script standby_server owner in_force_from review_on is_active
[drill]
rrrrrr rrrr- --  uuid vendor version
rwrrrr wrrr- --  plan planned_on held_on participants result findings link file
[inspection]
rrrrrr rrrr- --  uuid vendor checked_at checked_by
rwrrrr wwrr- --  day system items load_ratio bandwidth_ratio warn_ratio note
[evidence]
rrrrrr rrrr- --  uuid vendor recorded_at recorded_by
rwrrrr wwrr- --  kind month finding_count note link file
[evidence_file]
rrrrrr rrrr- --  uuid vendor file_name size_bytes sha256 received_at received_by
[entry]
rrrrrr rrrr- --  uuid vendor_id at actor side action object_type object_id object_label changes
rr---r r---- --  sequence role
r----r ----- --  request_id previous_hash hash
------ ----- --  actor_id
[calendar]
rrrrrr rrrrr rr  uuid vendor version
rwrrrr rrrrr rr  name zone service_hours country subdivision exceptions
[policy]
rrrrrr rrrrr rr  uuid vendor version
rwrrrr rrrrr rr  name position is_active reasons queues channels words only_incidents tier calendar callback_calendar
rwrrrr rrrrr rr  first_response_seconds update_seconds resolution_seconds callback_seconds first_line_seconds
rwrrrr rrrrr rr  second_line_seconds technical_seconds update_mode pausing ladder warn_lead_seconds customers
[ticket]
rrrrrr rrrrr rr  uuid vendor version number state level opened_at resolved_at ended_at reopened_count
rrrrrr rrrrr rr  merged_into next_due_at next_clock is_breached +customer +clocks +events +policy
rwrwrr wwrrw ww  contract queue reason subject text channel call_external_id call_offered_at satisfaction
rwrwrr wwrrr ww  tier handler_name agent
------ ----- --  customer_key handler_id handler_role terms policy_pinned pinned_by_vendor is_stale
rrrrrr rrrrr rr  +incidents +attachments
[attachment]
rrrrrr rrrrr rr  uuid file_name size_bytes sha256 received_at received_by sequence +ticket +client_only
------ ----- --  vendor_id ticket_uuid received_by_id side
[client_remark]
rrrrrr ----- r-  uuid at actor text
------ ----- --  vendor_id ticket_uuid actor_id
[ticket_view]
rrrrrr rrrrr rr  uuid name query is_shared
------ ----- --  vendor_id owner_id
[ticket_event]
rrrrrr rrrrr rr  vendor ticket sequence at kind state level deadline actor side is_public text facts
------ ----- --  terms actor_id
[ticket_clock]
rrrrrr rrrrr rr  vendor ticket clock cycle level started_at stopped_at is_canceled is_running target_seconds
rrrrrr rrrrr rr  elapsed_seconds due_at is_met alert_at alert_threshold breach_at counted_at overrun_seconds
[ticket_alert]
rrrrrr rrrrr rr  vendor ticket clock cycle threshold due_at at
------ ----- --  round
[feedback]
rrrrrr rrrr- rr  uuid vendor version number state received_at route_due_at routed_at answered_at closed_at
rrrrrr rrrr- rr  customer_told late_at reopened_count +customer
rwrwrr wwrr- ww  contract queue reason agent ticket source is_complaint kind text rating call_external_id external_id
rwrwrr wwrr- rr  department answer outcome told_at reopen_reason
------ ----- --  customer_key
[voice_signal]
rrrrrr rrrr- rr  uuid vendor contract reason week last_day raised_at days calls satisfied answers
rrrrrr rrrr- rr  days_before calls_before satisfied_before answers_before rise_probability fall_probability
[script]
rrrrrr rrrrr rr  uuid vendor version number state text expires_at
rwrwrr wwwrr ww  code name kind language reasons parts live_until
rwrwrr wwwr- ww  change_note withdrawn_reason
rrrrrr rrrr- rr  written_at written_by written_side reviewed_at review_note
rrrrrr ----- r-  reviewed_by
------ ----- --  written_by_id reviewed_by_id
[confirmation_round]
rrrrrr rrrrr rr  uuid vendor script due_on version +confirmed +asked
rrrrrr rrrr- rr  teams asked_at asked_by asked_side reminded_at
[confirmation]
rrrrrr rrrrr rr  vendor script agent confirmed_at
[live_call]
rrrrrr rrrrr rr  uuid vendor version number state source flagged_at taken_at closed_at +wait_seconds
rwrwrr wwwrw ww  reason detail external_id queue agent began_at
rwrwrr wwwrr rr  intervention outcome
rwrwrr wwwr- rr  note
rrrrrr rrrr- rr  flagged_by flagged_side taken_by taken_side
------ ----- --  flagged_by_id lapses_at taken_by_id
[campaign]
rrrrrr rrrrr rr  uuid vendor version contract state
rwrwrr wwrrr ww  name purpose goal queue script service_hours country starts_on ends_on
rwrwrr wwrr- ww  goal_count max_attempts gap_seconds per_day hold_seconds sample_limit resurvey_days
rrrrrr rrrr- rr  made_at +contact_count +open_count +attempt_count +reached_count +success_count
[contact_import]
rrrrrr rrrr- rr  uuid vendor campaign source file_name received_at received_by received_side problems
rrrrrr rrrr- rr  rows_read rows_new rows_merged rows_blocked rows_rejected
[contact]
rrrrrr rrrrr rr  uuid vendor campaign reference zone call_external_id state attempts_count due_at is_promised held_until
-r-r-r rrr-r rr  name note
rrrrrr rrrrr rr  +customer
rrrrrr rrrr- rr  added_by
------ ----- --  customer_key
[attempt]
rrrrrr rrrrr rr  uuid vendor campaign contact number handed_at held_until handler_name agent outcome ended_at day note
rrrrrr rrrrr rr  follow_up_at ticket call_external_id satisfaction success_reference number_shown_at +customer +has_call
rrrrrr rrrrr rr  +reference
------ ----- --  customer_key handler_id handler_side proof_key
[do_not_call]
rrrrrr rrrr- rr  uuid vendor number_masked is_for_all reason source added_at added_by added_side
rrrrrr rrrr- rr  withdrawn_at withdrawn_by withdrawn_reason
------ ----- --  customer_key number_encrypted
[quick_reply]
rrrrrr rrrrr rr  uuid vendor version
rwrrrr wwrrr rr  name text is_active
[notice]
rrrrrr rrrrr rr  uuid vendor_id kind message parameters path created_at read_at +text +collected +vendor
------ ----- --  recipient key
[webhook]
rr---r r---- rr  uuid vendor_id created_at attempted_at failing_since failures version
wr---r w---- rr  name url events is_active
rr---r r---- --  created_by
rr---r r---- rr  former_until
------ ----- --  secret_encrypted former_secret_encrypted retry_at
[delivery]
rr---r r---- rr  vendor_id webhook event event_id payload created_at attempts next_attempt_at delivered_at
rr---r r---- rr  given_up_at last_status
------ ----- --  event_key
[user]
wr---r w---- --  username display_name email is_active +role
rr---r r---- --  uuid is_service last_login date_joined +organization +mfa +address +method
------ ----- --  language theme password is_superuser is_staff first_name last_name groups user_permissions
[token]
rrrrrr rrrr- --  uuid prefix created_at last_used_at revoked_at
wwwwwr wwww- --  user name permissions expires_at
------ ----- --  digest
"""
# What quality assurance has stands in a table of its own, of the same shape.
FIELDS += QUALITY_FIELDS
