"""KPIs measured in higher rooms, behind the wall."""

from django.db import migrations

WALLS = """
SELECT tenant_reference('sla_measuredday', 'contract_id', 'contracts_contract', 'NO ACTION');
SELECT tenant_protect('sla_measuredday');
"""
OPENED = """
DROP POLICY tenant ON sla_measuredday;
ALTER TABLE sla_measuredday DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sla_measuredday DROP CONSTRAINT sla_measuredday_contract_id_tenant;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0006_measured"), ("contracts", "0004_firmer_walls")]
    operations = [migrations.RunSQL(WALLS, OPENED)]
