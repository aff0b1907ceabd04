"""Recomputing: all of it, a tenth, one day; and DuckDB on the same rows for scale, figures compared."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.house import House
from benchmarks.measure import Cost, measured
from benchmarks.table import Row

MEASURES = [
    *("offered", "answered", "abandoned", "flowed_out", "abandoned_short", "service_met", "service_base"),
    *("csat_met", "csat_base", "csat_sum", "wait_seconds", "handled", "talk_seconds", "hold_seconds"),
    *("wrap_seconds", "fcr_base", "fcr_met"),
]

# Times without zone, in UTC: half-hours of the zone that is measured start on the same moments.
NEEDED = (
    "contract_id, queue_id, offered_at AT TIME ZONE 'UTC' AS offered_at, outcome, direction, wait_seconds, "
    "talk_seconds, "
    "hold_seconds, wrap_seconds, csat, customer_key, reason_id, transferred_from"
)

# The house definition, written down a second time in another engine.
DUCKDB = """
CREATE OR REPLACE TABLE figures AS
WITH judged AS (
  SELECT contract_id, queue_id, time_bucket(INTERVAL '30 minutes', offered_at) AS bucket, outcome, wait_seconds, csat,
    talk_seconds, hold_seconds, wrap_seconds, direction,
    outcome = 1 AND customer_key IS NOT NULL AND transferred_from IS NULL AS counts,
    count(*) OVER (PARTITION BY contract_id, customer_key, coalesce(reason_id, 0) ORDER BY offered_at
      RANGE BETWEEN INTERVAL '1 microsecond' FOLLOWING AND INTERVAL '168 hours' FOLLOWING) > 0 AS repeated
  FROM read_parquet('{path}') WHERE outcome <> 9 AND direction = 1
)
SELECT contract_id, queue_id, bucket, count(*) AS offered,
  count(*) FILTER (outcome = 1) AS answered, count(*) FILTER (outcome = 2) AS abandoned,
  count(*) FILTER (outcome = 3) AS flowed_out,
  count(*) FILTER (outcome = 2 AND wait_seconds <= 5) AS abandoned_short,
  count(*) FILTER (outcome = 1 AND wait_seconds <= 20) AS service_met,
  count(*) FILTER (outcome = 1 OR (outcome = 2 AND wait_seconds > 5)) AS service_base,
  count(*) FILTER (outcome = 1 AND csat BETWEEN 4 AND 5) AS csat_met,
  count(*) FILTER (outcome = 1 AND csat BETWEEN 1 AND 5) AS csat_base,
  coalesce(sum(csat) FILTER (outcome = 1 AND csat BETWEEN 1 AND 5), 0) AS csat_sum,
  coalesce(sum(wait_seconds) FILTER (outcome = 1), 0) AS wait_seconds,
  count(*) FILTER (outcome = 1) AS handled,
  coalesce(sum(talk_seconds) FILTER (outcome = 1), 0) AS talk_seconds,
  coalesce(sum(hold_seconds) FILTER (outcome = 1), 0) AS hold_seconds,
  coalesce(sum(wrap_seconds) FILTER (outcome = 1), 0) AS wrap_seconds,
  count(*) FILTER (counts) AS fcr_base, count(*) FILTER (counts AND NOT repeated) AS fcr_met
FROM judged GROUP BY ALL
"""


def drain_all(house: House) -> tuple[Cost, int]:
    """Recompute everything that waits, as the worker's ticks do."""
    from accounts.selectors import system_scope
    from sla import services

    scope, days = system_scope(reason="bench"), 0
    with measured(house.postmaster_pid) as cost:
        while count := services.marks_drain(scope=scope):
            days += count
    return cost, days


def rollup_rows(house: House, *, calls: int, drained: Cost, days: int) -> list[Row]:
    """Measure dirty sets of several sizes against a full recompute, and that against DuckDB."""
    from accounts.selectors import system_scope
    from core.scope import activate
    from sla import services

    scope = system_scope(reason="bench")
    keys = services.days_known(scope=scope, first=date(2020, 1, 1), last=date(2030, 1, 1))

    def recompute(some: list[Any], slice_days: int = 62) -> Cost:
        with measured(house.postmaster_pid) as cost:
            ordered = sorted(some)
            at = 0
            while at < len(ordered):
                chunk = [key for key in ordered[at:] if (key.day - ordered[at].day).days < slice_days]
                with activate(scope):
                    services.days_recompute(scope=scope, keys=chunk)
                at += len(chunk)
        return cost

    full = recompute(keys)
    busy = [key for key in keys if key.day == date(2026, 3, 10)]
    one = min((recompute(busy[:1]) for _ in range(3)), key=lambda cost: cost.cpu_seconds)
    tenth = recompute(keys[::10])
    duck, equal = _duckdb(house)
    size = f"{calls / 1e6:g} M"
    return [
        Row(
            f"full recompute, {size}, {len(keys)} contract-days",
            full,
            note=f"{calls / full.cpu_seconds:,.0f} calls/s of processor",
        ),
        Row(f"drain of all marks after the import ({days} contract-days)", drained, reference=full, goal="≤ 1.2×"),
        Row("one dirty contract-day", one, reference=full, goal="≤ 1/250"),
        Row("every tenth contract-day", tenth, reference=full, goal="≤ 1/5"),
        Row(
            f"DuckDB over Parquet, one thread, half-hours with repeats, {size}",
            duck,
            note=f"full recompute, agent and reason days too: {full.cpu_seconds / duck.cpu_seconds:.1f}×; "
            f"figures {'equal' if equal else 'DIFFER'}",
            goal="≤ 3.0×",
        ),
    ]


def _duckdb(house: House) -> tuple[Cost, bool]:
    cursor = house.superuser()
    with tempfile.TemporaryDirectory() as folder:
        csv, parquet = Path(folder) / "calls.csv", Path(folder) / "calls.parquet"
        with csv.open("wb") as file:
            cursor.copy_expert(f"COPY (SELECT {NEEDED} FROM calls_call) TO STDOUT (FORMAT csv, HEADER)", file)
        engine = duckdb.connect(config={"threads": 1})
        engine.execute(f"COPY (FROM read_csv('{csv}', sample_size=-1)) TO '{parquet}'")
        with measured(house.postmaster_pid) as cost:
            engine.execute(DUCKDB.format(path=parquet))
        sums = ", ".join(f"sum({name})" for name in MEASURES)
        theirs = engine.execute(f"SELECT count(*), {sums} FROM figures WHERE offered > 0").fetchone()
    cursor.execute(f"SELECT count(*), {sums} FROM sla_queuehalfhour WHERE offered > 0")
    ours = cursor.fetchone()
    return cost, [int(value) for value in ours] == [int(value) for value in theirs or ()]
