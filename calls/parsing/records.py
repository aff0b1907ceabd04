"""Splitting a text file into records with their line numbers, fast where the quoting is regular."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from calls.calc.canonical import LINE
from calls.parsing.header import Header
from calls.parsing.limits import Limits

_NEWLINE, _SPACE, _QUOTE = 10, 32, 34
_Integers = np.ndarray[tuple[int], np.dtype[np.int64]]
_Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]


class Reject(NamedTuple):
    """A line that is not read as a row; ``column`` is blank when the whole line is meant."""

    line: int
    column: str
    rule: str
    value: str = ""


@dataclass(slots=True)
class Block:
    """Some records of the file.

    Attributes:
        frame: text columns of the header's names, and LINE.
        rejects: lines that are no rows.
        is_trimmed: no value has outer spaces, blank ones are null.
        fields_of: all fields of the record of a line, also of a column that nobody reads, as the file has them.
    """

    frame: pl.DataFrame
    rejects: list[Reject] = field(default_factory=list)
    is_trimmed: bool = False
    fields_of: Callable[[int], list[str]] = lambda line: []


class _IrregularError(Exception):
    """The fast way cannot split this block."""


class RecordReader:
    """Reads a UTF-8 file block by block.

    A quote is one only at the ends of a field, as in RFC 4180. Where quotes are used otherwise, the block
    goes through the standard csv module record by record; a quote that is not closed within a line's length
    costs that line and not the rest of the file.

    Attributes:
        ends_with_newline: false when the last line has no line break.
        is_cut: the file ends within a record.
    """

    def __init__(self, path: Path, *, header: Header, columns: list[int], limits: Limits) -> None:
        """Read the columns at these positions of the header."""
        self._path = path
        self._delimiter = header.delimiter
        self._names = header.names
        self._columns = sorted(columns)
        self._limits = limits
        self._offset = header.data_offset
        self._line = header.data_line
        self._skips_line = False
        self.ends_with_newline = True
        self.is_cut = False

    def blocks(self) -> Iterator[Block]:
        """Every block of the file in order."""
        carry = b""
        with self._path.open("rb") as file:
            file.seek(self._offset)
            is_final = False
            while not is_final:
                chunk = file.read(self._limits.block_bytes)
                is_final = len(chunk) < self._limits.block_bytes
                held = b"\r" if not is_final and chunk.endswith(b"\r") else b""
                data = carry + chunk[: len(chunk) - len(held)]
                if b"\r" in data:
                    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
                if is_final and data and not data.endswith(b"\n"):
                    self.ends_with_newline = False
                    data += b"\n"
                try:
                    block, used = self._fast(data, is_final=is_final)
                except _IrregularError:
                    block, used = self._slow(data, is_final=is_final)
                self._line += data.count(b"\n", 0, used)
                carry = data[used:] + held
                yield block

    def _fast(self, data: bytes, *, is_final: bool) -> tuple[Block, int]:
        if self._skips_line:
            raise _IrregularError
        raw = np.frombuffer(data, dtype=np.uint8)
        newlines = ends = np.flatnonzero(raw == _NEWLINE)
        quotes = np.flatnonzero(raw == _QUOTE) if b'"' in data else None
        if quotes is not None:
            _quotes_check(raw, quotes, ord(self._delimiter))
            ends = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
        used = int(ends[-1]) + 1 if ends.size else 0
        if len(data) - used > self._limits.line_bytes or (is_final and used < len(data)):
            raise _IrregularError
        if not ends.size:
            return Block(self._empty()), 0
        starts = np.concatenate(([0], ends[:-1] + 1))
        if int((ends - starts).max()) > self._limits.line_bytes:
            raise _IrregularError
        delimiters = np.flatnonzero(raw[:used] == ord(self._delimiter))
        if quotes is not None:
            delimiters = delimiters[np.searchsorted(quotes, delimiters) % 2 == 0]
        counts = np.diff(np.searchsorted(delimiters, ends), prepend=0) + 1
        lines = self._line + (np.arange(ends.size) if quotes is None else np.searchsorted(newlines, starts))
        blank = ends == starts
        wrong = (counts != len(self._names)) & ~blank
        rejects = self._count_rejects(lines[wrong].tolist(), counts[wrong].tolist(), int(lines[-1]), is_final)
        keeps = ~(blank | wrong)
        kept = data[:used] if keeps.all() else raw[:used][np.repeat(keeps, ends - starts + 1)].tobytes()
        frame = self._parse(kept, has_quotes=quotes is not None, lines=lines[keeps])
        is_trimmed = quotes is None and _is_trimmed(data, raw, ord(self._delimiter))

        def fields_of(line: int) -> list[str]:
            at = int(np.searchsorted(lines, line))
            return self._fields(data[int(starts[at]) : int(ends[at])].split(b"\n"))

        return Block(frame, rejects, is_trimmed, fields_of), used

    def _parse(self, data: bytes, *, has_quotes: bool, lines: _Integers) -> pl.DataFrame:
        if not data:
            return self._empty()
        try:
            frame = pl.read_csv(
                data,
                has_header=False,
                columns=self._columns,
                separator=self._delimiter,
                quote_char='"' if has_quotes else None,
                infer_schema=False,
            )
        except pl.exceptions.PolarsError as error:
            raise _IrregularError from error
        if frame.height != lines.size or frame.width != len(self._columns):
            raise _IrregularError
        frame.columns = [self._names[position] for position in self._columns]
        return frame.with_columns(pl.Series(LINE, lines, dtype=pl.Int64))

    def _slow(self, data: bytes, *, is_final: bool) -> tuple[Block, int]:
        """Record by record, as the csv module reads them."""
        parts = data.split(b"\n")
        rows: list[list[str]] = []
        lines: list[int] = []
        rejects: list[Reject] = []
        wrong: list[tuple[int, int]] = []
        fields_by_line: dict[int, list[str]] = {}
        at, last = 0, len(parts) - 1
        while at < last:
            if self._skips_line:
                self._skips_line = False
                at += 1
                continue
            end, problem = self._record_end(parts, at, last, is_final=is_final)
            if end is None:
                break
            line = self._line + at
            if problem:
                rejects.append(Reject(line, "", problem))
                fields_by_line[line] = (
                    parts[at][: self._limits.line_bytes].decode(errors="replace").split(self._delimiter)
                )
            elif fields := self._fields(parts[at:end]):
                fields_by_line[line] = fields
                if len(fields) == len(self._names):
                    rows.append(fields)
                    lines.append(line)
                else:
                    wrong.append((line, len(fields)))
            at = end
        used = sum(len(part) + 1 for part in parts[:at])
        if at == last and len(parts[last]) > self._limits.line_bytes and not self._skips_line:
            # A line without an end: reject it now and drop the rest of it when it comes.
            rejects.append(Reject(self._line + at, "", "line_too_long"))
            self._skips_line = True
        if self._skips_line and at == last:
            used = len(data)
        last_line = self._line + last - 1
        rejects += self._count_rejects([n for n, _ in wrong], [c for _, c in wrong], last_line, is_final)
        columns = {self._names[p]: pl.Series([row[p] for row in rows], dtype=pl.String) for p in self._columns}
        frame = pl.DataFrame(columns | {LINE: pl.Series(lines, dtype=pl.Int64)})
        return Block(frame, sorted(rejects), fields_of=lambda line: fields_by_line.get(line, [])), used

    def _fields(self, parts: list[bytes]) -> list[str]:
        """The fields of one record; none for a blank line."""
        if len(parts) == 1 and b'"' not in parts[0]:
            return parts[0].decode().split(self._delimiter) if parts[0] else []
        text = io.StringIO(b"\n".join(parts).decode(), newline="")
        return next(csv.reader(text, delimiter=self._delimiter), [])

    def _record_end(self, parts: list[bytes], at: int, last: int, *, is_final: bool) -> tuple[int | None, str]:
        """Where the record that starts here ends, or why it does not; None when the next block decides."""
        if len(parts[at]) > self._limits.line_bytes:
            return at + 1, "line_too_long"
        size, is_open = 0, False
        for end in range(at, last):
            size += len(parts[end]) + 1
            if size > self._limits.line_bytes:
                return at + 1, "quote_unclosed"
            is_open = _is_open(parts[end], self._delimiter.encode(), is_open=is_open)
            if not is_open:
                return end + 1, ""
        if not is_final:
            return None, ""
        if self.ends_with_newline:
            return at + 1, "quote_unclosed"
        self.is_cut = True
        return at + 1, "line_incomplete"

    def _count_rejects(self, lines: list[int], counts: list[int], last_line: int, is_final: bool) -> list[Reject]:
        rejects = []
        for line, count in zip(lines, counts, strict=True):
            is_cut = is_final and line == last_line and not self.ends_with_newline and count < len(self._names)
            self.is_cut |= is_cut
            rule = "line_incomplete" if is_cut else "fields_count"
            rejects.append(Reject(line, "", rule, f"{count} / {len(self._names)}"))
        return rejects

    def _empty(self) -> pl.DataFrame:
        names = [self._names[position] for position in self._columns]
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String) | {LINE: pl.Int64})


def _quotes_check(raw: _Bytes, quotes: _Integers, delimiter: int) -> None:
    """Every quote opens or closes a whole field, or is doubled inside of one.

    Raises:
        _IrregularError: one does not.
    """
    opening, closing = quotes[0::2], quotes[1::2]
    before = np.where(opening == 0, _NEWLINE, raw[opening - 1])
    after = np.where(closing + 1 == raw.size, _NEWLINE, raw[np.minimum(closing + 1, raw.size - 1)])
    edges = (delimiter, _NEWLINE, _QUOTE)
    if not (np.isin(before, edges).all() and np.isin(after, edges).all()):
        raise _IrregularError


def _is_trimmed(data: bytes, raw: _Bytes, delimiter: int) -> bool:
    """Whether no field has a space at its ends: looked up in the bytes, which is cheaper than in every value."""
    # Beyond ASCII there are too many kinds of spaces to be quicker than the values themselves.
    if not data.isascii() or any(space in data for space in (b"\t", b"\x0b", b"\x0c")):
        return False
    spaces = np.flatnonzero(raw == _SPACE)
    edges = (delimiter, _NEWLINE)
    after = raw[np.minimum(spaces + 1, raw.size - 1)]
    return not (np.isin(raw[spaces - 1], edges).any() or np.isin(after, edges).any())


def _is_open(line: bytes, delimiter: bytes, *, is_open: bool) -> bool:
    """Whether a quoted field is still open after this line, as the csv module counts."""
    at = 0
    while True:
        if is_open or line[at : at + 1] == b'"':
            at = at if is_open else at + 1
            is_open = False
            while (close := line.find(b'"', at)) >= 0 and line[close + 1 : close + 2] == b'"':
                at = close + 2
            if close < 0:
                return True
            at = close + 1
        at = line.find(delimiter, at) + 1
        if at == 0:
            return False
