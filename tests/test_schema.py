"""The schema keeps rivals apart by itself: keys, policies, rights, and what no source file may do (D5)."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from core.checks import wall_problems

# Tables without vendor_id, and why they may stand outside the wall (T14): read before a scope exists, no prices,
# no calls, no customers; reached by the authentication layer and by accounts' own selectors.
OUTSIDE_THE_WALL = {
    "accounts_apitoken": "finds the scope of a token",
    "accounts_membership": "finds the scope of a person",
    "accounts_organization": "names of organizations",
    "accounts_user": "people who sign in",
    "accounts_user_groups": "made by Django's user, always empty",
    "accounts_user_user_permissions": "made by Django's user, always empty",
    "account_emailaddress": "addresses for forgotten passwords",
    "account_emailconfirmation": "made by allauth, always empty",
    "auth_group": "made by Django, always empty",
    "auth_group_permissions": "made by Django, always empty",
    "auth_permission": "made by Django, names of models",
    "django_content_type": "names of models",
    "django_migrations": "names of migrations",
    "django_session": "sessions, read before a scope exists",
    "mfa_authenticator": "second factors, encrypted",
    "usersessions_usersession": "where somebody is signed in",
}

# Unique keys that do not begin with vendor_id although their table is behind the wall, and why they tell nothing.
UNIQUE_OTHERWISE = {
    "vendors_vendor_code": "only the client gives codes",
    "calls_call_pkey": "contract_id belongs to one vendor",
    "sla_agentday_pkey": "contract_id belongs to one vendor",
    "sla_contractday_pkey": "contract_id belongs to one vendor",
    "sla_queueday_pkey": "contract_id belongs to one vendor",
    "sla_queuehalfhour_pkey": "contract_id belongs to one vendor",
    "sla_reasonday_pkey": "contract_id belongs to one vendor",
    "sla_appliedversion_pkey": "the version's own key, written by the recompute only",
}

# Relations of the models that no foreign key of the database holds, and what does.
LOOSE_RELATIONS = {
    "calls_call": "the importer looks queue, agent and reason up among the vendor's own",
    "calls_formercall": "copied from calls_call",
    "sla_agentday": "counted from calls_call; the contract is held by a key",
    "sla_appliedversion": "written from contracts_version in one statement",
    "sla_queueday": "counted from calls_call; the contract is held by a key",
    "sla_queuehalfhour": "counted from calls_call; the contract is held by a key",
    "sla_reasonday": "counted from calls_call; the contract is held by a key",
}

DEFINERS = {"calls_partition_make"}
EXTENSIONS = {"plpgsql", "btree_gist", "pg_trgm"}


def rows(query: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Return what a catalog query finds."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def names(query: str, parameters: list[Any] | None = None) -> set[str]:
    """Return the first column of what a catalog query finds."""
    return {row[0] for row in rows(query, parameters)}


@pytest.fixture
def partition(db: None) -> str:
    """Make a month of calls, so that partitions are looked at as well."""
    rows("SELECT calls_partition_make('2026-06-01')")
    return "calls_call_202606"


def tenant_tables() -> set[str]:
    """Return the tables with a vendor_id, partitions included."""
    return names(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'vendor_id' "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT a.attisdropped"
    )


def test_every_table_is_behind_the_wall_or_listed(partition: str) -> None:
    everything = names(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'f')"
    )
    assert partition in tenant_tables()
    assert everything - tenant_tables() == set(OUTSIDE_THE_WALL)
    assert wall_problems() == []


def test_each_tenant_table_has_one_policy_and_nobody_is_left_out_of_it(partition: str) -> None:
    policies = rows(
        "SELECT c.relname, p.polname, p.polpermissive, p.polcmd::text, p.polroles::oid[]::text "
        "FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
    )
    assert {row[0] for row in policies} == tenant_tables()
    assert {row[1:] for row in policies} == {("tenant", True, "*", "{0}")}
    assert len(policies) == len(tenant_tables())


def test_the_vendor_of_a_row_is_never_unknown(partition: str) -> None:
    loose = "SELECT attrelid::regclass::text FROM pg_attribute WHERE attname = 'vendor_id' AND NOT attnotnull"
    assert names(f"{loose} AND attrelid::regclass::text = ANY(%s)", [list(tenant_tables())]) == set()


def test_unique_keys_begin_with_the_vendor(partition: str) -> None:
    found = rows(
        "SELECT i.relname, ix.indisprimary, k.columns, "
        "  ix.indexprs IS NULL AND pg_get_serial_sequence(t.oid::regclass::text, k.columns[1]) IS NOT NULL "
        "FROM pg_index ix JOIN pg_class t ON t.oid = ix.indrelid JOIN pg_class i ON i.oid = ix.indexrelid "
        "CROSS JOIN LATERAL (SELECT array_agg(coalesce(a.attname::text, '(expression)') ORDER BY o.n) AS columns "
        "  FROM unnest(ix.indkey) WITH ORDINALITY o (attnum, n) "
        "  LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = o.attnum) k "
        "WHERE (ix.indisunique OR ix.indisexclusion) AND NOT t.relispartition AND t.relname = ANY(%s)",
        [list(tenant_tables())],
    )
    # A plain number from a sequence of its own is nobody's choice, so a clash of two of them cannot be provoked.
    others = {
        name
        for name, is_primary, columns, is_counted in found
        if columns[0] != "vendor_id" and not (is_primary and len(columns) == 1 and is_counted)
    }
    assert others == set(UNIQUE_OTHERWISE)


def test_foreign_keys_between_tenant_tables_cannot_cross_vendors(partition: str) -> None:
    keys = rows(
        "SELECT conrelid::regclass::text, conname, confrelid::regclass::text, "
        "  (SELECT array_agg(attname::text ORDER BY n) FROM unnest(conkey) WITH ORDINALITY k (num, n) "
        "    JOIN pg_attribute ON attrelid = conrelid AND attnum = num), "
        "  (SELECT array_agg(attname::text ORDER BY n) FROM unnest(confkey) WITH ORDINALITY k (num, n) "
        "    JOIN pg_attribute ON attrelid = confrelid AND attnum = num) "
        "FROM pg_constraint WHERE contype = 'f'"
    )
    inside = tenant_tables()
    crossing = [
        name
        for child, name, parent, child_columns, parent_columns in keys
        if child in inside and parent in inside and (child_columns[0], parent_columns[0]) != ("vendor_id", "vendor_id")
    ]
    assert crossing == []
    held = {(child, columns[-1]) for child, _name, _parent, columns, _ in keys}
    loose = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and model._meta.db_table in inside
        and field.column != "vendor_id"
        and (model._meta.db_table, field.column) not in held
    }
    assert loose == set(LOOSE_RELATIONS)


def test_the_app_role_owns_nothing_and_bypasses_nothing(partition: str) -> None:
    assert rows("SELECT current_user::text") == [("callsteward_app",)]
    assert rows(
        "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication "
        "FROM pg_roles WHERE rolname = current_user"
    ) == [(False,) * 5]
    assert rows("SELECT 1 FROM pg_auth_members WHERE member = 'callsteward_app'::regrole") == []
    for catalog, owner in (("pg_class", "relowner"), ("pg_proc", "proowner"), ("pg_type", "typowner")):
        assert rows(f"SELECT oid FROM {catalog} WHERE {owner} = 'callsteward_app'::regrole") == []
    assert rows("SELECT has_schema_privilege('public', 'CREATE')") == [(False,)]


def test_the_app_role_may_neither_empty_nor_rebuild_tables(partition: str) -> None:
    granted = rows(
        "SELECT c.relname, right_ "
        "FROM pg_class c, unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) right_ "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') "
        "AND has_table_privilege(c.oid, right_)"
    )
    assert granted == []


def test_the_book_can_only_grow(db: None) -> None:
    assert rows(
        "SELECT has_table_privilege('audit_entry', 'SELECT'), has_table_privilege('audit_entry', 'INSERT'), "
        "has_any_column_privilege('audit_entry', 'UPDATE'), has_table_privilege('audit_entry', 'DELETE')"
    ) == [(True, True, False, False)]
    triggers = rows(
        "SELECT tgname, tgenabled::text FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND NOT tgisinternal"
    )
    assert sorted(triggers) == [("audit_entry_append_only", "O"), ("audit_entry_no_truncate", "O")]


def test_dump_reads_and_monitor_sees_no_rows(partition: str) -> None:
    writes = (
        "SELECT c.relname FROM pg_class c, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) right_ "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
        "AND has_table_privilege(%s, c.oid, right_)"
    )
    assert rows(writes, ["callsteward_dump"]) == []
    assert rows(writes, ["callsteward_monitor"]) == []
    reads = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
        "AND has_table_privilege('callsteward_monitor', oid, 'SELECT')"
    )
    assert rows(reads) == []


def test_no_view_and_no_function_sees_past_the_wall(db: None) -> None:
    assert rows("SELECT relname FROM pg_class WHERE relkind = 'm'") == []
    views = rows(
        "SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace "
        "AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false)"
    )
    assert views == []
    definers = rows(
        "SELECT proname, proconfig::text FROM pg_proc p WHERE prosecdef AND pronamespace = 'public'::regnamespace "
        "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    )
    assert {name for name, _settings in definers} == DEFINERS
    assert all(settings and "search_path=pg_catalog" in settings for _name, settings in definers)
    assert names("SELECT extname FROM pg_extension") == EXTENSIONS


def test_the_helpers_that_build_the_wall_are_the_owners(db: None) -> None:
    allowed = "SELECT proname FROM pg_proc WHERE proname LIKE 'tenant%%' AND has_function_privilege(oid, 'EXECUTE')"
    assert names(allowed) == set()
