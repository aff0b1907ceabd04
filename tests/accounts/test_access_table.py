"""The one table of rights says something about everything there is, and grants nothing by accident (T9)."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from rest_framework import serializers

from accounts.calc import access
from accounts.calc.access import fields_readable, fields_writable, permissions_of
from accounts.serializers import FieldRightsMixin
from core.scope import Scope

AUDITOR = Scope(0, "client", (), "auditor", frozenset(), datetime(2026, 1, 1, tzinfo=UTC))
OUR_APPS = {app.label for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR}
KEYS = {"id", "pk"}


def columns_of(label: str) -> set[str]:
    """Return the names of a model's own columns, keys left out."""
    meta = apps.get_model(label)._meta
    fields = [*meta.concrete_fields, *meta.many_to_many]
    return {f.name for f in fields if not isinstance(f, models.CompositePrimaryKey)} - KEYS


def test_every_model_is_in_the_table_or_says_why_not() -> None:
    known = set(access.MODELS) | set(access.INTERNAL_MODELS)
    ours = {m._meta.label_lower for m in apps.get_models() if m._meta.app_label in OUR_APPS}
    assert ours - known == set(), "add them to MODELS (and FIELDS) or INTERNAL_MODELS in accounts/calc/objects.py"
    assert known - ours == set(), "no such model any more"
    assert not set(access.MODELS) & set(access.INTERNAL_MODELS)


@pytest.mark.parametrize("obj", sorted(set(access.MODELS.values())))
def test_every_field_has_a_row(obj: str) -> None:
    columns: set[str] = set()
    for label, name in access.MODELS.items():
        if name == obj:
            columns |= columns_of(label)
    listed = set(access.table()[obj]) - access.derived_fields(obj)
    assert columns - listed == set(), f"give them a row under [{obj}] in accounts/calc/rights.py"
    assert listed - columns == set(), f'no such field of {obj}; derived ones are marked with "+"'


def test_every_object_says_who_may_open_it() -> None:
    assert set(access.VIEW_PERMISSIONS) == set(access.table())
    assert set(access.VIEW_PERMISSIONS.values()) <= set(access.all_permissions())
    assert set(access.MODELS.values()) <= set(access.table())


def test_a_role_of_the_other_side_has_no_rights() -> None:
    for role, side in (("programme_manager", "vendor"), ("vendor_manager", "client"), ("nobody", "client")):
        assert permissions_of(role, side) == frozenset()
        assert fields_readable(role, side, "contract") == frozenset()
        assert fields_writable(role, side, "contract") == frozenset()


def test_an_unknown_object_is_an_error_and_not_an_empty_answer() -> None:
    with pytest.raises(KeyError):
        fields_readable("auditor", "client", "nonsense")


@pytest.mark.parametrize("role", [*access.VENDOR_ROLES, "api_client"])
def test_a_vendor_never_reads_what_is_the_clients(role: str) -> None:
    assert "note" not in fields_readable(role, "vendor", "vendor")
    assert "note" not in fields_readable(role, "vendor", "contract")
    assert not {"drafted_by", "submitted_by", "signed_by"} & fields_readable(role, "vendor", "version")
    for obj in ("vendor", "queue", "contract", "coverage", "version", "definition", "target"):
        assert fields_writable(role, "vendor", obj) == frozenset()
    assert not {"contracts.edit", "contracts.sign", "vendors.edit"} & permissions_of(role, "vendor")


def test_vendors_see_signed_versions_only() -> None:
    assert access.version_states_visible("vendor") == {"signed"}
    assert access.version_states_visible("client") == {"draft", "in_review", "signed"}


def test_the_auditor_reads_everything_and_writes_nothing() -> None:
    for obj, fields in access.table().items():
        assert fields_writable("auditor", "client", obj) == frozenset()
        anyones = {name for name, row in fields.items() if set(row) != {"-"}}
        # Clear numbers are for the two managers alone.
        assert anyones - fields_readable("auditor", "client", obj) <= {"number"}
    writing = {"edit", "sign", "import", "manage", "own", "unmask"}
    assert not {p for p in permissions_of("auditor", "client") if p.partition(".")[2] in writing}


def test_secrets_are_nobodys() -> None:
    for obj, name in (
        ("user", "password"),
        ("token", "digest"),
        ("customer", "number_encrypted"),
        ("customer", "customer_key"),
        ("webhook", "secret_encrypted"),
        ("webhook", "former_secret_encrypted"),
    ):
        assert set(access.table()[obj][name]) == {"-"}


def test_clear_numbers_are_for_the_two_managers() -> None:
    able = {c for c in access.COLUMNS if "customers.unmask" in permissions_of(*c)}
    assert able == {("programme_manager", "client"), ("vendor_manager", "vendor")}
    assert able == {c for c in access.COLUMNS if "number" in fields_readable(*c, "customer")}


def test_whoever_makes_users_cannot_sign() -> None:
    for column in access.COLUMNS:
        assert not {"users.manage", "contracts.sign"} <= permissions_of(*column)


def test_a_vendor_manager_grants_only_what_is_below() -> None:
    granted = access.roles_grantable("vendor_manager", "vendor", "vendor")
    assert set(granted) == {"vendor_supervisor", "vendor_qa", "vendor_wfm", "agent", "api_client"}
    assert access.roles_grantable("vendor_manager", "vendor", "client") == ()
    assert access.roles_grantable("vendor_supervisor", "vendor", "vendor") == ()


def test_what_may_be_written_may_be_read() -> None:
    for role, side in access.COLUMNS:
        for obj in access.table():
            assert fields_writable(role, side, obj) <= fields_readable(role, side, obj)


def _subclasses(parent: type[Any]) -> Iterator[type[Any]]:
    for child in parent.__subclasses__():
        yield child
        yield from _subclasses(child)


def test_every_serializer_of_a_model_keeps_to_the_table() -> None:
    for app in OUR_APPS:
        for module in ("serializers", "api"):
            if importlib.util.find_spec(f"{app}.{module}"):
                importlib.import_module(f"{app}.{module}")
    ours = {c for c in _subclasses(serializers.BaseSerializer) if c.__module__.partition(".")[0] in OUR_APPS}
    for serializer in ours:
        if issubclass(serializer, serializers.ModelSerializer):
            assert issubclass(serializer, FieldRightsMixin), f"{serializer} must mix in FieldRightsMixin"
        if issubclass(serializer, FieldRightsMixin) and hasattr(serializer, "access_object"):
            # Raises for a field that the table does not know.
            serializer(context={"scope": AUDITOR}).get_fields()
