"""Call files of the demo enterprise: one CSV a vendor and month in the canonical format, from a seed.

The same arguments give the same bytes. `python -m demo.calls --end 2026-11-20 --summary` shows their KPIs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from calls.calc.canonical import FIELDS
from demo.callers import NOBODY, Callers, callers, phone_numbers
from demo.days import DAY_SECONDS, Bools, Ints
from demo.demand import contract_of
from demo.summary import summary
from demo.traffic import ABANDONED, ANSWERED, HOLD, OUTCOMES, PLACES, Traffic, traffic
from demo.world import REASONS, VENDORS, Vendor

_KEPT_WHEN_WITHDRAWN = ("external_id", "revision", "queue", "direction", "offered_at", "outcome")
_LOST_RECORDING_RATIO = 0.015
# What callers press on their way to a line: the menu, and the shortcut to a person.
_IVR_PATHS = {"orders": "1", "returns": "2", "tech": "3-1", "billing": "4", "vip": "9", "aftersales": ""}
_SHORTCUT_RATIO = 0.12
# Corrections arrive for calls of the last weeks, but not of the last days.
_CORRECTED_DAYS = (40, 3)
_LATE_SURVEYS, _CHANGED_REASONS, _CHANGED_WRAPS, _WITHDRAWN = 6, 3, 3, 3


@dataclass(frozen=True, slots=True)
class CallFile:
    """A file as a vendor would send it."""

    vendor_code: str
    name: str
    text: str


def call_files(
    *,
    seed: int,
    months_end: date,
    months: int = 6,
    calls: int = 300_000,
    until: datetime | None = None,
) -> Iterator[CallFile]:
    """Files of every vendor, the newest month of all of them first, the corrections last.

    Args:
        seed: another seed, another history of the same enterprise.
        months_end: last day with calls, in each contract's zone; the newest month ends there.
        months: calendar months, the newest included.
        calls: rows of all monthly files together. Above demo.traffic.DAY_CALLS_PER_TEAM a day an
            agent's code stands for several seats, so one agent may then be on two calls at once.
        until: leave out what was not over at this moment (for a demo in the middle of a day); aware.

    Yields:
        Files with the columns of the canonical file, times in the contract's zone with their offset.
    """
    first = _month_start(day=months_end, back=months - 1)
    left = calls
    senders = []
    for number, vendor in enumerate(VENDORS):
        share = left if number == len(VENDORS) - 1 else round(calls * vendor.calls_share)
        left -= share
        rng = np.random.default_rng([seed, number])
        seen = traffic(vendor=vendor, first=first, last=months_end, calls=share, rng=rng)
        known = callers(traffic=seen, rng=rng)
        senders.append(_Rows(vendor=vendor, traffic=seen, callers=known, rng=rng, until=until))
    for back in range(months):
        begin = _month_start(day=months_end, back=back)
        end = _month_start(day=months_end, back=back - 1)
        for rows in senders:
            name = f"{rows.vendor.code.lower()}_calls_{begin:%Y-%m}.csv"
            yield CallFile(rows.vendor.code, name, rows.between(first=begin, last=end).write_csv())
    for rows in senders:
        name = f"{rows.vendor.code.lower()}_corrections_{months_end:%Y-%m}.csv"
        yield CallFile(rows.vendor.code, name, rows.corrections(last=months_end).write_csv())


class _Rows:
    """A vendor's calls as rows of the canonical file, made month by month to keep memory small."""

    def __init__(
        self,
        *,
        vendor: Vendor,
        traffic: Traffic,
        callers: Callers,
        rng: np.random.Generator,
        until: datetime | None,
    ) -> None:
        self.vendor, self.traffic, self.callers, self.rng = vendor, traffic, callers, rng
        self.country = contract_of(vendor_code=vendor.code, line_code=traffic.lines[0]).holiday_country
        count = len(traffic.line)
        # Local days since 1970, and the running number of each call within its day.
        self.day = (traffic.offered + traffic.offset) // DAY_SECONDS
        self.number = np.arange(count) - np.searchsorted(self.day, self.day) + 1
        self.shortcut = rng.random(count) < _SHORTCUT_RATIO
        self.recorded = (traffic.outcome == ANSWERED) & (rng.random(count) >= _LOST_RECORDING_RATIO)
        over = traffic.ended + traffic.wrap
        self.is_over = np.ones(count, dtype=np.bool_) if until is None else over <= until.timestamp()

    def between(self, *, first: date, last: date) -> pl.DataFrame:
        """Rows offered from `first` up to, not including, `last`."""
        epoch = date(1970, 1, 1).toordinal()
        borders = np.searchsorted(self.day, [first.toordinal() - epoch, last.toordinal() - epoch])
        chosen = np.arange(*borders)
        return self.of(chosen[self.is_over[chosen]])

    def of(self, chosen: Ints) -> pl.DataFrame:
        """Rows of these calls, first revision."""
        seen, known = self.traffic, self.callers
        offered, offset = seen.offered[chosen], seen.offset[chosen]
        answered = seen.outcome[chosen] == ANSWERED
        inbound = seen.is_inbound[chosen]
        first_leg = known.transferred_from[chosen]
        place = np.where((first_leg >= 0) & (seen.outcome[chosen] == ABANDONED), HOLD, seen.place[chosen])
        external_id = self._external_id(chosen)
        stamp = _moments(seconds=offered, offset=offset)
        codes = [agent.code for agent in seen.agents]
        paths = [_IVR_PATHS[code] for code in seen.lines]
        columns = {
            "external_id": external_id,
            "revision": np.ones(len(chosen), dtype=np.int64),
            "queue": _words(words=seen.lines, index=seen.line[chosen]),
            "direction": _words(words=("outbound", "inbound"), index=inbound.astype(np.int64)),
            "customer": self._customer(chosen),
            "reason": _words(words=[reason.code for reason in REASONS], index=known.reason[chosen]),
            "agent": _words(words=codes, index=seen.agent[chosen]),
            "offered_at": stamp,
            "answered_at": _where(answered, _moments(seconds=offered + seen.wait[chosen], offset=offset)),
            "ended_at": _moments(seconds=seen.ended[chosen], offset=offset),
            "ring_seconds": seen.ring[chosen],
            "wait_seconds": seen.wait[chosen],
            "talk_seconds": seen.talk[chosen],
            "hold_seconds": seen.hold[chosen],
            "wrap_seconds": seen.wrap[chosen],
            "outcome": _words(words=OUTCOMES, index=seen.outcome[chosen]),
            "abandon_place": _words(words=PLACES, index=np.where(place == 0, NOBODY, place)),
            "transferred_from": _where(first_leg >= 0, self._external_id(np.maximum(first_leg, 0))),
            "resolved": _words(words=("no", "yes"), index=known.resolved[chosen]),
            "success": _words(words=("no", "yes"), index=known.success[chosen]),
            "csat": _where(known.csat[chosen] > 0, pl.Series(known.csat[chosen])),
            "recording": _where(
                self.recorded[chosen],
                stamp.str.slice(0, 10) + "/" + external_id + ".opus",
            ),
            "ivr_path": _where(
                inbound,
                _words(
                    words=[*paths, *(f"{path}-0" for path in paths)],
                    index=seen.line[chosen] + len(paths) * self.shortcut[chosen],
                ),
            ),
        }
        return pl.DataFrame({name: columns[name] for name in FIELDS})

    def corrections(self, *, last: date) -> pl.DataFrame:
        """Second revisions: late survey answers, new reasons, repaired wrap times, withdrawn test calls."""
        today = last.toordinal() - date(1970, 1, 1).toordinal()
        oldest, newest = (today - days for days in _CORRECTED_DAYS)
        able = (self.traffic.outcome == ANSWERED) & self.traffic.is_inbound & self.is_over
        able &= (self.day >= oldest) & (self.day <= newest) & (self.callers.csat == 0)
        able &= self.callers.resolved != NOBODY
        sizes = (_LATE_SURVEYS, _CHANGED_REASONS, _CHANGED_WRAPS, _WITHDRAWN)
        chosen = np.sort(self.rng.permutation(np.flatnonzero(able))[: sum(sizes)])
        kind = np.repeat(np.arange(4), sizes)[self.rng.permutation(sum(sizes))][: len(chosen)]
        rows = self.of(chosen)
        lines = [self.traffic.lines[line] for line in self.traffic.line[chosen]]
        other = [
            next(each.code for each in REASONS if line in each.weights and each.code != reason)
            for line, reason in zip(lines, rows["reason"], strict=True)
        ]
        rows = rows.with_columns(
            pl.lit(2, pl.Int64).alias("revision"),
            csat=_where(kind == 0, pl.Series(self.rng.integers(1, 6, len(chosen)))),
            reason=pl.when(pl.Series(kind == 1)).then(pl.Series(other, dtype=pl.String)).otherwise("reason"),
            wrap_seconds=pl.col("wrap_seconds") + pl.Series(np.where(kind == 2, 45, 0)),
            outcome=pl.when(pl.Series(kind == 3)).then(pl.lit("withdrawn")).otherwise("outcome"),
        )
        gone = pl.col("outcome") == "withdrawn"
        return rows.with_columns(
            pl.when(~gone).then(pl.col(name)) for name in FIELDS if name not in _KEPT_WHEN_WITHDRAWN
        )

    def _external_id(self, chosen: Ints) -> pl.Series:
        dates = _dates(day=self.day[chosen]).str.replace_all("-", "", literal=True)
        number = pl.Series(self.number[chosen]).cast(pl.String).str.zfill(5)
        return pl.select(pl.concat_str(pl.lit(f"{self.vendor.code}-"), dates, pl.lit("-"), number)).to_series()

    def _customer(self, chosen: Ints) -> pl.Series:
        customer = self.callers.customer[chosen]
        prefix, number, digits = phone_numbers(customer=customer, country=self.country)
        text = pl.lit(prefix) + pl.Series(number).cast(pl.String).str.zfill(digits)
        return _where(customer != NOBODY, pl.select(text).to_series())


def _words(*, words: Sequence[str], index: Ints) -> pl.Series:
    """Words by number; nothing where the number is negative."""
    return pl.Series([*words, None], dtype=pl.String).gather(np.where(index < 0, len(words), index))


def _where(keep: Bools, values: pl.Series) -> pl.Series:
    return pl.select(pl.when(pl.Series(keep)).then(values)).to_series()


def _dates(*, day: Ints) -> pl.Series:
    if not len(day):
        return pl.Series(dtype=pl.String)
    first, last = int(day.min()), int(day.max())
    names = [(date(1970, 1, 1) + timedelta(days=number)).isoformat() for number in range(first, last + 1)]
    return pl.Series(names).gather(day - first)


def _moments(*, seconds: Ints, offset: Ints) -> pl.Series:
    """ISO 8601 with offset. Built from tables, for formatting each moment would take most of the time."""
    local = seconds + offset
    zones, zone = np.unique(offset, return_inverse=True)
    text = pl.concat_str(
        _dates(day=local // DAY_SECONDS),
        _CLOCK.gather(local % DAY_SECONDS),
        _words(words=[_offset_text(int(each)) for each in zones], index=zone),
    )
    return pl.select(text).to_series()


def _offset_text(seconds: int) -> str:
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"


_CLOCK = pl.Series(
    [f"T{hour:02d}:{minute:02d}:{second:02d}" for hour in range(24) for minute in range(60) for second in range(60)]
)


def _month_start(*, day: date, back: int) -> date:
    month = day.year * 12 + day.month - 1 - back
    return date(month // 12, month % 12 + 1, 1)


def main() -> None:
    """Write the files, or show what is in them."""
    parser = argparse.ArgumentParser(prog="python -m demo.calls", description=main.__doc__)
    parser.add_argument("--end", type=date.fromisoformat, required=True, help="last day with calls")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--months", type=int, default=6)
    parser.add_argument("--calls", type=int, default=300_000)
    parser.add_argument("--out", type=Path, help="folder to write the files to")
    parser.add_argument("--summary", action="store_true", help="print KPIs by month and week")
    options = parser.parse_args()
    files = call_files(seed=options.seed, months_end=options.end, months=options.months, calls=options.calls)
    kept = []
    for file in files:
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            (options.out / file.name).write_text(file.text, encoding="utf-8")
        if options.summary:
            kept.append(file.text)
    if options.summary:
        sys.stdout.write(summary(texts=kept))


if __name__ == "__main__":
    main()
