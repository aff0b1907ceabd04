"""Incidents and what proves readiness for them, behind the wall; the log of an incident can only grow."""

from django.db import migrations

TABLES = (
    "sla_contingencyplan",
    "sla_evidencefile",
    "sla_drill",
    "sla_inspection",
    "sla_monthlyevidence",
    "sla_incident",
    "sla_incidentqueue",
    "sla_incidententry",
    "sla_incidentalert",
)
REFERENCES = (
    ("sla_drill", "plan_id", "sla_contingencyplan"),
    ("sla_drill", "file_id", "sla_evidencefile"),
    ("sla_monthlyevidence", "file_id", "sla_evidencefile"),
    ("sla_incident", "plan_id", "sla_contingencyplan"),
    ("sla_incidentqueue", "incident_id", "sla_incident"),
    ("sla_incidentqueue", "queue_id", "vendors_queue"),
    ("sla_incidententry", "incident_id", "sla_incident"),
    ("sla_incidentalert", "incident_id", "sla_incident"),
)
FORWARD = "\n".join(
    [
        f"SELECT tenant_reference('{child}', '{column}', '{parent}', 'NO ACTION');"
        for child, column, parent in REFERENCES
    ]
    + [f"SELECT tenant_protect('{table}');" for table in TABLES]
    + ["REVOKE UPDATE, DELETE ON sla_incidententry, sla_incidentalert FROM callsteward_app;"]
)
REVERSE = "\n".join(
    [
        f"DROP POLICY tenant ON {table};\nALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;"
        for table in TABLES
    ]
    + [f"ALTER TABLE {child} DROP CONSTRAINT {child}_{column}_tenant;" for child, column, _parent in REFERENCES]
    + ["GRANT UPDATE, DELETE ON sla_incidententry, sla_incidentalert TO callsteward_app;"]
)


class Migration(migrations.Migration):
    dependencies = [("sla", "0004_incidents"), ("vendors", "0005_closed_organizations")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
