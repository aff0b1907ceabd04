"""Improvement, the question bank and ideas behind the wall; what was said, checked and asked is only ever added to."""

from django.db import migrations

from core.walls import walls

TABLES = (
    "qa_improvement",
    "qa_improvementevent",
    "qa_improvementcheck",
    "qa_bankquestion",
    "qa_bankreply",
    "qa_idea",
    "qa_servicecase",
)
REFERENCES = (
    ("qa_improvement", "contract_id", "contracts_contract"),
    ("qa_improvementevent", "improvement_id", "qa_improvement"),
    ("qa_improvementcheck", "improvement_id", "qa_improvement"),
    ("qa_bankreply", "agent_id", "vendors_agent"),
    ("qa_bankreply", "contract_id", "contracts_contract"),
    ("qa_idea", "agent_id", "vendors_agent"),
    ("qa_servicecase", "contract_id", "contracts_contract"),
    ("qa_servicecase", "agent_id", "vendors_agent"),
)
MORE = """
REVOKE UPDATE, DELETE, TRUNCATE ON qa_improvementevent, qa_improvementcheck FROM callsteward_app;
REVOKE DELETE ON qa_improvement, qa_bankquestion, qa_bankreply, qa_idea, qa_servicecase FROM callsteward_app;
-- Old replies were judged by what the revision asked.
CREATE FUNCTION qa_refuse_rewording() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a question that was asked does not change; write another revision' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER qa_bankquestion_kept BEFORE UPDATE ON qa_bankquestion
  FOR EACH ROW WHEN (OLD.text <> NEW.text OR OLD.accepted <> NEW.accepted OR OLD.code <> NEW.code
                     OR OLD.revision <> NEW.revision OR OLD.language <> NEW.language)
  EXECUTE FUNCTION qa_refuse_rewording();
"""
UNDO = """
DROP TRIGGER qa_bankquestion_kept ON qa_bankquestion;
DROP FUNCTION qa_refuse_rewording();
"""


class Migration(migrations.Migration):
    dependencies = [("qa", "0007_improvement")]
    operations = [walls(tables=TABLES, references=REFERENCES, more=MORE, undo=UNDO)]
