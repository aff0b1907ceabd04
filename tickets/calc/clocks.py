"""The clocks of a ticket as a function of its events: what runs, since when, how much is left, and why.

Nothing is counted up anywhere. A clock's reading at a moment is the business time of the stretches in which it ran,
measured by the calendar and target in force: so a pause that lies outside business time takes nothing away, moving
between two pausing states counts once, and a new policy or calendar keeps every pause that was ever made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from contracts.calc.business_time import BusinessCalendar
from tickets.calc.events import Clock, Event, Kind, Level, Terms, UpdateMode
from tickets.calc.states import OPEN, SOLVED, State

__all__ = ["Clock", "Event", "Kind", "Level", "Run", "Terms", "UpdateMode", "runs_of"]

# The least that moments differ by.
INSTANT = timedelta(microseconds=1)


@dataclass(slots=True)
class _Run:
    clock: Clock
    cycle: int
    started_at: datetime
    pausable: bool
    level: Level | None = None
    deadline: datetime | None = None
    stretches: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    stopped_at: datetime | None = None
    canceled: bool = False
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One cycle of one clock.

    Attributes:
        clock: Which.
        cycle: 1 for the first time that the clock ran.
        started_at: When the promise was made.
        stretches: When it ran, half-open; the last may be open.
        stopped_at: When the promise was kept or broken for good; None while it is open.
        canceled: It came to nothing: neither kept nor broken.
        target_seconds: Business seconds promised; None for a fixed deadline.
        deadline: The fixed deadline of a hop.
        calendar: What its seconds are measured by.
        level: Who held the ticket, for a hop.
    """

    clock: Clock
    cycle: int
    started_at: datetime
    stretches: tuple[tuple[datetime, datetime | None], ...]
    stopped_at: datetime | None
    canceled: bool
    target_seconds: int | None
    deadline: datetime | None
    calendar: BusinessCalendar
    level: Level | None = None

    @property
    def is_open(self) -> bool:
        """Whether the promise is still to be kept."""
        return self.stopped_at is None

    @property
    def is_running(self) -> bool:
        """Whether time counts against it now (its calendar allowing)."""
        return self.is_open and bool(self.stretches) and self.stretches[-1][1] is None

    def elapsed_seconds(self, at: datetime) -> float:
        """Return the business seconds that counted until a moment."""
        until = at if self.stopped_at is None else min(at, self.stopped_at)
        return sum(
            self.calendar.seconds_between(start, min(end or until, until))
            for start, end in self.stretches
            if start < until
        )

    def moment_of(self, seconds: float) -> datetime | None:
        """Return when the reading reached, or will reach, so many seconds; None as long as a pause holds it."""
        left = seconds
        for start, end in self.stretches:
            if end is None:
                return self.calendar.add(start, left)
            passed = self.calendar.seconds_between(start, end)
            if passed >= left:
                return self.calendar.add(start, left)
            left -= passed
        return None

    @property
    def due_at(self) -> datetime | None:
        """The last moment at which the promise is kept; None while paused before it, or when stopped before it."""
        if self.deadline is not None:
            return self.deadline
        return self.moment_of(self.target_seconds or 0)

    @property
    def breach_at(self) -> datetime | None:
        """The moment after which the promise is broken; None as long as a pause holds it, or if it never was.

        It is the due moment, or, where that ends a window, the next opening: until then nothing more counts.
        """
        if self.deadline is not None:
            return self.deadline
        beyond = self.moment_of((self.target_seconds or 0) + INSTANT.total_seconds())
        return beyond and beyond - INSTANT

    def remaining_seconds(self, at: datetime) -> float:
        """Return the business seconds that are left; negative by what it is over."""
        if self.deadline is not None:
            until = min(at, self.stopped_at or at)
            if until > self.deadline:
                return -self.calendar.seconds_between(self.deadline, until)
            return self.calendar.seconds_between(until, self.deadline)
        return (self.target_seconds or 0) - self.elapsed_seconds(at)

    def is_breached(self, at: datetime) -> bool:
        """Whether the promise was broken by a moment; reaching the target exactly keeps it."""
        if self.canceled:
            return False
        if self.deadline is not None:
            return min(at, self.stopped_at or at) > self.deadline
        return self.elapsed_seconds(at) > (self.target_seconds or 0)

    def is_met(self) -> bool | None:
        """Whether the promise was kept; None while it is open, and for what came to nothing."""
        if self.stopped_at is None or self.canceled:
            return None
        return not self.is_breached(self.stopped_at)


class _Replay:
    """Walks through the events once and keeps the runs."""

    def __init__(self) -> None:
        self.runs: list[_Run] = []
        self.state = State.NEW
        self.terms: Terms | None = None
        self.responded = False
        # Cycles from here on belong to the present opening.
        self.opening = 0

    def hear(self, event: Event) -> None:
        if event.terms is not None:
            self._terms_set(event.at, event.terms)
        match event.kind:
            case Kind.OPENED:
                self.state = event.state or State.NEW
                self._start(Clock.FIRST_RESPONSE, event.at, pausable=False)
                self._start(Clock.RESOLUTION, event.at)
                self._start(Clock.HOP, event.at, level=event.level or Level.FIRST_LINE)
            case Kind.HOP:
                self._hop_set(event)
            case Kind.STATE if event.state is not None:
                self._state_set(event.at, event.state)
            case Kind.REPLIED:
                self._replied(event.at)
            case Kind.ASKED:
                # Whoever thanks for a solution waits for nothing.
                is_owed = self.responded and self.state in OPEN and self._mode is UpdateMode.AFTER_CUSTOMER
                if is_owed and not self._open(Clock.UPDATE):
                    self._start(Clock.UPDATE, event.at)
            case Kind.CALLED_BACK:
                self._stop(Clock.CALLBACK, event.at)

    @property
    def _mode(self) -> UpdateMode:
        return self.terms.update_mode if self.terms else UpdateMode.AFTER_CUSTOMER

    def _replied(self, at: datetime) -> None:
        self._stop(Clock.FIRST_RESPONSE, at)
        self._stop(Clock.UPDATE, at)
        self.responded = True
        if self._mode is UpdateMode.BETWEEN_UPDATES and self.state in OPEN:
            self._start(Clock.UPDATE, at)

    def _state_set(self, at: datetime, state: State) -> None:
        former, self.state = self.state, state
        if state in SOLVED and former in OPEN:
            self._stop(Clock.FIRST_RESPONSE, at)
            self.responded = True
            self._stop(Clock.UPDATE, at, canceled=True)
            self._stop(Clock.HOP, at)
            self._stop(Clock.RESOLUTION, at)
            self._callback_set(at, is_owed=state is State.CALLBACK_DUE)
        elif state in OPEN and former in SOLVED:
            self._callback_hold(at)
            self._resume(next(run for run in reversed(self.runs) if run.clock is Clock.RESOLUTION), at)
            self.opening = len(self.runs)
            # Where the first line has it again, nothing is left to be recorded (A86).
            if self._last_level() is not Level.FIRST_LINE:
                self._start(Clock.HOP, at, level=self._last_level())
        elif state not in OPEN and state not in SOLVED:
            for clock in Clock:
                self._stop(clock, at, canceled=True)
        elif state is State.IN_PROGRESS and self._holder() is Level.FIRST_LINE:
            # The first line's promise is to record the matter, not to solve it (A86).
            self._stop(Clock.HOP, at)
        self._pauses_set(at)

    def _terms_set(self, at: datetime, terms: Terms) -> None:
        self.terms = terms
        self._pauses_set(at)

    def _pauses_set(self, at: datetime) -> None:
        """Let every open run that can pause run or stand still as state and terms say from now on."""
        paused = self.terms is not None and self.state in self.terms.pausing
        for run in self.runs:
            if run.stopped_at is not None or not run.pausable:
                continue
            running = bool(run.stretches) and run.stretches[-1][1] is None
            if paused and running:
                self._close(run, at)
            elif not paused and not running:
                run.stretches.append((at, None))

    @staticmethod
    def _close(run: _Run, at: datetime) -> None:
        start, _end = run.stretches[-1]
        run.stretches[-1] = (start, at)

    def _open(self, clock: Clock) -> _Run | None:
        return next((run for run in reversed(self.runs) if run.clock is clock and run.stopped_at is None), None)

    def _start(
        self,
        clock: Clock,
        at: datetime,
        *,
        pausable: bool = True,
        level: Level | None = None,
        deadline: datetime | None = None,
    ) -> None:
        cycle = 1 + sum(run.clock is clock for run in self.runs)
        run = _Run(clock, cycle, at, pausable, level, deadline)
        if not (pausable and self.terms is not None and self.state in self.terms.pausing):
            run.stretches.append((at, None))
        self.runs.append(run)

    def _stop(self, clock: Clock, at: datetime, *, canceled: bool = False) -> None:
        run = self._open(clock)
        if run is None:
            return
        if run.stretches and run.stretches[-1][1] is None:
            self._close(run, at)
        run.stopped_at, run.canceled, run.terms = at, canceled, self.terms

    def _callback_hold(self, at: datetime) -> None:
        """Solved again, the customer is called within what is left; what is late already stays broken."""
        run = self._open(Clock.CALLBACK)
        if run is None or self.terms is None:
            return
        self._close(run, at)
        calendar = self.terms.callback_calendar
        counted = sum(calendar.seconds_between(start, end or at) for start, end in run.stretches)
        if counted > self.terms.target_seconds.get(Clock.CALLBACK, 0):
            run.stopped_at, run.terms = at, self.terms

    def _resume(self, run: _Run, at: datetime) -> None:
        """What was done is to be done again: the clock goes on where it stood."""
        run.stopped_at, run.terms = None, None
        if not (run.pausable and self.terms is not None and self.state in self.terms.pausing):
            run.stretches.append((at, None))

    def _callback_set(self, at: datetime, *, is_owed: bool) -> None:
        run = self._open(Clock.CALLBACK)
        if not is_owed:
            self._stop(Clock.CALLBACK, at, canceled=True)
        elif run is None:
            self._start(Clock.CALLBACK, at, pausable=False)
        else:
            run.stretches.append((at, None))

    def _hop_set(self, event: Event) -> None:
        """Each level has its promise once an opening: handed on within it or back to it, its clock goes on."""
        run = self._open(Clock.HOP)
        if run is not None and run.level is event.level:
            run.deadline = event.deadline or run.deadline
            return
        former = next((run for run in self.runs[self.opening :] if _is_hop_of(run, event.level)), None)
        if former is not None and event.level is Level.FIRST_LINE and event.deadline is None:
            # It has nothing left to record (A86): whoever gave it back to the first line still owes what it promised.
            return
        self._stop(Clock.HOP, event.at)
        if former is None:
            self._start(Clock.HOP, event.at, level=event.level, deadline=event.deadline)
        else:
            former.deadline = event.deadline or former.deadline
            self._resume(former, event.at)

    def _hops(self) -> list[_Run]:
        return [run for run in self.runs if run.clock is Clock.HOP]

    def _holder(self) -> Level | None:
        run = self._open(Clock.HOP)
        return run.level if run else None

    def _last_level(self) -> Level | None:
        hops = self._hops()
        return hops[-1].level if hops else Level.FIRST_LINE


def _is_hop_of(run: _Run, level: Level | None) -> bool:
    return run.clock is Clock.HOP and run.level is level


def runs_of(events: Iterable[Event]) -> tuple[Run, ...]:
    """Return every cycle of every clock that a ticket's events started, in the order of their starts.

    An open cycle is measured by the newest terms, a stopped one by those in force when it stopped. What the terms
    promise nothing for does not appear.

    Args:
        events: In the order of their moments; equal moments in the order in which they happened.

    Source: domain D14, B6; docs/formulas.md, "Ticket clocks".
    """
    replay = _Replay()
    for event in events:
        replay.hear(event)
    found = []
    for run in replay.runs:
        terms = run.terms or replay.terms
        if terms is None:
            continue
        target = terms.target_seconds.get(run.clock)
        if run.clock is Clock.HOP and run.level is not None:
            target = terms.hop_seconds.get(run.level)
        if target is None and run.deadline is None:
            continue
        calendar = terms.callback_calendar if run.clock is Clock.CALLBACK else terms.calendar
        read = Run(
            clock=run.clock,
            cycle=run.cycle,
            started_at=run.started_at,
            stretches=tuple(stretch for stretch in run.stretches if stretch[0] != stretch[1]),
            stopped_at=run.stopped_at,
            canceled=run.canceled,
            target_seconds=None if run.deadline is not None else target,
            deadline=run.deadline,
            calendar=calendar,
            level=run.level,
        )
        # What was broken before it came to nothing stays broken: merging or canceling an overdue matter hides nothing.
        kept = replace(read, canceled=False)
        found.append(kept if kept.is_met() is False else read)
    return tuple(found)
