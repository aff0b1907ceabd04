"""The way of a file: received, confirmed, loaded part by part; each step may be repeated after a crash."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import Max

from audit.services import record
from calls.calc.lookups import Coverage, Lookups
from calls.calc.profile import CANONICAL, Profile, profile_parse
from calls.models import Batch, BatchState, CallReason, ImportProfile
from calls.services.load import part_load, vendor_lock
from calls.services.storage import (
    batch_folder,
    opened,
    original_path,
    part_paths,
    parts_folder,
    sealed,
    suffix_of,
)
from contracts import selectors as contracts
from core import sql
from core.errors import Conflict, NotFound
from core.faults import crash_point
from core.scope import Scope, activate
from core.uploads import folder_make, original_store, plain_name, vendor_folder
from vendors import selectors as vendors

# The state and the problem of a file that was set aside are told as "three failures".
MAX_ATTEMPTS = 3


def batch_receive(
    *,
    scope: Scope,
    vendor_id: int,
    source: str,
    file_name: str,
    chunks: Iterable[bytes],
    profile: ImportProfile | None = None,
    confirmed: bool = False,
    max_bytes: int | None = None,
) -> Batch:
    """Store a file as it came and put it in line for checking.

    Args:
        vendor_id: Whose calls they are; from the session, the token or the command, never from the file.
        source: ``page``, ``command`` or ``api``.
        chunks: The bytes, in order.
        profile: How to read it; None for the canonical columns.
        confirmed: Load the good rows without asking anybody.
        max_bytes: Limit of this way in.

    Raises:
        NotFound: The vendor is not in scope.
        Forbidden: The role may not import.
        Invalid: The file is empty or too large.
        Conflict: The same bytes were received already; the message says when and as what.
    """
    scope.require("calls.import")
    if vendor_id not in scope.vendor_ids:
        raise NotFound
    digest, size, stored = original_store(
        vendor_folder(vendor_id),
        chunks,
        max_bytes or settings.UPLOAD_MAX_BYTES,
        seal=partial(sealed, vendor_id=vendor_id),
    )
    crash_point("after_file_store")
    try:
        with activate(scope):
            batch = _batch_create(scope, vendor_id, source, file_name, digest, size, profile, confirmed)
            home = batch_folder(batch)
            folder_make(home)
            stored.rename(home / f"original{suffix_of(file_name)}")
            return batch
    finally:
        stored.unlink(missing_ok=True)


def _batch_create(
    scope: Scope,
    vendor_id: int,
    source: str,
    file_name: str,
    digest: bytes,
    size: int,
    profile: ImportProfile | None,
    confirmed: bool,
) -> Batch:
    vendor_lock(vendor_id=vendor_id)
    batches = Batch.objects.visible_to(scope).filter(vendor_id=vendor_id)
    twin = batches.filter(sha256=digest, is_open_or_loaded=True).first()
    if twin is not None:
        message = f"This file was received already on {twin.received_at:%Y-%m-%d %H:%M} UTC as import #{twin.number}."
        if twin.state == BatchState.CHECKED:
            message += " That import waits for a confirmation: confirm or discard it."
        raise Conflict(
            "already_received",
            message,
            details={"batch": str(twin.uuid), "number": twin.number, "state": twin.state},
        )
    batch = Batch(
        vendor_id=vendor_id,
        number=(batches.aggregate(last=Max("number"))["last"] or 0) + 1,
        source=source,
        profile=profile,
        file_name=plain_name(file_name),
        size_bytes=size,
        sha256=digest,
        received_at=scope.at,
        received_by_id=scope.user_id,
        received_by=scope.actor[:150],
        is_confirmed=confirmed,
    )
    batch.save(force_insert=True)
    record(
        scope=scope,
        action="batch.received",
        target=batch,
        changes={"source": source, "size_bytes": size, "sha256": digest.hex(), "profile": str(profile or "")},
    )
    return batch


def batch_confirm(*, scope: Scope, batch: Batch) -> Batch:
    """Let the good rows of a checked file be loaded.

    Raises:
        Conflict: The file is not waiting for a confirmation.
    """
    scope.require("calls.import")
    with activate(scope):
        batch = batch_locked(scope, batch.pk)
        if batch.state != BatchState.CHECKED:
            raise Conflict(
                "not_waiting", "This import is not waiting for a confirmation.", details={"state": batch.state}
            )
        batch.state, batch.is_confirmed = BatchState.CONFIRMED, True
        batch.save()
        record(scope=scope, action="batch.confirmed", target=batch, changes={"rejected": batch.rows_rejected})
        return batch


def batch_cancel(*, scope: Scope, batch: Batch) -> Batch:
    """Drop a file of which nothing was loaded yet.

    Raises:
        Conflict: Loading began or ended.
    """
    scope.require("calls.import")
    with activate(scope):
        batch = batch_locked(scope, batch.pk)
        if batch.state not in (BatchState.RECEIVED, BatchState.CHECKED):
            raise Conflict(
                "too_late", "Loading has begun; withdraw rows with a correction file.", details={"state": batch.state}
            )
        record(scope=scope, action="batch.canceled", target=batch)
        batch_end(scope, batch, BatchState.CANCELED)
    # Whoever may be checking it still finds it canceled, and takes away what it wrote since.
    shutil.rmtree(parts_folder(batch), ignore_errors=True)
    return batch


def batch_retry(*, scope: Scope, batch: Batch) -> Batch:
    """Put a file that was set aside back in line.

    Raises:
        Conflict: It was not set aside, or the same file was sent again meanwhile.
    """
    scope.require("calls.import")
    with activate(scope):
        batch = batch_locked(scope, batch.pk)
        if batch.state != BatchState.QUARANTINED:
            raise Conflict("not_set_aside", "Only an import that was set aside can be tried again.")
        twins = Batch.objects.visible_to(scope).filter(
            vendor_id=batch.vendor_id, sha256=batch.sha256, is_open_or_loaded=True
        )
        if twins.exists():
            raise Conflict("already_received", "The same file was sent again meanwhile.")
        batch.state = BatchState.CONFIRMED if batch.parts_total else BatchState.RECEIVED
        batch.attempts, batch.problem, batch.is_open_or_loaded, batch.finished_at = 0, "", True, None
        batch.lease_until = None
        batch.save()
        record(scope=scope, action="batch.retried", target=batch)
        return batch


def batch_load_next(*, scope: Scope, batch_id: int | None = None) -> Batch | None:
    """Load the next part of a confirmed file in one transaction; marks, account and progress with it.

    Returns:
        The batch, or None when nothing waits.
    """
    with activate(scope):
        claimed = sql.rows("calls/batch_claim_load", {"batch_id": batch_id, "max_attempts": MAX_ATTEMPTS})
    if not claimed:
        return None
    with activate(scope):
        batch = batch_locked(scope, claimed[0]["id"])
        if batch.state != BatchState.CONFIRMED:
            return batch
        parts = part_paths(batch)
        if batch.parts_done < len(parts):
            vendor_lock(vendor_id=batch.vendor_id, is_patient=True)
            frame = pl.read_ipc(b"".join(opened(parts[batch.parts_done], vendor_id=batch.vendor_id)))
            account = part_load(
                scope=scope,
                vendor_id=batch.vendor_id,
                batch_id=batch.pk,
                frame=frame,
                profile=profile_of(batch),
            )
            batch.rows_new += account.new
            batch.rows_updated += account.updated
            batch.rows_unchanged += account.unchanged
            batch.rows_superseded += account.superseded
            batch.rows_duplicate += account.duplicate
            batch.parts_done += 1
            same = batch.problem_details.get("same_revision", 0) + account.same_revision
            batch.problem_details = batch.problem_details | {"same_revision": same}
        batch.attempts, batch.lease_until = 0, None
        if batch.parts_done >= len(parts):
            batch_end(scope, batch, BatchState.LOADED)
            record(scope=scope, action="batch.loaded", target=batch, changes=account_of(batch))
        else:
            batch.save()
        crash_point("before_commit")
    crash_point("after_commit")
    if batch.state == BatchState.LOADED:
        shutil.rmtree(parts_folder(batch), ignore_errors=True)
    return batch


def batches_quarantine(*, scope: Scope) -> int:
    """Set aside every file that failed three times; the page shows it with its reason and a button to retry."""
    with activate(scope):
        return len(sql.rows("calls/batch_quarantine", {"at": scope.at, "max_attempts": MAX_ATTEMPTS}))


def original_open(*, scope: Scope, batch: Batch) -> Iterator[bytes]:
    """Return a file as it came, numbers in clear; that somebody took it stands in the audit book.

    Raises:
        NotFound: Rows of a request have no file.
        ValueError: No key of FIELD_KEYS opens it.
    """
    path = original_path(batch)
    if path is None:
        raise NotFound
    record(scope=scope, action="batch.opened", target=batch)
    return opened(path, vendor_id=batch.vendor_id)


def account_of(batch: Batch) -> dict[str, int]:
    """Return the account of rows; ``read`` is the sum of the others."""
    return {
        "read": batch.rows_read,
        "new": batch.rows_new,
        "updated": batch.rows_updated,
        "unchanged": batch.rows_unchanged,
        "superseded": batch.rows_superseded,
        "duplicate": batch.rows_duplicate,
        "rejected": batch.rows_rejected,
    }


def profile_of(batch: Batch) -> Profile:
    """Return how the file is to be read."""
    return profile_parse(batch.profile.document) if batch.profile else CANONICAL


def lookups_of(*, scope: Scope, vendor_id: int) -> Lookups:
    """Return what a check may know of the vendor: its own codes and contracts, nothing else."""
    queues: dict[str, list[Coverage]] = {code: [] for code in vendors.queue_codes(scope=scope, vendor_id=vendor_id)}
    for span in contracts.coverage_spans(scope=scope, vendor_id=vendor_id):
        queues[span.queue_code].append(Coverage(span.contract_id, span.covers_from, span.covers_until))
    reasons = CallReason.objects.visible_to(scope).filter(vendor_id=vendor_id).values_list("code", flat=True)
    vendor = vendors.vendor_of_id(scope=scope, vendor_id=vendor_id)
    return Lookups(
        vendor_code=vendor.code,
        queues={code: tuple(spans) for code, spans in queues.items()},
        agents=frozenset(vendors.agent_codes(scope=scope, vendor_id=vendor_id)),
        reasons=frozenset(reasons),
    )


def batch_locked(scope: Scope, batch_id: int) -> Batch:
    """Return a batch that nobody else changes until the transaction ends.

    Raises:
        NotFound: There is none in scope.
    """
    batch: Batch | None = (
        Batch.objects.visible_to(scope)
        .select_for_update(of=("self",))
        .select_related("profile")
        .filter(pk=batch_id)
        .first()
    )
    if batch is None:
        raise NotFound
    return batch


def batch_end(
    scope: Scope, batch: Batch, state: BatchState, *, problem: str = "", details: dict[str, Any] | None = None
) -> None:
    """Store how a file ended, and why it was not taken."""
    batch.state, batch.finished_at = state, scope.at
    batch.problem = problem
    if details:
        batch.problem_details = batch.problem_details | details
    batch.is_open_or_loaded = state == BatchState.LOADED
    if problem:
        record(scope=scope, action=f"batch.{state}", target=batch, changes={"problem": problem})
    batch.save()
