"""The two clocks: vectors, ratios, and alerts that come exactly once whoever looks, how often and at what time."""

from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Notice
from core.scope import activate
from sla import selectors
from sla.calc.incidents import (
    LIMIT_PERCENT,
    Clock,
    Severity,
    Step,
    Verdict,
    clock_read,
    limit_seconds,
    met_of,
    thresholds_reached,
)
from sla.models import Incident, IncidentAlert, IncidentEntry
from sla.services import incident_clocks_tick
from sla.tasks import incident_clocks
from tests.sla.incident_world import incident_of, step
from tests.world import NOW, World

HOUR = timedelta(hours=1)


def read(minutes: float, stopped: float | None = None, limit: int = 3600) -> Any:
    """Read a clock some minutes after it was started."""
    return clock_read(
        Clock.LOCATE,
        raised_at=NOW,
        stopped_at=None if stopped is None else NOW + timedelta(minutes=stopped),
        limit_seconds=limit,
        at=NOW + timedelta(minutes=minutes),
    )


@pytest.mark.parametrize(
    ("minutes", "stopped", "verdict", "is_met"),
    [
        (0, None, Verdict.RUNNING, None),
        (44.99, None, Verdict.RUNNING, None),
        (45, None, Verdict.NEAR, None),
        (60, None, Verdict.NEAR, None),
        (60.01, None, Verdict.OVERDUE, False),
        (999, 60, Verdict.MET, True),
        (999, 60.01, Verdict.MISSED, False),
        (999, 0, Verdict.MET, True),
        # A clock that was put back: nothing has passed yet.
        (-30, None, Verdict.RUNNING, None),
        (0, -30, Verdict.MET, True),
    ],
)
def test_vectors(minutes: float, stopped: float | None, verdict: Verdict, is_met: bool | None) -> None:
    reading = read(minutes, stopped)
    assert (reading.verdict, reading.is_met) == (verdict, is_met)
    assert reading.due_at == NOW + HOUR
    assert reading.elapsed_seconds >= 0


def test_the_wall_clock_counts_over_midnight_weekend_and_a_change_of_the_clocks() -> None:
    # Berlin turns its clocks back on this Sunday at 01:00 UTC; an hour is an hour.
    raised = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    reading = clock_read(Clock.RESTORE, raised_at=raised, stopped_at=raised + 4 * HOUR, limit_seconds=14400, at=raised)
    assert reading.is_met is True


def test_limits_are_those_of_the_domain_for_every_severity() -> None:
    for severity in Severity:
        assert limit_seconds(severity, Clock.LOCATE) == 3600
        assert limit_seconds(severity, Clock.RESTORE) == 14400


def test_met_of_counts_what_is_decided() -> None:
    assert met_of([read(0), read(50), read(61), read(0, 10), read(0, 90)]) == (1, 3)
    assert met_of([]) == (0, 0)


def test_ratios_have_both_parts_and_agree_with_the_reading(world: World) -> None:
    lot = random.Random(4)
    expected: dict[Clock, list[Any]] = {clock: [] for clock in Clock}
    for number in range(12):
        start = NOW - timedelta(minutes=lot.randrange(1, 600))
        incident = incident_of(world, at=start, queues=(number % 2,))
        if lot.random() < 0.8:
            incident = step(world, incident, Step.ACKNOWLEDGE, at=start)
            incident = step(world, incident, Step.LOCATE, at=start + timedelta(minutes=lot.choice([30, 60, 61])))
        if incident.located_at and lot.random() < 0.6:
            incident = step(world, incident, Step.RESTORE, at=start + timedelta(minutes=lot.choice([200, 240, 241])))
        for clock in Clock:
            expected[clock].append(incident.reading(clock, NOW))
    incident_of(world, by="boral_vendor_supervisor", code="BORAL", at=NOW - 9 * HOUR)
    scope = world.scope("andes_vendor_manager")
    with activate(scope):
        counts = selectors.clock_counts(scope=scope, start=NOW - 24 * HOUR, end=NOW)
    assert [(count.met, count.decided) for count in counts] == [met_of(expected[clock]) for clock in Clock]
    assert [count.running for count in counts] == [
        sum(reading.is_met is None for reading in expected[clock]) for clock in Clock
    ]
    with activate(scope):
        empty = selectors.clock_counts(scope=scope, start=NOW + HOUR, end=NOW + 2 * HOUR)
    assert [count.ratio for count in empty] == [None, None]


def told(world: World) -> Counter[tuple[int, str, int]]:
    """Return the alerts that stand in the table."""
    rows = IncidentAlert.objects.visible_to(world.system).values_list("incident_id", "clock", "percent")
    return Counter(rows)


def tick(world: World, at: datetime) -> int:
    return incident_clocks_tick(scope=world.scope("programme_manager", at))


def test_each_threshold_is_told_once_however_often_one_looks(world: World) -> None:
    incident = incident_of(world)
    found = []
    for minutes in range(0, 300, 1):
        found += [minutes] * tick(world, NOW + timedelta(minutes=minutes))
        tick(world, NOW + timedelta(minutes=minutes))
    assert found == [45, 60, 180, 240]
    with activate(world.system):
        assert told(world) == {
            (incident.pk, clock.value, percent): 1 for clock in Clock for percent in (75, LIMIT_PERCENT)
        }
        alerts = IncidentEntry.objects.visible_to(world.system).filter(kind="alert").order_by("pk")
        assert [entry.text for entry in alerts] == ["locate 75", "locate 100", "restore 75", "restore 100"]


def test_a_clock_that_jumps_forth_and_back_tells_nothing_twice(world: World) -> None:
    incident_of(world)
    lot = random.Random(15)
    for _ in range(60):
        tick(world, NOW + timedelta(minutes=lot.randrange(-600, 600)))
    assert tick(world, NOW + 24 * HOUR) == 0
    with activate(world.system):
        assert set(told(world).values()) == {1}
        assert len(told(world)) == 4


def test_what_stopped_in_time_is_never_told_and_what_stopped_late_is_told_at_the_limit(world: World) -> None:
    early, late = incident_of(world), incident_of(world)
    for incident, minutes in ((early, 60), (late, 61)):
        step(world, incident, Step.ACKNOWLEDGE, at=NOW)
        step(world, incident, Step.LOCATE, at=NOW + timedelta(minutes=minutes))
    tick(world, NOW + timedelta(minutes=62))
    with activate(world.system):
        assert told(world) == {(late.pk, "locate", LIMIT_PERCENT): 1}


def test_the_query_agrees_with_the_pure_function(world: World) -> None:
    lot, expected = random.Random(91), Counter[tuple[int, str, int]]()
    at = NOW + timedelta(minutes=200)
    for _ in range(40):
        incident = incident_of(world, at=NOW + timedelta(minutes=lot.randrange(0, 200)))
        if lot.random() < 0.5:
            located = incident.raised_at + timedelta(minutes=lot.randrange(0, 120), seconds=lot.choice([0, 1]))
            step(world, incident, Step.ACKNOWLEDGE, at=incident.raised_at)
            incident = step(world, incident, Step.LOCATE, at=located)
        for clock in Clock:
            reading = incident.reading(clock, at)
            for percent in thresholds_reached(
                raised_at=incident.raised_at,
                stopped_at=reading.stopped_at,
                limit_seconds=reading.limit_seconds,
                at=at,
            ):
                expected[incident.pk, clock.value, percent] += 1
    tick(world, at)
    with activate(world.system):
        assert told(world) == expected
    assert expected


def notices(world: World) -> Counter[tuple[str, str]]:
    """Return how often each person was told each message."""
    rows = Notice.objects.visible_to(world.system).values_list("recipient__username", "message")
    return Counter(rows)


def test_whoever_can_act_is_told_and_at_the_limit_the_contracts_people_too(world: World) -> None:
    incident_of(world)
    tick(world, NOW + timedelta(minutes=50))
    tick(world, NOW + timedelta(minutes=61))
    with activate(world.system):
        told_of = notices(world)
    near = {name for name, message in told_of if message == "incident_locate_near"}
    assert near == {"andes_vendor_manager", "andes_vendor_supervisor", "programme_manager"}
    over = {name for name, message in told_of if message == "incident_locate_over"}
    assert over == near | {"contract_finance", "client_wfm"}
    raised = {name for name, message in told_of if message == "incident_raised"}
    assert raised == near - {"andes_vendor_supervisor"}
    assert set(told_of.values()) == {1}


def test_three_workers_at_once_tell_each_threshold_once(committed_world: World) -> None:
    world = committed_world
    for number in range(20):
        incident_of(world, title=f"number {number}")
    # One worker's clock is ahead, one's is behind, and all of them jump.
    scopes = [
        world.scope("programme_manager", NOW + timedelta(minutes=minutes)) for minutes in (50, 70, 10, 250, 190, 300)
    ]
    start = threading.Barrier(3)
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            start.wait(timeout=20)
            for scope in scopes[number:] + scopes[:number]:
                incident_clocks_tick(scope=scope)
        except BaseException as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert problems == []
    with activate(world.system):
        pks = list(Incident.objects.visible_to(world.system).values_list("pk", flat=True))
        wanted = Counter((pk, clock.value, percent) for pk in pks for clock in Clock for percent in (75, 100))
        assert told(world) == wanted
        heard = {message: n for (name, message), n in notices(world).items() if name == "andes_vendor_manager"}
    kinds = ("raised", "locate_near", "locate_over", "restore_near", "restore_over")
    assert heard == {f"incident_{kind}": 20 for kind in kinds}


def test_the_task_looks_at_every_vendor(committed_world: World) -> None:
    world = committed_world
    old = datetime.now(UTC) - 2 * HOUR
    for code in ("ANDES", "BORAL"):
        incident_of(world, by=f"{code.lower()}_vendor_supervisor", code=code, at=old)
    incident_clocks()
    incident_clocks()
    with activate(world.system):
        assert sorted(Counter(clock for _pk, clock, _percent in told(world)).items()) == [("locate", 4)]
