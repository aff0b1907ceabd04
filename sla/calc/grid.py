"""How a period is cut into rows: half-hours, hours, days, weeks and months of a zone, none of them assumed long.

Half-hours and hours are counted from the first moment of the local day, so that a day of 23 or 25 hours has 46 or 50
half-hours and none is counted twice. The first and the last row are clipped to the period and say so by their bounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from core.periods import HALF_HOUR, day_start, half_hours, local_day
from sla.calc.query import Interval

ONE_DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Span:
    """One row's stretch of time for one contract zone.

    Attributes:
        label: What rows of several zones are matched by: the local day, or the moment for half-hours and hours.
        start: First moment, UTC.
        end: The moment after the last, UTC.
        first: First local day of the contract that it touches.
        after: The local day after the last.
    """

    label: date | datetime
    start: datetime
    end: datetime
    first: date
    after: date


def is_moment(bound: date | datetime) -> bool:
    """Whether a bound of a period is a moment and not a local day."""
    return isinstance(bound, datetime)


def moment_of(bound: date | datetime, zone: str) -> datetime:
    """Return the moment that a bound means in a zone."""
    return bound if isinstance(bound, datetime) else day_start(bound, zone)


def period_starts(interval: Interval, start: date, end: date) -> list[date]:
    """Return the first days of the rows of a range of days, clipped to it.

    >>> [str(day) for day in period_starts(Interval.WEEK, date(2026, 6, 3), date(2026, 6, 16))]
    ['2026-06-03', '2026-06-08', '2026-06-15']
    """
    if interval is Interval.TOTAL:
        return [start] if start < end else []
    starts = []
    day = start
    while day < end:
        starts.append(day)
        if interval is Interval.MONTH:
            day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        elif interval is Interval.WEEK:
            day += timedelta(days=7 - day.weekday())
        else:
            day += ONE_DAY
    return starts


def cuts(interval: Interval, start: date | datetime, end: date | datetime, zone: str) -> list[date | datetime]:
    """Return where an answer may be split into pages: ``start``, places between whole rows, and ``end``.

    Args:
        interval: How the period is cut; pages of half-hours and hours are split between days.
        start: First day or moment.
        end: The day or moment after the last.
        zone: Zone of the days between two moments.
    """
    if isinstance(start, datetime) and isinstance(end, datetime):
        if interval is Interval.TOTAL:
            return [start, end]
        first = local_day(start, zone) + ONE_DAY
        days = (day_start(day, zone) for day in _days(first, local_day(end, zone) + ONE_DAY))
        return [start, *(moment for moment in days if start < moment < end), end]
    assert not isinstance(start, datetime)
    assert not isinstance(end, datetime)
    return [*period_starts(interval, start, end), end]


def spans(interval: Interval, start: date | datetime, end: date | datetime, *, zone: str, own_zone: str) -> list[Span]:
    """Return the rows' stretches of a period, in order.

    Args:
        interval: How the period is cut.
        start: First day of ``zone``, or first moment.
        end: The day or moment after the last.
        zone: Zone that cuts hours, days, weeks and months.
        own_zone: The contract's zone, whose half-hours the figures are kept by.
    """
    first, last = moment_of(start, zone), moment_of(end, zone)
    if interval is Interval.HALF_HOUR:
        days = _days(local_day(first, own_zone), local_day(last, own_zone) + ONE_DAY)
        return [
            Span(bucket, bucket, bucket + HALF_HOUR, day, day + ONE_DAY)
            for day in days
            for bucket in half_hours(day, own_zone)
            if first <= bucket < last
        ]
    if interval is Interval.HOUR:
        bounds = [first, *(bound for bound in _hours(first, last, zone) if first < bound < last), last]
        return [_span(bound, following, bound, own_zone) for bound, following in pairwise(bounds)]
    if isinstance(start, datetime) or isinstance(end, datetime):
        return [_span(first, last, start, own_zone)]
    return [
        _span(day_start(label, zone), day_start(following, zone), label, own_zone)
        for label, following in pairwise([*period_starts(interval, start, end), end])
    ]


def _days(first: date, after: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((after - first).days))


def _hours(first: datetime, last: datetime, zone: str) -> Iterable[datetime]:
    for day in _days(local_day(first, zone), local_day(last, zone) + ONE_DAY):
        bound, following = day_start(day, zone), day_start(day + ONE_DAY, zone)
        while bound < following:
            yield bound
            bound += HOUR


def _span(start: datetime, end: datetime, label: date | datetime, own_zone: str) -> Span:
    after = local_day(end - timedelta(microseconds=1), own_zone) + ONE_DAY
    return Span(label, start, end, local_day(start, own_zone), after)


def is_aligned(moment: datetime, own_zone: str) -> bool:
    """Whether a moment lies between two half-hours of a zone and not inside one.

    >>> from datetime import UTC
    >>> is_aligned(datetime(2026, 6, 1, tzinfo=UTC), "Asia/Kathmandu")
    False
    """
    return (moment - day_start(local_day(moment, own_zone), own_zone)) % HALF_HOUR == timedelta()
