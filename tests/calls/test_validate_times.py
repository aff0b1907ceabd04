"""Times become UTC exactly as the standard library says, and never by a guess."""

# ruff: noqa: DTZ001 - local times without a zone are what is read here
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.calc.moments import day_times_read, moments_read
from calls.calc.profile import CANONICAL
from calls.calc.values import duration_seconds
from tests.calls.call_files import ABANDONED, check, findings

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T09:12:58+08:00", datetime(2026, 3, 1, 1, 12, 58, tzinfo=UTC)),
        ("2026-03-01T09:12:58Z", datetime(2026, 3, 1, 9, 12, 58, tzinfo=UTC)),
        ("2026-03-01 09:12:58z", datetime(2026, 3, 1, 9, 12, 58, tzinfo=UTC)),
        ("2026-03-01T09:12:58-0330", datetime(2026, 3, 1, 12, 42, 58, tzinfo=UTC)),
        ("2026-03-01T09:12:58 +08", datetime(2026, 3, 1, 1, 12, 58, tzinfo=UTC)),
        ("2026-03-01T09:12+08:00", datetime(2026, 3, 1, 1, 12, tzinfo=UTC)),
        ("2026-03-01T09:12:58.5+08:00", datetime(2026, 3, 1, 1, 12, 58, 500000, tzinfo=UTC)),
        ("2026-03-01T09:12:58,123456789Z", datetime(2026, 3, 1, 9, 12, 58, 123456, tzinfo=UTC)),
        ("2026-03-01 09:12:58", datetime(2026, 3, 1, 8, 12, 58, tzinfo=UTC)),
        ("2024-02-29 23:59", datetime(2024, 2, 29, 22, 59, tzinfo=UTC)),
    ],
)
def test_iso_times_are_read_in_every_shape_alone_and_mixed(text: str, moment: datetime) -> None:
    others = ["2026-03-01T09:12:58+08:00", "2026-03-01 09:12:58", None]
    for texts in ([text], [*others, text], [text, *others]):
        read = moments_read(pl.Series(texts, dtype=pl.String), pattern=None, zone="Europe/Berlin")
        assert read.utc[texts.index(text)] == moment
        assert read.problems == {}


@pytest.mark.parametrize(
    ("text", "pattern", "local"),
    [
        ("9:05:07 31/12/2025", "%H:%M:%S %d/%m/%Y", datetime(2025, 12, 31, 9, 5, 7)),
        ("12/31/25 09:05 PM", "%m/%d/%y %I:%M %p", datetime(2025, 12, 31, 21, 5)),
        ("3 Feb 2026 04:05:06", "%d %b %Y %H:%M:%S", datetime(2026, 2, 3, 4, 5, 6)),
        ("2026-02-03 04:05:06.789", "%Y-%m-%d %H:%M:%S.%f", datetime(2026, 2, 3, 4, 5, 6, 789000)),
    ],
)
def test_a_profile_may_name_the_format(text: str, pattern: str, local: datetime) -> None:
    read = moments_read(pl.Series([text, "?"]), pattern=pattern, zone="Asia/Shanghai")
    assert read.utc.to_list() == [local.replace(tzinfo=ZoneInfo("Asia/Shanghai")), None]
    assert read.problems["time_invalid"].to_list() == [False, True]


def test_a_format_with_an_offset_needs_no_zone() -> None:
    read = moments_read(pl.Series(["03.02.2026 04:05:06 +0100"]), pattern="%d.%m.%Y %H:%M:%S %z", zone=None)
    assert read.utc.to_list() == [datetime(2026, 2, 3, 3, 5, 6, tzinfo=UTC)]


def test_a_format_that_fits_nothing_is_an_error_of_every_row() -> None:
    read = moments_read(pl.Series(["31.02.2026 04:05:06", "", None]), pattern="%d.%m.%Y %H:%M:%S", zone="UTC")
    assert read.problems["time_invalid"].to_list() == [True, True, False]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ZONES), st.lists(st.datetimes(datetime(2001, 1, 1), datetime(2026, 6, 1)), min_size=1))
def test_local_times_agree_with_the_standard_library(zone: str, locals_: list[datetime]) -> None:
    locals_ = [local.replace(microsecond=0) for local in locals_]
    read = moments_read(pl.Series([str(local) for local in locals_]), pattern=None, zone=zone)
    for at, local in enumerate(locals_):
        assert_as_zoneinfo(read.utc[at], local, zone)


@pytest.mark.parametrize("zone", ZONES[1:4])
def test_every_quarter_hour_of_the_nights_when_clocks_change(zone: str) -> None:
    place = ZoneInfo(zone)
    hours = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(365 * 24)]
    changes = [a for a, b in pairwise(hours) if a.astimezone(place).utcoffset() != b.astimezone(place).utcoffset()]
    assert len(changes) == 2
    for change in changes:
        start = change.astimezone(place).replace(tzinfo=None, minute=0) - timedelta(hours=3)
        locals_ = [start + timedelta(minutes=15 * step) for step in range(28)]
        read = moments_read(pl.Series([f"{local:%Y-%m-%d %H:%M:%S}" for local in locals_]), pattern=None, zone=zone)
        for at, local in enumerate(locals_):
            assert_as_zoneinfo(read.utc[at], local, zone)
            if read.utc[at] is None:
                assert read.problems["time_gap" if is_gap(local, place) else "time_ambiguous"][at]


def is_gap(local: datetime, place: ZoneInfo) -> bool:
    moment = local.replace(tzinfo=place)
    return moment.astimezone(UTC).astimezone(place).replace(tzinfo=None) != local


def assert_as_zoneinfo(utc: datetime | None, local: datetime, zone: str) -> None:
    """Equal where the time exists once; null where it exists never or twice."""
    place = ZoneInfo(zone)
    first, second = (local.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    assert utc == (first if first == second else None)


def test_gap_and_overlap_without_offset_are_rejected_and_with_offset_taken() -> None:
    profile = replace(CANONICAL, zone="Europe/Berlin")
    checked = check(
        *(
            ABANDONED | {"offered_at": moment, "queue": "care"}
            for moment in ("2026-03-29 02:30:00", "2026-03-29T02:30:00+01:00", "2026-06-01 02:30:00")
        ),
        profile=profile,
    )
    assert findings(checked) == [("offered_at", "time_gap")]
    assert checked.good["line"].to_list() == [3, 4]
    overlap = check(ABANDONED | {"offered_at": "2025-10-26 02:30:00", "queue": "care"}, profile=profile)
    assert findings(overlap) == [("offered_at", "time_ambiguous")]


def test_times_of_day_take_the_date_of_the_call_and_roll_over_midnight() -> None:
    since = pl.Series(
        ["2026-03-01T22:59:50Z", "2026-03-01T22:59:50Z", "2026-03-01T10:00:00Z", None, "2026-03-01T10:00:00Z"]
    )
    read = day_times_read(
        pl.Series(["00:00:10", "23:59:59", "10:59:59", "10:00:00", "10 o'clock"]),
        pattern="%H:%M:%S",
        zone="Europe/Berlin",
        since=since.str.to_datetime(time_zone="UTC"),
    )
    assert read.utc.to_list() == [
        datetime(2026, 3, 1, 23, 0, 10, tzinfo=UTC),
        datetime(2026, 3, 1, 22, 59, 59, tzinfo=UTC),
        # A second before the call is a wrong clock, not the next day.
        datetime(2026, 3, 1, 9, 59, 59, tzinfo=UTC),
        None,
        None,
    ]
    assert read.problems["time_invalid"].to_list() == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("text", "style", "seconds"),
    [
        ("0:02:23", "H:MM:SS", 143),
        ("26:00:00", "H:MM:SS", 93_600),
        ("-0:00:05", "H:MM:SS", -5),
        ("02:23", "H:MM:SS", None),
        ("0:61:00", "H:MM:SS", None),
        ("75:05", "MM:SS", 4_505),
        ("1:02:23", "MM:SS", None),
        ("1999", "milliseconds", 1),
        ("12.0", "seconds", 12),
        ("12.5", "seconds", None),
        ("1e3", "seconds", None),
        ("１２", "seconds", None),
        ("12345678901", "seconds", None),
    ],
)
def test_durations_are_read_in_their_format_only(text: str, style: str, seconds: int | None) -> None:
    assert duration_seconds(text, style=style) == seconds
