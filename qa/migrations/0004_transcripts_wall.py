"""Transcripts, rules and checks behind the wall; published rules are only ever added to."""

from django.db import migrations

from core.walls import walls

TABLES = (
    "qa_ruledraft",
    "qa_ruleset",
    "qa_checkrun",
    "qa_transcriptimport",
    "qa_stagedtranscript",
    "qa_transcript",
    "qa_check",
)
REFERENCES = (
    ("qa_checkrun", "rule_set_id", "qa_ruleset"),
    ("qa_transcriptimport", "contract_id", "contracts_contract"),
    ("qa_stagedtranscript", "owner_id", "qa_transcriptimport"),
    ("qa_transcript", "contract_id", "contracts_contract"),
    ("qa_transcript", "queue_id", "vendors_queue"),
    ("qa_transcript", "agent_id", "vendors_agent"),
    ("qa_transcript", "reason_id", "calls_callreason"),
    ("qa_transcript", "owner_id", "qa_transcriptimport"),
    ("qa_check", "transcript_id", "qa_transcript"),
    ("qa_check", "rule_set_id", "qa_ruleset"),
)
MORE = """
REVOKE DELETE ON qa_ruleset, qa_checkrun, qa_transcriptimport, qa_transcript FROM callsteward_app;

CREATE FUNCTION qa_refuse_other_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was judged by published rules stands on them; publish another version' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER qa_ruleset_kept BEFORE UPDATE ON qa_ruleset
  FOR EACH ROW WHEN (OLD.body <> NEW.body OR OLD.digest <> NEW.digest OR OLD.code <> NEW.code
                     OR OLD.number <> NEW.number OR OLD.kind <> NEW.kind)
  EXECUTE FUNCTION qa_refuse_other_rules();
"""
UNDO = """
DROP TRIGGER qa_ruleset_kept ON qa_ruleset;
DROP FUNCTION qa_refuse_other_rules();
"""


class Migration(migrations.Migration):
    dependencies = [("qa", "0003_transcripts")]
    operations = [walls(tables=TABLES, references=REFERENCES, more=MORE, undo=UNDO)]
