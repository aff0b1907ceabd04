"""Scripts behind the wall; what a version says never changes, and one version of a code is in use."""

from django.db import migrations

from core.walls import walls

MORE = """
REVOKE DELETE ON qa_script FROM callsteward_app;
CREATE FUNCTION qa_refuse_script_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what a version of a script says does not change' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER qa_script_kept BEFORE UPDATE ON qa_script
  FOR EACH ROW WHEN (OLD.code <> NEW.code OR OLD.number <> NEW.number OR OLD.name <> NEW.name OR OLD.text <> NEW.text
                     OR OLD.parts <> NEW.parts OR OLD.live_until IS DISTINCT FROM NEW.live_until
                     OR OLD.expires_at IS DISTINCT FROM NEW.expires_at
                     OR OLD.written_by_id IS DISTINCT FROM NEW.written_by_id
                     OR (OLD.state <> NEW.state AND NOT (OLD.state = 'waiting' OR (OLD.state = 'approved'
                         AND NEW.state IN ('superseded', 'withdrawn')))))
  EXECUTE FUNCTION qa_refuse_script_rewriting();
"""
UNDO = """
DROP TRIGGER qa_script_kept ON qa_script;
DROP FUNCTION qa_refuse_script_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [("qa", "0009_scripts")]
    operations = [walls(tables=("qa_script",), more=MORE, undo=UNDO)]
