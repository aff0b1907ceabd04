"""Files, remarks, incidents of tickets, transfers and kept views behind the wall; remarks and transfers only added."""

from django.db import migrations

FORWARD = """
SELECT tenant_reference('tickets_ticketincident', 'ticket_id', 'tickets_ticket', 'NO ACTION');
SELECT tenant_reference('tickets_ticketincident', 'incident_id', 'sla_incident', 'NO ACTION');
SELECT tenant_protect('tickets_attachment');
SELECT tenant_protect('tickets_clientremark');
SELECT tenant_protect('tickets_ticketincident');
SELECT tenant_protect('tickets_transfer');
SELECT tenant_protect('tickets_ticketview');
SELECT tenant_protect('tickets_firstview');
REVOKE UPDATE, DELETE, TRUNCATE ON tickets_clientremark, tickets_transfer FROM callsteward_app;
"""
REVERSE = """
ALTER TABLE tickets_ticketincident DROP CONSTRAINT tickets_ticketincident_incident_id_tenant;
ALTER TABLE tickets_ticketincident DROP CONSTRAINT tickets_ticketincident_ticket_id_tenant;
DROP POLICY tenant ON tickets_attachment;
ALTER TABLE tickets_attachment DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON tickets_clientremark;
ALTER TABLE tickets_clientremark DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON tickets_ticketincident;
ALTER TABLE tickets_ticketincident DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON tickets_transfer;
ALTER TABLE tickets_transfer DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON tickets_ticketview;
ALTER TABLE tickets_ticketview DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON tickets_firstview;
ALTER TABLE tickets_firstview DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
GRANT UPDATE, DELETE ON tickets_clientremark, tickets_transfer TO callsteward_app;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0030_papers"), ("sla", "0005_incident_walls")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
