"""Service hours: when a contract's queues must be answered, in windows of wall-clock time by weekday."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from core.periods import HALF_HOUR, half_hours

DAY_MINUTES = 24 * 60
WEEKDAYS = range(7)
_TIME = re.compile(r"([01]?\d|2[0-4])[:：]([0-5]\d)", re.ASCII)
_WINDOW = re.compile(r"\s*(\S+?)\s*[-–—~～至]\s*(\S+?)\s*")


class HoursError(ValueError):
    """One weekday's windows cannot be right.

    Attributes:
        weekday: 0 for Monday to 6 for Sunday; None when the week as a whole is wrong.
        code: ``time``, ``window``, ``order``, ``overlap``, ``weekday`` or ``empty``.
        text: The piece that is wrong.
    """

    def __init__(self, code: str, *, weekday: int | None = None, text: str = "") -> None:
        super().__init__(f"{code}: {text}" if text else code)
        self.weekday = weekday
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A stretch of one day, half-open, in minutes of the wall clock: 0 to 1440."""

    start_minute: int
    end_minute: int

    def __str__(self) -> str:
        return f"{clock(self.start_minute)}–{clock(self.end_minute)}"


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """The windows of a week, Monday first, each day's in order and apart from each other."""

    days: tuple[tuple[Window, ...], ...]

    def as_json(self) -> dict[str, list[list[str]]]:
        """Return the form that a version stores: weekday to pairs of times, closed days left out.

        >>> parse({"0": [["9:00", "18:00"]]}).as_json()
        {'0': [['09:00', '18:00']]}
        """
        return {
            str(weekday): [[clock(w.start_minute), clock(w.end_minute)] for w in windows]
            for weekday, windows in enumerate(self.days)
            if windows
        }

    def groups(self) -> list[tuple[int, int, tuple[Window, ...]]]:
        """Return the week as runs of equal days: first weekday, last weekday, windows."""
        runs: list[tuple[int, int, tuple[Window, ...]]] = []
        for weekday, windows in enumerate(self.days):
            if runs and runs[-1][2] == windows:
                runs[-1] = (runs[-1][0], weekday, windows)
            else:
                runs.append((weekday, weekday, windows))
        return runs


def clock(minute: int) -> str:
    """Return a minute of the day as a clock shows it; the day's end is ``24:00``.

    >>> clock(545), clock(1440)
    ('09:05', '24:00')
    """
    return f"{minute // 60:02d}:{minute % 60:02d}"


def parse(raw: Mapping[str, Sequence[Sequence[str]]]) -> ServiceHours:
    """Return the service hours of their stored form.

    Args:
        raw: Weekday ``"0"`` (Monday) to ``"6"`` to a list of ``[start, end]``; a day left out is closed.

    Raises:
        HoursError: A weekday, a time or a window is impossible, two windows overlap, or no day is open.
    """
    if not isinstance(raw, Mapping) or not set(raw) <= {str(weekday) for weekday in WEEKDAYS}:
        raise HoursError("weekday")
    days = tuple(_day(weekday, raw.get(str(weekday), ())) for weekday in WEEKDAYS)
    if not any(days):
        raise HoursError("empty")
    return ServiceHours(days)


def _day(weekday: int, pairs: Sequence[Sequence[str]]) -> tuple[Window, ...]:
    if not isinstance(pairs, list | tuple):
        raise HoursError("window", weekday=weekday, text=str(pairs))
    windows = []
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise HoursError("window", weekday=weekday, text=str(pair))
        start, end = (_minute(weekday, time) for time in pair)
        if start >= end:
            raise HoursError("order", weekday=weekday, text=f"{pair[0]}–{pair[1]}")
        windows.append(Window(start, end))
    windows.sort()
    for former, following in pairwise(windows):
        if following.start_minute < former.end_minute:
            raise HoursError("overlap", weekday=weekday, text=f"{former}, {following}")
    return tuple(windows)


def _minute(weekday: int, time: object) -> int:
    match = _TIME.fullmatch(time) if isinstance(time, str) else None
    minute = int(match[1]) * 60 + int(match[2]) if match else DAY_MINUTES + 1
    if minute > DAY_MINUTES:
        raise HoursError("time", weekday=weekday, text=str(time))
    return minute


def pairs_from_text(text: str, *, weekday: int = 0) -> list[list[str]]:
    """Return the pairs of times of a line that somebody typed; an empty line is a closed day.

    Raises:
        HoursError: A piece is not a window.

    >>> pairs_from_text("9:00-12:00, 13:00-18:00")
    [['9:00', '12:00'], ['13:00', '18:00']]
    """
    pairs = []
    for piece in re.split(r"[,;，；、]", text):
        if not piece.strip():
            continue
        match = _WINDOW.fullmatch(piece)
        if match is None:
            raise HoursError("window", weekday=weekday, text=piece.strip())
        pairs.append([match[1], match[2]])
    return pairs


def text_of(windows: Sequence[Window]) -> str:
    """Return a day's windows as :func:`pairs_from_text` reads them.

    >>> text_of(parse({"0": [["09:00", "12:00"], ["13:00", "24:00"]]}).days[0])
    '09:00–12:00, 13:00–24:00'
    """
    return ", ".join(map(str, windows))


def is_open(hours: ServiceHours, local: datetime) -> bool:
    """Return whether a moment lies in the service hours.

    Args:
        hours: The week.
        local: The moment on the contract's wall clock; its weekday and time are read as they stand.
    """
    minute = local.hour * 60 + local.minute
    return any(w.start_minute <= minute < w.end_minute for w in hours.days[local.weekday()])


def open_half_hours(hours: ServiceHours, day: date, zone: str) -> list[datetime]:
    """Return the starts of a local day's half-hours that lie in the service hours at least in part, UTC.

    A half-hour that a clock change repeats is open both times; one that it skips does not occur.

    Args:
        hours: The week.
        day: The local day.
        zone: IANA name of the contract's zone.

    >>> week = parse({str(weekday): [["00:00", "24:00"]] for weekday in range(7)})
    >>> len(open_half_hours(week, date(2026, 10, 25), "Europe/Berlin"))
    50
    """
    windows = hours.days[day.weekday()]
    if not windows:
        return []
    length = int(HALF_HOUR.total_seconds()) // 60
    found = []
    for start in half_hours(day, zone):
        local = start.astimezone(ZoneInfo(zone))
        minute = local.hour * 60 + local.minute
        if any(w.start_minute < minute + length and minute < w.end_minute for w in windows):
            found.append(start.astimezone(UTC))
    return found
