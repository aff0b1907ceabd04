"""What was signed stays: terms cannot move to another version, zone and currency hold, nobody empties the tables."""

from django.db import migrations

FORWARD = """
-- An UPDATE concerns the version that the row leaves as well as the one it comes to.
CREATE OR REPLACE FUNCTION contracts_refuse_signed_terms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE concerned bigint[] := CASE TG_OP WHEN 'DELETE' THEN ARRAY[OLD.contract_version_id]
                                         WHEN 'INSERT' THEN ARRAY[NEW.contract_version_id]
                                         ELSE ARRAY[OLD.contract_version_id, NEW.contract_version_id] END;
BEGIN
  IF EXISTS (SELECT 1 FROM contracts_version v WHERE v.id = ANY (concerned) AND v.state = 'signed') THEN
    RAISE EXCEPTION 'the terms of a signed version do not change' USING ERRCODE = '42501';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION contracts_refuse_new_zone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM contracts_version v WHERE v.contract_id = OLD.id AND v.state = 'signed') THEN
    RAISE EXCEPTION 'zone and currency of a contract hold once a version is signed' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER contracts_contract_zone BEFORE UPDATE ON contracts_contract
  FOR EACH ROW WHEN (OLD.zone <> NEW.zone OR OLD.currency <> NEW.currency OR OLD.vendor_id <> NEW.vendor_id)
  EXECUTE FUNCTION contracts_refuse_new_zone();

CREATE FUNCTION contracts_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'contracts are not emptied' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER contracts_version_no_truncate BEFORE TRUNCATE ON contracts_version
  FOR EACH STATEMENT EXECUTE FUNCTION contracts_refuse_truncate();
CREATE TRIGGER contracts_definition_no_truncate BEFORE TRUNCATE ON contracts_queuedefinition
  FOR EACH STATEMENT EXECUTE FUNCTION contracts_refuse_truncate();
CREATE TRIGGER contracts_target_no_truncate BEFORE TRUNCATE ON contracts_target
  FOR EACH STATEMENT EXECUTE FUNCTION contracts_refuse_truncate();
"""
REVERSE = """
DROP TRIGGER contracts_target_no_truncate ON contracts_target;
DROP TRIGGER contracts_definition_no_truncate ON contracts_queuedefinition;
DROP TRIGGER contracts_version_no_truncate ON contracts_version;
DROP FUNCTION contracts_refuse_truncate();
DROP TRIGGER contracts_contract_zone ON contracts_contract;
DROP FUNCTION contracts_refuse_new_zone();
CREATE OR REPLACE FUNCTION contracts_refuse_signed_terms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE concerned bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.contract_version_id ELSE NEW.contract_version_id END;
BEGIN
  IF EXISTS (SELECT 1 FROM contracts_version v WHERE v.id = concerned AND v.state = 'signed') THEN
    RAISE EXCEPTION 'the terms of a signed version do not change' USING ERRCODE = '42501';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0003_steps")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
