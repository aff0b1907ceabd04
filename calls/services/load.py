"""Storing checked rows: one part of a file, one transaction, every row accounted for (I3, I4).

The vendor's lock makes loads of one vendor follow each other, so that two files with the same call cannot both find
it new; rivals' loads go on meanwhile.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from django.db import connection

from calls.calc.profile import Profile
from calls.models import CallReason
from calls.services.customers import customer_keys, customers_store
from contracts import selectors as contracts
from contracts.models import Contract
from contracts.services import rebooking_ask
from core import sql
from core.faults import crash_point
from core.periods import local_day
from core.scope import Scope
from vendors import selectors as vendors
from vendors import services as vendor_services

LOAD_LOCK = 7003
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
TIMES = ("offered_at", "answered_at", "ended_at")
STAGED = [
    *("line", "offered_at", "answered_at", "ended_at", "customer_key", "contract_id", "vendor_id", "queue_id"),
    *("agent_id", "reason_id", "batch_id", "revision", "ring_seconds", "wait_seconds", "talk_seconds"),
    *("hold_seconds", "wrap_seconds", "direction", "outcome", "abandon_place", "csat", "resolved", "success"),
    *("external_id", "transferred_from", "recording", "ivr_path", "offered_text"),
]


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the rows of one part; their sum, without ``same_revision``, is the number of rows given.

    Attributes:
        same_revision: Those among the updated and superseded whose rival had the same revision but other content.
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0
    duplicate: int = 0
    same_revision: int = 0


def vendor_lock(*, vendor_id: int, is_patient: bool = False) -> None:
    """Wait until no other load of this vendor runs; a statement of its own, before anything is read.

    Args:
        is_patient: For workers, for whom nobody waits. Whoever answers a person or a program gives up as soon as
            at any other lock, or a few of them would hold every thread of the web server.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '120s'")
        if is_patient:
            # A load of the same vendor may take a slice's time; anything longer is a fault.
            cursor.execute("SET LOCAL lock_timeout = '90s'")
    sql.lock(LOAD_LOCK, vendor_id)


def part_load(*, scope: Scope, vendor_id: int, batch_id: int, frame: pl.DataFrame, profile: Profile) -> Account:
    """Store the checked rows of one part and mark the days that they change.

    Args:
        frame: Rows as ``calls.calc.validate.rows_check`` gives them (codes, not ids).
        profile: Decides about revisions and unknown codes.

    Returns:
        The account of the rows.
    """
    if frame.is_empty():
        return Account()
    vendor_lock(vendor_id=vendor_id)
    by_receipt = profile.revision_from == "received"
    staged = _with_ids(scope, vendor_id, frame, profile).with_columns(
        batch_id=pl.lit(batch_id, pl.Int32),
        vendor_id=pl.lit(vendor_id, pl.Int32),
    )
    _stage(staged)
    _rebooking_check(scope, vendor_id, staged)
    crash_point("after_copy")
    duplicates = staged["external_id"].n_unique() < staged.height
    lost = {"duplicate": 0, "superseded": 0, "same_revision": 0}
    if duplicates:
        lost = sql.rows("calls/drop_duplicates", {"by_receipt": by_receipt, "at": scope.at})[0]
    months = staged.select(pl.col("offered_at").dt.truncate("1mo").dt.date().unique().sort()).to_series().to_list()
    sql.execute("calls/find_existing", {"vendor_id": vendor_id, "by_receipt": by_receipt})
    met = sql.rows("calls/existing_count")[0]
    _partitions_make(months)
    is_fresh = not any(met.values())
    changed = _quarters(staged) if is_fresh and not duplicates else sql.tuples("calls/moments_changed")
    days_mark(scope=scope, vendor_id=vendor_id, quarters=changed)
    rows = staged.height - lost["duplicate"] - lost["superseded"]
    if is_fresh:
        sql.execute("calls/insert_fresh")
        sql.execute("calls/identities_add")
    else:
        sql.execute("calls/keep_replaced", {"at": scope.at})
        sql.execute("calls/keep_superseded", {"at": scope.at})
        if met["updated"]:
            sql.execute("calls/remove_replaced")
        sql.execute("calls/insert_winners")
        sql.execute("calls/identities_write")
    crash_point("after_upsert")
    return Account(
        new=rows - met["unchanged"] - met["updated"] - met["superseded"],
        updated=met["updated"],
        unchanged=met["unchanged"],
        superseded=met["superseded"] + lost["superseded"],
        duplicate=lost["duplicate"],
        # Revisions that follow from the receipt are nobody's to choose.
        same_revision=0 if by_receipt else met["same_revision"] + lost["same_revision"],
    )


def _with_ids(scope: Scope, vendor_id: int, frame: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """Put the vendor's own ids for codes; a code that is not the vendor's cannot become an id here."""
    customers = customer_keys(vendor_id=vendor_id, numbers=frame["customer"].drop_nulls().unique().to_list())
    customers_store(vendor_id=vendor_id, keys=customers)
    known = pl.DataFrame([list(customers), list(customers.values())], {"customer": pl.String, "customer_key": pl.Int64})
    queues = vendors.queue_codes(scope=scope, vendor_id=vendor_id)
    agents = vendors.agent_codes(scope=scope, vendor_id=vendor_id)
    unknown = sorted(set(frame["agent"].drop_nulls().unique().to_list()) - agents.keys())
    if unknown:
        agents = agents | vendor_services.agents_register(scope=scope, vendor_id=vendor_id, codes=unknown)
    reasons = reasons_ensure(scope=scope, vendor_id=vendor_id, codes=frame["reason"].drop_nulls().unique().to_list())
    return frame.join(known, on="customer", how="left").with_columns(
        _mapped("queue", queues, pl.Int32).alias("queue_id"),
        _mapped("agent", agents, pl.Int32).alias("agent_id"),
        _mapped("reason", reasons, pl.Int32).alias("reason_id"),
    )


def _mapped(column: str, ids: Mapping[str, int], dtype: Any) -> pl.Expr:
    if not ids:
        return pl.lit(None, dtype)
    return pl.col(column).replace_strict(list(ids), list(ids.values()), return_dtype=dtype)


def reasons_ensure(*, scope: Scope, vendor_id: int, codes: list[str]) -> dict[str, int]:
    """Return the vendor's reason ids; codes that the check let pass but nobody registered yet are registered."""
    known = dict(CallReason.objects.visible_to(scope).filter(vendor_id=vendor_id).values_list("code", "pk"))
    missing = sorted(set(codes) - known.keys())
    if missing:
        made = CallReason.objects.bulk_create(
            [CallReason(vendor_id=vendor_id, code=code, name=code) for code in missing]
        )
        known |= {reason.code: reason.pk for reason in made}
    return known


def _stage(staged: pl.DataFrame) -> None:
    """Copy the rows to the database, in the order in which days are read later: each index page is then met once.

    Times go as microseconds (a database's and a data frame's own unit), and columns without a value not at all.
    """
    filled = [name for name in STAGED if staged[name].null_count() < staged.height]
    times = [name for name in filled if name in TIMES]
    names = [name.replace("_at", "_us") if name in TIMES else name for name in filled]
    buffer = io.BytesIO()
    staged.sort("contract_id", "queue_id", "offered_at").select(filled).with_columns(
        pl.col(times).cast(pl.Datetime("us", "UTC")).cast(pl.Int64)
    ).write_csv(buffer, include_header=False, null_value="", quote_style="non_numeric")
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(sql.text("calls/staging"))
        cursor.execute("TRUNCATE calls_staging, calls_existing")
        cursor.cursor.copy_expert(
            f"COPY calls_staging ({', '.join(names)}) FROM STDIN (FORMAT csv, FORCE_NULL ({', '.join(names)}))",
            buffer,
            size=1 << 20,
        )
        # A small sample tells how many rows there are, and that is all the plans depend on.
        cursor.execute("SET LOCAL default_statistics_target = 10; ANALYZE calls_staging (contract_id, external_id)")


def _partitions_make(months: list[date]) -> None:
    with connection.cursor() as cursor:
        for month in months:
            cursor.execute("SELECT calls_partition_make(%s)", [month])


def _quarters(staged: pl.DataFrame) -> Iterable[tuple[int, datetime]]:
    """Return what calls/moments_changed finds when every row is new, without asking for it."""
    moments = [
        staged.select("contract_id", at=pl.col(name).dt.truncate("15m")) for name in ("offered_at", "answered_at")
    ]
    return pl.concat(moments).drop_nulls().unique().iter_rows()


def days_mark(*, scope: Scope, vendor_id: int, quarters: Iterable[tuple[int, datetime]]) -> None:
    """Append the marks in the same transaction as the rows (R2): the changed days, and the days before them whose
    calls a new call may turn out to repeat.
    """
    zones = contracts.contract_zones(scope=scope)
    windows = contracts.fcr_windows(scope=scope)
    changed = {(contract_id, local_day(quarter, zones[contract_id])) for contract_id, quarter in quarters}
    marks: set[tuple[int, date]] = set()
    for contract_id, day in changed:
        days_back = math.ceil(windows.get(contract_id, 168) / 24) + 1
        marks |= {(contract_id, day - timedelta(days=n)) for n in range(days_back + 1)}
    ordered = sorted(marks)
    parameters = {
        "vendor_id": vendor_id,
        "contract_ids": [contract_id for contract_id, _ in ordered],
        "days": [day for _, day in ordered],
        "at": scope.at,
    }
    sql.execute("calls/marks_add", parameters)


def _rebooking_check(scope: Scope, vendor_id: int, staged: pl.DataFrame) -> None:
    """Ask for a rebooking where rows that are being stored are not covered any more as when they were checked."""
    spans = {
        (span.contract_id, span.queue_id): (span.covers_from, span.covers_until or NEVER)
        for span in contracts.coverage_spans(scope=scope, vendor_id=vendor_id)
    }
    places = staged.group_by("contract_id", "queue_id").agg(
        first=pl.col("offered_at").min(), last=pl.col("offered_at").max()
    )
    stray = set()
    for contract_id, queue_id, first, last in places.iter_rows():
        start, end = spans.get((contract_id, queue_id), (NEVER, NEVER))
        if not start <= first <= last < end:
            stray.add(contract_id)
    for contract in Contract.objects.visible_to(scope).filter(pk__in=stray):
        rebooking_ask(scope=scope, contract=contract)
