"""A signed contract keeps its code and first day; its last day moves with a version that a second person signed."""

from django.db import migrations, models

# Both tables hide their rows from their owner too, and signed rows refuse a change; this one repeats what they say.
FILL = """
ALTER TABLE contracts_version NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER contracts_version_frozen;
ALTER TABLE contracts_contract NO FORCE ROW LEVEL SECURITY;
UPDATE contracts_version v
  SET ends_on = CASE v.state WHEN 'signed' THEN (v.document -> 'contract' ->> 'ends_on')::date ELSE c.ends_on END
  FROM contracts_contract c WHERE c.vendor_id = v.vendor_id AND c.id = v.contract_id;
ALTER TABLE contracts_version FORCE ROW LEVEL SECURITY, ENABLE TRIGGER contracts_version_frozen;
ALTER TABLE contracts_contract FORCE ROW LEVEL SECURITY;
"""
FORWARD = """
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
REVERSE = """
DROP TRIGGER contracts_contract_term ON contracts_contract;
DROP FUNCTION contracts_refuse_new_term();
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0004_firmer_walls")]
    operations = [
        migrations.AddField(
            model_name="version",
            name="ends_on",
            field=models.DateField(blank=True, null=True, verbose_name="contract's last day"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, REVERSE),
    ]
