"""Half-open stretches of time and the days of a zone: 46, 48 or 50 half-hours, never assumed to be 48."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of local days ``[first, last]`` in one zone; its moments are half-open.

    Attributes:
        first: First local day.
        last: Last local day, included.
        zone: IANA name.
    """

    first: date
    last: date
    zone: str

    @property
    def start(self) -> datetime:
        """The first moment, UTC."""
        return day_start(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after the period, UTC."""
        return day_start(self.last + timedelta(days=1), self.zone)

    @property
    def days(self) -> int:
        """Number of local days."""
        return (self.last - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(self.days))


def day_start(day: date, zone: str) -> datetime:
    """Return the first moment of a local day, UTC.

    Midnight that a clock change skips (as in Santiago) is the moment the clock jumps to; of a midnight that comes
    twice (as in Havana) the first is meant.

    >>> day_start(date(2026, 3, 29), "Europe/Berlin").isoformat()
    '2026-03-28T23:00:00+00:00'
    """
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def half_hours(day: date, zone: str) -> list[datetime]:
    """Return the starts of a local day's half-hours, counted from its first moment, UTC.

    >>> len(half_hours(date(2026, 3, 29), "Europe/Berlin"))
    46
    """
    start, end = day_start(day, zone), day_start(day + timedelta(days=1), zone)
    return [start + HALF_HOUR * n for n in range(int((end - start) / HALF_HOUR))]


def local_day(moment: datetime, zone: str) -> date:
    """Return the local day that holds a moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def month_of(day: date, zone: str) -> Period:
    """Return the calendar month that holds a day."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Period(first, following - timedelta(days=1), zone)
