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

HALF_HOUR_MEASURES = [
    *("offered", "answered", "abandoned", "flowed_out", "abandoned_short", "service_met", "service_base"),
    *("csat_met", "csat_base", "csat_sum", "wait_seconds", "handled", "talk_seconds", "hold_seconds"),
    *("wrap_seconds", "fcr_base", "fcr_met"),
]

# Times without zone, in UTC: half-hours of the zone that is measured start on the same moments.
NEEDED = (
    "contract_id, queue_id, offered_at AT TIME ZONE 'UTC' AS offered_at, outcome, direction, wait_seconds, "
    "talk_seconds, "
    "hold_seconds, wrap_seconds, csat, customer_key, reason_id, transferred_from, agent_id, success, resolved"
)

# The house definition, written down a second time in another engine: first what a program for one table would do.
DUCKDB_HALF_HOURS = """
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


# Then all that a recompute writes: the same 26 measures of half-hours, agents and reasons in one pass, days from the
# half-hours. Eight hours: the zone that is measured.
DUCKDB_ALL = """
CREATE OR REPLACE TABLE fresh AS
WITH judged AS (
  SELECT *, time_bucket(INTERVAL '30 minutes', offered_at) AS bucket,
    CAST(offered_at + INTERVAL '8 hours' AS DATE) AS day,
    CASE WHEN outcome = 1 OR direction = 2 THEN agent_id END AS agent, coalesce(reason_id, 0) AS reason,
    direction = 1 AS inbound, outcome = 1 AS answered, outcome = 2 AS left_early,
    outcome = 2 AND coalesce(wait_seconds <= 5, false) AS short, coalesce(wait_seconds <= 20, false) AS in_time,
    direction = 1 AND outcome = 1 AND customer_key IS NOT NULL AND transferred_from IS NULL AS counts,
    count(*) FILTER (direction = 1 AND transferred_from IS NULL) OVER (
      PARTITION BY contract_id, customer_key, coalesce(reason_id, 0) ORDER BY offered_at
      RANGE BETWEEN INTERVAL '1 microsecond' FOLLOWING AND INTERVAL '168 hours' FOLLOWING) > 0 AS repeated
  FROM read_parquet('{path}') WHERE outcome <> 9
)
SELECT contract_id, queue_id, bucket, day, agent, reason, GROUPING(bucket, agent, reason) AS grain,
  count(*) FILTER (inbound) AS offered, count(*) FILTER (inbound AND answered) AS answered,
  count(*) FILTER (inbound AND left_early) AS abandoned, count(*) FILTER (inbound AND outcome = 3) AS flowed_out,
  count(*) FILTER (inbound AND short) AS abandoned_short,
  count(*) FILTER (inbound AND answered AND in_time) AS service_met,
  count(*) FILTER (inbound AND (answered OR (left_early AND NOT short))) AS service_base,
  count(*) FILTER (inbound) AS connect_base, count(*) FILTER (inbound AND left_early) AS abandonment_met,
  count(*) FILTER (inbound) AS abandonment_base,
  count(*) FILTER (answered AND csat BETWEEN 4 AND 5) AS csat_met,
  count(*) FILTER (answered AND csat BETWEEN 1 AND 5) AS csat_base,
  coalesce(sum(csat) FILTER (answered AND csat BETWEEN 1 AND 5), 0) AS csat_sum,
  count(*) FILTER (counts AND NOT repeated) AS fcr_met, count(*) FILTER (counts) AS fcr_base,
  coalesce(sum(wait_seconds) FILTER (inbound AND answered), 0) AS wait_seconds,
  coalesce(max(wait_seconds) FILTER (inbound AND answered), 0) AS wait_max_seconds,
  count(*) FILTER (answered) AS handled, coalesce(sum(talk_seconds) FILTER (answered), 0) AS talk_seconds,
  coalesce(sum(hold_seconds) FILTER (answered), 0) AS hold_seconds,
  coalesce(sum(wrap_seconds) FILTER (answered), 0) AS wrap_seconds,
  count(*) FILTER (answered AND transferred_from IS NOT NULL) AS transferred,
  count(*) FILTER (NOT inbound) AS dialed, count(*) FILTER (success) AS success,
  count(*) FILTER (answered AND resolved) AS resolved
FROM judged
GROUP BY GROUPING SETS (
  (contract_id, queue_id, day, bucket), (contract_id, queue_id, day, agent), (contract_id, queue_id, day, reason));
CREATE OR REPLACE TABLE days AS
SELECT contract_id, queue_id, day, {sums} FROM fresh WHERE grain = 3 GROUP BY ALL;
"""
# Where each rollup's counterpart is, and the measures that an agent has none of.
COUNTERPARTS = {
    "sla_queuehalfhour": "fresh WHERE grain = 3",
    "sla_queueday": "days",
    "sla_agentday": "fresh WHERE grain = 5 AND agent IS NOT NULL AND handled + dialed > 0",
    "sla_reasonday": "fresh WHERE grain = 6",
}
ALL_MEASURES = [
    *("offered", "abandoned", "flowed_out", "abandoned_short", "connect_base", "abandonment_met", "abandonment_base"),
    *("answered", "service_met", "service_base", "csat_met", "csat_base", "csat_sum", "fcr_met", "fcr_base"),
    *("wait_seconds", "wait_max_seconds", "handled", "talk_seconds", "hold_seconds", "wrap_seconds", "transferred"),
    *("dialed", "success", "resolved"),
]
NOT_OF_AGENTS = 7


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
    half_hours, everything, equal = _duckdb(house)
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
            f"DuckDB over Parquet, one thread, all that a recompute writes, {size}",
            everything,
            note=f"full recompute: {full.cpu_seconds / everything.cpu_seconds:.1f}×; "
            f"figures {'equal' if equal else 'DIFFER'}",
            goal="≤ 3.0×",
        ),
        Row(
            f"DuckDB over Parquet, one thread, half-hours with repeats only, {size}",
            half_hours,
            note=f"full recompute, which does more: {full.cpu_seconds / half_hours.cpu_seconds:.1f}×",
        ),
    ]


def _duckdb(house: House) -> tuple[Cost, Cost, bool]:
    """Compute half-hours alone, then everything; compare the sums of all rollups with what is stored."""
    cursor = house.superuser()
    with tempfile.TemporaryDirectory() as folder:
        csv, parquet = Path(folder) / "calls.csv", Path(folder) / "calls.parquet"
        with csv.open("wb") as file:
            cursor.copy_expert(f"COPY (SELECT {NEEDED} FROM calls_call) TO STDOUT (FORMAT csv, HEADER)", file)
        engine = duckdb.connect(config={"threads": 1})
        engine.execute(f"COPY (FROM read_csv('{csv}', sample_size=-1)) TO '{parquet}'")
        with measured(house.postmaster_pid) as half_hours:
            engine.execute(DUCKDB_HALF_HOURS.format(path=parquet))
        sums = ", ".join(f"{'max' if 'max' in name else 'sum'}({name}) AS {name}" for name in ALL_MEASURES)
        with measured(house.postmaster_pid) as everything:
            engine.execute(DUCKDB_ALL.format(path=parquet, sums=sums))

    def totals(source: Any, table: str, names: list[str]) -> list[int]:
        source.execute(f"SELECT count(*), {', '.join(f'sum({name})' for name in names)} FROM {table}")
        return [int(value) for value in source.fetchone()]

    equal = totals(cursor, "sla_queuehalfhour WHERE offered > 0", HALF_HOUR_MEASURES) == totals(
        engine, "figures WHERE offered > 0", HALF_HOUR_MEASURES
    )
    for ours, theirs in COUNTERPARTS.items():
        names = ALL_MEASURES[NOT_OF_AGENTS:] if ours == "sla_agentday" else ALL_MEASURES
        equal = equal and totals(cursor, ours, names) == totals(engine, theirs, names)
    return half_hours, everything, equal
