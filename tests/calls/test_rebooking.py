"""Calls follow the contract that covers them, also where zone or coverage change after they came in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from calls import services as calls
from calls.calc.profile import CANONICAL
from calls.models import Call
from calls.services.load import part_load
from contracts import services as contracts
from contracts.calc.definition import Kpi
from contracts.models import Contract, Rebooking
from core.errors import Conflict
from core.periods import local_day
from core.scope import Scope, activate
from sla import services
from sla.calc.query import Dimension, Interval, KpiQuery
from sla.selectors import kpi_report
from tests.oracle import Row
from tests.sla.feed import drain, frame_of
from tests.world import NOW, VendorWorld, World
from vendors.models import Queue

DAYS = [date(2026, 6, 2) + timedelta(days=n) for n in range(10)]
# Three calls a day, at the edges of days in Shanghai, Kathmandu and Tokyo.
HOURS = (timedelta(minutes=5), timedelta(hours=12), timedelta(hours=23, minutes=50))


@pytest.fixture
def home(world: World) -> VendorWorld:
    return world.vendors["ANDES"]


@pytest.fixture
def manager(world: World) -> Scope:
    return world.scope("programme_manager")


def opened(home: VendorWorld, manager: Scope, code: str) -> Contract:
    """Open a contract that nobody signed."""
    with activate(manager):
        return contracts.contract_create(
            scope=manager,
            vendor_id=home.vendor.pk,
            code=code,
            name=code,
            zone="Asia/Shanghai",
            starts_on=date(2026, 1, 1),
        )


def covered(manager: Scope, contract: Contract, queue: Queue, **term: Any) -> None:
    """Let a contract cover a queue."""
    with activate(manager):
        contracts.coverage_set(
            scope=manager,
            contract_uuid=contract.uuid,
            queue_uuid=queue.uuid,
            **{"starts_on": date(2026, 1, 1), **term},
        )


def queue_made(world: World, home: VendorWorld) -> Queue:
    """Give the vendor a queue that no contract covers yet."""
    with activate(world.system):
        return Queue.objects.create(vendor=home.vendor, code="NEW", name="New", direction="inbound")


def stored(world: World, home: VendorWorld, contract: Contract) -> None:
    """Load thirty calls under a contract, and count them."""
    midnight = datetime(2026, 6, 2, tzinfo=UTC) - timedelta(hours=8)
    moments = [midnight + timedelta(days=day) + hour for day in range(10) for hour in HOURS]
    answer: dict[str, Any] = {"queue": "NEW", "outcome": "answered", "wait": 5, "talk": 60}
    rows = [
        Row(external_id=f"R{number}", offered_at=at, answered_at=at + timedelta(seconds=5), **answer)
        for number, at in enumerate(moments)
    ]
    with activate(world.system):
        part_load(
            scope=world.system,
            vendor_id=home.vendor.pk,
            batch_id=1,
            frame=frame_of(rows, contract_id=contract.pk),
            profile=CANONICAL,
        )
    settled(world)


def settled(world: World) -> None:
    """Do all that waits."""
    while (vendor_id := calls.rebooking_next(scope=world.system)) is not None:
        calls.rebooking_work(scope=world.system, vendor_id=vendor_id)
    drain(world.system)


def moment(start: date | datetime) -> datetime:
    """Return the beginning of a row that knows its zone."""
    assert isinstance(start, datetime)
    return start


def volumes(world: World, contract: Contract) -> dict[date, int]:
    """Return the calls of each day of a contract, as reports show them; and see that a rebuild changes nothing."""
    keys = services.days_known(scope=world.system, first=date(2026, 1, 1), last=date(2026, 12, 31))
    assert services.days_rebuild(scope=world.system, keys=keys) == []
    scope = replace(world.scope("programme_manager"), at=NOW)
    query = KpiQuery((Kpi.VOLUME,), date(2026, 6, 1), date(2026, 6, 14), interval=Interval.DAY)
    query = replace(query, group_by=(Dimension.CONTRACT,))
    with activate(scope):
        rows = kpi_report(scope=scope, query=query).rows
    counted = [(row, row.cell(Kpi.VOLUME).result.numerator) for row in rows if row.groups[0].pk == contract.pk]
    return {local_day(moment(row.start), contract.zone): count for row, count in counted if count}


def test_another_zone_puts_the_same_calls_on_its_own_days(world: World, home: VendorWorld, manager: Scope) -> None:
    contract = opened(home, manager, "Z-1")
    covered(manager, contract, queue_made(world, home))
    stored(world, home, contract)
    assert volumes(world, contract) == dict.fromkeys(DAYS, 3)
    for zone, expected in {
        # Two hours and a quarter behind: the first call of each day is the day before's.
        "Asia/Kathmandu": {DAYS[0] - timedelta(days=1): 1, **dict.fromkeys(DAYS[:-1], 3), DAYS[-1]: 2},
        # An hour ahead: the last one is the day after's.
        "Asia/Tokyo": {DAYS[0]: 2, **dict.fromkeys(DAYS[1:], 3), DAYS[-1] + timedelta(days=1): 1},
    }.items():
        with activate(manager):
            contract = contracts.contract_update(
                scope=manager, uuid=contract.uuid, expected_version=contract.version, values={"zone": zone}
            )
        settled(world)
        assert volumes(world, contract) == expected


def test_calls_go_with_the_coverage_of_their_queue(world: World, home: VendorWorld, manager: Scope) -> None:
    first, second, queue = opened(home, manager, "C-1"), opened(home, manager, "C-2"), queue_made(world, home)
    covered(manager, first, queue)
    stored(world, home, first)
    covered(manager, first, queue, ends_on=DAYS[3], former=(date(2026, 1, 1), None))
    covered(manager, second, queue, starts_on=DAYS[4])
    settled(world)
    assert volumes(world, first) == dict.fromkeys(DAYS[:4], 3)
    assert volumes(world, second) == dict.fromkeys(DAYS[4:], 3)
    with activate(manager):
        contracts.coverage_remove(scope=manager, contract_uuid=first.uuid, queue_uuid=queue.uuid)
    settled(world)
    # Covered by nobody: in the list of calls, in no figure, until somebody covers them again.
    assert volumes(world, first) == {}
    covered(manager, second, queue, starts_on=date(2026, 1, 1), former=(DAYS[4], None))
    settled(world)
    assert volumes(world, second) == dict.fromkeys(DAYS, 3)
    with activate(world.system):
        assert set(Call.objects.visible_to(world.system).values_list("contract_id", flat=True)) == {second.pk}
        assert not Rebooking.objects.visible_to(world.system).filter(done_at=None).exists()


def test_a_file_that_was_checked_before_the_coverage_moved_is_booked_where_it_belongs(
    world: World, home: VendorWorld, manager: Scope
) -> None:
    first, second, queue = opened(home, manager, "C-1"), opened(home, manager, "C-2"), queue_made(world, home)
    covered(manager, second, queue)
    settled(world)
    # The rows say the contract that covered the queue when they were checked.
    stored(world, home, first)
    assert (volumes(world, first), volumes(world, second)) == ({}, dict.fromkeys(DAYS, 3))


def test_days_that_were_signed_for_stay_covered(world: World, home: VendorWorld, manager: Scope) -> None:
    with activate(manager), pytest.raises(Conflict, match="stay covered"):
        contracts.coverage_set(
            scope=manager,
            contract_uuid=home.contract.uuid,
            queue_uuid=home.queues[0].uuid,
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 6, 1),
            former=(date(2026, 1, 1), None),
        )


def test_hours_that_two_zones_cover_stay_where_they_are(world: World, home: VendorWorld, manager: Scope) -> None:
    west, east, queue = opened(home, manager, "W"), opened(home, manager, "E"), queue_made(world, home)
    with activate(manager):
        west = contracts.contract_update(
            scope=manager, uuid=west.uuid, expected_version=west.version, values={"zone": "America/New_York"}
        )
    covered(manager, west, queue, ends_on=DAYS[3])
    covered(manager, east, queue, starts_on=DAYS[4])
    stored(world, home, west)
    places = []
    for _again in range(3):
        with activate(manager):
            contracts.rebooking_ask(scope=manager, contract=east, is_whole=True)
        settled(world)
        with activate(world.system):
            rows = Call.objects.visible_to(world.system).order_by("external_id")
            places.append(list(rows.values_list("external_id", "contract_id")))
    assert places[0] == places[1] == places[2]
    # Until noon of the sixth in Shanghai the fifth goes on in New York.
    kept = [contract_id for _id, contract_id in places[0]].count(west.pk)
    assert kept == 4 * 3 + 1


def test_coverage_that_grows_counts_no_day_anew(world: World, home: VendorWorld, manager: Scope) -> None:
    contract, queue = opened(home, manager, "G-1"), queue_made(world, home)
    covered(manager, contract, queue, ends_on=date(2026, 8, 1))
    stored(world, home, contract)
    covered(manager, contract, queue, ends_on=date(2026, 9, 1), former=(date(2026, 1, 1), date(2026, 8, 1)))
    while (vendor_id := calls.rebooking_next(scope=world.system)) is not None:
        calls.rebooking_work(scope=world.system, vendor_id=vendor_id)
    assert services.marks_drain(scope=world.system) == 0
