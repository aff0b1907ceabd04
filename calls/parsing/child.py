"""The reading itself: one file into parts of good rows and a list of errors, with bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars as pl

from calls.calc.canonical import LINE
from calls.calc.findings import COLUMN_LENGTH, ERROR_SCHEMA, errors_empty
from calls.calc.lookups import Lookups
from calls.calc.mapping import header_resolve
from calls.calc.masking import value_mask
from calls.calc.profile import Profile, column_key
from calls.calc.returned import REPORT, REPORT_COLUMNS, guards_drop
from calls.calc.rules import FileRefusedError, Notice
from calls.calc.validate import rows_check
from calls.parsing import archive, encoding, header, sheets
from calls.parsing.limits import Limits
from calls.parsing.records import Block, RecordReader, Reject
from calls.parsing.rejected import RejectedWriter
from calls.parsing.results import ERRORS_FILE, REJECTED_FILE, FileCheck

TEXT_FILE = "text.utf8"
_TEXT_SUFFIXES = frozenset((".csv", ".tsv", ".txt"))
# First bytes of files that are sent by mistake, and what to call them.
_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"SQLite format 3", "sqlite"),
    (b"PAR1", "parquet"),
    (b"{\\rtf", "rtf"),
)


class FileReader:
    """Reads, checks and writes one file."""

    def __init__(
        self,
        path: Path,
        *,
        suffix: str,
        profile: Profile,
        lookups: Lookups,
        now: datetime,
        out_dir: Path,
        limits: Limits,
        progress: Callable[[int], None],
    ) -> None:
        """Keep what the reading needs; ``suffix`` is that of the name under which the file was sent."""
        self._path = path
        self._suffix = suffix.lower()
        self._profile = profile
        self._lookups = lookups
        self._now = now
        self._out_dir = out_dir
        self._limits = limits
        self._progress = progress
        self._check = FileCheck()
        self._error_parts: list[Path] = []

    def run(self) -> FileCheck:
        """The account of the file; a refusal is part of it."""
        try:
            kind = kind_find(self._path, suffix=self._suffix)
            blocks = self._sheet_blocks() if kind == "xlsx" else self._text_blocks()
            for block in blocks:
                self._block_check(block)
        except FileRefusedError as error:
            self._set(refusal=error.notice)
        (self._out_dir / TEXT_FILE).unlink(missing_ok=True)
        self._errors_write()
        check = self._check
        if check.refusal is None and not check.rows_read:
            self._set(refusal=Notice("file_no_rows"))
        if check.refusal is None and self._profile.on_error == "refuse" and check.rows_rejected:
            self._set(refusal=Notice("rows_rejected", {"rejected": check.rows_rejected, "read": check.rows_read}))
        if check.rows_blank:
            self._note("rows_blank", count=check.rows_blank)
        if check.errors_count > self._limits.errors:
            self._note("errors_cut", count=self._limits.errors)
        return self._check

    def _set(self, **changes: object) -> None:
        self._check = replace(self._check, **changes)  # type: ignore[arg-type]

    def _note(self, code: str, **details: str | int | list[str]) -> None:
        self._set(notes=(*self._check.notes, Notice(code, details)))

    def _text_blocks(self) -> Iterator[Block]:
        found = encoding.encoding_find(self._path, declared=self._profile.encoding)
        self._set(encoding=found.name.removesuffix("-sig"), needs_confirmation=found.is_guess, readings=found.readings)
        if found.is_guess:
            self._note("encoding_guessed", encoding=found.name)
        text = encoding.utf8_write(self._path, found, target=self._out_dir / TEXT_FILE)
        try:
            head = header.header_read(text, profile=self._profile, limits=self._limits)
        except FileRefusedError as error:
            # Wrong letters in the header are most often a wrong encoding: show what else it may be.
            details = {**error.notice.details, **encoding.refusal_readings(self._path)}
            raise FileRefusedError(error.notice.code, **details) from error
        self._set(delimiter=head.delimiter)
        self._header_note(head.names, delimiter=head.delimiter)
        columns = sorted(set(header_resolve(head.names, profile=self._profile).values()))
        reader = RecordReader(text, header=head, columns=columns, limits=self._limits)
        yield from reader.blocks()
        if reader.is_cut:
            self._set(is_incomplete=True)
            self._note("file_incomplete", line=self._check.last_line)
        elif not reader.ends_with_newline:
            self._note("newline_missing")

    def _sheet_blocks(self) -> Iterator[Block]:
        scan = archive.workbook_scan(self._path, sheet=self._profile.sheet, limits=self._limits)
        self._set(sheet=scan.name)
        if scan.others:
            self._note("sheets_other", sheets=[value_mask(name) for name in scan.others[:20]])
        if scan.hidden_rows:
            self._note("rows_hidden", count=scan.hidden_rows)
        reader = sheets.SheetReader(self._path, scan=scan, profile=self._profile, limits=self._limits)
        self._header_note(reader.header, delimiter=",")
        yield from reader.blocks()

    def _header_note(self, names: list[str], *, delimiter: str) -> None:
        self._rejected = RejectedWriter(self._out_dir / REJECTED_FILE, names=names, delimiter=delimiter)
        self._is_returned = REPORT in names
        if self._is_returned:
            self._note("rows_returned", columns=list(REPORT_COLUMNS))
        names = [name for name in names if name != REPORT]
        shown = tuple(value_mask(name)[:COLUMN_LENGTH] for name in names[: self._limits.columns])
        self._set(header=shown)
        wanted = {column_key(name) for name in self._profile.columns}
        if ignored := [name for name in shown if name and column_key(name) not in wanted]:
            self._note("columns_ignored", columns=ignored)

    def _block_check(self, block: Block) -> None:
        frame = block.frame
        filled = frame.select(pl.any_horizontal(pl.exclude(LINE) != "").fill_null(False)).to_series()
        blank = frame.height - int(filled.sum())
        if blank:
            frame = frame.filter(filled)
            self._set(rows_blank=self._check.rows_blank + blank)
        if self._is_returned:
            frame = guards_drop(frame)
        kept = self._check.errors_count
        found = [self._rejects_write(block.rejects)]
        for start in range(0, frame.height, self._limits.block_rows):
            rows = frame.slice(start, self._limits.block_rows)
            found.append(self._rows_check(rows, is_trimmed=block.is_trimmed and not self._is_returned))
        lines = pl.concat(found)["line"].head(max(self._limits.errors - kept, 0)).unique().sort()
        self._rejected.add(lines, block.fields_of)
        self._progress(self._check.rows_read)

    def _rows_check(self, frame: pl.DataFrame, *, is_trimmed: bool) -> pl.DataFrame:
        result = rows_check(frame, profile=self._profile, lookups=self._lookups, now=self._now, is_trimmed=is_trimmed)
        check = self._check
        self._set(
            rows_read=check.rows_read + frame.height,
            rows_good=check.rows_good + result.good.height,
            rows_rejected=check.rows_rejected + frame.height - result.good.height,
            last_line=max(check.last_line, frame[LINE][-1]),
            **_offered_span(check, result.good["offered_at"]),
        )
        if result.good.height:
            part = self._out_dir / f"part-{len(check.parts):05d}.arrow"
            result.good.write_ipc(part, compression="lz4")
            self._set(parts=(*check.parts, part))
        self._errors_add(result.errors)
        return result.errors

    def _rejects_write(self, rejects: list[Reject]) -> pl.DataFrame:
        if not rejects:
            return errors_empty()
        lines = len({reject.line for reject in rejects})
        self._set(rows_read=self._check.rows_read + lines, rows_rejected=self._check.rows_rejected + lines)
        rows = [(r.line, value_mask(r.column)[:COLUMN_LENGTH], r.rule, r.value) for r in rejects]
        errors = pl.DataFrame(rows, schema=ERROR_SCHEMA, orient="row")
        self._errors_add(errors)
        return errors

    def _errors_add(self, errors: pl.DataFrame) -> None:
        if errors.height:
            path = self._out_dir / f"errors-{len(self._error_parts):05d}.arrow"
            errors.write_ipc(path)
            self._error_parts.append(path)
            self._set(errors_count=self._check.errors_count + errors.height)

    def _errors_write(self) -> None:
        """Join the error lists of the blocks without holding them in memory."""
        if not self._error_parts:
            return
        target = self._out_dir / ERRORS_FILE
        pl.scan_ipc(self._error_parts).sink_ipc(target, compression="lz4")
        for path in self._error_parts:
            path.unlink()
        self._set(errors_path=target, rejected_path=self._rejected.path)


def _offered_span(check: FileCheck, offered: pl.Series) -> dict[str, datetime | None]:
    first, last = offered.min(), offered.max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return {}
    return {
        "first_offered_at": min(first, check.first_offered_at or first),
        "last_offered_at": max(last, check.last_offered_at or last),
    }


def kind_find(path: Path, *, suffix: str) -> str:
    """``text`` or ``xlsx``, by name and first bytes together.

    Raises:
        FileRefusedError: another kind of file, or a name that does not fit the content.
    """
    with path.open("rb") as file:
        start = file.read(16)
    if not start:
        raise FileRefusedError("file_empty")
    found = next((name for magic, name in _MAGIC if start.startswith(magic)), "text")
    if suffix in (".xlsm", ".xltm", ".xlsb"):
        raise FileRefusedError("file_macros")
    if found == "ole" and suffix in (".xls", ".xlsx"):
        raise FileRefusedError("file_encrypted")
    if suffix == ".xlsx" and found == "zip":
        return "xlsx"
    if suffix in _TEXT_SUFFIXES and found == "text":
        return "text"
    raise FileRefusedError("file_type", found=value_mask(f"{suffix or '?'} ({found})"[:40]))
