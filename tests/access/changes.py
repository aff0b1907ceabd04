"""Changes that no service would make, past all walls and triggers; afterwards everything stands as before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from tests.conftest import superuser

Change = Callable[[Any, int], None]

TENANT_TABLES = (
    "SELECT c.oid::regclass::text FROM pg_class c "
    "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'vendor_id' "
    "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT a.attisdropped"
)
PEOPLE = ("accounts_organization", "accounts_user", "accounts_membership", "accounts_apitoken")
OF_VENDOR = "vendor_id = %(vendor_id)s"
OF_PEOPLE = "user_id IN (SELECT user_id FROM accounts_membership WHERE organization_id = %(vendor_id)s)"
# Table to which of its rows are copied, and what differs in the n-th copy.
COPIES = {
    "calls_call": (OF_VENDOR, {"external_id": "external_id || '-copy-' || n"}),
    "vendors_agent": (OF_VENDOR, {"code": "code || n", "name": "'A ' || name || n"}),
    "vendors_site": (OF_VENDOR, {"code": "code || n", "name": "'A ' || name || n"}),
    "vendors_queue": (OF_VENDOR, {"code": "code || n", "name": "'A ' || name || n"}),
    "contracts_contract": (OF_VENDOR, {"code": "code || n", "name": "'A ' || name || n"}),
    "calls_callreason": (OF_VENDOR, {"code": "code || n", "name": "'A ' || name || n"}),
    "calls_importprofile": (OF_VENDOR, {"name": "'A ' || name || n"}),
    "calls_batch": (OF_VENDOR, {"number": "number + 100 * n", "sha256": "sha256 || n::text::bytea"}),
    "calls_rowerror": (OF_VENDOR, {"line": "line + 100 * n"}),
    "calls_mark": (OF_VENDOR, {"day": "day - n"}),
    "audit_entry": (OF_VENDOR, {"sequence": "sequence + 1000 * n"}),
    "tickets_ticketevent": (OF_VENDOR, {"sequence": "sequence + 100 * n"}),
    "tickets_attachment": (OF_VENDOR, {"file_name": "file_name || n"}),
    "tickets_ticketview": (OF_VENDOR, {"name": "name || n"}),
    "tickets_feedback": (OF_VENDOR, {"number": "number + 100 * n", "external_id": "''"}),
    "tickets_voicesignal": (OF_VENDOR, {"week": "week - 7 * n"}),
    "tickets_quickreply": (OF_VENDOR, {"name": "'A ' || name || n"}),
    "sla_queueday": (OF_VENDOR, {"day": "day - 30 * n"}),
    "sla_agentday": (OF_VENDOR, {"day": "day - 30 * n"}),
    "sla_contractday": (OF_VENDOR, {"day": "day - 30 * n"}),
    "accounts_notice": (OF_VENDOR, {"key": "key || n"}),
    "accounts_webhook": (OF_VENDOR, {"name": "name || n"}),
    "accounts_delivery": (OF_VENDOR, {"event_key": "event_key || n"}),
    "sla_incident": (OF_VENDOR, {"number": "number + 100 * n", "title": "'A ' || title || n"}),
    "sla_incidententry": (OF_VENDOR, {}),
    "sla_contingencyplan": (OF_VENDOR, {"title": "'A ' || title || n"}),
    "sla_drill": (OF_VENDOR, {}),
    "sla_inspection": (OF_VENDOR, {"day": "day - n"}),
    "sla_monthlyevidence": (OF_VENDOR, {"month": "(month - make_interval(months => n))::date"}),
    "tickets_ticket": (OF_VENDOR, {"number": "number + 100 * n", "subject": "'A ' || subject || n"}),
    "tickets_ticketclock": (OF_VENDOR, {"cycle": "cycle + n"}),
    "tickets_policy": (OF_VENDOR, {"name": "name || n", "position": "position + 100 * n"}),
    "tickets_calendar": (OF_VENDOR, {"name": "name || n"}),
    "qa_script": (OF_VENDOR, {"code": "code || n"}),
    "qa_form": (OF_VENDOR, {"code": "code || n"}),
    "qa_plan": (OF_VENDOR, {"name": "name || n"}),
    "qa_draw": (OF_VENDOR, {"number": "number + 100 * n", "day": "day - 30 * n"}),
    "qa_evaluation": (OF_VENDOR, {"number": "number + 1000 * n", "reference": "reference || '-copy-' || n"}),
    "qa_evaluationevent": (OF_VENDOR, {}),
    "qa_coachingtask": (OF_VENDOR, {}),
    "qa_calibration": (OF_VENDOR, {"number": "number + 100 * n"}),
    "qa_idea": (OF_VENDOR, {"number": "number + 100 * n"}),
    "qa_servicecase": (OF_VENDOR, {"number": "number + 100 * n", "reference": "reference || '-copy-' || n"}),
    "qa_bankreply": (OF_VENDOR, {"number": "number + 100 * n"}),
    "qa_improvement": (OF_VENDOR, {"number": "number + 100 * n"}),
    "qa_improvementevent": (OF_VENDOR, {}),
    "qa_livecall": (OF_VENDOR, {"number": "number + 100 * n", "external_id": "external_id || n"}),
    "qa_ruleset": (OF_VENDOR, {"code": "code || n"}),
    "qa_transcript": (OF_VENDOR, {"external_id": "external_id || '-copy-' || n"}),
    "qa_transcriptimport": (OF_VENDOR, {}),
    "tickets_campaign": (OF_VENDOR, {"name": "'A ' || name || n"}),
    "tickets_contactimport": (OF_VENDOR, {}),
    "tickets_contact": (OF_VENDOR, {"customer_key": "customer_key + n"}),
    "tickets_attempt": (f"{OF_VENDOR} AND outcome <> ''", {"number": "number + 100 * n"}),
    "tickets_donotcall": (OF_VENDOR, {"customer_key": "customer_key + n"}),
    "sla_measuredday": (OF_VENDOR, {"day": "day - n"}),
    "accounts_user": (
        "id IN (SELECT user_id FROM accounts_membership WHERE organization_id = %(vendor_id)s)",
        {"username": "username || '-copy-' || n"},
    ),
    "accounts_apitoken": (OF_PEOPLE, {"digest": "digest || n::text::bytea", "name": "name || n"}),
}
MEMBERSHIPS = """
INSERT INTO accounts_membership (user_id, organization_id, role, agent_id)
SELECT copy.id, m.organization_id, m.role, m.agent_id
FROM accounts_user copy
JOIN accounts_user original ON original.username = split_part(copy.username, '-copy-', 1) AND original.id <> copy.id
JOIN accounts_membership m ON m.user_id = original.id
"""
ORGANIZATIONS = """
WITH made AS (
  INSERT INTO accounts_organization (side, name, created_at, is_active, mfa_required)
  SELECT 'vendor', 'Q7X-twin-' || n, now(), true, false FROM generate_series(1, %s) AS copy (n) RETURNING id
)
INSERT INTO vendors_vendor (vendor_id, uuid, code, name, country, contact_name, contact_email, note,
  is_active, version)
SELECT id, gen_random_uuid(), 'Q7X-' || id, 'Q7X-twin-' || id, 'CN', '', '', '', true, 1 FROM made
"""


def rows_copy(cursor: Any, vendor_id: int, times: int) -> None:
    """Copy a vendor's rows and people, some times each, and give it as many twins."""
    for table, (which, differing) in COPIES.items():
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
        columns = [name for (name,) in cursor.fetchall()]
        made = {"uuid": "gen_random_uuid()", "id": f"nextval(pg_get_serial_sequence('{table}', 'id'))"} | differing
        names = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(made.get(name, f'"{name}"') for name in columns)
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, {times}) AS copy (n) "
            f"WHERE {which}",
            {"vendor_id": vendor_id},
        )
    cursor.execute(MEMBERSHIPS)
    cursor.execute(ORGANIZATIONS, [times])


@contextmanager
def changed(change: Change, vendor_id: int) -> Iterator[None]:
    """Change the rows of a vendor while the block runs, and put everything back afterwards."""
    with closing(superuser()) as opened, opened.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"{TENANT_TABLES} AND NOT c.relispartition")
        tables = [*(name for (name,) in cursor.fetchall()), *PEOPLE]
        for name in tables:
            cursor.execute(f"CREATE TEMP TABLE kept_{name} AS TABLE {name}")
        try:
            change(cursor, vendor_id)
            yield
        finally:
            for name in tables:
                cursor.execute(f"DELETE FROM {name}")
                cursor.execute(f"INSERT INTO {name} SELECT * FROM kept_{name}")
