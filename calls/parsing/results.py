"""What the reading of a file gives back; standard library only, so that the waiting process stays light."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from calls.calc.lookups import Coverage, Lookups
from calls.calc.rules import Notice

RESULT_FILE = "result.json"
ERRORS_FILE = "errors.arrow"
REJECTED_FILE = "rejected.jsonl"


@dataclass(frozen=True, slots=True)
class FileCheck:
    """The account of one file.

    ``rows_read = rows_good + rows_rejected``; blank rows are no rows.

    Attributes:
        refusal: why nothing of the file can be loaded (code in REFUSALS), or None.
        needs_confirmation: the encoding was guessed; somebody has to look at ``readings`` first.
        readings: encoding -> first lines.
        parts: Polars IPC files of good rows (GOOD_SCHEMA), in the order of the file.
        errors_path: Polars IPC file of errors (ERROR_SCHEMA), or None without errors.
        rejected_path: the rejected rows as they came, a JSON list a line: first the header, then line and fields of
            each; None without any.
        is_incomplete: the file ends within a record.
        last_line: the last line that was read.
        notes: findings for the preview (codes in NOTES).
    """

    refusal: Notice | None = None
    encoding: str = ""
    needs_confirmation: bool = False
    readings: dict[str, list[str]] | None = None
    delimiter: str = ""
    sheet: str = ""
    header: tuple[str, ...] = ()
    rows_read: int = 0
    rows_good: int = 0
    rows_rejected: int = 0
    rows_blank: int = 0
    errors_count: int = 0
    is_incomplete: bool = False
    last_line: int = 0
    first_offered_at: datetime | None = None
    last_offered_at: datetime | None = None
    notes: tuple[Notice, ...] = ()
    parts: tuple[Path, ...] = ()
    errors_path: Path | None = None
    rejected_path: Path | None = None
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_bytes: int = 0


def check_dump(check: FileCheck) -> dict[str, Any]:
    """The account as JSON values; paths by name."""
    return asdict(check) | {
        "parts": [path.name for path in check.parts],
        "errors_path": check.errors_path.name if check.errors_path else None,
        "rejected_path": check.rejected_path.name if check.rejected_path else None,
        "first_offered_at": check.first_offered_at.isoformat() if check.first_offered_at else None,
        "last_offered_at": check.last_offered_at.isoformat() if check.last_offered_at else None,
    }


def check_load(data: dict[str, Any], out_dir: Path) -> FileCheck:
    """The account from JSON.

    Raises:
        ValueError, KeyError, TypeError: the values are not those that check_dump wrote.
    """
    refusal = data["refusal"]
    first, last = data["first_offered_at"], data["last_offered_at"]
    return FileCheck(
        **data
        | {
            "refusal": Notice(**refusal) if refusal else None,
            "notes": tuple(Notice(**note) for note in data["notes"]),
            "header": tuple(data["header"]),
            "parts": tuple(out_dir / Path(name).name for name in data["parts"]),
            "errors_path": out_dir / Path(data["errors_path"]).name if data["errors_path"] else None,
            "rejected_path": out_dir / Path(data["rejected_path"]).name if data["rejected_path"] else None,
            "first_offered_at": datetime.fromisoformat(first) if first else None,
            "last_offered_at": datetime.fromisoformat(last) if last else None,
        }
    )


def lookups_dump(lookups: Lookups) -> dict[str, Any]:
    """Lookups as JSON values."""
    return {
        "vendor_code": lookups.vendor_code,
        "agents": sorted(lookups.agents),
        "reasons": sorted(lookups.reasons),
        "queues": {
            code: [
                [span.contract_id, span.covers_from.isoformat(), span.covers_until and span.covers_until.isoformat()]
                for span in spans
            ]
            for code, spans in lookups.queues.items()
        },
    }


def lookups_load(data: dict[str, Any]) -> Lookups:
    """Lookups from JSON values."""
    return Lookups(
        vendor_code=data["vendor_code"],
        agents=frozenset(data["agents"]),
        reasons=frozenset(data["reasons"]),
        queues={
            code: tuple(
                Coverage(number, datetime.fromisoformat(since), datetime.fromisoformat(until) if until else None)
                for number, since, until in spans
            )
            for code, spans in data["queues"].items()
        },
    )
