"""Rollups behind the wall."""

from django.db import migrations

FORWARD = """
SELECT tenant_reference('sla_queuehalfhour', 'contract_id', 'contracts_contract', 'NO ACTION');
SELECT tenant_reference('sla_queueday', 'contract_id', 'contracts_contract', 'NO ACTION');
SELECT tenant_reference('sla_agentday', 'contract_id', 'contracts_contract', 'NO ACTION');
SELECT tenant_reference('sla_reasonday', 'contract_id', 'contracts_contract', 'NO ACTION');
SELECT tenant_reference('sla_contractday', 'contract_id', 'contracts_contract', 'NO ACTION');
SELECT tenant_protect('sla_queuehalfhour');
SELECT tenant_protect('sla_queueday');
SELECT tenant_protect('sla_agentday');
SELECT tenant_protect('sla_reasonday');
SELECT tenant_protect('sla_contractday');
SELECT tenant_protect('sla_appliedversion');
SELECT tenant_protect('sla_sweep');
"""
REVERSE = """
DROP POLICY tenant ON sla_queuehalfhour;
ALTER TABLE sla_queuehalfhour DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON sla_queueday;
ALTER TABLE sla_queueday DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON sla_agentday;
ALTER TABLE sla_agentday DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON sla_reasonday;
ALTER TABLE sla_reasonday DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON sla_contractday;
ALTER TABLE sla_contractday DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON sla_appliedversion;
ALTER TABLE sla_appliedversion DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON sla_sweep;
ALTER TABLE sla_sweep DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sla_contractday DROP CONSTRAINT sla_contractday_contract_id_tenant;
ALTER TABLE sla_reasonday DROP CONSTRAINT sla_reasonday_contract_id_tenant;
ALTER TABLE sla_agentday DROP CONSTRAINT sla_agentday_contract_id_tenant;
ALTER TABLE sla_queueday DROP CONSTRAINT sla_queueday_contract_id_tenant;
ALTER TABLE sla_queuehalfhour DROP CONSTRAINT sla_queuehalfhour_contract_id_tenant;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0001_initial"),
        ("contracts", "0002_walls"),
        ("calls", "0002_walls"),
    ]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
