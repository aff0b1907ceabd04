"""What every address answers to whom: the one table that the access tests are generated from (D1).

A line is: name of the route (and a query, where another answer depends on it), kind of the thing in the address
(``tests.access.kinds``, ``-`` for none), then for each method that it knows ``METHOD needs answer``. ``needs`` is an
action of ``accounts.calc.access``, or

- ``open``    everybody, signed in or not
- ``person``  whoever is signed in, with or without a membership; no token
- ``scope``   whoever has a membership
- ``…!agent`` the action, but not in the role of an agent, whose own records it would go beyond

and ``answer`` what the caller gets for what is its own (``/`` between several). Everything else follows:

- without the action 403; without a membership 404; nobody and the shut out are sent to the log-in, programs get 401
- what is hidden from the caller answers like what never existed, byte for byte, with 404 (403 without the action)
- HEAD answers like GET, OPTIONS tells the methods of a page; all others are 405 (programs: 403 without the action)
- a refusal writes nothing
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.access.quality import TABLE as QUALITY_TABLE

TABLE = """
home                                    -                GET kpis.view 200
health                                  -                GET open 200
api_docs                                -                GET person 200
set_language                            -                POST open 302
set_theme                               -                POST scope 204

account_login                           -                GET open 200/302          POST open 200/302
account_logout                          -                GET open 200/302          POST open 302
account_inactive                        -                GET open 200
account_reauthenticate                  -                GET person 200/302        POST person 200/302
account_change_password                 -                GET person 200            POST person 200
account_set_password                    -                GET person 302            POST person 302
account_reset_password                  -                GET open 200              POST open 302
account_reset_password_done             -                GET open 200
account_reset_password_from_key         reset_key        GET open 200              POST open 200
account_reset_password_from_key_done    -                GET open 200
mfa_index                               -                GET person 200
mfa_authenticate                        -                GET open 302              POST open 302
mfa_reauthenticate                      -                GET person 200/302        POST person 200/302
mfa_activate_totp                       -                GET person 200            POST person 200
mfa_deactivate_totp                     -                GET person 404            POST person 404
mfa_view_recovery_codes                 -                GET person 404
mfa_generate_recovery_codes             -                GET person 200            POST person 200
mfa_download_recovery_codes             -                GET person 404

accounts:profile                        -                GET scope 200             POST scope 302
usersessions_list                       -                GET scope 200
accounts:session_end                    session          POST scope 302
accounts:sessions_end_others            -                POST scope 302
accounts:token_list                     -                GET tokens.own 200
accounts:token_create                   -                GET tokens.own 200        POST tokens.own 200
accounts:token_revoke                   token            POST scope 302
accounts:bell                           -                GET notices.view 200
accounts:notice_list                    -                GET notices.view 200
accounts:notice_list?export=csv         -                GET notices.view 200
accounts:notice_list?kind=ticket&unread=true - GET notices.view 200
accounts:notice_open                    notice           GET notices.view 302
accounts:notices_read                   -                POST notices.view 302
accounts:notices_read_all               -                POST notices.view 302
accounts:notice_preferences             -                GET notices.view 200      POST notices.view 302
accounts:webhook_list                   -                GET webhooks.view 200
accounts:webhook_list?export=csv        -                GET webhooks.view 200
accounts:webhook_create                 -                GET webhooks.manage 200   POST webhooks.manage 200
accounts:webhook_detail                 webhook          GET webhooks.view 200
accounts:webhook_edit                   webhook          GET webhooks.manage 200   POST webhooks.manage 302
accounts:webhook_rotate                 webhook          POST webhooks.manage 200
accounts:webhook_test                   webhook          POST webhooks.manage 302
accounts:webhook_delete                 webhook          POST webhooks.manage 302
accounts:user_list                      -                GET users.view 200
accounts:user_list?export=csv           -                GET users.view 200
accounts:user_create                    -                GET users.manage 200      POST users.manage 302
accounts:user_detail                    person           GET users.view 200        POST users.manage 302
accounts:user_role                      person           POST users.manage 302
accounts:user_deactivate                person           POST users.manage 302
accounts:user_activate                  person           POST users.manage 302
accounts:user_reset_mfa                 person           POST users.manage 302
accounts:user_invite                    person           POST users.manage 200
accounts:organization_list              -                GET users.manage 200
accounts:second_step_set                -                POST users.manage 302
accounts:service_list                   -                GET tokens.manage 200
accounts:service_create                 -                GET users.manage 200      POST users.manage 302
accounts:service_token_create           service          GET tokens.manage 200     POST tokens.manage 200

audit:book                              -                GET audit.view 200
audit:book?export=csv                   -                GET audit.view 200
audit:book?export=xlsx                  -                GET audit.view 200
audit:verify                            -                POST audit.view 200
audit:history                           history_site     GET vendors.view 200
audit:history                           history_contract GET contracts.view 200
audit:history                           history_draft    GET contracts.view 200
audit:history                           history_batch    GET imports.view 200
audit:history                           history_person   GET users.view 200
audit:history                           history_ticket   GET tickets.view 200
audit:history                           history_policy   GET tickets.view 200
audit:history                           history_feedback GET complaints.view 200
audit:history                           history_webhook  GET webhooks.view 200

vendors:vendor_list                     -                GET vendors.view 200/302
vendors:vendor_list?export=xlsx         -                GET vendors.view 200/302
vendors:vendor_create                   -                GET vendors.edit 200      POST vendors.edit 302
vendors:vendor_detail                   vendor           GET vendors.view 200
vendors:vendor_edit                     vendor           GET vendors.edit 200      POST vendors.edit 302
vendors:vendor_sites                    vendor           GET vendors.view 200
vendors:vendor_queues                   vendor           GET vendors.view 200
vendors:vendor_agents                   vendor           GET agents.view 200
vendors:vendor_agents?export=csv        vendor           GET agents.view 200
vendors:vendor_history                  vendor           GET vendors.view 200
vendors:site_list                       -                GET vendors.view 200
vendors:site_list?export=csv            -                GET vendors.view 200
vendors:site_create                     -                GET sites.edit 200        POST sites.edit 302
vendors:site_detail                     site             GET vendors.view 200
vendors:site_edit                       site             GET sites.edit 200        POST sites.edit 302
vendors:queue_list                      -                GET vendors.view 200
vendors:queue_list?export=xlsx          -                GET vendors.view 200
vendors:queue_create                    -                GET vendors.edit 200      POST vendors.edit 302
vendors:queue_detail                    queue            GET vendors.view 200
vendors:queue_edit                      queue            GET vendors.edit 200      POST vendors.edit 302
vendors:agent_list                      -                GET agents.view 200
vendors:agent_list?export=xlsx          -                GET agents.view 200
vendors:agent_create                    -                GET agents.edit 200       POST agents.edit 302
vendors:agent_detail                    agent            GET agents.view 200
vendors:agent_detail                    peer             GET agents.view 200
vendors:agent_edit                      agent            GET agents.edit 200       POST agents.edit 302
vendors:agent_login                     peer             GET users.manage 200      POST users.manage 302
contracts:contract_list                 -                GET contracts.view 200
contracts:contract_list?export=csv      -                GET contracts.view 200
contracts:contract_create               -                GET contracts.edit 200    POST contracts.edit 302
contracts:panel                         -                GET contracts.view 200
contracts:contract_detail               contract         GET contracts.view 200
contracts:contract_detail               unsigned         GET contracts.view 200
contracts:contract_edit                 contract         GET contracts.edit 200    POST contracts.edit 302
contracts:contract_versions             contract         GET contracts.view 200
contracts:contract_history              contract         GET contracts.view 200
contracts:contract_coverage             contract         GET contracts.view 200
contracts:coverage_create               contract         GET contracts.edit 200    POST contracts.edit 302/422
contracts:coverage_edit                 coverage         GET contracts.edit 200    POST contracts.edit 302
contracts:coverage_remove               coverage         POST contracts.edit 302/409
contracts:version_draft                 contract         POST contracts.edit 302/409
contracts:version_detail                version          GET contracts.view 200
contracts:version_detail                draft            GET contracts.view 200
contracts:version_edit                  draft            GET contracts.edit 200    POST contracts.edit 302/422
contracts:version_edit                  version          GET contracts.edit 409    POST contracts.edit 409
contracts:version_submit?version=4      draft            POST contracts.edit 302
contracts:version_sign?version=4        draft            POST contracts.sign 409
contracts:version_return                draft            GET contracts.sign 409    POST contracts.sign 409
contracts:version_compare               draft            GET contracts.view 200
contracts:version_document              version          GET contracts.view 200/404
contracts:version_document              draft            GET contracts.view 404
sla:incident_list                       -                GET incidents.view 200
sla:incident_list?export=csv            -                GET incidents.view 200
sla:incident_list?export=xlsx           -                GET incidents.view 200
sla:incident_new                        -                GET incidents.raise 200   POST incidents.raise 302
sla:incident_detail                     incident         GET incidents.view 200
sla:incident_detail                     ended_incident   GET incidents.view 200
sla:incident_step                       incident_ack     GET incidents.step 200    POST incidents.step 302
sla:incident_step                       incident_close   GET incidents.step 409    POST incidents.step 409
sla:incident_note                       incident         POST incidents.step 302
sla:incident_affected                   incident         GET incidents.step 200    POST incidents.step 302
sla:incident_window                     ended_incident   GET incidents.judge 200   POST incidents.judge 302
sla:incident_relief                     ended_incident   GET incidents.judge 200   POST incidents.judge 302
sla:plan_list                           -                GET plans.view 200
sla:plan_list?export=csv                -                GET plans.view 200
sla:plan_new                            -                GET plans.edit 200        POST plans.edit 302
sla:plan_detail                         plan             GET plans.view 200
sla:plan_edit                           plan             GET plans.edit 200        POST plans.edit 302
sla:drill_list                          -                GET inspections.view 200
sla:drill_list?export=csv               -                GET inspections.view 200
sla:drill_new                           -                GET plans.edit 200        POST plans.edit 302
sla:drill_detail                        drill            GET inspections.view 200
sla:drill_record                        drill            GET plans.edit 200        POST plans.edit 302
sla:inspection_list                     -                GET inspections.view 200
sla:inspection_list?export=xlsx         -                GET inspections.view 200
sla:inspection_new                      inspected        GET inspections.edit 200  POST inspections.edit 302
sla:evidence_list                       -                GET inspections.view 200
sla:evidence_list?export=csv            -                GET inspections.view 200
sla:evidence_new                        -                GET inspections.edit 200  POST inspections.edit 302
sla:file                                evidence_file    GET inspections.view 200
audit:history                           history_incident GET inspections.view 200
audit:history                           history_plan     GET inspections.view 200
audit:history                           history_drill    GET inspections.view 200
calls:list                              -                GET calls.view 200
calls:list?export=csv                   -                GET calls.export 200
calls:list?export=xlsx                  -                GET calls.export 200
calls:detail                            call             GET calls.view 200
calls:number_find                       -                POST calls.view!agent 302
calls:number_show                       call             POST customers.unmask 200
calls:imports                           -                GET imports.view 200
calls:imports?export=csv                -                GET imports.view 200
calls:import_new                        -                GET calls.import 200      POST calls.import 302
calls:import_detail                     loaded           GET imports.view 200
calls:import_detail                     waiting          GET imports.view 200
calls:import_progress                   waiting          GET imports.view 200
calls:import_confirm                    waiting          POST calls.import 302
calls:import_cancel                     waiting          POST calls.import 302
calls:import_retry                      waiting          POST calls.import 409
calls:import_rejected                   loaded           GET imports.view 200
calls:import_errors                     loaded           GET imports.view 200
calls:import_errors?export=csv          loaded           GET imports.view 200
calls:import_errors?export=xlsx         loaded           GET imports.view 200
calls:profiles                          -                GET imports.view 200
calls:profile_new                       -                GET profiles.edit 200     POST profiles.edit 422
calls:profile_try                       -                POST profiles.edit 200
calls:profile_detail                    profile          GET imports.view 200
calls:profile_edit                      profile          GET profiles.edit 200     POST profiles.edit 422
calls:profile_try_edit                  profile          POST profiles.edit 200
calls:format                            -                GET imports.view 200
calls:template                          -                GET imports.view 200

tickets:ticket_list                     -                GET tickets.view 200
tickets:ticket_list?state=all&export=csv - GET tickets.view 200
tickets:feedback_list                   -                GET complaints.view 200
tickets:feedback_list?state=all&export=csv - GET complaints.view 200
tickets:feedback_create                 -                GET complaints.edit 200   POST complaints.edit 302
tickets:voice                           -                GET complaints.view 200
tickets:voice?by=queue&export=csv       -                GET complaints.view 200
tickets:feedback_detail                 feedback         GET complaints.view 200
tickets:feedback_step                   feedback_class   GET complaints.edit 200   POST complaints.edit 302
tickets:ticket_create                   -                GET tickets.edit 200      POST tickets.edit 302
tickets:ticket_promise                  -                GET tickets.edit 200
tickets:call_panel                      -                GET tickets.view 200
tickets:bulk                            bulk_assign      POST tickets.assign 200
tickets:bulk                            bulk_close       POST tickets.edit 200
tickets:views_bar                       -                GET tickets.view 200
tickets:views_bar?state=all&sort=-opened_at - GET tickets.view 200
tickets:views_manage?tier=urgent        -                GET tickets.view 200      POST tickets.view 302
tickets:view_begin_with                 -                POST tickets.view 302
tickets:view_remove                     view             POST tickets.view 302/403
tickets:incident_panel                  incident         GET tickets.view 200
tickets:incident_link                   incident         POST tickets.edit 302
tickets:attachment                      attachment       GET tickets.view 200
tickets:attachment                      client_file      GET tickets.view 200
tickets:attachment_delete               attachment       POST tickets.edit 302/403
tickets:people                          ticket           GET tickets.edit 200
tickets:incident_unlink                 ticket           POST tickets.edit 302
tickets:ticket_transfer                 ticket_client    GET tickets.transfer 200  POST tickets.transfer 302
tickets:ticket_detail                   ticket           GET tickets.view 200
tickets:ticket_act                      ticket           POST tickets.edit 302
tickets:rules                           -                GET tickets.view 200
tickets:presets                         -                POST tickets.rules 409
tickets:holidays_preview?country=CN     -                GET tickets.rules 200
tickets:policy_create                   -                GET tickets.rules 200     POST tickets.rules 302
tickets:policy_edit                     policy           GET tickets.rules 200     POST tickets.rules 302
tickets:policy_move                     policy           POST tickets.rules 302
tickets:calendar_create                 -                GET tickets.rules 200     POST tickets.rules 302
tickets:calendar_edit                   calendar         GET tickets.rules 200     POST tickets.rules 302
tickets:calendar_delete                 calendar         POST tickets.rules 302
tickets:reply_list                      -                GET tickets.view 200
tickets:reply_list?export=csv           -                GET tickets.view 200
tickets:reply_create                    -                GET tickets.replies 200   POST tickets.replies 302
tickets:reply_edit                      reply            GET tickets.replies 200   POST tickets.replies 302
tickets:reply_delete                    reply            POST tickets.replies 302

tickets:campaign_list                   -                GET campaigns.view 200
tickets:campaign_list?state=live&export=csv - GET campaigns.view 200
tickets:campaign_create                 -                GET campaigns.edit 200    POST campaigns.edit 302
tickets:campaign_detail                 campaign         GET campaigns.view 200
tickets:campaign_edit                   campaign         GET campaigns.edit 200    POST campaigns.edit 302
tickets:campaign_step                   campaign_pause   POST campaigns.edit 302
tickets:campaign_fill                   campaign         POST campaigns.edit 302
tickets:list_upload                     campaign         GET campaigns.edit 200    POST campaigns.edit 302
tickets:contact_list                    campaign         GET campaigns.view 200
tickets:contact_list?export=csv         campaign         GET campaigns.view 200
tickets:import_list                     -                GET campaigns.view 200
tickets:import_list?export=csv          -                GET campaigns.view 200
tickets:import_detail                   contact_import   GET campaigns.view 200
tickets:import_detail?export=csv        contact_import   GET campaigns.view 200
tickets:attempt_list                    -                GET campaigns.view 200
tickets:attempt_list?export=xlsx        -                GET campaigns.view 200
tickets:attempt_number                  attempt          POST campaigns.call 200/403
tickets:attempt_outcome                 attempt          POST campaigns.call 302/403
tickets:work_list                       -                GET campaigns.call 200
tickets:work                            campaign         GET campaigns.call 200
tickets:work_next                       campaign         POST campaigns.call 302
tickets:do_not_call_list                -                GET dnc.view 200
tickets:do_not_call_list?export=csv     -                GET dnc.view 200
tickets:do_not_call_create              -                GET dnc.edit 200          POST dnc.edit 302
tickets:do_not_call_withdraw            do_not_call      GET dnc.edit 200          POST dnc.edit 302
audit:history                           history_campaign GET campaigns.view 200
audit:history                           history_do_not_call GET dnc.view 200

reports:explorer                        -                GET kpis.view 200
reports:explorer?metrics=volume&group_by=queue&from=2026-06-08&to=2026-06-15&export=csv - GET kpis.view 200
reports:derivation?metrics=service_level&from=2026-06-08&to=2026-06-15 - GET kpis.view!agent 200
reports:contract                        contract         GET kpis.view!agent 200
reports:search?q=an                     -                GET scope 200
reports:search?q=or                     -                GET scope 200
reports:about                           -                GET scope 200

api_me                                  -                GET scope 200
api_notices                             -                GET notices.view 200
api_notices?kind=ticket&unread=true     -                GET notices.view 200
api_notice_read                         notice           POST notices.view 200
api_webhooks                            -                GET webhooks.view 200
api_webhook                             webhook          GET webhooks.view 200
api_vendors                             -                GET vendors.view 200
api_vendor                              vendor           GET vendors.view 200
api_sites                               -                GET vendors.view 200
api_site                                site             GET vendors.view 200
api_queues                              -                GET vendors.view 200
api_queue                               queue            GET vendors.view 200
api_agents                              -                GET agents.view 200
api_agent                               agent            GET agents.view 200
api_contracts                           -                GET contracts.view 200
api_contract                            contract         GET contracts.view 200
api_contract                            unsigned         GET contracts.view 200
api_calls                               -                GET calls.view 200
api_calls_batch                         -                POST calls.import 201/400
api_imports                             -                GET imports.view 200
api_import                              loaded           GET imports.view 200
api_incidents                           -                GET incidents.view 200    POST incidents.raise 201
api_incidents?open=true                 -                GET incidents.view 200    POST incidents.raise 400
api_incident                            incident         GET incidents.view 200
api_incident                            ended_incident   GET incidents.view 200
api_tickets                             -                GET tickets.view 200      POST tickets.edit 201
api_ticket                              ticket           GET tickets.view 200
api_ticket_comments                     ticket           POST tickets.edit 201
api_ticket_steps                        ticket           POST tickets.edit 200
api_ticket_attachments                  ticket           POST tickets.edit 201
api_ticket_attachment                   attachment       GET tickets.view 200      DELETE tickets.edit 204/403
api_ticket_incidents                    ticket           POST tickets.edit 200
api_ticket_transfer                     ticket_client    POST tickets.transfer 201
api_ticket_remarks                      ticket_client    GET tickets.view 200      POST tickets.edit 201
api_ticket_views                        -                GET tickets.view 200
api_ticket_policies                     -                GET tickets.view 200
api_ticket_calendars                    -                GET tickets.view 200
api_ticket_kpis?from=2026-06-01&to=2026-07-01&interval=day - GET kpis.view!agent 200
api_ticket_clocks?kpi=ticket_hand_over&from=2026-06-01&to=2026-07-01 - GET tickets.view 200
api_feedback                            -                GET complaints.view 200   POST complaints.edit 201
api_feedback_one                        feedback         GET complaints.view 200
api_feedback_steps                      feedback         POST complaints.edit 200
api_feedback_kpis?from=2026-06-01&to=2026-07-01&interval=day - GET complaints.view 200
api_voice?by_queue=true                 -                GET complaints.view 200
api_campaigns                           -                GET campaigns.view 200    POST campaigns.edit 201
api_campaigns?state=live                -                GET campaigns.view 200    POST campaigns.edit 400
api_campaign                            campaign         GET campaigns.view 200
api_campaign_steps                      campaign         POST campaigns.edit 200
api_campaign_contacts                   campaign         GET campaigns.view 200    POST campaigns.edit 201
api_campaign_next                       campaign         POST campaigns.call 200
api_attempts                            -                GET campaigns.view 200
api_attempt                             attempt          GET campaigns.view 200
api_attempt_outcome                     attempt          POST campaigns.call 200/403
api_do_not_call                         -                GET dnc.view 200          POST dnc.edit 201
api_incident_step                       incident         POST incidents.step 200
api_kpis?metrics=volume,service_level,aht&group_by=contract,queue&from=2026-06-08&to=2026-06-15 - GET kpis.view 200
api_kpis?metrics=aht&group_by=agent&from=2026-06-08&to=2026-06-15&format=csv - GET kpis.view 200
api_kpis?metrics=volume&group_by=reason&from=2026-06-08&to=2026-06-15 - GET kpis.view 200/422
schema                                  -                GET scope 200
"""


@dataclass(frozen=True)
class Rule:
    """Who may use a method, and what it then answers."""

    needs: str
    answers: frozenset[int]


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    route: str
    query: str
    kind: str
    rules: dict[str, Rule]

    def __str__(self) -> str:
        return f"{self.route}{'?' if self.query else ''}{self.query} ({self.kind})"


def rows() -> list[Row]:
    """Return the table's lines."""
    return [_row(line) for line in (TABLE + QUALITY_TABLE).splitlines() if line]


def _row(line: str) -> Row:
    address, kind, *rest = line.split()
    route, _, query = address.partition("?")
    if len(rest) % 3:
        raise ValueError(f"a method, what it needs and what it answers: {line}")
    rules = {
        method: Rule(needs, frozenset(int(status) for status in answers.split("/")))
        for method, needs, answers in zip(rest[::3], rest[1::3], rest[2::3], strict=True)
    }
    return Row(route, query, kind, rules)
