"""Contracts and what they cover."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit.models import Entry
from audit.selectors import history_of
from contracts import selectors, services
from contracts.calc.lifecycle import Phase
from contracts.models import Contract, Coverage
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Scope, activate
from tests.contracts.factories import amendment_sign, contract_draft_make, version_draft_make
from tests.world import World, version_make
from vendors import services as vendors
from vendors.models import Queue

CLIENT_ONLY = ["client_qa", "client_wfm", "auditor", "platform_admin", "andes_vendor_manager"]


@pytest.fixture
def manager(world: World) -> Iterator[Scope]:
    """The client's programme manager at work."""
    with activate(world.scope("programme_manager")) as scope:
        yield scope


@pytest.fixture
def fresh_queue(manager: Scope, world: World) -> Queue:
    """A queue of ANDES that no contract covers."""
    return vendors.queue_create(
        scope=manager, vendor_id=world.vendors["ANDES"].vendor.pk, code="RETURNS", name="Returns"
    )


def cover(scope: Scope, contract: Contract, queue: Queue, *days: Any, **more: Any) -> Coverage:
    """Set one coverage, days as ISO text."""
    first, last = (date.fromisoformat(day) if day else None for day in (*days, "")[:2])
    assert first is not None
    return services.coverage_set(
        scope=scope, contract_uuid=contract.uuid, queue_uuid=queue.uuid, starts_on=first, ends_on=last, **more
    )


def test_a_contract_begins_without_terms_and_in_the_clients_book_only(manager: Scope, world: World) -> None:
    vendor = world.vendors["ANDES"].vendor
    contract = services.contract_create(
        scope=manager,
        vendor_id=vendor.pk,
        code=" A-2 ",
        name="Second line",
        zone="Asia/Manila",
        currency="PHP",
        starts_on=date(2026, 7, 1),
        note="our ceiling",
    )
    assert (contract.code, contract.currency) == ("A-2", "PHP")
    assert selectors.contract_phase(contract=contract, at=manager.at) is Phase.NO_TERMS
    (entry,) = history_of(scope=manager, target=contract)
    assert (entry.vendor_id, entry.action) == (manager.organization_id, "contract.created")
    with activate(world.scope("andes_vendor_manager")) as scope:
        assert contract.pk not in selectors.contract_list(scope=scope).values_list("pk", flat=True)
        assert not Entry.objects.visible_to(scope).filter(object_id=str(contract.uuid)).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "ANDES-2026"),
        ("name", ""),
        ("zone", "Beijing"),
        ("currency", "DEM"),
        ("ends_on", date(2026, 6, 30)),
    ],
)
def test_a_contract_that_cannot_be_is_refused_beside_the_field(
    manager: Scope, world: World, field: str, value: Any
) -> None:
    values: dict[str, Any] = {"code": "A-2", "name": "N", "zone": "Asia/Manila", "starts_on": date(2026, 7, 1)}
    with pytest.raises(Invalid) as refusal:
        services.contract_create(scope=manager, vendor_id=world.vendors["ANDES"].vendor.pk, **{**values, field: value})
    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize("username", CLIENT_ONLY)
def test_others_write_no_contracts(world: World, username: str) -> None:
    contract = world.vendors["ANDES"].contract
    with activate(world.scope(username)) as scope:
        with pytest.raises(Forbidden):
            services.contract_update(scope=scope, uuid=contract.uuid, expected_version=1, values={"name": "X"})
        with pytest.raises(Forbidden):
            cover(scope, contract, world.vendors["ANDES"].queues[0], "2026-01-01")


def test_a_stale_save_is_told_what_is_there_now(manager: Scope, world: World) -> None:
    contract = world.vendors["ANDES"].contract
    services.contract_update(scope=manager, uuid=contract.uuid, expected_version=1, values={"name": "First"})
    with pytest.raises(Conflict) as refusal:
        services.contract_update(scope=manager, uuid=contract.uuid, expected_version=1, values={"name": "Second"})
    assert refusal.value.details["fields"] == {"name": ["First", "Second"]}
    entry = history_of(scope=manager, target=contract)[0]
    assert (entry.vendor_id, entry.changes) == (contract.vendor_id, {"name": ["ANDES hotline", "First"]})


FROZEN = [
    ("zone", "Asia/Manila"),
    ("currency", "EUR"),
    ("code", "ANDES-NEW"),
    ("starts_on", date(2025, 12, 1)),
    ("starts_on", date(2026, 2, 1)),
    ("ends_on", date(2026, 12, 31)),
]


@pytest.mark.parametrize(("field", "value"), FROZEN)
def test_one_person_changes_nothing_that_money_goes_by_once_a_version_is_signed(
    manager: Scope, world: World, field: str, value: Any
) -> None:
    contract = world.vendors["ANDES"].contract
    with pytest.raises(Conflict) as refusal:
        services.contract_update(scope=manager, uuid=contract.uuid, expected_version=1, values={field: value})
    assert (refusal.value.code, refusal.value.details) == ("frozen", {"field": field})
    with pytest.raises(DatabaseError, match="hold once"), transaction.atomic():
        Contract.objects.visible_to(manager).filter(pk=contract.pk).update(**{field: value})
    draft = contract_draft_make(scope=manager, vendor=world.vendors["ANDES"].vendor, starts_on=date(2026, 3, 1))
    services.contract_update(scope=manager, uuid=draft.uuid, expected_version=1, values={field: value})


def test_the_last_day_moves_with_an_amendment_that_a_second_person_signs(manager: Scope, world: World) -> None:
    contract = world.vendors["ANDES"].contract
    signed = amendment_sign(world=world, contract=contract, ends_on=date(2026, 12, 31))
    assert signed.document is not None
    assert signed.document["contract"]["ends_on"] == "2026-12-31"
    contract.refresh_from_db()
    assert (contract.ends_on, contract.version) == (date(2026, 12, 31), 2)
    changed = history_of(scope=manager, target=contract)
    assert {"ends_on": [None, "2026-12-31"]} in [entry.changes for entry in changed]
    assert {entry.vendor_id for entry in changed} == {contract.vendor_id}
    # The next one keeps it unless it says otherwise, and may take it away.
    assert amendment_sign(world=world, contract=contract).ends_on == date(2026, 12, 31)
    amendment_sign(world=world, contract=contract, ends_on=None)
    contract.refresh_from_db()
    assert contract.ends_on is None


@pytest.mark.parametrize("day", [date(2026, 6, 14), date(2026, 6, 30)])
def test_an_amendment_cannot_end_the_contract_before_today_or_before_itself(
    manager: Scope, world: World, day: date
) -> None:
    contract = world.vendors["ANDES"].contract
    draft = services.version_draft(scope=manager, contract_uuid=contract.uuid)
    with pytest.raises(Invalid) as refusal:
        services.version_update_terms(scope=manager, uuid=draft.uuid, expected_version=1, ends_on=day)
    assert list(refusal.value.fields) == ["ends_on"]
    retroactive: dict[str, Any] = {"effective_from": date(2026, 6, 1), "ends_on": date(2026, 6, 14)}
    with pytest.raises(Invalid, match="mend"):
        services.version_update_terms(scope=manager, uuid=draft.uuid, expected_version=1, **retroactive)


def test_a_contract_about_to_end_is_prolonged_by_an_amendment_within_its_term(manager: Scope, world: World) -> None:
    contract = world.vendors["ANDES"].contract
    first = {"effective_from": date(2026, 6, 10), "ends_on": date(2026, 6, 20)}
    amendment_sign(world=world, contract=contract, **first)
    longer = amendment_sign(world=world, contract=contract, ends_on=date(2027, 6, 30))
    assert longer.effective_from == date(2026, 6, 20)
    contract.refresh_from_db()
    assert contract.ends_on == date(2027, 6, 30)


def test_nothing_moves_under_the_eyes_of_whoever_is_to_sign(manager: Scope, world: World, fresh_queue: Queue) -> None:
    contract = contract_draft_make(scope=manager, vendor=world.vendors["ANDES"].vendor)
    draft = version_draft_make(scope=manager, contract=contract, queues=[fresh_queue])
    later = date(2027, 6, 30)
    services.contract_update(scope=manager, uuid=contract.uuid, expected_version=1, values={"ends_on": later})
    draft = selectors.version_get(scope=manager, uuid=draft.uuid)
    assert draft.ends_on == later, "a first version ends as the contract does"
    services.version_submit(scope=manager, uuid=draft.uuid, expected_version=draft.version)
    for values in ({"ends_on": None}, {"name": "Other"}, {"zone": "Asia/Manila"}):
        with pytest.raises(Conflict) as refusal:
            services.contract_update(scope=manager, uuid=contract.uuid, expected_version=2, values=values)
        assert refusal.value.code == "in_review"
    services.contract_update(scope=manager, uuid=contract.uuid, expected_version=2, values={"note": "still ours"})


def test_what_is_covered_to_the_contracts_end_goes_with_the_end(
    manager: Scope, world: World, fresh_queue: Queue
) -> None:
    contract = world.vendors["ANDES"].contract
    cover(manager, contract, fresh_queue, "2026-07-01", "2026-08-31")
    for ends_on, expected in [
        (date(2026, 12, 31), [date(2026, 12, 31), date(2026, 8, 31), date(2026, 12, 31)]),
        (date(2026, 11, 30), [date(2026, 11, 30), date(2026, 8, 31), date(2026, 11, 30)]),
        (None, [None, date(2026, 8, 31), None]),
    ]:
        amendment_sign(world=world, contract=contract, ends_on=ends_on)
        rows = selectors.coverage_list(scope=manager, contract=contract).order_by("queue__code")
        assert [row.ends_on for row in rows] == expected


def test_a_queue_is_covered_by_one_contract_at_a_time(manager: Scope, world: World) -> None:
    own = world.vendors["ANDES"]
    second = contract_draft_make(scope=manager, vendor=own.vendor, starts_on=date(2026, 1, 1))
    with pytest.raises(Invalid) as refusal:
        cover(manager, second, own.queues[0], "2026-07-01")
    assert "“ANDES hotline” covers “ANDES ORDERS” from 1 Jan 2026 to its end" in refusal.value.fields["starts_on"][0]
    cover(manager, own.contract, own.queues[0], "2026-01-01", "2026-06-30", former=(date(2026, 1, 1), None))
    cover(manager, second, own.queues[0], "2026-07-01")
    with pytest.raises(Invalid):
        cover(
            manager,
            own.contract,
            own.queues[0],
            "2026-01-01",
            "2026-07-01",
            former=(date(2026, 1, 1), date(2026, 6, 30)),
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Coverage.objects.visible_to(manager).filter(contract=second).update(starts_on=date(2026, 6, 30))


def test_coverage_lies_inside_the_contract(manager: Scope, world: World, fresh_queue: Queue) -> None:
    own = world.vendors["ANDES"]
    contract = contract_draft_make(
        scope=manager, vendor=own.vendor, starts_on=date(2026, 7, 1), ends_on=date(2026, 12, 31)
    )
    for days, field in (
        (("2026-06-30",), "starts_on"),
        (("2026-07-01", "2027-01-01"), "ends_on"),
        (("2026-08-02", "2026-08-01"), "ends_on"),
    ):
        with pytest.raises(Invalid) as refusal:
            cover(manager, contract, fresh_queue, *days)
        assert list(refusal.value.fields) == [field]
    assert cover(manager, contract, fresh_queue, "2026-07-01").ends_on == date(2026, 12, 31)


def test_days_that_have_begun_stay_covered_once_terms_are_signed(manager: Scope, world: World) -> None:
    own, since = world.vendors["ANDES"], date(2026, 1, 1)
    queue = own.queues[0]
    for days in (("2026-02-01",), ("2026-01-01", "2026-06-14")):
        with pytest.raises(Conflict) as refusal:
            cover(manager, own.contract, queue, *days, former=(since, None))
        assert refusal.value.code == "frozen"
    with pytest.raises(Conflict):
        services.coverage_remove(scope=manager, contract_uuid=own.contract.uuid, queue_uuid=queue.uuid)
    cover(manager, own.contract, queue, "2026-01-01", "2026-06-15", former=(since, None))


def test_a_queue_without_terms_is_covered_from_tomorrow_at_the_earliest(
    manager: Scope, world: World, fresh_queue: Queue
) -> None:
    own = world.vendors["ANDES"]
    for first in ("2026-01-01", "2026-06-15"):
        with pytest.raises(Invalid) as refusal:
            cover(manager, own.contract, fresh_queue, first)
        assert refusal.value.fields == {
            "starts_on": ["Sign terms for this queue first, or start the coverage with the version that has them."]
        }
    cover(manager, own.contract, fresh_queue, "2026-06-16")
    with pytest.raises(Invalid):
        cover(manager, own.contract, fresh_queue, "2026-06-01", former=(date(2026, 6, 16), None))
    version_make(contract=own.contract, queues=[*own.queues, fresh_queue], effective_from=date(2026, 6, 1), number=2)
    with pytest.raises(Invalid):
        cover(manager, own.contract, fresh_queue, "2026-05-31", former=(date(2026, 6, 16), None))
    cover(manager, own.contract, fresh_queue, "2026-06-01", former=(date(2026, 6, 16), None))


def test_a_queue_is_taken_out_before_anything_is_signed(manager: Scope, world: World, fresh_queue: Queue) -> None:
    contract = contract_draft_make(scope=manager, vendor=world.vendors["ANDES"].vendor)
    cover(manager, contract, fresh_queue, "2026-07-01")
    services.coverage_remove(scope=manager, contract_uuid=contract.uuid, queue_uuid=fresh_queue.uuid)
    with pytest.raises(NotFound):
        services.coverage_remove(scope=manager, contract_uuid=contract.uuid, queue_uuid=fresh_queue.uuid)
    changes = [entry.changes.get("coverage") for entry in history_of(scope=manager, target=contract)]
    assert changes[:2] == [["RETURNS: 2026-07-01 – …", None], [None, "RETURNS: 2026-07-01 – …"]]


def test_two_who_cover_a_queue_at_once_are_told_of_each_other(manager: Scope, world: World, fresh_queue: Queue) -> None:
    contract = world.vendors["ANDES"].contract
    cover(manager, contract, fresh_queue, "2026-08-01")
    cover(manager, contract, fresh_queue, "2026-08-01")
    with pytest.raises(Conflict) as refusal:
        cover(manager, contract, fresh_queue, "2026-09-01")
    assert refusal.value.code == "stale"
    with pytest.raises(Conflict):
        cover(manager, contract, fresh_queue, "2026-07-15", former=(date(2026, 8, 2), None))


def test_a_rivals_queue_is_as_unknown_as_one_that_never_was(manager: Scope, world: World) -> None:
    contract = world.vendors["ANDES"].contract
    answers = []
    for key in (world.vendors["BORAL"].queues[0].uuid, uuid.uuid4()):
        with pytest.raises(Invalid) as refusal:
            services.coverage_set(
                scope=manager, contract_uuid=contract.uuid, queue_uuid=key, starts_on=date(2026, 2, 1)
            )
        answers.append(refusal.value.fields)
    assert answers[0] == answers[1]


def test_spans_are_moments_of_the_contracts_zone(manager: Scope, world: World, fresh_queue: Queue) -> None:
    own = world.vendors["ANDES"]
    cover(manager, own.contract, fresh_queue, "2026-08-01", "2026-08-31")
    orders, returns, support = selectors.coverage_spans(scope=manager, vendor_id=own.vendor.pk)
    assert (orders.queue_code, returns.queue_code, support.queue_code) == ("ORDERS", "RETURNS", "SUPPORT")
    assert (returns.queue_id, returns.contract_id, returns.zone) == (
        fresh_queue.pk,
        own.contract.pk,
        "Asia/Shanghai",
    )
    assert returns.covers_from == datetime(2026, 7, 31, 16, tzinfo=UTC)
    assert returns.covers_until == datetime(2026, 8, 31, 16, tzinfo=UTC)
    assert orders.covers_until is None
    with activate(world.scope("boral_vendor_manager")) as rival:
        assert selectors.coverage_spans(scope=rival, vendor_id=own.vendor.pk) == []
        assert own.contract.pk not in selectors.contract_zones(scope=rival)
