"""Tickets behind the wall; what happened and what was promised is only ever added to."""

from django.db import migrations

FORWARD = """
SELECT tenant_reference('tickets_policy', 'calendar_id', 'tickets_calendar', 'NO ACTION');
SELECT tenant_reference('tickets_policy', 'callback_calendar_id', 'tickets_calendar', 'NO ACTION');
SELECT tenant_reference('tickets_terms', 'policy_id', 'tickets_policy', 'NO ACTION');
SELECT tenant_reference('tickets_ticket', 'contract_id', 'contracts_contract', 'NO ACTION');
SELECT tenant_reference('tickets_ticket', 'queue_id', 'vendors_queue', 'NO ACTION');
SELECT tenant_reference('tickets_ticket', 'reason_id', 'calls_callreason', 'NO ACTION');
SELECT tenant_reference('tickets_ticket', 'agent_id', 'vendors_agent', 'NO ACTION');
SELECT tenant_reference('tickets_ticket', 'terms_id', 'tickets_terms', 'NO ACTION');
SELECT tenant_reference('tickets_ticket', 'merged_into_id', 'tickets_ticket', 'NO ACTION');
SELECT tenant_reference('tickets_ticketevent', 'ticket_id', 'tickets_ticket', 'NO ACTION');
SELECT tenant_reference('tickets_ticketevent', 'terms_id', 'tickets_terms', 'NO ACTION');
SELECT tenant_reference('tickets_ticketclock', 'ticket_id', 'tickets_ticket', 'NO ACTION');
SELECT tenant_reference('tickets_ticketalert', 'ticket_id', 'tickets_ticket', 'NO ACTION');
SELECT tenant_reference('tickets_ticketlink', 'first_id', 'tickets_ticket', 'NO ACTION');
SELECT tenant_reference('tickets_ticketlink', 'second_id', 'tickets_ticket', 'NO ACTION');
SELECT tenant_protect('tickets_calendar');
SELECT tenant_protect('tickets_policy');
SELECT tenant_protect('tickets_terms');
SELECT tenant_protect('tickets_ticket');
SELECT tenant_protect('tickets_ticketevent');
SELECT tenant_protect('tickets_ticketclock');
SELECT tenant_protect('tickets_ticketalert');
SELECT tenant_protect('tickets_ticketlink');
SELECT tenant_protect('tickets_quickreply');

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
"""
REVERSE = """
DROP TRIGGER tickets_terms_append_only ON tickets_terms;
DROP TRIGGER tickets_event_append_only ON tickets_ticketevent;
DROP FUNCTION tickets_refuse_rewriting();
DROP POLICY tenant ON tickets_calendar;
ALTER TABLE tickets_calendar DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON tickets_policy;
ALTER TABLE tickets_policy DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON tickets_terms;
ALTER TABLE tickets_terms DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON tickets_ticket;
ALTER TABLE tickets_ticket DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON tickets_ticketevent;
ALTER TABLE tickets_ticketevent DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON tickets_ticketclock;
ALTER TABLE tickets_ticketclock DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON tickets_ticketalert;
ALTER TABLE tickets_ticketalert DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON tickets_ticketlink;
ALTER TABLE tickets_ticketlink DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON tickets_quickreply;
ALTER TABLE tickets_quickreply DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tickets_ticketlink DROP CONSTRAINT tickets_ticketlink_second_id_tenant;
ALTER TABLE tickets_ticketlink DROP CONSTRAINT tickets_ticketlink_first_id_tenant;
ALTER TABLE tickets_ticketalert DROP CONSTRAINT tickets_ticketalert_ticket_id_tenant;
ALTER TABLE tickets_ticketclock DROP CONSTRAINT tickets_ticketclock_ticket_id_tenant;
ALTER TABLE tickets_ticketevent DROP CONSTRAINT tickets_ticketevent_terms_id_tenant;
ALTER TABLE tickets_ticketevent DROP CONSTRAINT tickets_ticketevent_ticket_id_tenant;
ALTER TABLE tickets_ticket DROP CONSTRAINT tickets_ticket_merged_into_id_tenant;
ALTER TABLE tickets_ticket DROP CONSTRAINT tickets_ticket_terms_id_tenant;
ALTER TABLE tickets_ticket DROP CONSTRAINT tickets_ticket_agent_id_tenant;
ALTER TABLE tickets_ticket DROP CONSTRAINT tickets_ticket_reason_id_tenant;
ALTER TABLE tickets_ticket DROP CONSTRAINT tickets_ticket_queue_id_tenant;
ALTER TABLE tickets_ticket DROP CONSTRAINT tickets_ticket_contract_id_tenant;
ALTER TABLE tickets_terms DROP CONSTRAINT tickets_terms_policy_id_tenant;
ALTER TABLE tickets_policy DROP CONSTRAINT tickets_policy_callback_calendar_id_tenant;
ALTER TABLE tickets_policy DROP CONSTRAINT tickets_policy_calendar_id_tenant;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0001_initial"),
        ("accounts", "0002_walls"),
        ("calls", "0002_walls"),
        ("contracts", "0002_walls"),
    ]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
