"""Keeping the registers of vendors, sites, queues and agents."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection

from accounts.models import Organization
from audit.models import Entry
from audit.selectors import history_of
from audit.services import verify
from core.errors import Conflict, Forbidden, HouseError, Invalid, NotFound
from core.scope import Scope, activate
from tests.world import World
from vendors import selectors, services
from vendors.models import Agent, Queue, Site, Vendor

REGISTERS: list[tuple[str, Callable[..., Any], dict[str, Any]]] = [
    (
        "site",
        services.site_create,
        {"code": "NEW", "name": "New site", "zone": "Asia/Manila", "country": "PH"},
    ),
    ("queue", services.queue_create, {"code": "NEW", "name": "New queue", "direction": "outbound"}),
    ("agent", services.agent_create, {"code": "NEW", "name": "New agent", "hired_on": date(2026, 5, 4)}),
]


@pytest.fixture
def manager(world: World) -> Iterator[Scope]:
    """The client's programme manager at work."""
    with activate(world.scope("programme_manager")) as scope:
        yield scope


@pytest.fixture
def vendor_manager(world: World) -> Iterator[Scope]:
    """A vendor's manager at work."""
    with activate(world.scope("andes_vendor_manager")) as scope:
        yield scope


def entries_of(scope: Scope, row: Any) -> list[Entry]:
    """Return a row's entries, oldest first."""
    return list(history_of(scope=scope, target=row))[::-1]


def test_a_new_vendor_has_an_organization_and_is_seen_from_the_next_request_on(world: World, manager: Scope) -> None:
    vendor = services.vendor_create(scope=manager, code=" nova ", name="Nova Contact", country="PH", note="cheap")
    assert (vendor.code, vendor.organization.name, vendor.organization.side) == (
        "NOVA",
        "Nova Contact",
        "vendor",
    )
    with pytest.raises(NotFound):
        selectors.vendor_get(scope=manager, uuid=vendor.uuid)
    with activate(world.scope("programme_manager")) as next_request:
        assert selectors.vendor_by_code(scope=next_request, code="nova") == vendor
        (entry,) = entries_of(next_request, vendor)
        assert entry.vendor_id == vendor.pk
        assert (entry.action, entry.changes["note"]) == ("vendor.created", [None, "cheap"])
        assert list(verify(scope=next_request, vendor_id=vendor.pk)) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "ANDES"),
        ("code", "two words"),
        ("code", ""),
        ("name", " "),
        ("country", "ZZ"),
    ],
)
def test_a_vendor_that_cannot_be_is_refused_beside_the_field(manager: Scope, field: str, value: str) -> None:
    organizations = Organization.objects.count()
    with pytest.raises(Invalid) as refusal:
        services.vendor_create(scope=manager, **{"code": "NOVA", "name": "Nova", field: value})
    assert list(refusal.value.fields) == [field]
    assert Organization.objects.count() == organizations


def test_a_vendors_new_name_is_its_organizations_too(manager: Scope, world: World) -> None:
    vendor = world.vendors["ANDES"].vendor
    services.vendor_update(scope=manager, uuid=vendor.uuid, expected_version=1, values={"name": "Andes Voice 2"})
    assert Organization.objects.get(pk=vendor.pk).name == "Andes Voice 2"


@pytest.mark.parametrize(("obj", "create", "values"), REGISTERS)
def test_a_part_of_a_vendor_is_added_changed_and_closed(
    manager: Scope, world: World, obj: str, create: Callable[..., Any], values: dict[str, Any]
) -> None:
    update = getattr(services, f"{obj}_update")
    row = create(scope=manager, vendor_id=world.vendors["ANDES"].vendor.pk, **values)
    update(scope=manager, uuid=row.uuid, expected_version=1, values={"name": "Renamed"})
    update(scope=manager, uuid=row.uuid, expected_version=2, values={"is_active": False, "code": " N2 "})
    row = getattr(selectors, f"{obj}_get")(scope=manager, uuid=row.uuid)
    assert (row.name, row.code, row.is_active, row.version) == ("Renamed", "N2", False, 3)
    created, renamed, closed = entries_of(manager, row)
    assert created.action == f"{obj}.created"
    assert created.changes["code"] == [None, "NEW"]
    assert renamed.changes == {"name": [values["name"], "Renamed"]}
    assert closed.changes == {"is_active": [True, False], "code": ["NEW", "N2"]}


@pytest.mark.parametrize(("obj", "create", "values"), REGISTERS)
def test_a_code_is_given_once_a_vendor(
    manager: Scope, world: World, obj: str, create: Callable[..., Any], values: dict[str, Any]
) -> None:
    create(scope=manager, vendor_id=world.vendors["BORAL"].vendor.pk, **values)
    create(scope=manager, vendor_id=world.vendors["ANDES"].vendor.pk, **values)
    with pytest.raises(Invalid) as refusal:
        create(scope=manager, vendor_id=world.vendors["ANDES"].vendor.pk, **values)
    assert refusal.value.fields == {"code": [f"Another {obj} of this vendor has this code."]}


def test_zones_and_countries_come_from_the_lists(manager: Scope, world: World) -> None:
    site = world.vendors["ANDES"].site
    for values in ({"zone": "Mars/Olympus"}, {"zone": "localtime"}, {"zone": ""}, {"country": "China"}):
        with pytest.raises(Invalid) as refusal:
            services.site_update(scope=manager, uuid=site.uuid, expected_version=1, values=values)
        assert list(refusal.value.fields) == list(values)


def test_an_agents_last_day_follows_the_first(manager: Scope, world: World) -> None:
    agent = world.vendors["ANDES"].agents[0]
    with pytest.raises(Invalid, match="mend"):
        services.agent_update(
            scope=manager,
            uuid=agent.uuid,
            expected_version=1,
            values={"hired_on": date(2026, 2, 1), "left_on": date(2026, 1, 31)},
        )


def test_an_agent_sits_at_a_site_of_its_own_vendor(manager: Scope, world: World) -> None:
    agent, foreign = world.vendors["ANDES"].agents[0], world.vendors["BORAL"].site
    with pytest.raises(Invalid) as refusal:
        services.agent_update(scope=manager, uuid=agent.uuid, expected_version=1, values={"site": foreign})
    assert refusal.value.fields == {"site": ["Choose a site from the list."]}


def test_a_stale_save_is_told_what_is_there_now(manager: Scope, world: World) -> None:
    queue = world.vendors["ANDES"].queues[0]
    services.queue_update(scope=manager, uuid=queue.uuid, expected_version=1, values={"name": "First"})
    with pytest.raises(Conflict) as refusal:
        services.queue_update(scope=manager, uuid=queue.uuid, expected_version=1, values={"name": "Second"})
    assert refusal.value.details == {"fields": {"name": ["First", "Second"]}, "version": 2}


def test_sending_the_same_twice_is_no_conflict(manager: Scope, world: World) -> None:
    queue = world.vendors["ANDES"].queues[0]
    for _ in range(2):
        services.queue_update(scope=manager, uuid=queue.uuid, expected_version=1, values={"name": "Double click"})
    assert len(entries_of(manager, queue)) == 1


def test_a_vendors_people_keep_sites_and_agents_but_not_queues_and_vendors(vendor_manager: Scope, world: World) -> None:
    own = world.vendors["ANDES"]
    services.site_create(scope=vendor_manager, vendor_id=own.vendor.pk, code="S2", name="Second floor")
    services.agent_update(
        scope=vendor_manager,
        uuid=own.agents[0].uuid,
        expected_version=1,
        values={"team": "T2", "site": own.site},
    )
    with pytest.raises(Forbidden):
        services.queue_create(scope=vendor_manager, vendor_id=own.vendor.pk, code="Q", name="Q")
    with pytest.raises(Forbidden):
        services.queue_update(scope=vendor_manager, uuid=own.queues[0].uuid, expected_version=1, values={"name": "X"})
    with pytest.raises(Forbidden):
        services.vendor_update(scope=vendor_manager, uuid=own.vendor.uuid, expected_version=1, values={"name": "X"})
    with pytest.raises(Forbidden):
        services.vendor_create(scope=vendor_manager, code="X", name="X")


def test_a_supervisor_keeps_agents_only(world: World) -> None:
    own = world.vendors["ANDES"]
    with activate(world.scope("andes_vendor_supervisor")) as scope:
        services.agent_create(scope=scope, vendor_id=own.vendor.pk, code="A9", name="Nine")
        with pytest.raises(Forbidden):
            services.site_update(scope=scope, uuid=own.site.uuid, expected_version=1, values={"name": "X"})


@pytest.mark.parametrize("obj", ["site", "agent"])
def test_a_rivals_row_is_as_unknown_as_one_that_never_was(vendor_manager: Scope, world: World, obj: str) -> None:
    rival = world.vendors["BORAL"]
    foreign = rival.site if obj == "site" else rival.agents[0]
    update = getattr(services, f"{obj}_update")
    answers = []
    for key in (foreign.uuid, uuid.uuid4()):
        with pytest.raises(NotFound) as refusal:
            update(scope=vendor_manager, uuid=key, expected_version=1, values={"name": "X"})
        answers.append((refusal.value.code, refusal.value.message))
    assert answers[0] == answers[1]
    with pytest.raises(NotFound):
        getattr(services, f"{obj}_create")(scope=vendor_manager, vendor_id=rival.vendor.pk, code="X", name="X")


@pytest.mark.parametrize("field", ["vendor", "vendor_id", "version", "uuid", "note", "is_superuser"])
def test_fields_that_are_not_the_roles_are_refused(vendor_manager: Scope, world: World, field: str) -> None:
    agent = world.vendors["ANDES"].agents[0]
    with pytest.raises(Invalid) as refusal:
        services.agent_update(scope=vendor_manager, uuid=agent.uuid, expected_version=1, values={field: 2})
    assert list(refusal.value.fields) == [field]


def test_unknown_agents_of_a_file_are_registered_once(manager: Scope, world: World) -> None:
    vendor, known = world.vendors["ANDES"].vendor, world.vendors["ANDES"].agents[0]
    keys = services.agents_register(scope=manager, vendor_id=vendor.pk, codes=["Zoe", "Adam", known.code, "Zoe"])
    assert keys[known.code] == known.pk
    assert selectors.agent_codes(scope=manager, vendor_id=vendor.pk).items() >= keys.items()
    services.agents_register(scope=manager, vendor_id=vendor.pk, codes=["Zoe", "Adam"])
    (entry,) = entries_of(manager, vendor)
    assert entry.changes == {"count": 2, "codes": ["Adam", "Zoe"]}


def test_an_agent_without_a_code_is_not_registered(manager: Scope, world: World) -> None:
    for code in ("", " ", "x" * 41):
        with pytest.raises(Invalid):
            services.agents_register(scope=manager, vendor_id=world.vendors["ANDES"].vendor.pk, codes=[code])


def test_agents_are_registered_for_ones_own_vendor_by_those_who_import(world: World) -> None:
    with activate(world.scope("andes_vendor_supervisor")) as scope:
        services.agents_register(scope=scope, vendor_id=scope.organization_id, codes=["Zoe"])
        with pytest.raises(NotFound):
            services.agents_register(scope=scope, vendor_id=world.vendors["BORAL"].vendor.pk, codes=["Zoe"])
    with activate(world.scope("andes_vendor_qa")) as scope, pytest.raises(Forbidden):
        services.agents_register(scope=scope, vendor_id=scope.organization_id, codes=["Zoe"])


@pytest.mark.faults
def test_of_two_who_save_at_once_one_wins_and_the_other_is_told(committed_world: World) -> None:
    site = committed_world.vendors["ANDES"].site
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def save(username: str) -> None:
        try:
            with activate(committed_world.scope(username)) as scope:
                start.wait()
                services.site_update(scope=scope, uuid=site.uuid, expected_version=1, values={"name": f"by {username}"})
            outcomes.append("saved")
        except HouseError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(name,)) for name in ("programme_manager", "andes_vendor_manager")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved", "stale"]


def test_a_narrower_token_cannot_do_what_its_owner_can(world: World) -> None:
    scope = replace(world.scope("programme_manager"), permissions=frozenset({"vendors.view"}))
    with activate(scope), pytest.raises(Forbidden):
        services.queue_create(scope=scope, vendor_id=world.vendors["ANDES"].vendor.pk, code="X", name="X")


def test_lists_hold_what_the_caller_may_see(world: World) -> None:
    with activate(world.scope("programme_manager")) as scope:
        assert {vendor.code for vendor in selectors.vendor_list(scope=scope)} == {"ANDES", "BORAL"}
        counted: Any = selectors.vendor_list_counted(scope=scope).get(code="ANDES")
        assert (counted.site_count, counted.queue_count, counted.agent_count) == (1, 2, 3)
    with activate(world.scope("andes_vendor_manager")) as scope:
        for model, rows in (
            (Vendor, selectors.vendor_list(scope=scope)),
            (Site, selectors.site_list(scope=scope)),
            (Queue, selectors.queue_list(scope=scope)),
            (Agent, selectors.agent_list(scope=scope)),
        ):
            assert {row.vendor_id for row in rows} == {scope.organization_id}, model
    with activate(world.scope("andes_agent")) as scope:
        assert [agent.pk for agent in selectors.agent_list(scope=scope)] == [scope.agent_id]
