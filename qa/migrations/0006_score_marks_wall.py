"""Marked days behind the wall."""

from django.db import migrations

from core.walls import walls

TABLES = ("qa_scoremark",)
REFERENCES = (("qa_scoremark", "contract_id", "contracts_contract"),)


class Migration(migrations.Migration):
    dependencies = [("qa", "0005_score_marks"), ("contracts", "0002_behind_the_wall")]
    operations = [walls(tables=TABLES, references=REFERENCES)]
