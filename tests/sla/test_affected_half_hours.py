"""Which half-hours an incident took: over midnight, over a change of the clocks, by two incidents at once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.models import Contract, Coverage
from core.errors import NotFound
from core.periods import HALF_HOUR, day_start, half_hours
from core.scope import Scope, activate
from sla import selectors, services
from sla.selectors import AffectedHalfHour
from tests.sla.incident_world import incident_of, restored
from tests.world import NOW, World

MINUTE = timedelta(minutes=1)


def asked(world: World, start: datetime, end: datetime, scope: Scope | None = None) -> list[AffectedHalfHour]:
    """Return what a vendor's contract was affected by."""
    scope = scope or world.scope("programme_manager")
    with activate(scope):
        return selectors.affected_half_hours(
            scope=scope, contract_id=world.vendors["ANDES"].contract.pk, start=start, end=end
        )


def contract_in(world: World, zone: str) -> int:
    """Give the vendor's queues to a contract of another zone, and return its key."""
    small = world.vendors["ANDES"]
    with activate(world.system):
        contract = Contract.objects.create(
            vendor=small.vendor, code="ELSEWHERE", name="elsewhere", zone=zone, starts_on=date(2026, 1, 1)
        )
        Coverage.objects.visible_to(world.system).filter(contract=small.contract).update(contract=contract)
    return contract.pk


def test_an_incident_over_midnight_takes_the_half_hours_of_both_days(world: World) -> None:
    midnight = day_start(date(2026, 6, 12), "Asia/Shanghai")
    restored(world, start=midnight - 40 * MINUTE, end=midnight + 35 * MINUTE)
    found = asked(world, midnight - timedelta(days=1), midnight + timedelta(days=1))
    assert [(row.bucket - midnight, row.affected_seconds) for row in found] == [
        (-60 * MINUTE, 600.0),
        (-30 * MINUTE, 1800.0),
        (0 * MINUTE, 1800.0),
        (30 * MINUTE, 300.0),
    ]
    assert {row.queue_id for row in found} == {world.vendors["ANDES"].queues[0].pk}
    # The period cuts at its bounds; a half-hour belongs to it by its start.
    assert [row.bucket for row in asked(world, midnight, midnight + HALF_HOUR)] == [midnight]


def test_touching_a_half_hour_at_its_bounds_does_not_affect_it(world: World) -> None:
    start = datetime(2026, 6, 12, 4, tzinfo=UTC)
    restored(world, start=start, end=start + HALF_HOUR)
    assert [row.bucket for row in asked(world, start - HALF_HOUR, start + 2 * HALF_HOUR)] == [start]


@pytest.mark.parametrize(
    ("zone", "day", "count"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 46),
        ("Europe/Berlin", date(2026, 10, 25), 50),
        ("Australia/Lord_Howe", date(2026, 4, 5), 49),
        ("Asia/Kathmandu", date(2026, 6, 1), 48),
        # Midnight itself is skipped: the day begins at one o'clock.
        ("America/Santiago", date(2026, 9, 6), 46),
    ],
)
def test_a_day_lost_whole_has_as_many_half_hours_as_its_clocks_gave_it(
    world: World, zone: str, day: date, count: int
) -> None:
    contract_id = contract_in(world, zone)
    buckets = half_hours(day, zone)
    restored(world, start=buckets[0], end=buckets[-1] + HALF_HOUR)
    scope = world.scope("programme_manager", buckets[-1] + timedelta(days=1))
    with activate(scope):
        found = selectors.affected_half_hours(
            scope=scope,
            contract_id=contract_id,
            start=buckets[0] - timedelta(days=1),
            end=buckets[-1] + timedelta(days=2),
        )
    assert [row.bucket for row in found] == buckets
    assert len(found) == count
    assert sum(row.affected_seconds for row in found) == (buckets[-1] + HALF_HOUR - buckets[0]).total_seconds()


def test_two_incidents_at_once_stand_there_each(world: World) -> None:
    start = datetime(2026, 6, 12, 4, tzinfo=UTC)
    first = restored(world, start=start, end=start + 2 * HALF_HOUR, queues=(0, 1))
    second = restored(world, start=start + HALF_HOUR, end=start + 3 * HALF_HOUR)
    found = asked(world, start, start + timedelta(hours=6))
    queues = [queue.pk for queue in world.vendors["ANDES"].queues]
    assert Counter((row.queue_id, row.bucket - start, row.incident_id) for row in found) == Counter(
        [
            (queues[0], 0 * MINUTE, first.pk),
            (queues[0], 30 * MINUTE, first.pk),
            (queues[0], 30 * MINUTE, second.pk),
            (queues[0], 60 * MINUTE, second.pk),
            (queues[1], 0 * MINUTE, first.pk),
            (queues[1], 30 * MINUTE, first.pk),
        ]
    )
    assert len({(row.queue_id, row.bucket) for row in found}) == 5


def test_what_does_not_count_or_is_not_decided_takes_nothing(world: World) -> None:
    start = datetime(2026, 6, 12, 4, tzinfo=UTC)
    incident = restored(world, start=start, end=start + HALF_HOUR)
    incident_of(world, at=start)
    client = world.scope("programme_manager")
    with activate(client):
        services.incident_judge(
            scope=client, uuid=incident.uuid, expected_version=5, counts=False, reason="the vendor's own fault"
        )
    assert asked(world, start - timedelta(days=1), start + timedelta(days=1)) == []


def test_only_what_the_contract_covers_on_that_day_is_taken(world: World) -> None:
    midnight = day_start(date(2026, 6, 12), "Asia/Shanghai")
    restored(world, start=midnight - HALF_HOUR, end=midnight + HALF_HOUR)
    small = world.vendors["ANDES"]
    with activate(world.system):
        Coverage.objects.visible_to(world.system).filter(queue=small.queues[0]).update(ends_on=date(2026, 6, 11))
    assert [row.bucket for row in asked(world, midnight - HALF_HOUR, midnight + HALF_HOUR)] == [midnight - HALF_HOUR]


def test_the_corrected_time_counts(world: World) -> None:
    start = datetime(2026, 6, 12, 4, tzinfo=UTC)
    incident = restored(world, start=start, end=start + HALF_HOUR)
    client = world.scope("programme_manager", NOW)
    with activate(client):
        services.incident_correct_window(
            scope=client,
            uuid=incident.uuid,
            expected_version=5,
            affected_from=start - HALF_HOUR,
            affected_until=start,
            reason="calls failed before anybody saw it",
        )
    assert [row.bucket for row in asked(world, start - timedelta(days=1), start + timedelta(days=1))] == [
        start - HALF_HOUR
    ]


def test_it_takes_two_queries_and_rivals_see_none_of_it(
    world: World, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    start = datetime(2026, 6, 12, 4, tzinfo=UTC)
    for number in range(4):
        restored(world, start=start + number * MINUTE, end=start + HALF_HOUR)
    restored(world, start=start, end=start + HALF_HOUR, code="BORAL")
    scope = world.scope("andes_vendor_manager")
    with activate(scope), django_assert_num_queries(2):  # type: ignore[operator]
        found = selectors.affected_half_hours(
            scope=scope, contract_id=world.vendors["ANDES"].contract.pk, start=start, end=start + HALF_HOUR
        )
    assert len(found) == 4
    rival = world.scope("boral_vendor_manager")
    with pytest.raises(NotFound):
        asked(world, start, start + HALF_HOUR, scope=rival)
