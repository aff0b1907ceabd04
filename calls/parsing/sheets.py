"""Reading a worksheet into text blocks, as if it had been a text file written by the profile's own rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from calls.calc.canonical import DURATION_FIELDS, LINE, MOMENT_FIELDS
from calls.calc.mapping import header_resolve
from calls.calc.profile import FieldSource, Profile
from calls.calc.returned import own_names
from calls.calc.rules import FileRefusedError
from calls.parsing.archive import SheetScan
from calls.parsing.limits import Limits
from calls.parsing.records import Block, Reject

_BLOCK_ROWS = 20_000
# Beyond this a number cell has lost digits: shown as the rounded number that it is.
_EXACT = 1e15


class SheetReader:
    """Reads one worksheet block by block.

    Attributes:
        header: the names in the header row.
    """

    def __init__(self, path: Path, *, scan: SheetScan, profile: Profile, limits: Limits) -> None:
        """Open the sheet and hold its header against the profile.

        Raises:
            FileRefusedError: unreadable, without a header, or without the profile's columns.
        """
        self._profile = profile
        self._scan = scan
        try:
            sheet = CalamineWorkbook.from_path(path).get_sheet_by_name(scan.name)
        except (CalamineError, OSError, ValueError) as error:
            raise FileRefusedError("file_unreadable", reason=type(error).__name__) from error
        if sheet.start is None:
            raise FileRefusedError("file_empty")
        self._first_column = sheet.start[1]
        self._rows = enumerate(sheet.iter_rows(), start=1)
        self._block_rows = min(_BLOCK_ROWS, limits.block_rows)
        self.header = self._header_read()
        positions = header_resolve(self.header, profile=profile)
        self._columns = sorted(set(positions.values()))
        self._patterns = _patterns(profile, positions)
        self._flaws = self._flaws_find()

    def _header_read(self) -> list[str]:
        wanted = self._profile.header_row
        for number, row in self._rows:
            names = [_cell_text(value, None) or "" for value in row]
            if number >= wanted and any(names):
                self._header_row = number
                return own_names(names)
            if number >= wanted > 1:
                break
        raise FileRefusedError("header_missing", line=wanted)

    def blocks(self) -> Iterator[Block]:
        """Every block of the sheet; blank rows inside are kept as blank rows."""
        while rows := list(islice(self._rows, self._block_rows)):
            yield self._block(rows)

    def _block(self, rows: list[tuple[int, list[Any]]]) -> Block:
        kept = [(number, row) for number, row in rows if number not in self._flaws]
        columns = {
            self.header[position]: pl.Series(
                [_cell_text(row[position], self._patterns.get(position)) for _, row in kept], dtype=pl.String
            )
            for position in self._columns
        }
        lines = pl.Series([number for number, _ in kept], dtype=pl.Int64)
        rejects = [reject for number, _ in rows for reject in self._flaws.get(number, ())]
        by_line = dict(rows)

        def fields_of(line: int) -> list[str]:
            return [_cell_text(value, self._patterns.get(at)) or "" for at, value in enumerate(by_line[line])]

        return Block(pl.DataFrame(columns | {LINE: lines}), rejects, fields_of=fields_of)

    def _flaws_find(self) -> dict[int, list[Reject]]:
        """Rows with a cell that has no value of its own: errors, formulas without a result, merged ranges."""
        names = {position + self._first_column + 1: self.header[position] for position in self._columns}
        flaws: dict[int, list[Reject]] = {}
        for rule, places in (("cell_error", self._scan.errors), ("cell_formula", self._scan.formulas)):
            for row, column in sorted(places):
                if row > self._header_row and column in names:
                    flaws.setdefault(row, []).append(Reject(row, names[column], rule))
        merged = bytearray(self._scan.rows + 1)
        for top, left, bottom, right in self._scan.merged:
            start, stop = max(top, self._header_row + 1), min(bottom, self._scan.rows) + 1
            if start < stop and any(left <= column <= right for column in names):
                merged[start:stop] = b"\1" * (stop - start)
        at = merged.find(1)
        while at >= 0:
            flaws.setdefault(at, []).append(Reject(at, "", "cell_merged"))
            at = merged.find(1, at + 1)
        return flaws


def _patterns(profile: Profile, positions: dict[str, int]) -> dict[int, str | None]:
    """How a typed time or duration is written in each column, so that the profile reads it as text.

    A format over several columns is split like the columns are joined; where that does not fit, ISO stays.
    """
    patterns: dict[int, str | None] = {}
    for name, source in profile.fields.items():
        for number, column in enumerate(source.columns):
            if column in positions and (name in MOMENT_FIELDS or name in DURATION_FIELDS):
                patterns.setdefault(positions[column], _pattern(source, number))
    return patterns


def _pattern(source: FieldSource, number: int) -> str | None:
    if source.format is None or len(source.columns) == 1:
        return source.format
    parts = source.format.split(source.join) if source.join else []
    return parts[number] if len(parts) == len(source.columns) else None


def _cell_text(value: Any, pattern: str | None) -> str | None:
    """The text of a typed cell."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return _number_text(value)
    if isinstance(value, timedelta):
        return _span_text(value, pattern)
    return _clock_text(value, pattern)


def _number_text(value: float) -> str:
    if abs(value) >= _EXACT:
        return f"{value:.6E}"
    return str(int(value)) if float(value).is_integer() else repr(value)


def _clock_text(value: Any, pattern: str | None) -> str | None:
    if isinstance(value, time):
        if pattern and "%" not in pattern:
            return _span_text(timedelta(hours=value.hour, minutes=value.minute, seconds=value.second), pattern)
        return value.strftime(pattern or "%H:%M:%S")
    if isinstance(value, datetime):
        # Serial numbers of days carry rounding noise below a second.
        return _moment_text((value + timedelta(milliseconds=500)).replace(microsecond=0), pattern)
    if isinstance(value, date):
        return _moment_text(datetime(value.year, value.month, value.day), pattern)  # noqa: DTZ001
    return None


def _moment_text(moment: datetime, pattern: str | None) -> str:
    return moment.strftime(pattern if pattern and "%" in pattern else "%Y-%m-%d %H:%M:%S")


def _span_text(span: timedelta, pattern: str | None) -> str:
    seconds = round(span.total_seconds())
    if pattern == "seconds":
        return str(seconds)
    if pattern == "milliseconds":
        return str(seconds * 1000)
    sign, size = ("-", -seconds) if seconds < 0 else ("", seconds)
    if pattern == "MM:SS":
        return f"{sign}{size // 60}:{size % 60:02d}"
    return f"{sign}{size // 3600}:{size // 60 % 60:02d}:{size % 60:02d}"
