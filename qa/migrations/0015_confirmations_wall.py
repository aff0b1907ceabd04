"""Confirmations behind the wall; what an agent confirmed is only ever added."""

from django.db import migrations

from core.walls import walls

REFERENCES = (
    ("qa_confirmationround", "script_id", "qa_script"),
    ("qa_confirmation", "script_id", "qa_script"),
    ("qa_confirmation", "agent_id", "vendors_agent"),
)
MORE = "REVOKE UPDATE, DELETE, TRUNCATE ON qa_confirmation FROM callsteward_app;"


class Migration(migrations.Migration):
    dependencies = [("qa", "0014_confirmations")]
    operations = [walls(tables=("qa_confirmationround", "qa_confirmation"), references=REFERENCES, more=MORE)]
