"""Checking a received file: read in a child process without rights, its good rows sealed, its findings kept."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
from django.conf import settings

from calls.calc.profile import Profile
from calls.models import Batch, BatchState, RowError
from calls.parsing import FileCheck, Limits, file_check
from calls.services import batches
from calls.services.batches import batch_end, batch_locked, lookups_of, profile_of
from calls.services.storage import file_open, file_seal, original_path, parts_folder, rejected_path, suffix_of
from core import sql
from core.faults import crash_point
from core.scope import Scope, activate
from core.uploads import folder_make

LEASE = timedelta(seconds=10)


def batch_check(*, scope: Scope, batch_id: int | None = None) -> Batch | None:
    """Check the next received file (or this one) in a child process and keep what it found.

    Returns:
        The batch in its new state, or None when there is nothing to check.
    """
    with activate(scope):
        claimed = sql.rows("calls/batch_claim_check", {"batch_id": batch_id, "max_attempts": batches.MAX_ATTEMPTS})
        if not claimed:
            return None
        batch = Batch.objects.visible_to(scope).select_related("profile").get(pk=claimed[0]["id"])
        lookups = lookups_of(scope=scope, vendor_id=batch.vendor_id)
    profile = profile_of(batch)
    out = parts_folder(batch)
    shutil.rmtree(out, ignore_errors=True)
    folder_make(out)
    # The reader has no key: it gets a copy, which is gone before anything else happens.
    clear, original = out / f"clear{suffix_of(batch.file_name)}", original_path(batch)
    assert original is not None
    file_open(original, vendor_id=batch.vendor_id, target=clear)
    reported = datetime.min.replace(tzinfo=UTC)

    def progress(rows: int) -> None:
        nonlocal reported
        now = datetime.now(UTC)
        if now - reported < timedelta(seconds=1):
            return
        reported = now
        with activate(scope):
            Batch.objects.visible_to(scope).filter(pk=batch.pk).update(rows_seen=rows, lease_until=now + LEASE)

    limits = replace(Limits(), file_bytes=max(batch.size_bytes, settings.UPLOAD_MAX_BYTES))
    try:
        result = file_check(
            clear,
            profile=profile,
            lookups=lookups,
            now=batch.received_at,
            out_dir=out,
            file_name=batch.file_name,
            limits=limits,
            progress=progress,
        )
    finally:
        # Somebody may have canceled the import meanwhile, and taken all of it away.
        clear.unlink(missing_ok=True)
    for path in (*result.parts, *([result.rejected_path] if result.rejected_path else [])):
        file_seal(path, vendor_id=batch.vendor_id)
    crash_point("after_check")
    with activate(scope):
        batch = batch_locked(scope, batch.pk)
        if batch.state == BatchState.RECEIVED:
            if result.rejected_path:
                result.rejected_path.replace(rejected_path(batch))
            _keep_result(scope, batch, result, profile, errors_most=limits.errors)
    if batch.state in (BatchState.REFUSED, BatchState.CANCELED):
        shutil.rmtree(out, ignore_errors=True)
    return batch


def _keep_result(scope: Scope, batch: Batch, result: FileCheck, profile: Profile, *, errors_most: int) -> None:
    batch.attempts, batch.lease_until = 0, None
    RowError.objects.visible_to(scope).filter(batch=batch).delete()
    if result.refusal is not None:
        batch_end(scope, batch, BatchState.REFUSED, problem=result.refusal.code, details=dict(result.refusal.details))
        return
    batch.rows_read, batch.rows_rejected = result.rows_read, result.rows_rejected
    batch.rows_seen = batch.rows_expected = result.rows_read
    batch.parts_total, batch.parts_done = len(result.parts), 0
    batch.first_offered_at, batch.last_offered_at = result.first_offered_at, result.last_offered_at
    batch.problem_details = {
        "notes": [[note.code, dict(note.details)] for note in result.notes],
        "encoding": result.encoding,
        "is_encoding_guessed": result.needs_confirmation,
        "readings": result.readings or {},
        "is_incomplete": result.is_incomplete,
        "last_line": result.last_line,
        "delimiter": result.delimiter,
    }
    _errors_store(batch, result.errors_path, errors_most)
    if result.rows_rejected and profile.on_error == "refuse":
        batch_end(scope, batch, BatchState.REFUSED, problem="rows_rejected", details={"rejected": result.rows_rejected})
    elif batch.is_confirmed and not result.needs_confirmation:
        batch.state = BatchState.CONFIRMED
        batch.save()
    else:
        batch.state = BatchState.CHECKED
        batch.save()


def _errors_store(batch: Batch, path: Path | None, most: int) -> None:
    if path is None:
        return
    errors = pl.read_ipc(path).head(most)
    RowError.objects.bulk_create(
        [
            RowError(vendor_id=batch.vendor_id, batch=batch, **row)
            for row in errors.select("line", "column", "rule", "value")
            .with_columns(pl.col("value").fill_null(""))
            .to_dicts()
        ],
        batch_size=2000,
    )
