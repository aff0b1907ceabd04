"""A clock drawn out in time: which parts counted, which stood still, which were closed, and what is still to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from core.periods import local_day
from tickets.calc.clocks import Run


class Part(StrEnum):
    """What a segment of a clock is."""

    TICKING = "ticking"
    OVER = "over"
    PAUSED = "paused"
    CLOSED = "closed"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one kind, half-open."""

    start: datetime
    end: datetime
    part: Part

    @property
    def seconds(self) -> float:
        """Length in real seconds."""
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True)
class Timeline:
    """A cycle of a clock with its arithmetic.

    Attributes:
        segments: In order, without gaps, from the start to the stop, or to now or the due moment if still open.
        target_seconds: Business seconds promised; of a fixed deadline, those from the start to it.
        used_seconds: Business seconds that counted.
        paused_seconds: Business seconds that passed while the clock stood still, and did not count.
    """

    segments: tuple[Segment, ...]
    target_seconds: float
    used_seconds: float
    paused_seconds: float

    def seconds_of(self, *parts: Part) -> float:
        """Return how long all segments of some kinds are together."""
        return sum(segment.seconds for segment in self.segments if segment.part in parts)


def timeline_of(run: Run, at: datetime) -> Timeline:
    """Return a cycle of a clock as segments.

    Time that counted before the promise was used up is TICKING, after it OVER; business time in a pause is PAUSED;
    what the calendar closes is CLOSED, whatever the clock did; business time between now and the due moment is AHEAD.
    TICKING and OVER add up to the clock's reading.

    Args:
        run: The cycle.
        at: Now.

    Source: domain C18.
    """
    until = at if run.stopped_at is None else min(at, run.stopped_at)
    due = run.due_at
    end = until if run.stopped_at is not None or due is None else max(until, due)
    marks = {run.started_at, until, end}
    if due is not None:
        marks.add(due)
    for start, stop in run.stretches:
        marks |= {start} if stop is None else {start, stop}
    edges = sorted(mark for mark in marks if run.started_at <= mark <= end)
    segments: list[Segment] = []
    for start, stop in pairwise(edges):
        part = _part(run, start, until, due)
        for piece in _with_closed(run, start, stop, part):
            if segments and segments[-1].part is piece.part and segments[-1].end == piece.start:
                segments[-1] = Segment(segments[-1].start, piece.end, piece.part)
            else:
                segments.append(piece)
    target = run.target_seconds
    if target is None:
        assert run.deadline is not None
        target = int(run.calendar.seconds_between(run.started_at, run.deadline))
    whole = Timeline(tuple(segments), float(target), run.elapsed_seconds(until), 0.0)
    return Timeline(whole.segments, whole.target_seconds, whole.used_seconds, whole.seconds_of(Part.PAUSED))


def _part(run: Run, start: datetime, until: datetime, due: datetime | None) -> Part:
    if start >= until:
        return Part.AHEAD
    runs = any(begins <= start and (ends is None or start < ends) for begins, ends in run.stretches)
    if not runs:
        return Part.PAUSED
    return Part.OVER if due is not None and start >= due else Part.TICKING


def _with_closed(run: Run, start: datetime, end: datetime, part: Part) -> Iterator[Segment]:
    at = start
    for opens, closes in run.calendar.open_between(start, end):
        if at < opens:
            yield Segment(at, opens, Part.CLOSED)
        yield Segment(opens, closes, part)
        at = closes
    if at < end:
        yield Segment(at, end, Part.CLOSED)


def named_days(names: Mapping[date, str], timeline: Timeline, zone: str) -> list[tuple[date, str]]:
    """Return the holidays and other own days, by name, that lie in a timeline.

    Args:
        names: Local day to its name.
        timeline: The drawn clock.
        zone: IANA name of its calendar.
    """
    if not timeline.segments:
        return []
    first = local_day(timeline.segments[0].start, zone)
    last = local_day(timeline.segments[-1].end - timedelta(microseconds=1), zone)
    return [(day, name) for day, name in sorted(names.items()) if first <= day <= last]
