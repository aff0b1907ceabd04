"""The book can only grow, whoever asks: by grant for the app, by trigger for the owner."""

from django.db import migrations

from core.walls import walls

TABLES = ("audit_entry",)
MORE = """
REVOKE UPDATE, DELETE ON audit_entry FROM callsteward_app;
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit book is append-only' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
UNDO = """
DROP TRIGGER audit_entry_no_truncate ON audit_entry;
DROP TRIGGER audit_entry_append_only ON audit_entry;
DROP FUNCTION audit_refuse_change();
"""


class Migration(migrations.Migration):
    replaces = [("audit", "0002_walls")]
    dependencies = [("audit", "0001_tables"), ("accounts", "0002_behind_the_wall")]
    operations = [walls(tables=TABLES, more=MORE, undo=UNDO)]
