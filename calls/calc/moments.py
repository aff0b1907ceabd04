"""Reading times: text with an offset, or local text in the profile's zone, to UTC; the one place for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

# A time of day may lie past midnight, but an answer "earlier" than the call by a wrong clock must not become
# a wait of nearly a day.
ROLLOVER_LIMIT = timedelta(hours=12)

_UTC = pl.Datetime("us", "UTC")
_LOCAL = pl.Datetime("us")
_ISO_LENGTH = len("2026-03-01T09:12:58")
_OFFSET = re.compile(r"(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)")
_ISO = r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d{1,6})\d*)?[ ]?(Z|z|[+-]\d\d(?::?\d\d)?)?$"


@dataclass(frozen=True, slots=True)
class Moments:
    """Times read from text.

    Attributes:
        utc: Datetime[us, UTC]; null where blank or wrong.
        problems: rule code -> mask of the texts that break it.
    """

    utc: pl.Series
    problems: dict[str, pl.Series]


def moments_read(text: pl.Series, *, pattern: str | None, zone: str | None) -> Moments:
    """Read full times.

    Args:
        text: times; null is blank.
        pattern: strptime pattern, or None for ISO 8601 with or without an offset.
        zone: IANA zone of times without an offset; None refuses these.

    Returns:
        UTC moments. A local time that did not exist or happened twice is a problem, never a guess.
    """
    if text.null_count() == text.len():
        return Moments(pl.Series(text.name, [None], dtype=_UTC).new_from_index(0, text.len()), {})
    if pattern is None:
        local, offset = _iso_read(text)
    else:
        local, offset = _format_read(text, pattern)
    invalid = local.is_null() & text.is_not_null()
    problems = {"time_invalid": invalid} if invalid.any() else {}
    aware = (local - offset).dt.replace_time_zone("UTC")
    naive = local.is_not_null() & offset.is_null()
    if not naive.any():
        return Moments(aware, problems)
    if zone is None:
        problems["time_zone_missing"] = naive
        return Moments(aware, problems)
    placed = local_place(local, zone=zone, among=naive)
    return Moments(aware.zip_with(~naive, placed.utc), problems | placed.problems)


def local_place(local: pl.Series, *, zone: str, among: pl.Series) -> Moments:
    """Turn local times of a zone into UTC; gaps and overlaps of the clock are problems.

    Args:
        local: Datetime without zone.
        zone: IANA zone.
        among: mask of the times to convert; the rest becomes null.
    """
    chosen = local.set(~among, None)
    placed = chosen.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
    problems = {}
    lost = placed.is_null() & chosen.is_not_null()
    if lost.any():
        gap = chosen.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").is_null() & lost
        problems = {rule: mask for rule, mask in (("time_gap", gap), ("time_ambiguous", lost & ~gap)) if mask.any()}
    return Moments(placed.dt.convert_time_zone("UTC"), problems)


def day_times_read(text: pl.Series, *, pattern: str, zone: str, since: pl.Series) -> Moments:
    """Read times of day, on the local date of another moment or on the day after.

    Args:
        text: times of day; null is blank.
        pattern: strptime format of a time of day.
        zone: IANA zone of the times.
        since: UTC moments that give the dates; a time of day before them is taken as past midnight, but at
            most ROLLOVER_LIMIT later.
    """
    start = since.dt.convert_time_zone(zone).dt.replace_time_zone(None)
    # A fixed leap day keeps the text complete for the reader; only the clock is used.
    clock = (_strptime("2000-02-29 " + text, f"%Y-%m-%d {pattern}")).dt.time()
    invalid = clock.is_null() & text.is_not_null()
    local = pl.select(pl.lit(start.dt.date()).dt.combine(pl.lit(clock), "us")).to_series()
    next_day = local + timedelta(days=1)
    rolls = ((local < start.dt.truncate("1s")) & (next_day - start <= ROLLOVER_LIMIT)).fill_null(False)
    local = next_day.zip_with(rolls, local)
    placed = local_place(local, zone=zone, among=local.is_not_null())
    problems = {"time_invalid": invalid} if invalid.any() else {}
    return Moments(placed.utc, problems | placed.problems)


def _strptime(text: pl.Series, pattern: str) -> pl.Series:
    """Naive local times; a leap second is not silently moved into the next minute."""
    try:
        local = text.str.to_datetime(_chrono(pattern), time_unit="us", strict=False)
    except pl.exceptions.ComputeError:
        # No text at all fits: the library reports that as a wrong format.
        return pl.Series(text.name, [None], dtype=_LOCAL).new_from_index(0, text.len())
    leap = text.str.contains(":60", literal=True) & local.is_not_null()
    return local.set(leap, None) if leap.any() else local


def _chrono(pattern: str) -> str:
    """The pattern in the vectorized reader's spelling: fractions of a second include their point."""
    return pattern.replace(".%f", "%.f")


def _format_read(text: pl.Series, pattern: str) -> tuple[pl.Series, pl.Series]:
    none = pl.Series([None], dtype=pl.Duration("us")).new_from_index(0, text.len())
    if "%z" not in pattern:
        return _strptime(text, pattern), none
    aware = text.str.to_datetime(_chrono(pattern), time_unit="us", time_zone="UTC", strict=False)
    utc = aware.dt.replace_time_zone(None)
    leap = (text.str.contains(":60", literal=True) & utc.is_not_null()).fill_null(False)
    utc = utc.set(leap, None) if leap.any() else utc
    return utc, none.fill_null(timedelta(0))


def _iso_read(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Local times and offsets; the common shapes vectorized, odd ones by a regular expression."""
    head = text.str.slice(0, _ISO_LENGTH)
    separator = "T" if "T" in (head.drop_nulls()[0] or "") else " "
    local = _strptime(head, f"%Y-%m-%d{separator}%H:%M:%S")
    # The reader above forgives single digits, which would shift the cut between time and offset.
    local = local.set((head.str.len_bytes() != _ISO_LENGTH).fill_null(False), None)
    tail = text.str.slice(_ISO_LENGTH)
    offsets = {value: _offset(value) for value in tail.drop_nulls().unique().head(200)}
    known = [value for value, offset in offsets.items() if offset is not None]
    offset = (
        tail.replace_strict(known, [offsets[value] for value in known], default=None, return_dtype=pl.Duration("us"))
        if known
        else pl.Series([None], dtype=pl.Duration("us")).new_from_index(0, text.len())
    )
    odd = text.is_not_null() & (local.is_null() | (offset.is_null() & (tail != "")))
    if not odd.any():
        return local, offset
    at = odd.arg_true()
    odd_local, odd_offset = _iso_odd_read(text.gather(at))
    return local.scatter(at, odd_local), offset.scatter(at, odd_offset)


def _iso_odd_read(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """ISO times with fractions, without seconds or with rare offsets."""
    parts = text.str.extract_groups(_ISO).struct.unnest()
    day, clock, second, fraction, offset = parts.get_columns()
    whole = day + " " + clock + second.fill_null(":00")
    micros = (fraction.fill_null("0") + "00000").str.slice(0, 6).cast(pl.Int64, strict=False)
    local = _strptime(whole, "%Y-%m-%d %H:%M:%S") + micros.cast(pl.Duration("us"))
    distinct = offset.drop_nulls().unique()
    values = pl.Series([_offset(value) for value in distinct], dtype=pl.Duration("us"))
    east = offset.replace_strict(distinct, values, default=None, return_dtype=pl.Duration("us"))
    # An impossible offset must not pass for a time without one.
    return local.set(offset.is_not_null() & east.is_null(), None), east


def _offset(text: str) -> timedelta | None:
    """The offset east of UTC, or None for what is no offset.

    >>> _offset("+05:30")
    datetime.timedelta(seconds=19800)
    """
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    sign, hours, minutes = match.groups()
    if sign is None:
        return timedelta(0)
    size = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if int(minutes or 0) > 59 or size > timedelta(hours=14):
        return None
    return -size if sign == "-" else size
