"""Importing against what PostgreSQL's own COPY takes for the same rows into the same indexes."""

from __future__ import annotations

import io
import tempfile
from typing import Any

from benchmarks.house import House
from benchmarks.measure import Cost, measured
from benchmarks.table import Row

COLUMNS = (
    "offered_at, answered_at, ended_at, customer_key, contract_id, vendor_id, queue_id, agent_id, reason_id, "
    "batch_id, revision, ring_seconds, wait_seconds, talk_seconds, hold_seconds, wrap_seconds, direction, outcome, "
    "abandon_place, csat, resolved, success, external_id, transferred_from, recording, ivr_path, offered_text"
)
LEDGER_COLUMNS = "vendor_id, external_id, contract_id, offered_at"
CUSTOMER_COLUMNS = "vendor_id, customer_key, number_encrypted, number_masked"


def file_import(house: House, *, vendor_id: int, name: str, content: bytes) -> tuple[Any, dict[str, Cost]]:
    """Bring a file in as page, command and interface do; return the batch and what each step took."""
    from accounts.selectors import system_scope
    from calls import services

    scope = system_scope(reason="bench")
    costs = {}
    with measured(house.postmaster_pid) as costs["receive"]:
        batch = services.batch_receive(
            scope=scope,
            vendor_id=vendor_id,
            source="command",
            file_name=name,
            chunks=[content],
            confirmed=True,
            max_bytes=len(content),
        )
    with measured(house.postmaster_pid) as costs["check"]:
        batch = services.batch_check(scope=scope, batch_id=batch.pk) or batch
    with measured(house.postmaster_pid) as costs["load"]:
        while batch.state == "confirmed":
            batch = services.batch_load_next(scope=scope, batch_id=batch.pk) or batch
    if batch.state != "loaded":
        raise SystemExit(f"the import ended as {batch.state}: {batch.problem} {batch.problem_details}")
    return batch, costs


def total(costs: dict[str, Cost]) -> Cost:
    """Add the steps up."""
    parts = list(costs.values())
    return Cost(
        sum(part.wall_seconds for part in parts),
        sum(part.client_seconds for part in parts),
        sum(part.postgres_seconds for part in parts),
    )


def ingest_rows(house: House, *, vendor_id: int, content: bytes, calls: int) -> list[Row]:
    """Measure a fresh file, the same file, the same rows in other bytes, and COPY beside them."""
    from core.errors import Conflict

    batch, costs = file_import(house, vendor_id=vendor_id, name="fresh.csv", content=content)
    fresh = total(costs)
    copies = _raw_copy(house, vendor_id)
    copy = total(copies)
    with measured(house.postmaster_pid) as same:
        try:
            file_import(house, vendor_id=vendor_id, name="again.csv", content=content)
        except Conflict:
            pass
        else:
            raise SystemExit("the same file was taken twice")
    again, costs_again = file_import(house, vendor_id=vendor_id, name="other-bytes.csv", content=content + b"\n")
    if again.rows_unchanged != batch.rows_new:
        raise SystemExit("rows that were sent again changed something")
    overlap = total(costs_again)
    size = f"{calls / 1e6:g} M"
    return [
        Row(
            f"raw COPY of the stored rows, same tables and indexes, {size}",
            copy,
            note="processor: "
            + ", ".join(f"{name} {cost.cpu_seconds:.1f} s" for name, cost in copies.items())
            + "; nothing is read, checked, hashed, encrypted or marked",
        ),
        Row(
            f"import of a fresh file, {size}",
            fresh,
            reference=copy,
            goal="wall of COPY ≥ 75 %, processors ≤ 1.6×",
            note=f"{calls / fresh.wall_seconds:,.0f} rows/s; check {costs['check'].cpu_seconds:.1f} s, "
            f"load {costs['load'].cpu_seconds:.1f} s of processor",
        ),
        Row("the same file again", same, reference=fresh, goal="≤ 1 % of the first time"),
        Row("the same rows in other bytes", overlap, reference=copy, goal="≤ 2.5× COPY, 0 changes"),
        _bulk_create(house, vendor_id, fresh, calls),
    ]


def _raw_copy(house: House, vendor_id: int) -> dict[str, Cost]:
    """Copy the rows that an import stored into tables with the same keys and indexes; calls in the file's order."""
    cursor = house.superuser()
    cursor.execute("CREATE TABLE bench_call (LIKE calls_call INCLUDING ALL) PARTITION BY RANGE (offered_at)")
    cursor.execute(
        "CREATE TABLE bench_call_all PARTITION OF bench_call FOR VALUES FROM ('2000-01-01') TO ('2100-01-01')"
    )
    cursor.execute("CREATE TABLE bench_ledger (LIKE calls_callidentity INCLUDING ALL)")
    cursor.execute("CREATE TABLE bench_customer (LIKE calls_customer INCLUDING ALL)")
    costs = {}
    for name, table, source, columns, order in (
        ("calls", "bench_call", "calls_call", COLUMNS, "offered_at"),
        ("ledger", "bench_ledger", "calls_callidentity", LEDGER_COLUMNS, "offered_at"),
        ("customers", "bench_customer", "calls_customer", CUSTOMER_COLUMNS, "number_encrypted"),
    ):
        with tempfile.TemporaryFile() as rows:
            chosen = f"SELECT {columns} FROM {source} WHERE vendor_id = {vendor_id:d} ORDER BY {order}"
            cursor.copy_expert(f"COPY ({chosen}) TO STDOUT", rows)
            rows.seek(0)
            with measured(house.postmaster_pid) as costs[name]:
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", rows)
    cursor.execute("DROP TABLE bench_call, bench_ledger, bench_customer")
    return costs


def _bulk_create(house: House, vendor_id: int, fresh: Cost, calls: int, sample: int = 20_000) -> Row:
    """Django's own way, a sample: objects, one INSERT of many values, rolled back."""
    from django.db import transaction

    from accounts.selectors import system_scope
    from calls.models import Call
    from core.scope import activate

    scope = system_scope(reason="bench")
    with activate(scope):
        rows = list(Call.objects.visible_to(scope).filter(vendor_id=vendor_id)[:sample].values())
        with measured(house.postmaster_pid) as cost:
            made = [Call(**row | {"external_id": f"bulk-{row['external_id']}"}) for row in rows]
            Call.objects.bulk_create(made, batch_size=2000)
        transaction.set_rollback(True)
    per_row = cost.cpu_seconds / sample
    return Row(
        f"bulk_create without any check, {sample:,} rows",
        cost,
        goal="import ≥ 5× less processor a row",
        note=f"{per_row * 1e6:.0f} µs a row against {fresh.cpu_seconds / calls * 1e6:.0f} µs "
        f"({per_row / (fresh.cpu_seconds / calls):.1f}×)",
    )


def frame_bytes(frame: Any) -> bytes:
    """Return a frame as a CSV file."""
    buffer = io.BytesIO()
    frame.write_csv(buffer)
    return buffer.getvalue()
