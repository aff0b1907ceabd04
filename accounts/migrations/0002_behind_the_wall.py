"""The database's own wall between vendors: the scope function, the helpers that put tables behind it."""

from django.db import migrations

from core.walls import walls

FUNCTIONS = """
-- Raises when nobody said for whom: an empty export with HTTP 200 is worse than an error (T3).
CREATE FUNCTION scope_vendors() RETURNS int[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE s text := current_setting('app.vendor_ids', true);
BEGIN
  IF s IS NULL OR s = '' THEN
    RAISE EXCEPTION 'tenant scope is not set' USING ERRCODE = '42501';
  END IF;
  RETURN s::int[];
END $$;

-- Puts one table behind the wall; an OR for the enterprise would cost three times the whole query (T2).
CREATE FUNCTION tenant_protect(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY tenant ON %s USING (vendor_id = ANY ((SELECT scope_vendors())::int[])) '
                 'WITH CHECK (vendor_id = ANY ((SELECT scope_vendors())::int[]))', target);
END $$;

-- A foreign key that cannot cross vendors: plain ones ignore policies (reliability 0.4, 8).
CREATE FUNCTION tenant_reference(child regclass, child_column name, parent regclass, on_delete text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (vendor_id, %I) REFERENCES %s (vendor_id, id) '
                 'ON DELETE %s DEFERRABLE INITIALLY IMMEDIATE',
                 child, child::text || '_' || child_column || '_tenant', child_column, parent, on_delete);
END $$;

REVOKE EXECUTE ON FUNCTION tenant_protect(regclass) FROM PUBLIC, callsteward_app;
REVOKE EXECUTE ON FUNCTION tenant_reference(regclass, name, regclass, text) FROM PUBLIC, callsteward_app;
"""
REVERSE = """
DROP FUNCTION tenant_reference(regclass, name, regclass, text);
DROP FUNCTION tenant_protect(regclass);
DROP FUNCTION scope_vendors();
"""
TABLES = ("accounts_notice", "accounts_noticepreference", "accounts_webhook", "accounts_delivery")
REFERENCES = (("accounts_delivery", "webhook_id", "accounts_webhook", "CASCADE"),)


class Migration(migrations.Migration):
    replaces = [("accounts", "0002_walls"), ("accounts", "0006_notice_walls")]
    dependencies = [("accounts", "0001_tables")]
    operations = [migrations.RunSQL(FUNCTIONS, REVERSE), walls(tables=TABLES, references=REFERENCES)]
