"""Signals behind the wall."""

from django.db import migrations

WALLS = """
SELECT tenant_reference('tickets_voicesignal', 'contract_id', 'contracts_contract', 'NO ACTION');
SELECT tenant_reference('tickets_voicesignal', 'reason_id', 'calls_callreason', 'NO ACTION');
SELECT tenant_protect('tickets_voicesignal');
"""
OPENED = """
DROP POLICY tenant ON tickets_voicesignal;
ALTER TABLE tickets_voicesignal DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tickets_voicesignal DROP CONSTRAINT tickets_voicesignal_reason_id_tenant;
ALTER TABLE tickets_voicesignal DROP CONSTRAINT tickets_voicesignal_contract_id_tenant;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_feedback_loop"), ("contracts", "0004_firmer_walls")]
    operations = [migrations.RunSQL(WALLS, OPENED)]
