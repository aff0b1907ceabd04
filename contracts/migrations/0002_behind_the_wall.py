"""Contracts behind the wall, and what was signed frozen by the database itself."""

from django.db import migrations

from core.walls import walls

TABLES = (
    "contracts_contract",
    "contracts_coverage",
    "contracts_version",
    "contracts_queuedefinition",
    "contracts_target",
)
REFERENCES = (
    ("contracts_coverage", "contract_id", "contracts_contract"),
    ("contracts_coverage", "queue_id", "vendors_queue"),
    ("contracts_version", "contract_id", "contracts_contract"),
    ("contracts_queuedefinition", "contract_version_id", "contracts_version", "CASCADE"),
    ("contracts_queuedefinition", "queue_id", "vendors_queue"),
    ("contracts_target", "contract_version_id", "contracts_version", "CASCADE"),
    ("contracts_target", "queue_id", "vendors_queue"),
)
MORE = """
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
-- An UPDATE concerns the version that the row leaves as well as the one it comes to.
CREATE FUNCTION contracts_refuse_signed_terms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE concerned bigint[] := CASE TG_OP WHEN 'DELETE' THEN ARRAY[OLD.contract_version_id]
                                         WHEN 'INSERT' THEN ARRAY[NEW.contract_version_id]
                                         ELSE ARRAY[OLD.contract_version_id, NEW.contract_version_id] END;
BEGIN
  IF EXISTS (SELECT 1 FROM contracts_version v WHERE v.id = ANY (concerned) AND v.state = 'signed') THEN
    RAISE EXCEPTION 'the terms of a signed version do not change' USING ERRCODE = '42501';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER contracts_definition_frozen BEFORE INSERT OR UPDATE OR DELETE ON contracts_queuedefinition
  FOR EACH ROW EXECUTE FUNCTION contracts_refuse_signed_terms();
CREATE TRIGGER contracts_target_frozen BEFORE INSERT OR UPDATE OR DELETE ON contracts_target
  FOR EACH ROW EXECUTE FUNCTION contracts_refuse_signed_terms();

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

CREATE FUNCTION contracts_refuse_new_term() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE newest contracts_version;
BEGIN
  SELECT * INTO newest FROM contracts_version v
    WHERE v.contract_id = OLD.id AND v.state = 'signed' ORDER BY v.number DESC LIMIT 1;
  IF FOUND AND (OLD.code <> NEW.code OR OLD.starts_on <> NEW.starts_on OR NEW.ends_on IS DISTINCT FROM newest.ends_on)
  THEN
    RAISE EXCEPTION 'code and term of a contract hold once a version is signed' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER contracts_contract_term BEFORE UPDATE ON contracts_contract FOR EACH ROW
  WHEN (OLD.code <> NEW.code OR OLD.starts_on <> NEW.starts_on OR OLD.ends_on IS DISTINCT FROM NEW.ends_on)
  EXECUTE FUNCTION contracts_refuse_new_term();
"""
UNDO = """
DROP TRIGGER contracts_contract_term ON contracts_contract;
DROP FUNCTION contracts_refuse_new_term();
DROP TRIGGER contracts_target_no_truncate ON contracts_target;
DROP TRIGGER contracts_definition_no_truncate ON contracts_queuedefinition;
DROP TRIGGER contracts_version_no_truncate ON contracts_version;
DROP FUNCTION contracts_refuse_truncate();
DROP TRIGGER contracts_contract_zone ON contracts_contract;
DROP FUNCTION contracts_refuse_new_zone();
DROP TRIGGER contracts_target_frozen ON contracts_target;
DROP TRIGGER contracts_definition_frozen ON contracts_queuedefinition;
DROP FUNCTION contracts_refuse_signed_terms();
DROP TRIGGER contracts_version_frozen ON contracts_version;
DROP FUNCTION contracts_refuse_signed_change();
"""


class Migration(migrations.Migration):
    replaces = [("contracts", "0002_walls"), ("contracts", "0004_firmer_walls"), ("contracts", "0005_signed_term")]
    dependencies = [("contracts", "0001_tables"), ("vendors", "0002_behind_the_wall")]
    operations = [walls(tables=TABLES, references=REFERENCES, more=MORE, undo=UNDO)]
