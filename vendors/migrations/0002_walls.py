"""Vendors behind the wall."""

from django.db import migrations

FORWARD = """
SELECT tenant_reference('vendors_agent', 'site_id', 'vendors_site', 'NO ACTION');
SELECT tenant_protect('vendors_vendor');
SELECT tenant_protect('vendors_site');
SELECT tenant_protect('vendors_queue');
SELECT tenant_protect('vendors_agent');
"""
REVERSE = """
DROP POLICY tenant ON vendors_vendor;
ALTER TABLE vendors_vendor DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON vendors_site;
ALTER TABLE vendors_site DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON vendors_queue;
ALTER TABLE vendors_queue DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON vendors_agent;
ALTER TABLE vendors_agent DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE vendors_agent DROP CONSTRAINT vendors_agent_site_id_tenant;
"""


class Migration(migrations.Migration):
    dependencies = [("vendors", "0001_initial"), ("accounts", "0002_walls")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
