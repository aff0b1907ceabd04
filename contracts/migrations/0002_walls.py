"""Contracts behind the wall, and signed versions frozen by the database itself."""

from django.db import migrations

FORWARD = """
SELECT tenant_reference('contracts_coverage', 'contract_id', 'contracts_contract', 'NO ACTION');
SELECT tenant_reference('contracts_coverage', 'queue_id', 'vendors_queue', 'NO ACTION');
SELECT tenant_reference('contracts_version', 'contract_id', 'contracts_contract', 'NO ACTION');
SELECT tenant_reference('contracts_queuedefinition', 'contract_version_id', 'contracts_version', 'CASCADE');
SELECT tenant_reference('contracts_queuedefinition', 'queue_id', 'vendors_queue', 'NO ACTION');
SELECT tenant_reference('contracts_target', 'contract_version_id', 'contracts_version', 'CASCADE');
SELECT tenant_reference('contracts_target', 'queue_id', 'vendors_queue', 'NO ACTION');
SELECT tenant_protect('contracts_contract');
SELECT tenant_protect('contracts_coverage');
SELECT tenant_protect('contracts_version');
SELECT tenant_protect('contracts_queuedefinition');
SELECT tenant_protect('contracts_target');

-- A signed version never changes, whoever asks; an amendment is a new version.
CREATE FUNCTION contracts_refuse_signed_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'signed' THEN
    RAISE EXCEPTION 'a signed version does not change' USING ERRCODE = '42501';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER contracts_version_frozen BEFORE UPDATE OR DELETE ON contracts_version
  FOR EACH ROW EXECUTE FUNCTION contracts_refuse_signed_change();
CREATE FUNCTION contracts_refuse_signed_terms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE concerned bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.contract_version_id ELSE NEW.contract_version_id END;
BEGIN
  IF EXISTS (SELECT 1 FROM contracts_version v WHERE v.id = concerned AND v.state = 'signed') THEN
    RAISE EXCEPTION 'the terms of a signed version do not change' USING ERRCODE = '42501';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER contracts_definition_frozen BEFORE INSERT OR UPDATE OR DELETE ON contracts_queuedefinition
  FOR EACH ROW EXECUTE FUNCTION contracts_refuse_signed_terms();
CREATE TRIGGER contracts_target_frozen BEFORE INSERT OR UPDATE OR DELETE ON contracts_target
  FOR EACH ROW EXECUTE FUNCTION contracts_refuse_signed_terms();
"""
REVERSE = """
DROP TRIGGER contracts_target_frozen ON contracts_target;
DROP TRIGGER contracts_definition_frozen ON contracts_queuedefinition;
DROP FUNCTION contracts_refuse_signed_terms();
DROP TRIGGER contracts_version_frozen ON contracts_version;
DROP FUNCTION contracts_refuse_signed_change();
DROP POLICY tenant ON contracts_contract;
ALTER TABLE contracts_contract DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON contracts_coverage;
ALTER TABLE contracts_coverage DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON contracts_version;
ALTER TABLE contracts_version DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON contracts_queuedefinition;
ALTER TABLE contracts_queuedefinition DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON contracts_target;
ALTER TABLE contracts_target DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE contracts_target DROP CONSTRAINT contracts_target_queue_id_tenant;
ALTER TABLE contracts_target DROP CONSTRAINT contracts_target_contract_version_id_tenant;
ALTER TABLE contracts_queuedefinition DROP CONSTRAINT contracts_queuedefinition_queue_id_tenant;
ALTER TABLE contracts_queuedefinition DROP CONSTRAINT contracts_queuedefinition_contract_version_id_tenant;
ALTER TABLE contracts_version DROP CONSTRAINT contracts_version_contract_id_tenant;
ALTER TABLE contracts_coverage DROP CONSTRAINT contracts_coverage_queue_id_tenant;
ALTER TABLE contracts_coverage DROP CONSTRAINT contracts_coverage_contract_id_tenant;
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial"), ("vendors", "0002_walls")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
