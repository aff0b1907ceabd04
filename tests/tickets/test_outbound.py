"""When customers may be called: against a simulator that looks at every minute; what outcomes mean; rows of lists."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.calc.business_time import BusinessCalendar
from contracts.calc.hours import parse
from tickets.calc.contact_rows import ContactRow, RowProblem, row_read, rows_read
from tickets.calc.outbound import (
    ENTERED,
    REACHED,
    WINDOWS,
    CampaignState,
    CampaignStep,
    ContactState,
    Outcome,
    Rules,
    contact_after,
    earliest_call,
    state_after,
    window_now,
)

MINUTE = timedelta(minutes=1)
# Clocks go forward and back there in these weeks; Lord Howe moves by half an hour, Santiago at midnight.
CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 28, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 24, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 7, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, tzinfo=UTC)),
    ("America/Santiago", datetime(2026, 9, 5, tzinfo=UTC)),
    ("Asia/Shanghai", datetime(2026, 6, 13, tzinfo=UTC)),
]


def week(zone: str, *closed: date) -> BusinessCalendar:
    """Return the usual windows in a zone."""
    return BusinessCalendar(parse(WINDOWS), zone, dict.fromkeys(closed, ()))


def by_the_minute(calendar: BusinessCalendar, rules: Rules, past: list[datetime], after: datetime) -> datetime | None:
    """Look at each minute's wall clock until one will do; everything falls on whole minutes here."""
    zone = ZoneInfo(calendar.zone)
    for step in range(12 * 24 * 60):
        moment = after + step * MINUTE
        local = moment.astimezone(zone)
        minute = local.hour * 60 + local.minute
        windows = calendar.exceptions.get(local.date(), calendar.hours.days[local.weekday()])
        if not any(window.start_minute <= minute < window.end_minute for window in windows):
            continue
        if any(moment < made + timedelta(seconds=rules.gap_seconds) for made in past):
            continue
        if sum(made.astimezone(zone).date() == local.date() for made in past) >= rules.per_day:
            continue
        return moment
    return None


@st.composite
def situations(draw: st.DrawFn) -> tuple[BusinessCalendar, Rules, list[datetime], datetime]:
    zone, start = draw(st.sampled_from(CHANGES))
    minutes = st.integers(0, 4 * 24 * 60)
    day = start.date() + timedelta(days=draw(st.integers(0, 4)))
    calendar = week(zone, *([day] if draw(st.booleans()) else []))
    if draw(st.booleans()):
        hours = {str(n): [["00:00", "24:00"]] for n in range(7)}
        calendar = BusinessCalendar(parse(hours), zone, calendar.exceptions)
    rules = Rules(draw(st.integers(1, 40 * 60)) * 60, draw(st.integers(1, 3)))
    past = [start + draw(minutes) * MINUTE for _ in range(draw(st.integers(0, 4)))]
    return calendar, rules, past, start + draw(minutes) * MINUTE


@settings(max_examples=150, deadline=None)
@given(situations())
def test_the_next_call_is_the_first_minute_that_the_rules_allow(
    situation: tuple[BusinessCalendar, Rules, list[datetime], datetime],
) -> None:
    assert earliest_call(*situation) == by_the_minute(*situation)


def test_nobody_is_called_at_noon_in_the_evening_on_sundays_and_on_holidays() -> None:
    shanghai = week("Asia/Shanghai", date(2026, 6, 19))
    rules = Rules(600, 1)
    local = ZoneInfo("Asia/Shanghai")

    def first(day: int, hour: int, minute: int = 0) -> str:
        found = earliest_call(shanghai, rules, [], datetime(2026, 6, day, hour, minute, tzinfo=local))
        assert found is not None
        return found.astimezone(local).strftime("%d %H:%M")

    assert first(15, 7) == "15 09:00"
    assert first(15, 11, 59) == "15 11:59"
    assert first(15, 12) == "15 14:00"
    assert first(15, 20) == "16 09:00"
    # The Dragon Boat holiday, then a Saturday; after it a Sunday.
    assert first(19, 10) == "20 09:00"
    assert first(20, 20) == "22 09:00"


def test_a_customer_in_another_zone_is_called_by_the_clock_there() -> None:
    at = datetime(2026, 6, 15, 1, 30, tzinfo=UTC)
    assert window_now(week("Asia/Shanghai"), at).is_open
    urumqi = window_now(week("Asia/Urumqi"), at)
    assert (urumqi.is_open, urumqi.changes_at) == (False, datetime(2026, 6, 15, 3, 0, tzinfo=UTC))
    assert window_now(week("Asia/Shanghai"), at).changes_at == datetime(2026, 6, 15, 4, 0, tzinfo=UTC)


def test_a_calendar_that_never_opens_again_calls_nobody() -> None:
    closed = BusinessCalendar(parse({"0": [["09:00", "10:00"]]}), "UTC", {})
    days = {date(2026, 1, 5) + timedelta(days=7 * n): () for n in range(300)}
    never = BusinessCalendar(closed.hours, "UTC", days)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert earliest_call(never, Rules(60, 1), [], at) is None
    assert window_now(never, at).changes_at is None


@pytest.mark.parametrize(
    ("outcome", "attempts", "state"),
    [
        (Outcome.NO_ANSWER, 1, ContactState.OPEN),
        (Outcome.NO_ANSWER, 3, ContactState.EXHAUSTED),
        (Outcome.BUSY, 2, ContactState.OPEN),
        (Outcome.CALL_LATER, 3, ContactState.OPEN),
        (Outcome.SUCCESS, 1, ContactState.DONE),
        (Outcome.REACHED, 1, ContactState.DONE),
        (Outcome.REFUSED, 1, ContactState.DONE),
        (Outcome.WRONG_NUMBER, 1, ContactState.DONE),
        (Outcome.DO_NOT_CALL, 1, ContactState.BLOCKED),
    ],
)
def test_an_outcome_says_what_becomes_of_a_contact(outcome: Outcome, attempts: int, state: ContactState) -> None:
    assert contact_after(outcome, attempts=attempts, max_attempts=3) is state


def test_only_the_customer_on_the_line_counts_as_reached() -> None:
    assert set(ENTERED) - REACHED == {Outcome.NO_ANSWER, Outcome.BUSY, Outcome.WRONG_NUMBER}


def test_a_campaign_that_ended_stays_ended() -> None:
    assert [step for step in CampaignStep if state_after(CampaignState.ENDED, step)] == []
    assert state_after(CampaignState.DRAFT, CampaignStep.PAUSE) is None
    assert state_after(CampaignState.PAUSED, CampaignStep.START) is CampaignState.LIVE


@pytest.mark.parametrize(
    ("cells", "column", "rule"),
    [
        ({"phone": ""}, "phone", "missing"),
        ({"phone": "10086"}, "phone", "phone_short"),
        ({"phone": "anonymous"}, "phone", "phone_withheld"),
        ({"phone": "1.38E+10"}, "phone", "phone_invalid"),
        ({"phone": "+8613812348000", "zone": "Peking"}, "zone", "zone_unknown"),
        ({"phone": "+8613812348000", "zone": "America/Los_Angeles"}, "zone", "zone_abroad"),
        ({"phone": "+8613812348000", "zone": "UTC"}, "zone", "zone_abroad"),
        ({"phone": "+12125550123"}, "zone", "zone_missing"),
        ({"phone": "+8613812348000", "name": "x" * 121}, "name", "too_long"),
    ],
)
def test_a_bad_row_tells_column_rule_and_a_masked_value(cells: dict[str, str], column: str, rule: str) -> None:
    found = row_read(7, cells, "CN")
    assert isinstance(found, RowProblem)
    assert (found.line, found.column, found.rule) == (7, column, rule)
    assert "13812348000" not in found.value


def test_good_rows_are_read_in_the_country_of_the_vendor() -> None:
    good, bad = rows_read([(2, {"phone": "138 1234 8000", "name": " Li "}), (3, {"phone": "x"})], "CN", "Asia/Shanghai")
    assert good == [ContactRow(2, "+8613812348000", "Li")]
    assert [problem.line for problem in bad] == [3]
