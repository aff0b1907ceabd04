"""The drawn clock: its segments lie edge to edge and add up to what the clock reads (C18)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.calc.business_time import BusinessCalendar
from contracts.calc.hours import parse
from tickets.calc.clocks import Clock, Event, Kind, Level, Run, Terms, runs_of
from tickets.calc.states import State
from tickets.calc.timeline import Part, named_days, timeline_of

OFFICE = BusinessCalendar(
    parse({str(day): [["09:00", "12:00"], ["13:00", "18:00"]] for day in range(5)}),
    "Asia/Shanghai",
    {date(2026, 6, 19): ()},
)
TERMS = Terms(OFFICE, OFFICE, {Clock.RESOLUTION: 8 * 3600}, {Level.FIRST_LINE: 3600})
# A Monday, nine o'clock in Shanghai.
MONDAY = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def resolution(*moves: tuple[float, State]) -> Run:
    """Return the resolution clock of a ticket that moved so many hours after its start."""
    events = [Event(MONDAY, Kind.OPENED, terms=TERMS)]
    events += [Event(MONDAY + hours * HOUR, Kind.STATE, state=state) for hours, state in moves]
    return next(run for run in runs_of(events) if run.clock is Clock.RESOLUTION)


def test_a_working_day_with_lunch_and_a_pause() -> None:
    run = resolution((1, State.PENDING_CUSTOMER), (5, State.IN_PROGRESS))
    line = timeline_of(run, MONDAY + 6 * HOUR)
    assert [(s.part, s.seconds / 3600) for s in line.segments] == [
        (Part.TICKING, 1),
        (Part.PAUSED, 2),
        (Part.CLOSED, 1),
        (Part.PAUSED, 1),
        (Part.TICKING, 1),
        (Part.AHEAD, 3),
        (Part.CLOSED, 15),
        (Part.AHEAD, 3),
    ]
    assert (line.target_seconds, line.used_seconds, line.paused_seconds) == (8 * 3600, 2 * 3600, 3 * 3600)
    assert line.segments[-1].end == run.due_at


def test_what_is_over_the_promise_is_a_part_of_its_own() -> None:
    line = timeline_of(resolution((26, State.RESOLVED)), MONDAY + 100 * HOUR)
    assert line.segments[-1].part is Part.OVER
    assert line.segments[-1].end == MONDAY + 26 * HOUR
    assert line.seconds_of(Part.TICKING) == 8 * 3600
    assert line.used_seconds == 10 * 3600


def test_holidays_in_the_drawn_time_are_named() -> None:
    run = resolution((1, State.PENDING_CUSTOMER), (96, State.IN_PROGRESS))
    names = {date(2026, 6, 19): "Dragon Boat", date(2026, 10, 1): "National Day"}
    line = timeline_of(run, MONDAY + 100 * HOUR)
    assert named_days(names, line, "Asia/Shanghai") == [(date(2026, 6, 19), "Dragon Boat")]
    assert not [s for s in line.segments if s.part is not Part.CLOSED and s.start.day == 19]


@given(
    moves=st.lists(
        st.tuples(
            st.floats(0, 400),
            st.sampled_from([State.PENDING_CUSTOMER, State.IN_PROGRESS, State.PENDING_THIRD_PARTY, State.RESOLVED]),
        ),
        max_size=8,
    ),
    hours=st.floats(0, 500),
)
def test_the_segments_lie_edge_to_edge_and_add_up_to_the_reading(
    moves: list[tuple[float, State]], hours: float
) -> None:
    at = MONDAY + hours * HOUR
    run = resolution(*sorted((hour, state) for hour, state in moves if hour <= hours))
    line = timeline_of(run, at)
    assert all(former.end == later.start for former, later in pairwise(line.segments))
    assert all(former.part is not later.part for former, later in pairwise(line.segments))
    assert line.seconds_of(Part.TICKING, Part.OVER) == pytest.approx(run.elapsed_seconds(at), abs=0.01)
    if run.due_at is not None and run.is_open and run.due_at > at:
        assert line.used_seconds + line.seconds_of(Part.AHEAD) == pytest.approx(line.target_seconds, abs=0.01)
    if run.stopped_at is None:
        assert line.seconds_of(Part.OVER) == pytest.approx(max(0, line.used_seconds - line.target_seconds), abs=0.01)
