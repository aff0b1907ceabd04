"""Rollups and incidents behind the wall; the log of an incident can only grow."""

from django.db import migrations

from core.walls import walls

TABLES = (
    "sla_queuehalfhour",
    "sla_queueday",
    "sla_agentday",
    "sla_reasonday",
    "sla_contractday",
    "sla_appliedversion",
    "sla_sweep",
    "sla_contingencyplan",
    "sla_evidencefile",
    "sla_drill",
    "sla_inspection",
    "sla_monthlyevidence",
    "sla_incident",
    "sla_incidentqueue",
    "sla_incidententry",
    "sla_incidentalert",
    "sla_measuredday",
)
REFERENCES = (
    ("sla_queuehalfhour", "contract_id", "contracts_contract"),
    ("sla_queueday", "contract_id", "contracts_contract"),
    ("sla_agentday", "contract_id", "contracts_contract"),
    ("sla_reasonday", "contract_id", "contracts_contract"),
    ("sla_contractday", "contract_id", "contracts_contract"),
    ("sla_drill", "plan_id", "sla_contingencyplan"),
    ("sla_drill", "file_id", "sla_evidencefile"),
    ("sla_monthlyevidence", "file_id", "sla_evidencefile"),
    ("sla_incident", "plan_id", "sla_contingencyplan"),
    ("sla_incidentqueue", "incident_id", "sla_incident"),
    ("sla_incidentqueue", "queue_id", "vendors_queue"),
    ("sla_incidententry", "incident_id", "sla_incident"),
    ("sla_incidentalert", "incident_id", "sla_incident"),
    ("sla_measuredday", "contract_id", "contracts_contract"),
)
MORE = """
REVOKE UPDATE, DELETE ON sla_incidententry, sla_incidentalert FROM callsteward_app;
"""
UNDO = """
GRANT UPDATE, DELETE ON sla_incidententry, sla_incidentalert TO callsteward_app;
"""


class Migration(migrations.Migration):
    replaces = [("sla", "0002_walls"), ("sla", "0005_incident_walls"), ("sla", "0007_measured_walls")]
    dependencies = [("sla", "0001_tables"), ("contracts", "0002_behind_the_wall"), ("calls", "0002_behind_the_wall")]
    operations = [walls(tables=TABLES, references=REFERENCES, more=MORE, undo=UNDO)]
