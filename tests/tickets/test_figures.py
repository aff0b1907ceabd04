"""The KPIs of tickets: which promise counts on which day, and what recomputing changes."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.selectors import system_scope
from core.errors import Forbidden, HouseError
from core.scope import Scope, activate
from sla.models import MeasuredDay
from sla.selectors import measured_sums
from tests.tickets.desk import HOUR, MONDAY, Desk, desk_make
from tests.world import World
from tickets import selectors, services
from tickets.calc.clocks import Clock, Level
from tickets.calc.kpis import STORED, TicketKpi, overrun_of
from tickets.calc.states import Step
from tickets.models import Ticket, TicketClock
from tickets.services import HandOver

DAY = timedelta(days=1)
MONTH: dict[str, Any] = {"first": date(2026, 6, 1), "until": date(2026, 8, 1)}


@pytest.fixture
def desk(world: World) -> Desk:
    """A vendor with the usual policies."""
    return desk_make(world)


def counted(at: datetime) -> int:
    """Look for broken promises and count what is marked, as the ticks do."""
    scope, days = system_scope(reason="test", at=at), 0
    while services.alerts_sweep(scope=scope):
        pass
    while found := services.ticket_days_count(scope=scope):
        days += found
    return days


def kept(desk: Desk) -> dict[tuple[str, str], tuple[int, int]]:
    """Return day and KPI to numerator and denominator."""
    with activate(desk.world.system):
        rows = MeasuredDay.objects.visible_to(desk.world.system).order_by("day", "kpi")
        return {(f"{row.day:%m-%d}", row.kpi): (row.numerator, row.denominator) for row in rows}


def step(desk: Desk, ticket: Ticket, what: Step, at: datetime) -> Ticket:
    """Take a step."""
    scope = desk.scope(at=at)
    with activate(scope):
        return services.ticket_step(
            scope=scope, uuid=ticket.uuid, expected_version=ticket.version, step=what, text="so it was"
        )


def test_a_kept_promise_counts_on_its_day_in_the_zone_of_the_contract(desk: Desk) -> None:
    ticket = desk.opened(customer="")
    # Seven in the evening UTC is Tuesday in Shanghai.
    step(desk, ticket, Step.RESOLVE, MONDAY + 18 * HOUR)
    counted(MONDAY + 18 * HOUR)
    found = kept(desk)
    assert found["06-16", "ticket_response"] == (1, 1)
    assert found["06-16", "ticket_resolution"] == (1, 1)
    # The first line had an hour to record it: broken on Monday, and over by the rest of the day.
    assert found["06-15", "ticket_hand_over"] == (0, 1)
    assert found["06-15", "ticket_hand_over_overrun"] == (8 * 3600, 1)
    assert len(found) == 4


def test_a_broken_promise_counts_on_the_day_it_broke_and_stays_there(desk: Desk) -> None:
    ticket = desk.opened(customer="")
    counted(MONDAY + HOUR)
    assert kept(desk) == {}
    counted(MONDAY + HOUR + timedelta(seconds=1))
    assert kept(desk) == {("06-15", "ticket_hand_over"): (0, 1)}
    # 24 and 72 hours of office time: Wednesday at three, and Wednesday of the week after (the 19th is a holiday).
    counted(MONDAY + 20 * DAY)
    open_ones = kept(desk)
    step(desk, ticket, Step.RESOLVE, MONDAY + 20 * DAY)
    counted(MONDAY + 20 * DAY)
    closed = kept(desk)
    assert {key: value for key, value in closed.items() if not key[1].endswith("_overrun")} == open_ones
    assert open_ones["06-17", "ticket_response"] == (0, 1)
    assert closed["06-17", "ticket_response_overrun"][1] == 1


def test_a_promise_that_ends_with_the_window_is_broken_at_the_next_opening(desk: Desk) -> None:
    # Two windows of nine hours less six: the first response falls due on Wednesday at the close.
    ticket = desk.opened(at=MONDAY + 3 * HOUR, customer="")
    with activate(desk.world.system):
        clock = TicketClock.objects.visible_to(desk.world.system).get(ticket=ticket, clock=Clock.FIRST_RESPONSE)
    assert (clock.due_at, clock.breach_at) == (MONDAY + 2 * DAY + 9 * HOUR, MONDAY + 3 * DAY)
    counted(MONDAY + 3 * DAY)
    assert not any(kpi == TicketKpi.RESPONSE for _day, kpi in kept(desk))
    counted(MONDAY + 3 * DAY + timedelta(seconds=1))
    assert kept(desk)["06-18", "ticket_response"] == (0, 1)


def test_what_is_canceled_counts_nowhere_and_what_is_reopened_no_longer(desk: Desk) -> None:
    step(desk, desk.opened(customer=""), Step.CANCEL, MONDAY + HOUR / 2)
    counted(MONDAY + HOUR)
    assert kept(desk) == {}
    ticket = step(desk, desk.opened(customer=""), Step.RESOLVE, MONDAY + HOUR / 2)
    counted(MONDAY + HOUR)
    assert kept(desk)["06-15", "ticket_resolution"] == (1, 1)
    step(desk, ticket, Step.REOPEN, MONDAY + HOUR)
    counted(MONDAY + HOUR)
    assert ("06-15", "ticket_resolution") not in kept(desk)
    assert kept(desk)["06-15", "ticket_response"] == (1, 1)


@pytest.mark.parametrize("way_out", ["cancel", "merge"])
def test_a_broken_promise_is_not_hidden_by_canceling_or_merging(desk: Desk, way_out: str) -> None:
    ticket, other = desk.opened(customer=""), desk.opened(customer="")
    late = MONDAY + 20 * DAY
    counted(late)
    before = kept(desk)
    if way_out == "cancel":
        step(desk, ticket, Step.CANCEL, late)
    else:
        scope = desk.scope(at=late)
        with activate(scope):
            version = selectors.ticket_get(scope=scope, uuid=ticket.uuid).version
            services.ticket_merge(scope=scope, uuid=ticket.uuid, expected_version=version, into=other.uuid)
    counted(late)
    # What has ended tells by how much it was late; the shares stay as they were.
    assert {at: share for at, share in kept(desk).items() if at in before} == before
    assert any(good < count for good, count in before.values())


def test_a_promise_that_new_terms_drop_is_gone_and_wakes_nobody(desk: Desk) -> None:
    ticket = desk.opened()
    counted(MONDAY + 20 * DAY)
    assert any(kpi == TicketKpi.RESOLUTION for _day, kpi in kept(desk))
    consultation = desk.policies[1]
    scope = desk.scope("programme_manager", at=MONDAY + 20 * DAY)
    with activate(scope):
        version = selectors.ticket_get(scope=scope, uuid=ticket.uuid).version
        services.ticket_retier(scope=scope, uuid=ticket.uuid, expected_version=version, policy=consultation)
        assert not selectors.clock_list(scope=scope, ticket=ticket).filter(clock=Clock.RESOLUTION).exists()
    counted(MONDAY + 20 * DAY)
    assert not any(kpi == TicketKpi.RESOLUTION for _day, kpi in kept(desk))
    assert services.alerts_sweep(scope=system_scope(reason="test", at=MONDAY + 20 * DAY)) == 0


def test_counting_everything_anew_changes_nothing_and_mends_what_was_bent(desk: Desk) -> None:
    end = _histories(desk, count=25, seed=272)
    counted(end)
    found = kept(desk)
    assert len(found) > 20
    scope = system_scope(reason="test", at=end)
    with activate(scope):
        stamps = list(MeasuredDay.objects.visible_to(scope).order_by("pk").values_list("pk", "computed_at"))
    assert services.ticket_days_mark(scope=scope) == counted(end) > 5
    assert kept(desk) == found
    with activate(scope):
        assert stamps == list(MeasuredDay.objects.visible_to(scope).order_by("pk").values_list("pk", "computed_at"))
        MeasuredDay.objects.visible_to(scope).update(numerator=77)
    services.ticket_days_mark(scope=scope)
    counted(end)
    assert kept(desk) == found


def test_behind_every_number_stand_as_many_clocks(desk: Desk) -> None:
    counted(_histories(desk, count=25, seed=33))
    scope = desk.scope("programme_manager")
    with activate(scope):
        for kpi in TicketKpi:
            for row in measured_sums(scope=scope, kpis=[kpi.value], **MONTH, interval="day"):
                asked: dict[str, Any] = {"first": row.start, "until": row.start + DAY, "kpi": kpi}
                assert selectors.clocks_counted(scope=scope, **asked).count() == row.denominator
                met = selectors.clocks_counted(scope=scope, **asked, is_met=True)
                missed = selectors.clocks_counted(scope=scope, **asked, is_met=False)
                assert (met.count(), missed.count()) == (row.numerator, row.denominator - row.numerator)
                late = [clock.overrun_seconds for clock in missed if clock.stopped_at]
                over = measured_sums(
                    scope=scope, kpis=[overrun_of(kpi)], first=asked["first"], until=asked["until"], interval="day"
                )
                assert [(r.numerator, r.denominator) for r in over] == ([(sum(late), len(late))] if late else [])
        # Days add up to months, and months to everything.
        for interval in ("month", "total"):
            parts: dict[str, list[int]] = {}
            for row in measured_sums(scope=scope, kpis=STORED, **MONTH, interval="day"):
                sums = parts.setdefault(row.kpi, [0, 0])
                sums[0] += row.numerator
                sums[1] += row.denominator
            whole: dict[str, list[int]] = {}
            for row in measured_sums(scope=scope, kpis=STORED, **MONTH, interval=interval):
                sums = whole.setdefault(row.kpi, [0, 0])
                sums[0] += row.numerator
                sums[1] += row.denominator
            assert whole == parts


def test_figures_of_rivals_do_not_exist_and_agents_see_none(desk: Desk) -> None:
    counted(_histories(desk, count=3, seed=1))
    rival = desk.world.scope("boral_vendor_manager")
    with activate(rival):
        assert measured_sums(scope=rival, kpis=STORED, **MONTH) == []
    agent = desk.scope("agent")
    with activate(agent), pytest.raises(Forbidden):
        measured_sums(scope=agent, kpis=STORED, **MONTH)


@pytest.mark.parametrize("seed", range(6))
def test_rows_of_random_histories_are_what_the_events_say(desk: Desk, seed: int) -> None:
    """Whatever happened in whatever order, the rows are those that a fresh reading of all events gives."""
    end = _histories(desk, count=12, seed=seed)
    counted(end)
    scope = system_scope(reason="test", at=end)
    with activate(scope):
        tickets = list(Ticket.objects.visible_to(scope).order_by("pk"))
        rows = {
            (row.ticket_id, row.clock, row.cycle): row for row in TicketClock.objects.visible_to(scope).order_by("pk")
        }
        readings = services.readings_of(scope=scope, tickets=tickets)
        assert len(rows) == len(readings) > len(tickets)
        for reading in readings:
            run, row = reading.run, rows[reading.ticket.pk, reading.run.clock.value, reading.run.cycle]
            is_broken = run.is_breached(end)
            expected = run.stopped_at if run.is_met() else run.breach_at if is_broken else None
            assert (row.started_at, row.stopped_at, row.is_canceled, row.due_at, row.is_met, row.counted_at) == (
                run.started_at, run.stopped_at, run.canceled, run.due_at, run.is_met(), expected,
            )  # fmt: skip
            if run.stopped_at:
                assert row.elapsed_seconds == int(run.elapsed_seconds(end))
                assert row.is_running is False
            # The moment that it breaks tells the same as the reading at any other moment.
            for at in (run.started_at + n * HOUR / 3 for n in range(0, 400, 7)):
                if run.stopped_at is None and not run.canceled:
                    assert run.is_breached(at) is (run.breach_at is not None and at > run.breach_at)


def _histories(desk: Desk, *, count: int, seed: int) -> datetime:
    """Let some tickets go through anything, in one stream of time; return its end."""
    pick, at = random.Random(seed), MONDAY
    tickets: list[Ticket] = []
    while len(tickets) < count or pick.random() < 0.98:
        at += timedelta(seconds=pick.randrange(1, 5 * 3600))
        scope = desk.scope(at=at)
        if len(tickets) < count and pick.random() < 0.3:
            subject = pick.choice(["A bill", "urgent", "咨询"])
            tickets.append(desk.opened(at=at, subject=subject, customer=pick.choice(["", "+8613812348000"])))
            continue
        if not tickets:
            continue
        ticket = pick.choice(tickets)
        try:
            with activate(scope):
                _anything(scope, desk, selectors.ticket_get(scope=scope, uuid=ticket.uuid), tickets, pick)
        except HouseError:
            pass
        if pick.random() < 0.1:
            counted(at)
        if pick.random() < 0.03:
            _rule_changed(desk, at, pick)
    return at


def _anything(scope: Scope, desk: Desk, ticket: Ticket, tickets: list[Ticket], pick: random.Random) -> None:
    asked: dict[str, Any] = {"scope": scope, "uuid": ticket.uuid}
    versioned = asked | {"expected_version": ticket.version}
    match pick.randrange(9):
        case 0:
            services.ticket_reply(**asked, text="so")
        case 1:
            services.ticket_asked(**asked, text="so")
        case 2:
            deadline = pick.choice([None, scope.at + timedelta(hours=pick.randrange(1, 60))])
            services.ticket_hand_over(**versioned, over=HandOver(pick.choice(list(Level)), "please", deadline))
        case 3:
            outcome = pick.choice(["settled", "not_settled", "not_reached"])
            services.ticket_call_back(**versioned, outcome=outcome)
        case 4:
            services.ticket_retier(**versioned, policy=pick.choice(desk.policies))
        case 5 if pick.random() < 0.2:
            services.ticket_merge(**versioned, into=pick.choice(tickets).uuid)
        case _:
            steps = [Step.START, Step.WAIT_FOR_CUSTOMER, Step.WAIT_FOR_THIRD_PARTY, Step.RESUME, Step.RESOLVE]
            steps += [Step.REOPEN, Step.ARCHIVE, *([Step.CANCEL] if pick.random() < 0.1 else [])]
            services.ticket_step(**versioned, step=pick.choice(steps), text="so")


def _rule_changed(desk: Desk, at: datetime, pick: random.Random) -> None:
    scope = desk.world.scope("programme_manager", at=at)
    with activate(scope):
        policy = selectors.policy_get(scope=scope, uuid=pick.choice(desk.policies).uuid)
        values = {"first_response_seconds": 3600 * pick.randrange(1, 40), "pausing": pick.choice([[], policy.pausing])}
        services.policy_update(scope=scope, uuid=policy.uuid, expected_version=policy.version, values=values)
    while services.tickets_follow(scope=system_scope(reason="test", at=at)):
        pass
