"""Marks of days behind the wall."""

from django.db import migrations

WALLS = """
SELECT tenant_reference('tickets_daymark', 'contract_id', 'contracts_contract', 'NO ACTION');
SELECT tenant_protect('tickets_daymark');
"""
OPENED = """
DROP POLICY tenant ON tickets_daymark;
ALTER TABLE tickets_daymark DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tickets_daymark DROP CONSTRAINT tickets_daymark_contract_id_tenant;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_counted"), ("contracts", "0004_firmer_walls")]
    operations = [migrations.RunSQL(WALLS, OPENED)]
