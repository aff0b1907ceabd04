"""Recomputing days from their raw calls: claim, forget the marks, compute, write, all in one transaction (R2, R3).

Nothing is ever added to a stored figure: a day's rollups are a function of its calls and of the version in force, so
that doing it twice, late, or after a crash gives the same rows.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from contracts import selectors as contracts
from contracts.calc.definition import Bucketing, Operator
from core import sql
from core.faults import crash_point
from core.periods import day_start
from core.scope import Scope, activate

logger = logging.getLogger(__name__)

# One slice: at most so many contract-days, within so many days, so that it stays well under 30 s (R7).
SLICE_KEYS = 400
SLICE_DAYS = 14


@dataclass(frozen=True, slots=True, order=True)
class DayKey:
    """One contract's local day."""

    day: date
    contract_id: int
    vendor_id: int


def marks_drain(*, scope: Scope, slices: int = 1) -> int:
    """Recompute days that wait, at most ``slices`` slices, each in a transaction of its own.

    Any number of workers may run this at once; each takes the days that no other holds.

    Returns:
        Number of contract-days recomputed.
    """
    done = 0
    for _ in range(slices):
        with activate(scope):
            due = sql.rows("sla/marks_due", {"limit": SLICE_KEYS})
            if not due:
                break
            horizon = due[0]["day"] + timedelta(days=SLICE_DAYS)
            keys = [DayKey(row["day"], row["contract_id"], row["vendor_id"]) for row in due if row["day"] < horizon]
            done += days_recompute(scope=scope, keys=keys)
    return done


def days_recompute(*, scope: Scope, keys: Iterable[DayKey]) -> int:
    """Recompute those of the days that nobody else is computing now, inside the caller's scoped transaction.

    Returns:
        Number of contract-days recomputed.
    """
    ordered = sorted(set(keys))
    arrays = _arrays(ordered)
    locked = {(row["contract_id"], row["day"]) for row in sql.rows("sla/keys_lock", arrays)}
    claimed = [key for key in ordered if (key.contract_id, key.day) in locked]
    if not claimed:
        return 0
    arrays = _arrays(claimed)
    sql.execute("sla/marks_take", arrays)
    crash_point("after_marks_deleted")
    _compute(scope, claimed)
    _write(scope, claimed, arrays)
    crash_point("after_kpi_upsert")
    return len(claimed)


def days_mark(*, scope: Scope, keys: Iterable[DayKey]) -> int:
    """Ask for a recompute of days whose calls did not change (a new version, a repair)."""
    rows = sorted(set(keys))
    arrays = _arrays(rows) | {"vendor_ids": [key.vendor_id for key in rows], "at": scope.at}
    return sql.execute("sla/marks_add", arrays) if rows else 0


def versions_apply(*, scope: Scope) -> int:
    """Mark every computed day from a newly signed version's first day on; each version is applied once.

    Returns:
        Number of versions applied.
    """
    with activate(scope):
        applied = sql.rows("sla/versions_apply", {"at": scope.at})
        return len(applied)


def _arrays(keys: Sequence[DayKey]) -> dict[str, Any]:
    return {"contract_ids": [key.contract_id for key in keys], "days": [key.day for key in keys]}


def _compute(scope: Scope, keys: Sequence[DayKey]) -> None:
    """Fill ``sla_fresh`` with the run's rows of all grains."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '120s'; SET LOCAL work_mem = '256MB'")
        cursor.execute(sql.text("sla/run_tables"))
        cursor.execute("TRUNCATE sla_definition, sla_fresh")
    _fill_run(scope, keys)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sla_definition")
        cursor.execute("SELECT min(run_start), max(run_end), bool_or(by_answer) FROM sla_definition")
        start, end, by_answer = cursor.fetchone()
    if start is None:
        return
    bounds = {"start": start, "end": end}
    sql.execute("sla/fresh_arrival", bounds)
    if by_answer:
        sql.execute("sla/fresh_answer", bounds)
    for recipe in sql.rows("sla/recipes_in_run"):
        sql.execute("sla/fresh_repeats", bounds | recipe)


def _fill_run(scope: Scope, keys: Sequence[DayKey]) -> None:
    """Tell the database the run's days (bounds computed here: one function decides what a local day is)."""
    zones = contracts.contract_zones(scope=scope)
    by_contract: dict[int, list[DayKey]] = defaultdict(list)
    for key in keys:
        by_contract[key.contract_id].append(key)
    runs = {}
    for contract_id, days in by_contract.items():
        starts, labels = _bounds([key.day for key in days], zones[contract_id])
        runs[contract_id] = (contract_id, days[0].vendor_id, starts[0], starts[0], starts[-1], starts, labels)
    definitions = [_definition_row(recipe) for recipe in contracts.recipes(scope=scope, contract_ids=by_contract)]
    with connection.cursor() as cursor:
        for row in definitions:
            values = (*runs[row[0]], *row[1:])
            places = ", ".join(["%s"] * 5 + ["%s::timestamptz[]", "%s::date[]"] + ["%s"] * (len(row) - 1))
            cursor.execute(f"INSERT INTO sla_definition VALUES ({places})", values)  # noqa: S608 - placeholders only


def _bounds(days: Sequence[date], zone: str) -> tuple[list[datetime], list[date | None]]:
    """Return the ascending bounds of some local days and what lies between them (None for a gap).

    ``labels[n]`` names the stretch from ``starts[n-1]`` to ``starts[n]`` as PostgreSQL's width_bucket numbers it,
    counting from one.
    """
    starts: list[datetime] = []
    labels: list[date | None] = []
    for day in sorted(days):
        first, after = day_start(day, zone), day_start(day + timedelta(days=1), zone)
        if starts and starts[-1] == first:
            labels[-1] = day
        else:
            starts.append(first)
            labels.append(day)
        starts.append(after)
        labels.append(None)
    return starts, labels


def _definition_row(recipe: contracts.Recipe) -> tuple[Any, ...]:
    definition = recipe.definition
    return (
        recipe.contract_id,
        recipe.queue_id,
        recipe.valid_from,
        recipe.valid_until,
        recipe.version_id,
        int(definition.formula),
        definition.threshold_seconds,
        definition.operator is Operator.BELOW,
        definition.short_abandon_seconds,
        definition.count_flow_outs,
        definition.connect_excludes_short,
        definition.abandonment_excludes_short,
        definition.bucketing is Bucketing.ANSWER,
        timedelta(hours=definition.fcr_window_hours),
        definition.fcr_same_reason,
        timedelta(minutes=definition.fcr_forward_minutes),
        definition.csat_top_from,
        definition.csat_best,
    )


def _write(scope: Scope, keys: Sequence[DayKey], arrays: dict[str, Any]) -> None:
    """Replace the days' rows of every rollup by the fresh ones."""
    parameters = arrays | _moments(keys, contracts.contract_zones(scope=scope))
    parameters["vendor_ids"] = [key.vendor_id for key in keys]
    sql.execute("sla/rollups_clear", parameters)
    for name in ("half_hours", "days", "agent_days", "reason_days", "contract_days"):
        sql.execute(f"sla/write_{name}", parameters)


def days_rebuild(*, scope: Scope, keys: Sequence[DayKey]) -> list[DayKey]:
    """Recompute days from their raw calls in one transaction and tell which of them came out different.

    Days that another worker is computing are left to it.
    """
    with activate(scope):
        parameters = _arrays(keys) | _moments(keys, contracts.contract_zones(scope=scope))
        before = _digests(parameters)
        days_recompute(scope=scope, keys=keys)
        after = _digests(parameters)
    return [key for key in keys if before[key.contract_id, key.day] != after[key.contract_id, key.day]]


def days_known(*, scope: Scope, first: date, last: date) -> list[DayKey]:
    """Return the contract-days of a stretch that have figures or wait for them."""
    with activate(scope):
        found = sql.rows("sla/days_known", {"first": first, "last": last})
    return [DayKey(row["day"], row["contract_id"], row["vendor_id"]) for row in found]


def self_check(*, scope: Scope, count: int = 5) -> list[DayKey]:
    """Recompute some computed days and compare; what differs is repaired and reported as a finding.

    The days follow from the hour of ``scope.at``, so that anybody can draw the same ones.
    """
    seed = scope.at.strftime("%Y-%m-%dT%H")
    with activate(scope):
        found = sql.rows("sla/days_sampled", {"seed": seed, "count": count})
    keys = [DayKey(row["day"], row["contract_id"], row["vendor_id"]) for row in found]
    different = days_rebuild(scope=scope, keys=keys) if keys else []
    findings = [{"contract_id": key.contract_id, "day": key.day.isoformat()} for key in different]
    sweep_record(scope=scope, name="self_check", findings={"seed": seed, "checked": len(keys), "different": findings})
    if different:
        logger.error("self-check: %d of %d days differed and were repaired: %s", len(different), len(keys), findings)
    return different


def sweep_record(*, scope: Scope, name: str, findings: dict[str, Any] | None = None) -> None:
    """Note that a kind of background work looked at everything; the health page reads its age (R9)."""
    with activate(scope):
        sql.execute("sla/sweep_record", {"name": name, "at": scope.at, "findings": json.dumps(findings or {})})


def _digests(parameters: dict[str, Any]) -> dict[tuple[int, date], str]:
    return {(row["contract_id"], row["day"]): row["digest"] for row in sql.rows("sla/rollups_digest", parameters)}


def _moments(keys: Sequence[DayKey], zones: dict[int, str]) -> dict[str, Any]:
    return {
        "day_starts": [day_start(key.day, zones[key.contract_id]) for key in keys],
        "day_ends": [day_start(key.day + timedelta(days=1), zones[key.contract_id]) for key in keys],
    }
