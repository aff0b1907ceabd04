"""Flagged calls behind the wall."""

from django.db import migrations

from core.walls import walls

REFERENCES = (
    ("qa_livecall", "queue_id", "vendors_queue"),
    ("qa_livecall", "agent_id", "vendors_agent"),
)


class Migration(migrations.Migration):
    dependencies = [("qa", "0016_live")]
    operations = [
        walls(tables=("qa_livecall",), references=REFERENCES, more="REVOKE DELETE ON qa_livecall FROM callsteward_app;")
    ]
