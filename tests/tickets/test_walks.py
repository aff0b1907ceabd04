"""Five thousand random walks over the states of a ticket, with its clocks: what must hold wherever they lead (B0)."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from contracts.calc.business_time import EVERY_DAY, BusinessCalendar
from contracts.calc.hours import parse
from tickets.calc.clocks import Clock, Event, Kind, Level, Run, Terms, UpdateMode, runs_of
from tickets.calc.states import EDGES, ENDED, OPEN, PENDING, SOLVED, State, Step, state_after, steps_from

WALKS, STEPS, SLICES = 5000, 12, 10
START = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
OFFICE = parse({str(day): [["09:00", "12:00"], ["13:00", "18:00"]] for day in range(5)})
CALENDARS = [BusinessCalendar(OFFICE, "Europe/Berlin"), BusinessCalendar(EVERY_DAY, "UTC")]


@dataclass
class Walk:
    """One ticket's way: its events, and the states that it passed."""

    pick: random.Random
    events: list[Event] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    solved: int = 0
    reopened: int = 0

    def take(self) -> None:
        """Open a ticket and move it at random, refused steps included."""
        self.events.append(Event(START, Kind.OPENED, terms=self.terms(), level=Level.FIRST_LINE))
        self.states.append(State.NEW)
        at = START
        for _ in range(STEPS):
            at += timedelta(minutes=self.pick.randrange(900))
            if self.pick.random() < 0.25:
                self.speak(at)
            else:
                self.move(at, self.pick.choice(list(Step)))

    def terms(self) -> Terms:
        """Return promises of a random policy."""
        seconds = {clock: self.pick.randrange(1, 48) * 3600 for clock in Clock}
        pausing = frozenset(self.pick.sample(sorted(PENDING), self.pick.randrange(3)))
        mode = self.pick.choice(list(UpdateMode))
        hops = {level: self.pick.randrange(1, 24) * 3600 for level in Level}
        return Terms(self.pick.choice(CALENDARS), CALENDARS[1], seconds, hops, pausing, mode)

    def speak(self, at: datetime) -> None:
        """Say something, or promise something else."""
        kind = self.pick.choice([Kind.REPLIED, Kind.ASKED, Kind.TERMS])
        if self.states[-1] in OPEN:
            self.events.append(Event(at, kind, terms=self.terms() if kind is Kind.TERMS else None))

    def move(self, at: datetime, step: Step) -> None:
        """Take a step if the map has it, and check the map where it does not."""
        before = self.states[-1]
        after = state_after(before, step, callback=self.pick.random() < 0.5)
        assert (after is None) is (step not in steps_from(before)), "a step is offered exactly where it can be taken"
        if after is None:
            return
        assert before in EDGES[step].sources
        assert before not in ENDED - {State.ARCHIVED}, "nothing leaves an end, reopening from the archive apart"
        if step is Step.CALL_BACK:
            self.events.append(Event(at, Kind.CALLED_BACK))
        if step is Step.HAND_OVER:
            self.events.append(Event(at, Kind.HOP, level=self.pick.choice(list(Level))))
        if after is not before:
            self.events.append(Event(at, Kind.STATE, state=after))
        self.solved += after in SOLVED and before in OPEN
        self.reopened += after in OPEN and before in SOLVED
        if after is State.ARCHIVED:
            assert before is State.RESOLVED, "nothing is archived before its callback"
        self.states.append(after)


def _only_what_can_be_is_open(walk: Walk, runs: tuple[Run, ...]) -> None:
    """Open promises: those of work while it is open, the callback while it is due, none at an end."""
    state = walk.states[-1]
    is_open = {run.clock for run in runs if run.is_open}
    if state is State.CALLBACK_DUE:
        assert Clock.CALLBACK in is_open
    if state not in OPEN:
        assert not is_open & {Clock.RESOLUTION, Clock.UPDATE, Clock.HOP, Clock.FIRST_RESPONSE}
    if state in ENDED | {State.RESOLVED}:
        assert not is_open
    if state in OPEN:
        assert Clock.RESOLUTION in is_open
        # A callback that was owed and not late waits for the next solution.
        assert Clock.CALLBACK not in {run.clock for run in runs if run.is_running}


def _cycles_are_counted(walk: Walk, runs: tuple[Run, ...]) -> None:
    """Cycles of a clock are numbered from one, and at most one of them is open; there is one resolution."""
    for clock in Clock:
        cycles = [run for run in runs if run.clock is clock]
        assert [run.cycle for run in cycles] == list(range(1, len(cycles) + 1))
        assert sum(run.is_open for run in cycles) <= 1
    assert sum(run.clock is Clock.RESOLUTION for run in runs) == 1
    calls, owed = sum(run.clock is Clock.CALLBACK for run in runs), walk.states.count(State.CALLBACK_DUE)
    assert min(owed, 1) <= calls <= owed
    assert walk.reopened <= walk.solved <= walk.reopened + 1


def _stretches_lie_in_order(runs: tuple[Run, ...]) -> None:
    """A clock runs between its start and its stop, forward, and never twice at once."""
    for run in runs:
        former = run.started_at
        for start, end in run.stretches:
            assert former <= start
            assert end is None or start < end
            former = end or start
        assert run.stopped_at is None or former <= run.stopped_at
        assert run.is_open or not run.is_running


def _time_only_adds_up(runs: tuple[Run, ...], now: datetime) -> None:
    """A reading never falls, stands still once stopped, and a broken promise stays broken."""
    for run in runs:
        moments = [now + timedelta(hours=hours) for hours in (0, 7, 31, 95)]
        readings = [run.elapsed_seconds(moment) for moment in moments]
        assert readings == sorted(readings)
        assert readings[0] >= 0
        broken = [run.is_breached(moment) for moment in moments]
        assert broken == sorted(broken)
        if run.stopped_at is not None:
            assert len(set(readings)) == 1


def _verdicts_agree(runs: tuple[Run, ...]) -> None:
    """Kept, broken or neither: kept within what was promised, neither while open or canceled."""
    for run in runs:
        if run.is_open or run.canceled:
            assert run.is_met() is None
            continue
        assert run.stopped_at is not None
        target = run.target_seconds or 0
        assert run.is_met() is (run.elapsed_seconds(run.stopped_at) <= target)


def _a_taken_matter_keeps_its_faults(walk: Walk, runs: tuple[Run, ...]) -> None:
    """What the client took elsewhere counts where it was broken, and nowhere else."""
    if walk.states[-1] is not State.TRANSFERRED:
        return
    taken_at = walk.events[-1].at
    ended = [run for run in runs if run.stopped_at == taken_at and run.started_at < taken_at]
    assert any(run.clock is Clock.RESOLUTION for run in ended)
    for run in ended:
        if run.clock is Clock.RESOLUTION:
            over = run.elapsed_seconds(taken_at) > (run.target_seconds or 0)
            assert run.canceled is not over


def _the_past_is_not_rewritten(walk: Walk, runs: tuple[Run, ...]) -> None:
    """What happens later changes nothing of a promise that had been decided, what goes on again apart."""
    earlier = runs_of(walk.events[: len(walk.events) // 2 or 1])
    now = {(run.clock, run.cycle): run for run in runs}
    for run in earlier:
        if run.clock is Clock.HOP:
            # What goes back to a level goes on with its clock.
            assert now[run.clock, run.cycle].started_at == run.started_at
        elif not run.is_open and run.clock is not Clock.RESOLUTION:
            assert now[run.clock, run.cycle] == run


@pytest.mark.parametrize("part", range(SLICES))
def test_random_walks_keep_every_promise_of_the_map(part: int) -> None:
    pick = random.Random(20260615 + part)
    seen: set[State] = set()
    for _ in range(WALKS // SLICES):
        walk = Walk(pick)
        walk.take()
        runs = runs_of(walk.events)
        seen |= set(walk.states)
        _only_what_can_be_is_open(walk, runs)
        _cycles_are_counted(walk, runs)
        _stretches_lie_in_order(runs)
        _time_only_adds_up(runs, walk.events[-1].at)
        _verdicts_agree(runs)
        _a_taken_matter_keeps_its_faults(walk, runs)
        _the_past_is_not_rewritten(walk, runs)
    assert seen == set(State)
