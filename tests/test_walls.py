"""The two walls between vendors, and that neither leans on the other."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import IntegrityError

from core.checks import wall_problems
from core.errors import ScopeMissing
from core.scope import activate
from tests.world import World
from vendors.models import Agent, Queue


def test_every_tenant_table_stands_behind_the_policy(world: World) -> None:
    assert wall_problems() == []


def test_a_query_without_a_scope_raises_in_python(world: World) -> None:
    with pytest.raises(ScopeMissing):
        list(Queue.objects.all())


def test_a_query_without_a_scope_raises_in_the_database(world: World) -> None:
    with pytest.raises(ProgrammingError, match="tenant scope is not set"), transaction.atomic():
        connection.cursor().execute("SELECT count(*) FROM vendors_queue")


def test_each_vendor_sees_its_own_rows_only(world: World) -> None:
    scope = world.scope("andes_vendor_manager")
    with activate(scope):
        assert {q.vendor_id for q in Queue.objects.visible_to(scope)} == {scope.organization_id}
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT vendor_id FROM vendors_queue")
            assert cursor.fetchall() == [(scope.organization_id,)]


def test_a_row_for_a_rival_is_refused_by_the_database(world: World) -> None:
    rival = world.vendors["BORAL"].vendor
    with activate(world.scope("andes_vendor_manager")), pytest.raises(ProgrammingError), transaction.atomic():
        Agent.objects.create(vendor=rival, code="X", name="X")


def test_a_foreign_key_cannot_cross_vendors(world: World) -> None:
    andes, boral = world.vendors["ANDES"], world.vendors["BORAL"]
    with activate(world.system), pytest.raises(IntegrityError), transaction.atomic():
        Agent.objects.create(vendor=andes.vendor, site=boral.site, code="X", name="X")


def test_the_scope_ends_with_its_block(world: World) -> None:
    with activate(world.scope("andes_vendor_manager")):
        with activate(world.scope("programme_manager")), connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT vendor_id) FROM vendors_queue")
            assert cursor.fetchone() == (2,)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT vendor_id) FROM vendors_queue")
            assert cursor.fetchone() == (1,)
    with pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute("SELECT 1 FROM vendors_queue")
