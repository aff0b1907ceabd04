"""Operating days of a time zone, 05:00 to 05:00 by the wall clock, also where the clocks change.

A day starts at five because that is when the phones are quietest: night shifts end there and no agent is on
both sides of the border. Inside a day time is counted in elapsed seconds, so a day of 23 or 25 hours needs no
special case: it just has 46 or 50 half-hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]

HALF_HOUR = 1800
MAX_BLOCKS = 50
DAY_SECONDS = 86_400
DAY_START = time(5)
_DAY_START_BLOCK = 10


@dataclass(frozen=True)
class Days:
    """Operating days in a row; arrays run over the days, `wall` and `local_day` over days and half-hours.

    Attributes:
        dates: the calendar date each day starts on.
        start: UTC second of 05:00 local.
        length: elapsed seconds until the next day's 05:00.
        offset_before, offset_after: UTC offset in seconds, before and from `change` on.
        change: elapsed second at which the clocks change; equals `length` on ordinary days.
        wall: the half-hour of the wall clock, 0 to 47; -1 past the day's end.
        local_day: calendar date of the half-hour as days since 1970.
    """

    dates: tuple[date, ...]
    start: Ints
    length: Ints
    offset_before: Ints
    offset_after: Ints
    change: Ints
    wall: Ints
    local_day: Ints

    def offset_at(self, *, day: Ints, elapsed: Ints) -> Ints:
        """UTC offset in seconds at an elapsed second of a day."""
        return np.where(elapsed < self.change[day], self.offset_before[day], self.offset_after[day])


def days_between(*, first: date, last: date, zone: str) -> Days:
    """Operating days that cover every local moment from `first` to the end of `last`."""
    tz = ZoneInfo(zone)
    count = (last - first).days + 2
    dates = tuple(first + timedelta(days=n - 1) for n in range(count))
    borders = [datetime.combine(day, DAY_START, tz) for day in (*dates, last + timedelta(days=1))]
    seconds = np.array([int(border.timestamp()) for border in borders], dtype=np.int64)
    offsets = np.array([_offset(moment=border, tz=tz) for border in borders], dtype=np.int64)
    length = np.diff(seconds)
    change = length.copy()
    for day in np.flatnonzero(offsets[1:] != offsets[:-1]):
        # Clocks change on the half-hour everywhere in the demo's zones.
        change[day] = next(
            elapsed
            for elapsed in range(0, int(length[day]), HALF_HOUR)
            if _offset(moment=datetime.fromtimestamp(int(seconds[day]) + elapsed, UTC), tz=tz) != offsets[day]
        )
    elapsed = np.arange(MAX_BLOCKS, dtype=np.int64)[None, :] * HALF_HOUR
    shift = np.where(elapsed < change[:, None], 0, (offsets[1:] - offsets[:-1])[:, None])
    block = _DAY_START_BLOCK + (elapsed + shift) // HALF_HOUR
    epoch_day = np.array([day.toordinal() for day in dates], dtype=np.int64) - date(1970, 1, 1).toordinal()
    return Days(
        dates=dates,
        start=seconds[:-1],
        length=length,
        offset_before=offsets[:-1],
        offset_after=offsets[1:],
        change=change,
        wall=np.where(elapsed < length[:, None], block % 48, -1),
        local_day=epoch_day[:, None] + block // 48,
    )


def _offset(*, moment: datetime, tz: ZoneInfo) -> int:
    offset = moment.astimezone(tz).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
