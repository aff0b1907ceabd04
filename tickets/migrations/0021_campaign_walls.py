"""Campaigns behind the wall; what a script says and how an attempt ended stay as they were written."""

from django.db import migrations

TABLES = (
    *("tickets_script", "tickets_campaign", "tickets_contactimport", "tickets_contact", "tickets_attempt"),
    "tickets_donotcall",
)
REFERENCES = (
    ("tickets_campaign", "contract_id", "contracts_contract"),
    ("tickets_campaign", "queue_id", "vendors_queue"),
    ("tickets_campaign", "script_id", "tickets_script"),
    ("tickets_contactimport", "campaign_id", "tickets_campaign"),
    ("tickets_contact", "campaign_id", "tickets_campaign"),
    ("tickets_contact", "added_by_id", "tickets_contactimport"),
    ("tickets_attempt", "campaign_id", "tickets_campaign"),
    ("tickets_attempt", "contact_id", "tickets_contact"),
    ("tickets_attempt", "agent_id", "vendors_agent"),
    ("tickets_attempt", "ticket_id", "tickets_ticket"),
)
KEPT = "tickets_script, tickets_attempt, tickets_donotcall"
TRIGGERS = """
CREATE FUNCTION tickets_refuse_outbound_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what a script says and how an attempt ended do not change' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER tickets_script_kept BEFORE UPDATE ON tickets_script
  FOR EACH ROW WHEN (OLD.name <> NEW.name OR OLD.number <> NEW.number OR OLD.text <> NEW.text
                     OR OLD.written_by_id IS DISTINCT FROM NEW.written_by_id
                     OR (OLD.state <> 'waiting' AND OLD.state <> NEW.state))
  EXECUTE FUNCTION tickets_refuse_outbound_rewriting();
CREATE TRIGGER tickets_attempt_kept BEFORE UPDATE ON tickets_attempt
  FOR EACH ROW WHEN (OLD.outcome <> '' AND (
    OLD.outcome <> NEW.outcome OR OLD.ended_at <> NEW.ended_at OR OLD.day <> NEW.day
    OR OLD.campaign_id <> NEW.campaign_id OR OLD.contact_id <> NEW.contact_id
    OR OLD.satisfaction IS DISTINCT FROM NEW.satisfaction OR OLD.success_reference <> NEW.success_reference))
  EXECUTE FUNCTION tickets_refuse_outbound_rewriting();
"""
FORWARD = "\n".join(
    [
        f"SELECT tenant_reference('{child}', '{column}', '{parent}', 'NO ACTION');"
        for child, column, parent in REFERENCES
    ]
    + [f"SELECT tenant_protect('{table}');" for table in TABLES]
    + [TRIGGERS, f"REVOKE DELETE ON {KEPT} FROM callsteward_app;"]
)
REVERSE = "\n".join(
    [
        "DROP TRIGGER tickets_attempt_kept ON tickets_attempt;",
        "DROP TRIGGER tickets_script_kept ON tickets_script;",
        "DROP FUNCTION tickets_refuse_outbound_rewriting();",
    ]
    + [
        f"DROP POLICY tenant ON {table};\nALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;"
        for table in TABLES
    ]
    + [f"ALTER TABLE {child} DROP CONSTRAINT {child}_{column}_tenant;" for child, column, _parent in REFERENCES]
    + [f"GRANT DELETE ON {KEPT} TO callsteward_app;"]
)


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0020_campaigns"),
        ("contracts", "0004_firmer_walls"),
        ("vendors", "0005_closed_organizations"),
    ]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
