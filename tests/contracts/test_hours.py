"""Service hours: windows, weekdays, and the days on which clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.calc.hours import (
    DAY_MINUTES,
    HoursError,
    clock,
    is_open,
    open_half_hours,
    pairs_from_text,
    parse,
    text_of,
)
from core.periods import half_hours

ALWAYS = parse({str(day): [["00:00", "24:00"]] for day in range(7)})
OFFICE = parse({str(day): [["09:00", "12:00"], ["13:00", "18:00"]] for day in range(5)})
SUNDAYS = parse({"6": [["01:30", "03:30"]]})


@pytest.mark.parametrize(
    ("raw", "code", "weekday"),
    [
        ({}, "empty", None),
        ({"0": []}, "empty", None),
        ({"7": [["09:00", "18:00"]]}, "weekday", None),
        ([["09:00", "18:00"]], "weekday", None),
        ({"0": [["09:00", "24:01"]]}, "time", 0),
        ({"0": [["9", "18:00"]]}, "time", 0),
        ({"0": [["09:00", "25:00"]]}, "time", 0),
        ({"0": [["٠٩:٠٠", "18:00"]]}, "time", 0),
        ({"0": [[9, 18]]}, "time", 0),
        ({"3": [["18:00", "09:00"]]}, "order", 3),
        ({"3": [["09:00", "09:00"]]}, "order", 3),
        ({"1": [["09:00", "12:00"], ["11:59", "18:00"]]}, "overlap", 1),
        ({"1": [["09:00"]]}, "window", 1),
        ({"1": "09:00-18:00"}, "window", 1),
    ],
)
def test_impossible_hours_name_the_weekday_and_the_rule(raw: object, code: str, weekday: int | None) -> None:
    with pytest.raises(HoursError) as refusal:
        parse(raw)  # type: ignore[arg-type]
    assert (refusal.value.code, refusal.value.weekday) == (code, weekday)


def test_windows_that_touch_are_apart_and_come_in_order() -> None:
    hours = parse({"0": [["12:00", "24:00"], ["0:00", "12:00"]]})
    assert hours.as_json() == {"0": [["00:00", "12:00"], ["12:00", "24:00"]]}


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        (datetime(2026, 6, 15, 9, 0, tzinfo=UTC), True),
        (datetime(2026, 6, 15, 8, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 15, 11, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 15, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 6, 15, 18, 0, tzinfo=UTC), False),
        (datetime(2026, 6, 20, 10, 0, tzinfo=UTC), False),
    ],
)
def test_a_moment_lies_in_a_window_or_not(local: datetime, expected: bool) -> None:
    assert is_open(OFFICE, local) is expected


@pytest.mark.parametrize(
    ("day", "zone", "count"),
    [
        (date(2026, 6, 15), "Asia/Shanghai", 48),
        (date(2026, 3, 29), "Europe/Berlin", 46),
        (date(2026, 10, 25), "Europe/Berlin", 50),
        (date(2026, 9, 6), "America/Santiago", 46),
        (date(2026, 10, 4), "Australia/Lord_Howe", 47),
    ],
)
def test_round_the_clock_is_every_half_hour_of_the_day(day: date, zone: str, count: int) -> None:
    assert open_half_hours(ALWAYS, day, zone) == half_hours(day, zone)
    assert len(open_half_hours(ALWAYS, day, zone)) == count


def test_a_repeated_hour_is_open_twice_and_a_skipped_one_not_at_all() -> None:
    repeated = open_half_hours(SUNDAYS, date(2026, 10, 25), "Europe/Berlin")
    assert len(repeated) == 6
    skipped = open_half_hours(SUNDAYS, date(2026, 3, 29), "Europe/Berlin")
    local = [moment.astimezone(ZoneInfo("Europe/Berlin")).time() for moment in skipped]
    assert local == [time(1, 30), time(3, 0)]


def test_a_half_hour_is_open_when_part_of_it_is() -> None:
    hours = parse({"0": [["09:10", "09:40"]]})
    day = date(2026, 6, 15)
    assert open_half_hours(hours, day, "UTC") == [
        datetime(2026, 6, 15, 9, 0, tzinfo=UTC),
        datetime(2026, 6, 15, 9, 30, tzinfo=UTC),
    ]
    assert open_half_hours(hours, day + timedelta(days=1), "UTC") == []


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", []),
        ("  ", []),
        ("09:00-18:00", [["09:00", "18:00"]]),
        ("9:00–12:00；13：00~18:00", [["9:00", "12:00"], ["13：00", "18:00"]]),
        ("09:00 至 12:00、13:00 - 24:00,", [["09:00", "12:00"], ["13:00", "24:00"]]),
    ],
)
def test_windows_are_read_as_people_type_them(text: str, pairs: list[list[str]]) -> None:
    assert pairs_from_text(text) == pairs


@pytest.mark.parametrize("text", ["open", "09:00", "09:00-12:00 13:00-18:00", "-"])
def test_a_line_that_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(HoursError) as refusal:
        parse({"2": pairs_from_text(text, weekday=2)})
    assert (refusal.value.code, refusal.value.weekday) in {("window", 2), ("time", 2)}


weeks = st.dictionaries(
    st.sampled_from([str(day) for day in range(7)]),
    st.lists(st.integers(0, DAY_MINUTES), min_size=2, max_size=8, unique=True)
    .map(sorted)
    .map(lambda m: [[clock(a), clock(b)] for a, b in zip(m[::2], m[1::2], strict=False)]),
    min_size=1,
)


@given(weeks)
def test_what_is_stored_reads_back_as_itself(raw: dict[str, list[list[str]]]) -> None:
    hours = parse(raw)
    assert parse(hours.as_json()) == hours
    typed = {str(day): pairs_from_text(text_of(windows)) for day, windows in enumerate(hours.days)}
    assert parse(typed) == hours
    assert sum(last - first + 1 for first, last, _ in hours.groups()) == 7


@given(weeks, st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from(["Europe/Berlin", "Asia/Kolkata"]))
def test_open_half_hours_are_those_with_an_open_minute(raw: dict[str, list[list[str]]], day: date, zone: str) -> None:
    hours = parse(raw)
    expected = [
        start
        for start in half_hours(day, zone)
        if any(is_open(hours, (start + timedelta(minutes=m)).astimezone(ZoneInfo(zone))) for m in range(30))
    ]
    assert open_half_hours(hours, day, zone) == expected
