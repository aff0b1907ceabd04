"""The header line of a text file: where it is, its delimiter and its names."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from calls.calc.mapping import header_resolve
from calls.calc.profile import Profile
from calls.calc.returned import own_names
from calls.calc.rules import FileRefusedError
from calls.parsing.limits import Limits

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_EXCEL_HINT = re.compile(r"sep=([,;|\t])\s*", re.IGNORECASE)
_DELIMITERS = (",", ";", "\t", "|")
_HEADER_LINES = 20


@dataclass(frozen=True, slots=True)
class Header:
    """Names of the columns (REPORT for those of a download of rejected rows), and where the records begin."""

    names: list[str]
    delimiter: str
    data_offset: int
    data_line: int


def header_read(path: Path, *, profile: Profile, limits: Limits) -> Header:
    """Read the header of a UTF-8 file and hold it against the profile.

    Args:
        path: the file, strict UTF-8 without a byte order mark.
        profile: delimiter (or auto), header row and columns.
        limits: length of a line.

    Raises:
        FileRefusedError: there is no header, it is damaged, or its columns are not those of the profile.
    """
    with path.open("rb") as file:
        raw = file.read(limits.line_bytes * 2)
    if not raw:
        raise FileRefusedError("file_empty")
    # A cut character at the end of the head is none of the header's.
    lines = [match.group() for match in _LINE.finditer(raw.decode("utf-8", "ignore"))][:-1]
    first, hint = profile.header_row - 1, None
    if lines and (match := _EXCEL_HINT.fullmatch(lines[0])):
        hint, first = match.group(1), max(first, 1)
    while first < len(lines) and not lines[first].strip() and profile.header_row == 1:
        first += 1
    if first >= len(lines) or not lines[first].strip():
        raise FileRefusedError("header_missing", line=profile.header_row)
    found: list[tuple[Header, FileRefusedError | None]] = []
    declared = hint or profile.delimiter
    for delimiter in _DELIMITERS if declared == "auto" else (declared,):
        found_names, count = _record(lines[first : first + _HEADER_LINES], delimiter)
        names = own_names(found_names)
        offset = sum(len(line.encode()) for line in lines[: first + count])
        header = Header(names, delimiter, offset, first + count + 1)
        try:
            header_resolve(names, profile=profile)
        except FileRefusedError as error:
            found.append((header, error))
        else:
            found.append((header, None))
    header, problem = max(found, key=lambda item: (item[1] is None, len(item[0].names)))
    if any("\ufffd" in name or "\x00" in name for name in header.names):
        raise FileRefusedError("header_damaged")
    if problem:
        raise problem
    return header


def _record(lines: list[str], delimiter: str) -> tuple[list[str], int]:
    """The first record and the number of lines that it takes."""
    reader = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter)
    try:
        return next(reader), reader.line_num
    except (csv.Error, StopIteration):
        return [lines[0].strip()], 1
