"""Calibration behind the wall: each party its own rows, and nothing that was scored is taken away."""

from django.db import migrations

from core.walls import walls

TABLES = ("qa_calibration", "qa_calibrationcase", "qa_calibrationseat", "qa_calibrationsheet")
REFERENCES = (
    ("qa_calibrationcase", "calibration_id", "qa_calibration"),
    ("qa_calibrationseat", "calibration_id", "qa_calibration"),
    ("qa_calibrationsheet", "seat_id", "qa_calibrationseat"),
    ("qa_calibrationsheet", "case_id", "qa_calibrationcase"),
)
MORE = """
REVOKE DELETE ON qa_calibration, qa_calibrationcase, qa_calibrationseat, qa_calibrationsheet FROM callsteward_app;
"""


class Migration(migrations.Migration):
    dependencies = [("qa", "0011_calibration")]
    operations = [walls(tables=TABLES, references=REFERENCES, more=MORE)]
