"""The clocks of tickets against published cases and against a count of minutes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.calc.business_time import EVERY_DAY, BusinessCalendar
from contracts.calc.hours import Window, parse
from tests.tickets.plain_minutes import clocks_count
from tickets.calc.clocks import Clock, Event, Kind, Level, Run, Terms, UpdateMode, runs_of
from tickets.calc.states import EDGES, State, Step, state_after

HOUR = 3600


def calendar(days: range, *windows: str, zone: str = "UTC", holidays: tuple[date, ...] = ()) -> BusinessCalendar:
    """Return the same windows on some weekdays."""
    pairs = [window.split("-") for window in windows]
    return BusinessCalendar(parse({str(day): pairs for day in days}), zone, dict.fromkeys(holidays, ()))


def at(day: int, hour: int = 0, minute: int = 0, month: int = 6) -> datetime:
    """Return a moment of 2026; 1 June is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


ALWAYS = BusinessCalendar(EVERY_DAY, "UTC")
OFFICE = calendar(range(5), "09:00-17:00")
LONG_OFFICE = calendar(range(5), "08:00-18:00")
LUNCH = calendar(range(5), "09:00-12:00", "13:30-18:00")
SHOP = calendar(range(7), "09:00-21:00", holidays=(date(2026, 11, 11), date(2026, 11, 13)))


def terms(within: BusinessCalendar, seconds: int, **more: Any) -> Terms:
    """Return terms that promise the same for every clock."""
    targets = dict.fromkeys(Clock, seconds)
    return Terms(within, ALWAYS, targets, dict.fromkeys(Level, seconds), **more)


def run_of(events: list[Event], clock: Clock, cycle: int = 1) -> Run:
    """Return one cycle of a clock."""
    [found] = [run for run in runs_of(events) if (run.clock, run.cycle) == (clock, cycle)]
    return found


def opened(moment: datetime, promised: Terms) -> Event:
    """Return the first event of a ticket."""
    return Event(moment, Kind.OPENED, terms=promised)


def moved(moment: datetime, state: State) -> Event:
    """Return a change of state."""
    return Event(moment, Kind.STATE, state=state)


@pytest.mark.parametrize(
    ("within", "start", "hours", "due"),
    [
        (OFFICE, at(5, 16, 30), 1, at(8, 9, 30)),
        (LONG_OFFICE, at(1, 17), 4, at(2, 11)),
        (LONG_OFFICE, at(5, 17), 4, at(8, 11)),
        (LUNCH, at(3, 12, 30), 2, at(3, 15, 30)),
        (LUNCH, at(3, 11, 30), 2, at(3, 15)),
        (SHOP, at(9, 23, month=11), 48, at(15, 21, month=11)),
    ],
)
def test_promises_fall_due_as_published(within: BusinessCalendar, start: datetime, hours: int, due: datetime) -> None:
    run = run_of([opened(start, terms(within, hours * HOUR))], Clock.RESOLUTION)
    assert run.due_at == due
    assert run.elapsed_seconds(due) == hours * HOUR
    assert not run.is_breached(due)
    assert run.is_breached(due + timedelta(days=4))


def test_a_warning_an_hour_before_obeys_the_calendar() -> None:
    run = run_of([opened(at(1, 17), terms(LONG_OFFICE, 4 * HOUR))], Clock.RESOLUTION)
    assert run.moment_of(3 * HOUR) == at(2, 10)


def test_a_pause_outside_business_time_takes_nothing_away() -> None:
    events = [
        opened(at(1, 9), terms(OFFICE, 8 * HOUR)),
        moved(at(1, 17), State.PENDING_CUSTOMER),
        moved(at(2, 9), State.IN_PROGRESS),
    ]
    assert run_of(events, Clock.RESOLUTION).due_at == at(1, 17)


def test_a_paused_promise_is_not_due_and_is_not_broken() -> None:
    events = [opened(at(1, 9), terms(OFFICE, 8 * HOUR)), moved(at(1, 10), State.PENDING_THIRD_PARTY)]
    run = run_of(events, Clock.RESOLUTION)
    assert (run.due_at, run.is_running, run.is_breached(at(30))) == (None, False, False)
    assert run.remaining_seconds(at(30)) == 7 * HOUR


def test_moving_between_two_pauses_counts_once() -> None:
    events = [
        opened(at(1, 9), terms(OFFICE, 8 * HOUR)),
        moved(at(1, 10), State.PENDING_CUSTOMER),
        moved(at(1, 11), State.PENDING_THIRD_PARTY),
        moved(at(1, 12), State.IN_PROGRESS),
    ]
    assert run_of(events, Clock.RESOLUTION).due_at == at(2, 11)


def test_another_priority_keeps_the_pause_and_the_start() -> None:
    events = [
        opened(at(1, 9), terms(OFFICE, 24 * HOUR)),
        moved(at(1, 10), State.PENDING_CUSTOMER),
        moved(at(1, 12), State.IN_PROGRESS),
        Event(at(1, 13), Kind.TERMS, terms=terms(OFFICE, 4 * HOUR)),
    ]
    # From 9 to 10 and from 12 on: four hours are over at 15.
    assert run_of(events, Clock.RESOLUTION).due_at == at(1, 15)


def test_another_calendar_measures_the_same_pause_anew() -> None:
    events = [
        opened(at(1, 9), terms(OFFICE, 8 * HOUR)),
        moved(at(1, 16), State.PENDING_CUSTOMER),
        moved(at(1, 20), State.IN_PROGRESS),
        Event(at(1, 20), Kind.TERMS, terms=terms(ALWAYS, 8 * HOUR)),
    ]
    assert run_of(events, Clock.RESOLUTION).due_at == at(1, 21)


def test_waiting_for_the_customer_does_not_stop_the_first_response() -> None:
    events = [opened(at(1, 9), terms(OFFICE, 2 * HOUR)), moved(at(1, 9, 30), State.PENDING_CUSTOMER)]
    assert run_of(events, Clock.FIRST_RESPONSE).due_at == at(1, 11)


def test_the_update_clock_waits_for_the_first_response() -> None:
    asked, replied = Event(at(1, 10), Kind.ASKED), Event(at(1, 11), Kind.REPLIED)
    begun = [opened(at(1, 9), terms(OFFICE, 2 * HOUR)), asked]
    assert Clock.UPDATE not in {run.clock for run in runs_of(begun)}
    later = [*begun, replied, Event(at(1, 12), Kind.ASKED), Event(at(1, 13), Kind.ASKED)]
    assert run_of(later, Clock.UPDATE).due_at == at(1, 14)


def test_the_customer_is_owed_news_between_updates() -> None:
    promised = terms(OFFICE, 2 * HOUR, update_mode=UpdateMode.BETWEEN_UPDATES)
    events = [opened(at(1, 9), promised), Event(at(1, 10), Kind.REPLIED), Event(at(1, 13), Kind.REPLIED)]
    assert run_of(events, Clock.UPDATE).is_met() is False
    assert run_of(events, Clock.UPDATE, cycle=2).due_at == at(1, 15)


def test_solving_ends_the_update_clock_and_starts_the_callback() -> None:
    events = [
        opened(at(5, 9), terms(OFFICE, 24 * HOUR)),
        Event(at(5, 10), Kind.REPLIED),
        Event(at(5, 11), Kind.ASKED),
        moved(at(5, 16), State.CALLBACK_DUE),
    ]
    assert run_of(events, Clock.UPDATE).canceled
    assert run_of(events, Clock.UPDATE).is_met() is None
    # The callback counts by the wall clock, over the weekend.
    assert run_of(events, Clock.CALLBACK).due_at == at(6, 16)


def test_thanks_for_a_solution_start_no_clock_and_an_archived_ticket_owes_nothing() -> None:
    events = [
        opened(at(1, 9), terms(OFFICE, 8 * HOUR)),
        Event(at(1, 10), Kind.REPLIED),
        moved(at(1, 12), State.CALLBACK_DUE),
        Event(at(1, 13), Kind.ASKED),
        Event(at(1, 14), Kind.CALLED_BACK),
        moved(at(1, 15), State.ARCHIVED),
    ]
    for heard in range(4, len(events) + 1):
        assert Clock.UPDATE not in {run.clock for run in runs_of(events[:heard])}
    assert not any(run.is_open for run in runs_of(events))
    # Who asks again once it goes on is owed an answer.
    again = [*events, moved(at(1, 16), State.IN_PROGRESS), Event(at(1, 17), Kind.ASKED)]
    assert run_of(again, Clock.UPDATE).is_open


def test_a_reopened_ticket_goes_on_where_it_stood() -> None:
    events = [
        opened(at(1, 9), terms(OFFICE, 8 * HOUR)),
        moved(at(1, 12), State.CALLBACK_DUE),
        moved(at(2, 9), State.IN_PROGRESS),
    ]
    resolution = run_of(events, Clock.RESOLUTION)
    assert (resolution.is_open, resolution.due_at) == (True, at(2, 14))
    # Nobody called back within the eight hours that were promised: that stays so.
    assert run_of(events, Clock.CALLBACK).is_met() is False
    soon = [*events[:2], moved(at(1, 19), State.IN_PROGRESS)]
    held = run_of(soon, Clock.CALLBACK)
    assert (held.is_open, held.is_running, held.due_at) == (True, False, None)
    # Solved again the next morning: of eight hours one is left, however often it is reopened.
    later = [*soon, moved(at(2, 9), State.CALLBACK_DUE)]
    assert run_of(later, Clock.CALLBACK).due_at == at(2, 10)
    assert [run.cycle for run in runs_of(later) if run.clock is Clock.CALLBACK] == [1]


def test_what_comes_back_to_the_first_line_is_recorded_already() -> None:
    again = [moved(at(1, 12), State.CALLBACK_DUE), moved(at(2, 9), State.IN_PROGRESS)]
    first = [opened(at(1, 9), terms(OFFICE, HOUR)), moved(at(1, 9, 50), State.IN_PROGRESS), *again]
    assert [run.cycle for run in runs_of(first) if run.clock is Clock.HOP] == [1]
    second = [*first[:2], Event(at(1, 11), Kind.HOP, level=Level.SECOND_LINE), *again]
    hops = [run for run in runs_of(second) if run.clock is Clock.HOP]
    assert [(run.level, run.is_open) for run in hops] == [
        (Level.FIRST_LINE, False),
        (Level.SECOND_LINE, False),
        (Level.SECOND_LINE, True),
    ]


def test_the_next_hop_gets_its_own_time() -> None:
    events = [
        opened(at(1, 9), terms(OFFICE, HOUR)),
        Event(at(1, 15), Kind.HOP, level=Level.SECOND_LINE),
        Event(at(1, 16), Kind.HOP, level=Level.TECHNICAL, deadline=at(3, 12)),
    ]
    assert [run_of(events, Clock.HOP, cycle).is_met() for cycle in (1, 2)] == [False, True]
    agreed = run_of(events, Clock.HOP, cycle=3)
    assert (agreed.due_at, agreed.remaining_seconds(at(3, 11))) == (at(3, 12), HOUR)
    assert (agreed.is_breached(at(3, 12)), agreed.is_breached(at(3, 12, 1))) == (False, True)


def test_a_level_has_its_promise_once_however_often_it_is_handed_on() -> None:
    first = [opened(at(1, 9), terms(OFFICE, 4 * HOUR)), moved(at(1, 10), State.IN_PROGRESS)]
    on = [Event(at(1, 11), Kind.HOP, level=Level.SECOND_LINE), Event(at(1, 12), Kind.HOP, level=Level.SECOND_LINE)]
    back = [Event(at(1, 13), Kind.HOP, level=Level.TECHNICAL), Event(at(1, 14), Kind.HOP, level=Level.SECOND_LINE)]
    hops = [run for run in runs_of([*first, *on, *back]) if run.clock is Clock.HOP]
    assert [(run.level, run.is_met()) for run in hops] == [
        (Level.FIRST_LINE, True),
        (Level.SECOND_LINE, None),
        (Level.TECHNICAL, True),
    ]
    # Two of its four hours were used before it went to the technicians.
    assert hops[1].due_at == at(1, 16)
    # Parked with the first line, which has nothing left to record, it is still the second line's.
    parked = [*first, on[0], Event(at(1, 12), Kind.HOP, level=Level.FIRST_LINE), moved(at(1, 12), State.IN_PROGRESS)]
    assert run_of(parked, Clock.HOP, 2).due_at == at(1, 15)
    # A deadline that was agreed stays where the level hands on without one.
    agreed = Event(at(1, 11), Kind.HOP, level=Level.SECOND_LINE, deadline=at(1, 12, 30))
    assert run_of([*first, agreed, on[1]], Clock.HOP, 2).due_at == at(1, 12, 30)


def test_recording_keeps_the_first_line_s_promise() -> None:
    events = [opened(at(1, 9), terms(OFFICE, HOUR)), moved(at(1, 9, 50), State.IN_PROGRESS)]
    assert run_of(events, Clock.HOP).is_met() is True
    assert run_of(events, Clock.RESOLUTION).is_open


ZONES = ["UTC", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "America/Havana", "Asia/Shanghai"]
# Days on which clocks change somewhere among them.
BEGINNINGS = [date(2026, 3, 28), date(2026, 4, 4), date(2026, 9, 5), date(2026, 10, 3), date(2026, 10, 24)]


@st.composite
def calendars(draw: st.DrawFn, first: date) -> BusinessCalendar:
    week = {}
    for day in range(7):
        cuts = sorted(draw(st.sets(st.integers(0, 96), max_size=4)))
        times = [f"{cut // 4:02d}:{cut % 4 * 15:02d}" for cut in cuts]
        week[str(day)] = [list(pair) for pair in zip(times[::2], times[1::2], strict=False)]
    week[str(draw(st.integers(0, 6)))] = [["08:00", "20:00"]]
    own = draw(
        st.dictionaries(st.integers(0, 4), st.sampled_from([(), (Window(600, 700), Window(800, 1440))]), max_size=2)
    )
    exceptions = {first + timedelta(days=n): day for n, day in own.items()}
    return BusinessCalendar(parse(week), draw(st.sampled_from(ZONES)), exceptions)


@st.composite
def promises(draw: st.DrawFn, first: date) -> Terms:
    def seconds() -> int:
        return draw(st.integers(1, 1800)) * 60

    return Terms(
        draw(calendars(first)),
        draw(calendars(first)),
        {clock: seconds() for clock in Clock},
        {level: seconds() for level in Level},
        frozenset(draw(st.sets(st.sampled_from([State.PENDING_CUSTOMER, State.PENDING_THIRD_PARTY, State.ASSIGNED])))),
        draw(st.sampled_from(list(UpdateMode))),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    first = draw(st.sampled_from(BEGINNINGS))
    moment = datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 1440)))
    events, state = [opened(moment, draw(promises(first)))], State.NEW
    for _ in range(draw(st.integers(0, 9))):
        moment += timedelta(minutes=draw(st.integers(0, 900)))
        kind = draw(st.sampled_from([Kind.TERMS, Kind.HOP, Kind.REPLIED, Kind.ASKED, *[Kind.STATE] * 5]))
        if kind is Kind.TERMS:
            events.append(Event(moment, kind, terms=draw(promises(first))))
        elif kind is Kind.STATE:
            step = draw(st.sampled_from([step for step in EDGES if step not in (Step.ASSIGN, Step.HAND_OVER)]))
            after = state_after(state, step, callback=draw(st.booleans()))
            if after is not None:
                if step is Step.CALL_BACK:
                    events.append(Event(moment, Kind.CALLED_BACK))
                events.append(moved(moment, after))
                state = after
        elif state in EDGES[Step.HAND_OVER].sources:
            level = draw(st.sampled_from([Level.SECOND_LINE, Level.TECHNICAL])) if kind is Kind.HOP else None
            events.append(Event(moment, kind, level=level))
    return events


@settings(max_examples=150, deadline=None)
@given(histories(), st.integers(0, 900))
def test_the_engine_reads_what_a_count_of_minutes_reads(events: list[Event], later: int) -> None:
    now = events[-1].at + timedelta(minutes=later)
    runs, counts = runs_of(events), clocks_count(events, now)
    assert [(run.clock, run.started_at) for run in runs] == [(count.clock, count.started_at) for count in counts]
    for run, count in zip(runs, counts, strict=True):
        assert (run.stopped_at, run.canceled) == (count.stopped_at, count.canceled), run.clock
        assert run.elapsed_seconds(now) == count.seconds, run.clock
        if count.over_at is not None:
            assert run.due_at == count.over_at
            assert run.is_breached(now) is (count.seconds > run.elapsed_seconds(count.over_at) and not count.canceled)
        else:
            assert not run.is_breached(now)
            due = run.due_at
            assert due is None or due > now
