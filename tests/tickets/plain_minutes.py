"""A ticket's clocks counted minute by minute, as somebody with a list and a clock on the wall would: the control.

Nothing here is shared with the engine: the list of events is read anew for every minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.calc.business_time import BusinessCalendar
from tickets.calc.clocks import Clock, Event, Kind, Level, Terms, UpdateMode
from tickets.calc.states import OPEN, SOLVED, State

MINUTE = timedelta(minutes=1)


@dataclass
class Count:
    """One cycle of a clock."""

    clock: Clock
    started_at: datetime
    seconds: int = 0
    over_at: datetime | None = None
    stopped_at: datetime | None = None
    canceled: bool = False
    level: Level | None = None
    # In force when it stopped: of events at one moment the list's order tells which came first.
    terms: Terms | None = None
    # From when to when it stood still though nothing paused.
    idle: list[list[datetime | None]] = field(default_factory=list)

    def rest(self, at: datetime) -> None:
        self.idle.append([at, None])

    def wake(self, at: datetime) -> None:
        self.idle[-1][1] = at

    def is_idle(self, moment: datetime) -> bool:
        return any(start <= moment and (end is None or moment < end) for start, end in self.idle if start)


def open_at(calendar: BusinessCalendar, moment: datetime) -> bool:
    """Return whether the wall clock shows an open minute."""
    local = moment.astimezone(ZoneInfo(calendar.zone))
    minute = local.hour * 60 + local.minute
    windows = calendar.exceptions.get(local.date(), calendar.hours.days[local.weekday()])
    return any(w.start_minute <= minute < w.end_minute for w in windows)


def clocks_count(events: Sequence[Event], until: datetime) -> list[Count]:
    """Return every cycle as counted until a moment; all events lie on whole minutes.

    Open cycles are counted from scratch under the newest terms, as a person would after a change of policy: which
    minutes the ticket was paused is remembered, how long they are is asked of the calendar in force.
    """
    counts: list[Count] = []
    minutes: list[tuple[Count, list[datetime]]] = []
    for count in _cycles(events):
        counts.append(count)
        minutes.append((count, []))
    newest = next(e.terms for e in reversed(events) if e.terms)
    moment = events[0].at
    while moment < until:
        state, terms = _state_and_terms(events, moment)
        for count, ticked in minutes:
            begun = count.started_at <= moment
            ended = count.stopped_at is not None and count.stopped_at <= moment
            pausable = count.clock in (Clock.RESOLUTION, Clock.UPDATE, Clock.HOP)
            paused = pausable and state in terms.pausing
            solved = count.clock is Clock.RESOLUTION and state in SOLVED
            if begun and not ended and not paused and not solved and not count.is_idle(moment):
                ticked.append(moment)
        moment += MINUTE
    for count, ticked in minutes:
        terms = count.terms or newest
        calendar = terms.callback_calendar if count.clock is Clock.CALLBACK else terms.calendar
        target = terms.hop_seconds[count.level] if count.level else terms.target_seconds[count.clock]
        for moment in ticked:
            if open_at(calendar, moment):
                count.seconds += 60
                if count.seconds == target:
                    count.over_at = moment + MINUTE
        # A promise that was broken does not come to nothing any more.
        count.canceled = count.canceled and count.seconds <= target
    return counts


def _late(count: Count, until: datetime, terms: Terms | None) -> bool:
    """Return whether a callback that is owed has used up its time by a moment."""
    assert terms is not None
    seconds, moment = 0, count.started_at
    while moment < until:
        seconds += 60 * (open_at(terms.callback_calendar, moment) and not count.is_idle(moment))
        moment += MINUTE
    return seconds > terms.target_seconds[Clock.CALLBACK]


def _state_and_terms(events: Sequence[Event], moment: datetime) -> tuple[State, Terms]:
    state, terms = State.NEW, None
    for event in events:
        if event.at <= moment:
            state = event.state or state
            terms = event.terms or terms
    assert terms is not None
    return state, terms


def _cycles(events: Sequence[Event]) -> list[Count]:  # noqa: PLR0912 - a branch for each rule
    """Return which cycles begin and end when, by reading the rules of docs/formulas.md off the list."""
    found: list[Count] = []

    def running(clock: Clock) -> Count | None:
        alive = [c for c in found if c.clock is clock and c.stopped_at is None]
        return alive[-1] if alive else None

    def end(clock: Clock, at: datetime, canceled: bool = False) -> None:
        if count := running(clock):
            count.stopped_at, count.canceled, count.terms = at, canceled, terms

    state, terms, answered, opening = State.NEW, None, False, 0
    for event in events:
        terms = event.terms or terms
        assert terms is not None
        former, state = state, event.state or state
        if event.kind is Kind.OPENED:
            found += [Count(Clock.FIRST_RESPONSE, event.at), Count(Clock.RESOLUTION, event.at)]
            found.append(Count(Clock.HOP, event.at, level=Level.FIRST_LINE))
        elif event.kind is Kind.HOP:
            holder = running(Clock.HOP)
            before = [c for c in found[opening:] if c.level is event.level]
            if (before and event.level is Level.FIRST_LINE) or (holder and holder.level is event.level):
                pass
            elif before:
                end(Clock.HOP, event.at)
                stood = before[0].stopped_at
                assert stood is not None
                before[0].rest(stood)
                before[0].wake(event.at)
                before[0].stopped_at = before[0].terms = None
            else:
                end(Clock.HOP, event.at)
                found.append(Count(Clock.HOP, event.at, level=event.level))
        elif event.kind is Kind.REPLIED:
            end(Clock.FIRST_RESPONSE, event.at)
            end(Clock.UPDATE, event.at)
            answered = True
            if terms.update_mode is UpdateMode.BETWEEN_UPDATES and state in OPEN:
                found.append(Count(Clock.UPDATE, event.at))
        elif event.kind is Kind.ASKED:
            owed = answered and state in OPEN and terms.update_mode is UpdateMode.AFTER_CUSTOMER
            if owed and not running(Clock.UPDATE):
                found.append(Count(Clock.UPDATE, event.at))
        elif event.kind is Kind.CALLED_BACK:
            end(Clock.CALLBACK, event.at)
        elif event.kind is Kind.STATE and former in OPEN and state in SOLVED:
            end(Clock.FIRST_RESPONSE, event.at)
            end(Clock.UPDATE, event.at, canceled=True)
            end(Clock.HOP, event.at)
            end(Clock.RESOLUTION, event.at)
            answered = True
            owed_call = running(Clock.CALLBACK)
            if state is not State.CALLBACK_DUE:
                end(Clock.CALLBACK, event.at, canceled=True)
            elif owed_call:
                owed_call.wake(event.at)
            else:
                found.append(Count(Clock.CALLBACK, event.at))
        elif event.kind is Kind.STATE and former in SOLVED and state in OPEN:
            if owed_call := running(Clock.CALLBACK):
                if _late(owed_call, event.at, terms):
                    end(Clock.CALLBACK, event.at)
                else:
                    owed_call.rest(event.at)
            opening = len(found)
            solved = [c for c in found if c.clock is Clock.RESOLUTION]
            solved[-1].stopped_at = solved[-1].terms = None
            last = [c.level for c in found if c.clock is Clock.HOP][-1]
            if last is not Level.FIRST_LINE:
                found.append(Count(Clock.HOP, event.at, level=last))
        elif event.kind is Kind.STATE and state in (State.MERGED, State.CANCELED, State.TRANSFERRED):
            for clock in Clock:
                end(clock, event.at, canceled=True)
        elif event.kind is Kind.STATE and state is State.IN_PROGRESS:
            hop = running(Clock.HOP)
            if hop and hop.level is Level.FIRST_LINE:
                end(Clock.HOP, event.at)
    return found
