"""Quality assurance behind the wall; what was published, drawn and done is only ever added to."""

from django.db import migrations

from core.walls import walls

TABLES = (
    "qa_formdraft",
    "qa_form",
    "qa_plan",
    "qa_draw",
    "qa_evaluation",
    "qa_evaluationevent",
    "qa_dispute",
    "qa_coachingtask",
)
REFERENCES = (
    ("qa_plan", "contract_id", "contracts_contract"),
    ("qa_plan", "queue_id", "vendors_queue"),
    ("qa_draw", "plan_id", "qa_plan"),
    ("qa_draw", "form_id", "qa_form"),
    ("qa_evaluation", "form_id", "qa_form"),
    ("qa_evaluation", "draw_id", "qa_draw"),
    ("qa_evaluation", "contract_id", "contracts_contract"),
    ("qa_evaluation", "queue_id", "vendors_queue"),
    ("qa_evaluation", "agent_id", "vendors_agent"),
    ("qa_evaluation", "reason_id", "calls_callreason"),
    ("qa_evaluationevent", "evaluation_id", "qa_evaluation"),
    ("qa_dispute", "evaluation_id", "qa_evaluation"),
    ("qa_coachingtask", "evaluation_id", "qa_evaluation"),
    ("qa_coachingtask", "agent_id", "vendors_agent"),
    ("qa_coachingtask", "again_id", "qa_evaluation"),
)
MORE = """
REVOKE UPDATE, DELETE, TRUNCATE ON qa_evaluationevent FROM callsteward_app;
REVOKE DELETE ON qa_form, qa_plan, qa_draw, qa_evaluation, qa_dispute FROM callsteward_app;

CREATE FUNCTION qa_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what a form asks and how a sample was drawn do not change' USING ERRCODE = '42501';
END $$;
-- Old evaluations keep the form that they were made with.
CREATE TRIGGER qa_form_kept BEFORE UPDATE ON qa_form
  FOR EACH ROW WHEN (OLD.body <> NEW.body OR OLD.digest <> NEW.digest OR OLD.code <> NEW.code
                     OR OLD.number <> NEW.number)
  EXECUTE FUNCTION qa_refuse_rewriting();
-- Only how many of a draw stand as evaluations goes on.
CREATE TRIGGER qa_draw_kept BEFORE UPDATE ON qa_draw
  FOR EACH ROW WHEN (OLD.seed <> NEW.seed OR OLD.day <> NEW.day OR OLD.number <> NEW.number OR OLD.quotas <> NEW.quotas
                     OR OLD.rules <> NEW.rules OR OLD.population_list <> NEW.population_list
                     OR OLD.population_sha256 <> NEW.population_sha256 OR OLD.sampled_count <> NEW.sampled_count
                     OR OLD.placed_count > NEW.placed_count)
  EXECUTE FUNCTION qa_refuse_rewriting();
-- The chain of seeds is fixed with the plan.
CREATE TRIGGER qa_plan_kept BEFORE UPDATE ON qa_plan
  FOR EACH ROW WHEN (OLD.first_seed <> NEW.first_seed OR OLD.chain_length <> NEW.chain_length
                     OR OLD.contract_id <> NEW.contract_id)
  EXECUTE FUNCTION qa_refuse_rewriting();
"""
UNDO = """
DROP TRIGGER qa_plan_kept ON qa_plan;
DROP TRIGGER qa_draw_kept ON qa_draw;
DROP TRIGGER qa_form_kept ON qa_form;
DROP FUNCTION qa_refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("qa", "0001_tables"),
        ("contracts", "0002_behind_the_wall"),
        ("calls", "0002_behind_the_wall"),
    ]
    operations = [walls(tables=TABLES, references=REFERENCES, more=MORE, undo=UNDO)]
