"""The generated files: the same for the same seed, right in every row, taken by the importer's check."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import polars as pl
import pytest

from calls.calc.canonical import FIELDS, LINE
from calls.calc.lookups import Coverage, Lookups
from calls.calc.profile import CANONICAL
from calls.calc.validate import rows_check
from demo.calls import CallFile, call_files
from demo.people import AGENTS
from demo.world import CONTRACTS, REASONS, VENDORS
from tests.demo.conftest import END

SMALL = 4_000


def rows(text: str) -> pl.DataFrame:
    """A file as texts."""
    return pl.read_csv(io.StringIO(text), infer_schema=False)


def test_the_same_seed_gives_the_same_bytes() -> None:
    def made(seed: int) -> list[CallFile]:
        return list(call_files(seed=seed, months_end=END, months=2, calls=SMALL))

    assert made(3) == made(3)
    assert made(3) != made(4)


def test_there_is_one_file_a_vendor_and_month_with_exactly_the_calls_asked_for(
    demo_files: list[CallFile],
) -> None:
    names = [file.name for file in demo_files]
    monthly = [file for file in demo_files if "_calls_" in file.name]
    assert names[0] == "jade_calls_2026-11.csv"
    assert len(names) == len(set(names)) == 3 * (6 + 1)
    assert sum(file.text.count("\n") - 1 for file in monthly) == 300_000
    for file in monthly:
        table = rows(file.text)
        assert tuple(table.columns) == FIELDS
        assert (table["offered_at"].str.head(7) == file.name[-11:-4]).all()
        assert (table["external_id"].str.head(4) == file.vendor_code).all()


def test_external_ids_are_unique(demo_files: list[CallFile]) -> None:
    for vendor in VENDORS:
        texts = [f.text for f in demo_files if f.vendor_code == vendor.code and "_calls_" in f.name]
        ids = pl.concat([rows(text) for text in texts])["external_id"]
        assert ids.n_unique() == len(ids)


def test_months_start_on_the_first_and_end_on_the_last_day_asked_for() -> None:
    files = call_files(seed=1, months_end=date(2026, 3, 1), months=3, calls=SMALL)
    days = pl.concat([rows(file.text)["offered_at"].str.head(10) for file in files if "_calls_" in file.name])
    assert days.min() == "2026-01-01"
    assert days.max() == "2026-03-01"


def test_the_importers_check_takes_every_row(demo_files: list[CallFile]) -> None:
    for vendor in VENDORS:
        lookups = Lookups(
            vendor_code=vendor.code,
            queues={
                line: (Coverage(number, datetime(2025, 1, 1, tzinfo=UTC)),)
                for number, contract in enumerate(CONTRACTS)
                if contract.vendor_code == vendor.code
                for line in contract.hours
            },
            agents=frozenset(agent.code for agent in AGENTS if agent.vendor_code == vendor.code),
            reasons=frozenset(reason.code for reason in REASONS),
        )
        for file in demo_files:
            if file.vendor_code == vendor.code:
                frame = rows(file.text).with_row_index(LINE, offset=2)
                checked = rows_check(frame, profile=CANONICAL, lookups=lookups, now=datetime(2026, 11, 22, tzinfo=UTC))
                assert checked.errors.is_empty(), checked.errors.head()
                assert checked.good.height == frame.height


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(pl.col("agent").is_null() == (pl.col("outcome") == "answered"), id="agent of answered"),
        pytest.param(
            (pl.col("outcome") != "answered") & (pl.col("talk_seconds") + pl.col("hold_seconds") > 0),
            id="talk of unanswered",
        ),
        pytest.param(pl.col("wait_seconds") < pl.col("ring_seconds"), id="ring longer than wait"),
        pytest.param((pl.col("outcome") == "abandoned") == pl.col("abandon_place").is_null(), id="place of abandons"),
        pytest.param(
            pl.col("csat").is_not_null() & ((pl.col("outcome") != "answered") | ~pl.col("csat").is_between(1, 5)),
            id="survey",
        ),
        pytest.param(pl.col("success").is_not_null(), id="success of inbound"),
        pytest.param(pl.col("reason").is_not_null() != (pl.col("outcome") == "answered"), id="reason of answered"),
        pytest.param(
            (pl.col("abandon_place") == "hold") & pl.col("transferred_from").is_null(),
            id="hold without first leg",
        ),
    ],
)
def test_no_inbound_row_contradicts_itself(demo_calls: pl.DataFrame, wrong: pl.Expr) -> None:
    assert demo_calls.filter((pl.col("direction") == "inbound") & wrong).is_empty()


def test_transfers_follow_within_seconds_in_another_queue_for_the_same_customer(
    demo_calls: pl.DataFrame,
) -> None:
    legs = demo_calls.filter(pl.col("transferred_from").is_not_null()).join(
        demo_calls, left_on="transferred_from", right_on="external_id", suffix="_first"
    )
    gap = (
        legs["offered_at"].str.to_datetime(time_zone="UTC") - legs["ended_at_first"].str.to_datetime(time_zone="UTC")
    ).dt.total_seconds()
    assert legs.height > 5_000
    assert gap.is_between(0, 8).all()
    assert (legs["queue"] != legs["queue_first"]).all()
    assert legs["customer"].eq_missing(legs["customer_first"]).all()
    assert (legs["outcome_first"] == "answered").all()


def test_nobody_is_on_two_calls_at_once(demo_calls: pl.DataFrame) -> None:
    busy = (
        demo_calls.filter(pl.col("agent").is_not_null())
        .with_columns(start=pl.col("offered_at").str.to_datetime(time_zone="UTC"))
        .with_columns(
            begin=pl.col("start") + pl.duration(seconds=pl.col("wait_seconds") - pl.col("ring_seconds")),
            until=pl.col("start")
            + pl.duration(seconds=pl.sum_horizontal("wait_seconds", "talk_seconds", "hold_seconds", "wrap_seconds")),
        )
        .sort("agent", "begin")
        .with_columns(before=pl.col("until").shift(1).over("agent"))
    )
    # A corrected wrap time may run into the next call, as the record of a phone system can.
    assert busy.filter((pl.col("begin") < pl.col("before")) & (pl.col("revision") == 1)).height <= 9


def test_agents_work_only_while_they_are_employed(demo_calls: pl.DataFrame) -> None:
    days = demo_calls.group_by("agent").agg(
        first=pl.col("offered").min().dt.date(), last=pl.col("offered").max().dt.date()
    )
    seen = {row["agent"]: row for row in days.drop_nulls("agent").to_dicts()}
    assert set(seen) == {agent.code for agent in AGENTS}
    for agent in AGENTS:
        left = agent.left_on(months_end=END)
        assert seen[agent.code]["first"] >= agent.hired_on(months_end=END)
        assert left is None or seen[agent.code]["last"] <= left


def test_corrections_change_a_handful_of_known_calls(demo_files: list[CallFile]) -> None:
    for vendor in VENDORS:
        mine = [file for file in demo_files if file.vendor_code == vendor.code]
        known = {row for file in mine[:-1] for row in rows(file.text).select("external_id", "offered_at").rows()}
        late = rows(mine[-1].text)
        assert 10 <= late.height <= 20
        assert set(late.select("external_id", "offered_at").rows()) <= known
        assert (late["revision"] == "2").all()
        assert (late["outcome"] == "withdrawn").sum() == 3


def test_a_demo_in_the_middle_of_a_day_has_no_call_that_is_not_over() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    files = list(call_files(seed=1, months_end=END, months=1, calls=20_000, until=noon))
    ended = pl.concat([rows(file.text) for file in files if "_calls_" in file.name])
    last = ended["ended_at"].str.to_datetime(time_zone="UTC").max()
    assert isinstance(last, datetime)
    assert datetime(2026, 11, 20, 11, tzinfo=UTC) < last <= noon


@pytest.mark.parametrize("calls", [0, 1, 60, 150_000])
def test_any_size_gives_exactly_that_many_calls(calls: int) -> None:
    files = call_files(seed=1, months_end=END, months=1, calls=calls)
    assert sum(file.text.count("\n") - 1 for file in files if "_calls_" in file.name) == calls
