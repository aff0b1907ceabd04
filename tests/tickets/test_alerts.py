"""Alerts: each threshold of each clock once, whoever ticks, however often, whatever breaks meanwhile (D15)."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Timer

import psycopg2
import pytest
from django.db import InterfaceError, OperationalError, connection
from pytest_django import DjangoAssertNumQueries

from accounts.models import Delivery, Notice, User
from accounts.selectors import system_scope
from accounts.services import webhook_create
from core.scope import activate
from tests.conftest import superuser
from tests.tickets.desk import HOUR, MONDAY, Desk, desk_make
from tests.world import World
from tickets import selectors, services
from tickets.calc.clocks import Run
from tickets.calc.states import Step
from tickets.models import Ticket, TicketAlert

TICKETS, TICKERS, HOURS = 500, 3, 60


def told(desk: Desk, ticket: Ticket) -> list[tuple[str, str]]:
    """Return which thresholds of a ticket were told of, in order."""
    with activate(desk.world.system):
        alerts = TicketAlert.objects.visible_to(desk.world.system).filter(ticket=ticket)
        return list(alerts.order_by("at", "clock", "threshold").values_list("clock", "threshold"))


def swept(at: datetime) -> int:
    """Sweep as a worker whose clock shows a moment."""
    return services.alerts_sweep(scope=system_scope(reason="test", at=at))


def test_a_warning_comes_at_three_quarters_and_before_the_end(world: World) -> None:
    desk = desk_make(world)
    ticket = desk.opened()
    assert swept(MONDAY + timedelta(minutes=44)) == 0
    assert swept(MONDAY + timedelta(minutes=45)) == 1
    assert told(desk, ticket) == [("hop", "lead"), ("hop", "p75")]
    assert swept(MONDAY + timedelta(minutes=59)) == 0
    swept(MONDAY + HOUR)
    assert told(desk, ticket)[2:] == [("hop", "p100")]
    with activate(world.system):
        assert not Ticket.objects.visible_to(world.system).get(pk=ticket.pk).is_breached
    swept(MONDAY + timedelta(minutes=75))
    with activate(world.system):
        assert Ticket.objects.visible_to(world.system).get(pk=ticket.pk).is_breached


def test_nobody_is_told_at_night_of_what_presses_in_the_morning(world: World) -> None:
    desk = desk_make(world)
    evening = MONDAY + timedelta(hours=8, minutes=30)
    ticket = desk.opened(at=evening)
    swept(evening + timedelta(minutes=29))
    swept(evening + 10 * HOUR)
    assert told(desk, ticket) == []
    # Half of the first line's hour was left for Tuesday from nine.
    swept(MONDAY + timedelta(days=1, minutes=15))
    assert told(desk, ticket) == [("hop", "lead"), ("hop", "p75")]


def test_a_paused_ticket_is_quiet(world: World) -> None:
    desk = desk_make(world)
    ticket = desk.opened()
    scope = desk.scope()
    with activate(scope):
        services.ticket_step(
            scope=scope,
            uuid=ticket.uuid,
            expected_version=ticket.version,
            step=Step.WAIT_FOR_CUSTOMER,
            text="the bill, please",
        )
    while swept(MONDAY + timedelta(days=20)):
        pass
    assert {clock for clock, _threshold in told(desk, ticket)} == {"first_response"}


def _tick(seed: int) -> int:
    """Tick through the hours as one of several beats: out of step, with a clock that jumps, killed now and then."""
    pick, killed = random.Random(seed), 0
    for hour in range(HOURS + 1):
        jump = timedelta(minutes=pick.choice([0, 0, 0, -120, 120]))
        at = min(MONDAY + hour * HOUR + jump, MONDAY + HOURS * HOUR)
        try:
            if pick.random() < 0.2:
                connection.ensure_connection()
                Timer(pick.random() / 10, _kill, [connection.connection.info.backend_pid]).start()
            while swept(at):
                pass
        except (OperationalError, InterfaceError, psycopg2.Error):
            killed += 1
            connection.close()
    connection.close()
    return killed


def _kill(pid: int) -> None:
    with superuser() as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()


@pytest.mark.faults
def test_five_hundred_tickets_three_beats_and_faults(committed_world: World) -> None:
    desk = desk_make(committed_world)
    admin = committed_world.scope("andes_vendor_manager", at=MONDAY)
    with activate(admin):
        webhook_create(scope=admin, name="hook", url="https://hook.example/in", events=["ticket.alerted"])
    pick = random.Random(15)
    tickets = [
        desk.opened(
            at=MONDAY + timedelta(minutes=pick.randrange(24 * 60)), subject=pick.choice(["A bill", "urgent!", "咨询"])
        )
        for _ in range(TICKETS)
    ]
    with ThreadPoolExecutor(TICKERS) as tickers:
        killed = sum(tickers.map(_tick, range(TICKERS)))
    assert killed > 0
    # After the outage everything is told that anybody's clock had reached.
    end = replace(committed_world.system, at=MONDAY + HOURS * HOUR)
    while services.alerts_sweep(scope=end):
        pass
    with activate(end):
        alerts = TicketAlert.objects.visible_to(end)
        found = Counter(alerts.values_list("ticket_id", "clock", "cycle", "threshold"))
        expected = {
            (reading.ticket.pk, reading.run.clock.value, reading.run.cycle, name)
            for reading in services.readings_of(scope=end, tickets=tickets)
            for name, at in _reached(reading.run)
            if at <= end.at
        }
    assert len(expected) > TICKETS
    assert set(found) == expected
    assert set(found.values()) == {1}
    # Programs hear of each, and people of no promise twice the same: counted by what was said, not by its key.
    with activate(end):
        said = Delivery.objects.visible_to(end).filter(event="ticket.alerted").values_list("payload", flat=True)
        numbers = {str(ticket.uuid): ticket.pk for ticket in tickets}
        heard = Counter((numbers[p["ticket"]], p["clock"], p["cycle"], p["threshold"]) for p in said)
        notices = Notice.objects.visible_to(end).filter(kind="ticket_alert")
        told_to = Counter(
            (notice.recipient_id, notice.path, notice.parameters["clock"], notice.key.rpartition(":")[2])
            for notice in notices
        )
    assert heard == Counter(expected)
    assert set(told_to.values()) == {1}


def _reached(run: Run) -> list[tuple[str, datetime]]:
    """Return the thresholds of a cycle by adding up business time, whatever was told already."""
    whole = run.target_seconds or 0
    names = {"p75": 0.75 * whole, "p100": whole, "p125": 1.25 * whole, "p150": 1.5 * whole, "lead": whole - 900}
    return [(name, run.calendar.add(run.started_at, seconds)) for name, seconds in names.items()]


def test_the_ladder_tells_people_and_webhooks_once_each(world: World) -> None:
    desk = desk_make(world)
    admin = world.scope("andes_vendor_manager", at=MONDAY)
    names = ["ticket.created", "ticket.changed", "ticket.alerted"]
    with activate(admin):
        webhook_create(scope=admin, name="hook", url="https://hook.example/in", events=names)
    ticket = desk.opened()
    scope = desk.scope(at=MONDAY)
    with activate(scope):
        services.ticket_assign(
            scope=scope, uuid=ticket.uuid, expected_version=1, handler=world.users["andes_agent"].uuid
        )
    for minutes in (45, 60, 75, 90):
        swept(MONDAY + timedelta(minutes=minutes))
        swept(MONDAY + timedelta(minutes=minutes))
    with activate(world.system):
        notices = Notice.objects.visible_to(world.system).filter(kind="ticket_alert").order_by("pk")
        told_to = Counter((notice.key.rpartition(":")[2], notice.recipient.username) for notice in notices)
        events = Delivery.objects.visible_to(world.system).order_by("pk").values_list("event", "payload")
        assert Counter(name for name, _payload in events) == {
            "ticket.created": 1, "ticket.changed": 1, "ticket.alerted": 5,
        }  # fmt: skip
        assert {payload["ticket"] for _name, payload in events} == {str(ticket.uuid)}
    assert told_to == {
        ("p75", "andes_agent"): 1,
        ("p100", "andes_agent"): 1,
        ("p100", "andes_vendor_supervisor"): 1,
        ("p125", "andes_vendor_manager"): 1,
        ("p150", "programme_manager"): 1,
    }


def test_the_lead_hears_for_whoever_can_no_longer_sign_in(world: World) -> None:
    desk = desk_make(world)
    ticket, scope = desk.opened(), desk.scope(at=MONDAY)
    handler = world.users["andes_agent"]
    with activate(scope):
        services.ticket_assign(scope=scope, uuid=ticket.uuid, expected_version=1, handler=handler.uuid)
    User.objects.filter(pk=handler.pk).update(is_active=False)
    swept(MONDAY + timedelta(minutes=45))
    with activate(world.system):
        notices = Notice.objects.visible_to(world.system).filter(kind="ticket_alert")
        assert [notice.recipient.username for notice in notices] == ["andes_vendor_supervisor"]


def test_a_promise_that_was_moved_is_told_of_anew(world: World) -> None:
    desk = desk_make(world)
    ticket, client = desk.opened(), desk.scope("programme_manager")
    day = timedelta(days=1)
    while swept(MONDAY + 5 * day):
        pass
    first = [row for row in told(desk, ticket) if row[0] == "first_response"]
    assert {threshold for _clock, threshold in first} == {"lead", "p75", "p100", "p125", "p150"}
    later = replace(client, at=MONDAY + 5 * day)
    with activate(later):
        policy = next(each for each in desk.policies if each.tier == "normal")
        services.policy_update(
            scope=later,
            uuid=policy.uuid,
            expected_version=policy.version,
            values={"first_response_seconds": 60 * 3600},
        )
    while services.tickets_follow(scope=replace(world.system, at=MONDAY + 5 * day)):
        pass
    for days in range(5, 20):
        for _again in range(2):
            while swept(MONDAY + days * day):
                pass
    again = [row for row in told(desk, ticket) if row[0] == "first_response"]
    # Once before and once after, each of those whose moment came anew.
    assert Counter(threshold for _clock, threshold in again) == Counter(
        {"lead": 2, "p75": 2, "p100": 2, "p125": 2, "p150": 2}
    )


def test_a_late_sweep_tells_each_person_the_gravest_threshold_of_a_promise(world: World) -> None:
    desk = desk_make(world)
    ticket = desk.opened()
    swept(MONDAY + timedelta(minutes=90))
    hops = [threshold for clock, threshold in told(desk, ticket) if clock == "hop"]
    assert sorted(hops) == ["lead", "p100", "p125", "p150", "p75"]
    with activate(world.system):
        notices = Notice.objects.visible_to(world.system).filter(kind="ticket_alert", key__contains=":hop:")
        told_to = sorted((notice.key.rpartition(":")[2], notice.recipient.username) for notice in notices)
    # Nobody holds it, so what the handler would hear goes to the lead.
    assert told_to == [
        ("p100", "andes_vendor_supervisor"),
        ("p125", "andes_vendor_manager"),
        ("p150", "programme_manager"),
    ]


def test_a_sweep_asks_as_often_for_many_tickets_as_for_few(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk, counts = desk_make(world), []
    for number, at in ((2, MONDAY), (30, MONDAY + 2 * HOUR)):
        for _ in range(number):
            desk.opened(at=at)
        with django_assert_max_num_queries(60) as queries:
            assert swept(at + HOUR + timedelta(minutes=1)) >= number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_following_a_rule_asks_as_often_for_many_tickets_as_for_few(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk, counts = desk_make(world), []
    for number, hours in ((2, 8), (30, 9)):
        for _ in range(number):
            desk.opened()
        client = world.scope("programme_manager", at=MONDAY)
        with activate(client):
            policy = selectors.policy_get(scope=client, uuid=desk.policies[2].uuid)
            services.policy_update(
                scope=client,
                uuid=policy.uuid,
                expected_version=policy.version,
                values={"first_response_seconds": hours * 3600},
            )
        with django_assert_max_num_queries(60) as queries:
            assert services.tickets_follow(scope=system_scope(reason="test", at=MONDAY)) >= number
        counts.append(len(queries))
    assert counts[0] == counts[1]
