"""The demo looks like a call center: its days, holidays, surge, its good vendors and the one that slips."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from demo.days import days_between
from demo.summary import kpis, reason_shares, with_repeats
from demo.world import CONTRACTS, SLIPPING_DAYS, SLIPPING_VENDOR
from tests.demo.conftest import END

SLIP_START = END - timedelta(days=SLIPPING_DAYS)


@pytest.fixture(scope="module")
def before_the_slip(demo_calls: pl.DataFrame) -> pl.DataFrame:
    """KPIs by vendor until the slip begins."""
    return kpis(table=demo_calls.filter(pl.col("offered").dt.date() < SLIP_START), by=["vendor"])


@pytest.mark.parametrize(
    ("kpi", "low", "high"),
    [
        ("service_level", 0.78, 0.90),
        ("abandoned", 0.04, 0.085),
        ("asa", 8, 25),
        ("aht", 240, 420),
        ("fcr", 0.72, 0.86),
        ("csat", 0.82, 0.92),
        ("csat_response", 0.20, 0.28),
        ("transferred", 0.02, 0.06),
        ("flowed_out", 0.003, 0.03),
        ("repeats", 0.14, 0.22),
    ],
)
def test_every_vendor_is_believable_before_the_slip(
    before_the_slip: pl.DataFrame, kpi: str, low: float, high: float
) -> None:
    assert before_the_slip[kpi].is_between(low, high).all(), before_the_slip.select("vendor", kpi)


def test_the_slipping_vendor_misses_its_minimum_and_the_others_do_not(demo_calls: pl.DataFrame) -> None:
    recent = kpis(table=demo_calls.filter(pl.col("offered").dt.date() > END - timedelta(days=28)), by=["vendor"])
    slipping = pl.col("vendor") == SLIPPING_VENDOR
    bad, good = recent.filter(slipping).row(0, named=True), recent.filter(~slipping)
    assert bad["service_level"] < 0.70 < good["service_level"].min()  # type: ignore[operator]
    assert bad["abandoned"] > 0.10 > good["abandoned"].max()  # type: ignore[operator]
    assert bad["csat"] < 0.80 < good["csat"].min()  # type: ignore[operator]
    assert bad["fcr"] < 0.77 < good["fcr"].min()  # type: ignore[operator]
    assert bad["asa"] > 30 > good["asa"].max()  # type: ignore[operator]


def test_days_peak_in_the_late_morning_and_weeks_on_monday(demo_calls: pl.DataFrame) -> None:
    inbound = demo_calls.filter(pl.col("direction") == "inbound")
    hours = inbound.group_by(pl.col("offered").dt.hour()).len().sort("len", descending=True)
    assert hours["offered"][0] in (10, 11)
    weekdays = inbound.group_by(pl.col("offered").dt.weekday()).len().sort("len", descending=True)
    assert weekdays["offered"].to_list()[0] == 1
    assert weekdays["offered"].to_list()[-1] == 7


def test_busy_half_hours_wait_longer(demo_calls: pl.DataFrame) -> None:
    # Within one vendor, weekday and hour, so that the roster is about the same.
    blocks = (
        demo_calls.filter((pl.col("vendor") == "JADE") & (pl.col("direction") == "inbound"))
        .filter((pl.col("offered").dt.weekday() <= 5) & (pl.col("offered").dt.hour().is_between(10, 16)))
        .group_by(pl.col("offered").dt.truncate("30m").alias("block"))
        .agg(calls=pl.len(), wait=pl.col("wait_seconds").mean())
        .with_columns(usual=pl.col("calls").median().over(pl.col("block").dt.hour(), pl.col("block").dt.weekday()))
    )
    busy = blocks.filter(pl.col("calls") > 1.3 * pl.col("usual"))["wait"].mean()
    quiet = blocks.filter(pl.col("calls") < 0.8 * pl.col("usual"))["wait"].mean()
    assert isinstance(busy, float)
    assert isinstance(quiet, float)
    assert busy > 1.8 * quiet


def test_national_holidays_are_quiet(demo_calls: pl.DataFrame) -> None:
    jade = demo_calls.filter((pl.col("vendor") == "JADE") & (pl.col("queue") == "orders"))
    days = jade.group_by(pl.col("offered").dt.date()).len()
    golden_week = days.filter(pl.col("offered").is_between(date(2026, 10, 1), date(2026, 10, 7)))
    week_before = days.filter(pl.col("offered").is_between(date(2026, 9, 17), date(2026, 9, 23)))
    assert golden_week["len"].mean() < 0.65 * week_before["len"].mean()  # type: ignore[operator]


def test_the_promotion_of_november_is_the_peak_of_the_half_year(demo_calls: pl.DataFrame) -> None:
    orders = demo_calls.filter((pl.col("vendor") == "JADE") & (pl.col("queue") == "orders"))
    days = orders.group_by(day=pl.col("offered").dt.date()).len().sort("len", descending=True)
    assert days["day"][0] in (date(2026, 11, 11), date(2026, 11, 12))
    assert days["len"][0] > 1.8 * days["len"].median()  # type: ignore[operator]


def test_closed_queues_have_no_calls_and_calls_outside_the_hours_flow_out(demo_calls: pl.DataFrame) -> None:
    billing = demo_calls.filter(pl.col("queue") == "billing")
    assert billing.filter(pl.col("offered").dt.weekday() == 7).is_empty()
    outside = billing.filter((pl.col("offered").dt.hour() < 9) | (pl.col("offered").dt.hour() >= 18))
    assert outside.height > 100
    assert (outside["outcome"] == "flowed_out").all()
    assert outside["offered"].dt.hour().is_between(8, 18).all()


def test_the_ten_commonest_reasons_cover_most_calls(demo_calls: pl.DataFrame) -> None:
    shares = reason_shares(table=demo_calls)
    assert shares.height > 10
    assert 0.70 < shares["together"][9] < 0.90


def test_people_who_were_not_helped_call_again(demo_calls: pl.DataFrame) -> None:
    inbound = with_repeats(table=demo_calls).filter(pl.col("is_mature"))
    again = {
        resolved: inbound.filter(pl.col("resolved") == resolved)["calls_again"].mean() for resolved in ("yes", "no")
    }
    assert again["no"] > 2 * again["yes"]  # type: ignore[operator]


def test_beginners_take_longer_and_learn(demo_calls: pl.DataFrame) -> None:
    beginner = demo_calls.filter(
        (pl.col("agent") == "SUNF-38") & (pl.col("outcome") == "answered") & (pl.col("queue") == "orders")
    ).with_columns(handled=pl.sum_horizontal("talk_seconds", "hold_seconds", "wrap_seconds"))
    start = beginner["offered"].min()
    first_weeks = beginner.filter(pl.col("offered") < pl.lit(start) + pl.duration(weeks=2))["handled"].mean()
    later = beginner.filter(pl.col("offered") > pl.lit(start) + pl.duration(weeks=6))["handled"].mean()
    assert first_weeks > 1.1 * later  # type: ignore[operator]


def test_outbound_calls_reach_most_and_succeed_often(demo_calls: pl.DataFrame) -> None:
    outbound = demo_calls.filter(pl.col("direction") == "outbound")
    reached = outbound.filter(pl.col("outcome") == "answered")
    assert 0.5 < reached.height / outbound.height < 0.7
    assert reached["success"].is_not_null().all()
    assert 0.5 < (reached["success"] == "yes").mean() < 0.75  # type: ignore[operator]
    assert outbound["csat"].is_null().all()


def test_customers_have_numbers_that_belong_to_nobody(demo_calls: pl.DataFrame) -> None:
    inbound = demo_calls.filter(pl.col("direction") == "inbound")
    known = inbound["customer"].drop_nulls()
    assert known.str.contains(r"^(\+86154\d{8}|\+1555\d{7}|\+441632\d{6})$").all()
    assert 0.01 < inbound["customer"].is_null().mean() < 0.03  # type: ignore[operator]


def test_days_follow_the_clock_where_it_changes(demo_calls: pl.DataFrame) -> None:
    days = days_between(first=date(2026, 3, 1), last=date(2026, 11, 1), zone="Europe/London")
    blocks = dict(zip(days.dates, (days.wall >= 0).sum(axis=1).tolist(), strict=True))
    # A day of the demo runs from five to five, so the change belongs to the Saturday.
    assert blocks[date(2026, 3, 28)] == 46
    assert blocks[date(2026, 10, 24)] == 50
    assert blocks[date(2026, 7, 1)] == 48
    zones = {contract.zone for contract in CONTRACTS if contract.vendor_code == SLIPPING_VENDOR}
    assert zones == {"Europe/London"}
    night = demo_calls.filter(
        (pl.col("vendor") == SLIPPING_VENDOR) & (pl.col("offered").dt.date() == date(2026, 10, 25))
    )
    assert set(night["offered_at"].str.tail(6)) == {"+01:00", "+00:00"}
