"""Business time: how much of a stretch lies in the windows of a calendar, and when a quantity of it has passed.

A moment is open when its wall clock stands in a window of its weekday, or of its date where that is an exception. An
hour that a clock change repeats is open both times, one that it skips never occurs; seconds are always real ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from contracts.calc.hours import ServiceHours, Window
from core.periods import day_start, local_day

Stretch = tuple[datetime, datetime]
ONE_DAY = timedelta(days=1)
# After so many closed days in a row a calendar is taken for one that never opens again.
CLOSED_DAYS_MAX = 3 * 366
EVERY_DAY = ServiceHours(((Window(0, 24 * 60),),) * 7)


class NeverOpen(ValueError):
    """The calendar has no open moment in the years after the one asked for."""


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Windows of a week in a zone, and days that have their own.

    Attributes:
        hours: The week's windows on the wall clock.
        zone: IANA name.
        exceptions: Local days to their windows: none for a holiday, some for a working Saturday.
    """

    hours: ServiceHours
    zone: str
    exceptions: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """Return the windows of a local day, on the wall clock."""
        return self.exceptions.get(day, self.hours.days[day.weekday()])

    def day_open(self, day: date) -> tuple[Stretch, ...]:
        """Return the open stretches of a local day, UTC, half-open, in order."""
        windows = self.windows_on(day)
        return _day_open(windows, day, self.zone) if windows else ()

    def open_from(self, moment: datetime) -> Iterator[Stretch]:
        """Yield the open stretches from a moment on.

        Raises:
            NeverOpen: None follows within :data:`CLOSED_DAYS_MAX` days.
        """
        day, closed = local_day(moment, self.zone), 0
        while closed < CLOSED_DAYS_MAX:
            stretches = self.day_open(day)
            for start, end in stretches:
                if end > moment:
                    yield max(start, moment), end
            closed = 0 if stretches else closed + 1
            day += ONE_DAY
        raise NeverOpen(f"no open moment in {self.zone} from {moment.isoformat()}")

    def open_between(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """Yield the open stretches of ``[start, end)``."""
        day, last = local_day(start, self.zone), local_day(end, self.zone)
        while day <= last:
            for opens, closes in self.day_open(day):
                if closes > start and opens < end:
                    yield max(opens, start), min(closes, end)
            day += ONE_DAY

    def seconds_between(self, start: datetime, end: datetime) -> float:
        """Return the open seconds of ``[start, end)``; 0 for an empty stretch."""
        return sum((closes - opens).total_seconds() for opens, closes in self.open_between(start, end))

    def add(self, moment: datetime, seconds: float) -> datetime:
        """Return the earliest moment by which so many open seconds have passed.

        Args:
            moment: Where counting begins, open or closed.
            seconds: 0 or more; 0 gives ``moment`` itself.

        Raises:
            NeverOpen: The calendar does not open often enough.

        Source: domain D14.

        >>> from contracts.calc.hours import parse
        >>> office = BusinessCalendar(parse({str(n): [["09:00", "17:00"]] for n in range(5)}), "UTC")
        >>> office.add(datetime(2026, 6, 5, 16, 30, tzinfo=UTC), 3600).isoformat()  # Friday
        '2026-06-08T09:30:00+00:00'
        """
        left = timedelta(seconds=seconds)
        if not left:
            return moment
        for start, end in self.open_from(moment):
            if end - start >= left:
                return start + left
            left -= end - start
        raise AssertionError  # open_from raises before it ends


@lru_cache(maxsize=20_000)
def _day_open(windows: tuple[Window, ...], day: date, zone: str) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    for start, end in _even_pieces(day, zone):
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - _offset(start, zone)
        for window in windows:
            opens = max(start, midnight + timedelta(minutes=window.start_minute))
            closes = min(end, midnight + timedelta(minutes=window.end_minute))
            if opens >= closes:
                continue
            if found and found[-1][1] == opens:
                found[-1] = (found[-1][0], closes)
            else:
                found.append((opens, closes))
    return tuple(found)


def _even_pieces(day: date, zone: str) -> Iterator[Stretch]:
    """Yield the stretches of a local day in which the zone keeps its distance from UTC."""
    start, end = day_start(day, zone), day_start(day + ONE_DAY, zone)
    while _offset(start, zone) != _offset(end - timedelta(seconds=1), zone):
        same, other = start, end - timedelta(seconds=1)
        while other - same > timedelta(seconds=1):
            middle = same + (other - same) // 2
            middle = middle.replace(microsecond=0)
            same, other = (middle, other) if _offset(middle, zone) == _offset(start, zone) else (same, middle)
        yield start, other
        start = other
    yield start, end


def _offset(moment: datetime, zone: str) -> timedelta:
    return moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
