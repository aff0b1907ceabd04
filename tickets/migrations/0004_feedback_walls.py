"""What customers say, behind the wall."""

from django.db import migrations

REFERENCES = {
    "contract_id": "contracts_contract",
    "queue_id": "vendors_queue",
    "reason_id": "calls_callreason",
    "agent_id": "vendors_agent",
    "ticket_id": "tickets_ticket",
}
# References first: they look at the table once, and behind the wall nobody said for whom.
FORWARD = (
    "".join(
        f"SELECT tenant_reference('tickets_feedback', '{column}', '{parent}', 'NO ACTION');"
        for column, parent in REFERENCES.items()
    )
    + "SELECT tenant_protect('tickets_feedback');"
)
REVERSE = (
    "DROP POLICY tenant ON tickets_feedback;"
    "ALTER TABLE tickets_feedback DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;"
    + "".join(
        f"ALTER TABLE tickets_feedback DROP CONSTRAINT tickets_feedback_{column}_tenant;" for column in REFERENCES
    )
)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_feedback"), ("accounts", "0002_walls")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
