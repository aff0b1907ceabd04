"""Looking at a file before anything of it counts: its first good rows, and a profile tried on a sample."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from calls.calc.profile import Profile, ProfileError, profile_parse
from calls.models import Batch
from calls.parsing import FileCheck, Limits, file_check
from calls.services.batches import lookups_of
from calls.services.customers import number_mask
from calls.services.storage import opened, part_paths, suffix_of
from core.errors import Invalid, NotFound
from core.scope import Scope

PREVIEW_ROWS = 20
# A sample is looked at while somebody waits; a larger file shows nothing more.
SAMPLE_BYTES = 10_000_000
SAMPLE_SECONDS = 30
# Reads any file's header: every required column is there by itself.
HEADER_ONLY: dict[str, Any] = {
    "external_id": {"constant": "x"},
    "queue": {"constant": "x"},
    "offered_at": {"constant": "2026-01-01T00:00:00Z"},
    "outcome": {"constant": "answered"},
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a profile makes of a sample.

    Attributes:
        check: The account of the reader; a refusal says why nothing could be read.
        rows: The first good rows in canonical columns, customers masked.
        errors: The first rejected cells: line, column, rule, value.
    """

    check: FileCheck
    rows: list[dict[str, Any]]
    errors: list[dict[str, Any]]


def batch_preview(*, batch: Batch) -> list[dict[str, Any]]:
    """Return the first good rows of a checked file; none once it is loaded."""
    paths = part_paths(batch)
    return _head(b"".join(opened(paths[0], vendor_id=batch.vendor_id))) if paths else []


def profile_try(
    *, scope: Scope, vendor_id: int, document: Mapping[str, Any], file_name: str, chunks: Iterable[bytes]
) -> Trial:
    """Read a sample under a profile and store nothing.

    Raises:
        NotFound: The vendor is not in scope.
        Forbidden: The role may not edit profiles.
        Invalid: The mapping cannot work, or the sample is too large.
    """
    return _try(scope, vendor_id, _profile(document), file_name, chunks)


def columns_read(
    *, scope: Scope, vendor_id: int, settings: Mapping[str, Any], file_name: str, chunks: Iterable[bytes]
) -> FileCheck:
    """Read a sample's header; ``header`` has its columns, or ``refusal`` says why not.

    Args:
        settings: How to read it: encoding, delimiter, header row, sheet.

    Raises:
        NotFound, Forbidden, Invalid: As :func:`profile_try`.
    """
    return _try(scope, vendor_id, _profile({**settings, "fields": HEADER_ONLY}), file_name, chunks).check


def _profile(document: Mapping[str, Any]) -> Profile:
    try:
        return profile_parse(document)
    except ProfileError as error:
        raise Invalid(
            "profile_invalid", str(error), fields={"document": [f"{error.field}: {error.message}"]}
        ) from error


def _try(scope: Scope, vendor_id: int, profile: Profile, file_name: str, chunks: Iterable[bytes]) -> Trial:
    scope.require("profiles.edit")
    if vendor_id not in scope.vendor_ids:
        raise NotFound
    with tempfile.TemporaryDirectory(prefix="trial-") as folder:
        path = Path(folder) / f"sample{suffix_of(file_name)}"
        size = 0
        with path.open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > SAMPLE_BYTES:
                    message = f"A sample may have up to {SAMPLE_BYTES // 1_000_000} MB; cut it after some rows."
                    raise Invalid("file_too_large", message, fields={"sample": [message]})
                file.write(chunk)
        check = file_check(
            path,
            profile=profile,
            lookups=lookups_of(scope=scope, vendor_id=vendor_id),
            now=scope.at,
            out_dir=Path(folder),
            file_name=file_name,
            limits=replace(Limits(), wall_seconds=SAMPLE_SECONDS),
        )
        errors = pl.read_ipc(check.errors_path).head(PREVIEW_ROWS).to_dicts() if check.errors_path else []
        return Trial(check, _head(check.parts[0].read_bytes()) if check.parts else [], errors)


def _head(part: bytes) -> list[dict[str, Any]]:
    rows = pl.read_ipc(part, n_rows=PREVIEW_ROWS).to_dicts()
    for row in rows:
        row["customer"] = number_mask(row["customer"]) if row["customer"] else None
    return rows
