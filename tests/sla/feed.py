"""Turns the oracle's rows into checked frames and loads them past the parser, for tests of storing and recomputing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from django.db import connection

from calls.calc.canonical import CallDirection, Outcome
from calls.calc.profile import CANONICAL, Profile
from calls.services.load import Account, part_load
from core.scope import Scope, activate
from sla import services
from tests.oracle import MEASURES, Row
from tests.world import VendorWorld

SCHEMA: dict[str, Any] = {
    "line": pl.Int64, "external_id": pl.String, "revision": pl.Int32, "queue": pl.String, "contract_id": pl.Int32,
    "direction": pl.Int8, "customer": pl.String, "reason": pl.String, "agent": pl.String,
    "offered_at": pl.Datetime("us", "UTC"), "answered_at": pl.Datetime("us", "UTC"),
    "ended_at": pl.Datetime("us", "UTC"), "ring_seconds": pl.Int32, "wait_seconds": pl.Int32,
    "talk_seconds": pl.Int32, "hold_seconds": pl.Int32, "wrap_seconds": pl.Int32, "outcome": pl.Int8,
    "abandon_place": pl.Int8, "transferred_from": pl.String, "resolved": pl.Boolean, "success": pl.Boolean,
    "csat": pl.Int16, "recording": pl.String, "ivr_path": pl.String, "offered_text": pl.String,
}  # fmt: skip


def frame_of(rows: Iterable[Row], *, contract_id: int) -> pl.DataFrame:
    """Return the rows as the validator would."""
    records = [
        {
            "line": line,
            "external_id": row.external_id,
            "revision": row.revision,
            "queue": row.queue,
            "contract_id": contract_id,
            "direction": int(CallDirection[row.direction.upper()]),
            "customer": row.customer,
            "reason": row.reason,
            "agent": row.agent,
            "offered_at": row.offered_at,
            "answered_at": row.answered_at,
            "ended_at": None,
            "ring_seconds": None,
            "wait_seconds": row.wait,
            "talk_seconds": row.talk,
            "hold_seconds": row.hold,
            "wrap_seconds": row.wrap,
            "outcome": int(Outcome[row.outcome.upper()]),
            "abandon_place": None,
            "transferred_from": row.transferred_from,
            "resolved": row.resolved,
            "success": row.success,
            "csat": row.csat,
            "recording": None,
            "ivr_path": None,
            "offered_text": row.offered_at.isoformat(),
        }
        for line, row in enumerate(rows, start=2)
    ]
    return pl.DataFrame(records, schema=SCHEMA, orient="row")


def load(
    rows: Sequence[Row], *, scope: Scope, vendor: VendorWorld, profile: Profile = CANONICAL, number: int = 1
) -> Account:
    """Store rows as one part of a file."""
    with activate(scope):
        return part_load(
            scope=scope,
            vendor_id=vendor.vendor.organization_id,
            batch_id=number,
            frame=frame_of(rows, contract_id=vendor.contract.pk),
            profile=profile,
        )


def drain(scope: Scope) -> int:
    """Recompute until nothing waits."""
    done = 0
    while count := services.marks_drain(scope=scope):
        done += count
    return done


def stored_figures(*, scope: Scope, vendor: VendorWorld) -> dict[tuple[Any, ...], dict[str, int]]:
    """Return the stored rollups in the oracle's shape."""
    queues = {queue.pk: queue.code for queue in vendor.queues}
    columns = ", ".join(f"t.{name}" for name in MEASURES)
    table: dict[tuple[Any, ...], dict[str, int]] = {}
    with activate(scope):
        for kind, source, key in (
            ("half_hour", "sla_queuehalfhour t", "t.bucket, NULL"),
            ("day", "sla_queueday t", "t.day, NULL"),
            ("agent", "sla_agentday t JOIN vendors_agent a ON a.id = t.agent_id", "a.code, t.day"),
            ("reason", "sla_reasonday t LEFT JOIN calls_callreason r ON r.id = t.reason_id", "r.code, t.day"),
        ):
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT t.queue_id, {key}, {columns} FROM {source} WHERE t.contract_id = %s", [vendor.contract.pk]
                )
                for queue_id, first, second, *values in cursor.fetchall():
                    rest = (first,) if second is None else (first, second)
                    table[kind, queues[queue_id], *rest] = dict(zip(MEASURES, values, strict=True))
    return {key: values for key, values in table.items() if any(values.values())}


def at(text: str, *, plus_seconds: int = 0) -> datetime:
    """Return a moment from ISO text with offset."""
    return datetime.fromisoformat(text) + timedelta(seconds=plus_seconds)
