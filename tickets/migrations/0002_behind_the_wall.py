"""Tickets, feedback and campaigns behind the wall; what happened and what was promised is only ever added to."""

from django.db import migrations

from core.walls import walls

TABLES = (
    "tickets_calendar",
    "tickets_policy",
    "tickets_terms",
    "tickets_ticket",
    "tickets_ticketevent",
    "tickets_ticketclock",
    "tickets_ticketalert",
    "tickets_ticketlink",
    "tickets_quickreply",
    "tickets_feedback",
    "tickets_daymark",
    "tickets_voicesignal",
    "tickets_campaign",
    "tickets_contactimport",
    "tickets_contact",
    "tickets_attempt",
    "tickets_donotcall",
    "tickets_attachment",
    "tickets_clientremark",
    "tickets_ticketincident",
    "tickets_transfer",
    "tickets_ticketview",
    "tickets_firstview",
)
REFERENCES = (
    ("tickets_policy", "calendar_id", "tickets_calendar"),
    ("tickets_policy", "callback_calendar_id", "tickets_calendar"),
    ("tickets_terms", "policy_id", "tickets_policy"),
    ("tickets_ticket", "contract_id", "contracts_contract"),
    ("tickets_ticket", "queue_id", "vendors_queue"),
    ("tickets_ticket", "reason_id", "calls_callreason"),
    ("tickets_ticket", "agent_id", "vendors_agent"),
    ("tickets_ticket", "terms_id", "tickets_terms"),
    ("tickets_ticket", "merged_into_id", "tickets_ticket"),
    ("tickets_ticketevent", "ticket_id", "tickets_ticket"),
    ("tickets_ticketevent", "terms_id", "tickets_terms"),
    ("tickets_ticketclock", "ticket_id", "tickets_ticket"),
    ("tickets_ticketalert", "ticket_id", "tickets_ticket"),
    ("tickets_ticketlink", "first_id", "tickets_ticket"),
    ("tickets_ticketlink", "second_id", "tickets_ticket"),
    ("tickets_feedback", "contract_id", "contracts_contract"),
    ("tickets_feedback", "queue_id", "vendors_queue"),
    ("tickets_feedback", "reason_id", "calls_callreason"),
    ("tickets_feedback", "agent_id", "vendors_agent"),
    ("tickets_feedback", "ticket_id", "tickets_ticket"),
    ("tickets_daymark", "contract_id", "contracts_contract"),
    ("tickets_voicesignal", "contract_id", "contracts_contract"),
    ("tickets_voicesignal", "reason_id", "calls_callreason"),
    ("tickets_campaign", "contract_id", "contracts_contract"),
    ("tickets_campaign", "queue_id", "vendors_queue"),
    ("tickets_campaign", "script_id", "qa_script"),
    ("tickets_contactimport", "campaign_id", "tickets_campaign"),
    ("tickets_contact", "campaign_id", "tickets_campaign"),
    ("tickets_contact", "added_by_id", "tickets_contactimport"),
    ("tickets_attempt", "campaign_id", "tickets_campaign"),
    ("tickets_attempt", "contact_id", "tickets_contact"),
    ("tickets_attempt", "agent_id", "vendors_agent"),
    ("tickets_attempt", "ticket_id", "tickets_ticket"),
    ("tickets_ticketincident", "ticket_id", "tickets_ticket"),
    ("tickets_ticketincident", "incident_id", "sla_incident"),
)
MORE = """
-- What happened to a ticket, and the terms it had, nobody rewrites (C18).
REVOKE UPDATE, DELETE, TRUNCATE ON tickets_ticketevent, tickets_terms, tickets_ticketalert FROM callsteward_app;
CREATE FUNCTION tickets_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
CREATE TRIGGER tickets_event_append_only BEFORE UPDATE OR DELETE ON tickets_ticketevent
  FOR EACH ROW EXECUTE FUNCTION tickets_refuse_rewriting();
CREATE TRIGGER tickets_terms_append_only BEFORE UPDATE OR DELETE ON tickets_terms
  FOR EACH ROW EXECUTE FUNCTION tickets_refuse_rewriting();

CREATE FUNCTION tickets_refuse_outbound_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'how an attempt ended does not change' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER tickets_attempt_kept BEFORE UPDATE ON tickets_attempt
  FOR EACH ROW WHEN (OLD.outcome <> '' AND (
    OLD.outcome <> NEW.outcome OR OLD.ended_at <> NEW.ended_at OR OLD.day <> NEW.day
    OR OLD.campaign_id <> NEW.campaign_id OR OLD.contact_id <> NEW.contact_id
    OR OLD.satisfaction IS DISTINCT FROM NEW.satisfaction OR OLD.success_reference <> NEW.success_reference))
  EXECUTE FUNCTION tickets_refuse_outbound_rewriting();

REVOKE DELETE ON tickets_attempt, tickets_donotcall FROM callsteward_app;
REVOKE UPDATE, DELETE, TRUNCATE ON tickets_clientremark, tickets_transfer FROM callsteward_app;
"""
UNDO = """
DROP TRIGGER tickets_attempt_kept ON tickets_attempt;
DROP FUNCTION tickets_refuse_outbound_rewriting();
DROP TRIGGER tickets_terms_append_only ON tickets_terms;
DROP TRIGGER tickets_event_append_only ON tickets_ticketevent;
DROP FUNCTION tickets_refuse_rewriting();
"""


class Migration(migrations.Migration):
    replaces = [
        ("tickets", "0002_walls"),
        ("tickets", "0004_feedback_walls"),
        ("tickets", "0006_counted_walls"),
        ("tickets", "0011_voice_walls"),
        ("tickets", "0021_campaign_walls"),
        ("tickets", "0031_paper_walls"),
    ]
    dependencies = [
        ("tickets", "0001_tables"),
        ("contracts", "0002_behind_the_wall"),
        ("calls", "0002_behind_the_wall"),
        ("sla", "0002_behind_the_wall"),
        ("qa", "0010_scripts_wall"),
    ]
    operations = [walls(tables=TABLES, references=REFERENCES, more=MORE, undo=UNDO)]
