"""What is inside an .xlsx file, counted while reading, before a spreadsheet library may touch it."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from calls.calc.masking import value_mask
from calls.calc.rules import FileRefusedError
from calls.parsing.limits import Limits

_CHUNK = 1 << 20
_SMALL_XML_BYTES = 2_000_000
_RATIO_FROM_BYTES = 1_000_000
_NAMESPACE = re.compile(r"\{[^}]*\}")
# One cell with its content, the start of a row, or a merged range; prefixes and quotes as XML allows them.
_TOKEN = re.compile(
    rb"<(?:\w+:)?(?:c(?=[\s>])(?P<cell>[^<>]*?)(?:/>|>(?P<content>.*?)</(?:\w+:)?c>)"
    rb"|row(?=[\s>/])(?P<row>[^<>]*)>"
    rb"|mergeCell\s[^<>]*?\bref=[\"'](?P<merge>[A-Z]+[0-9]+:[A-Z]+[0-9]+)[\"'])",
    re.DOTALL,
)
_OPEN_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>])")
_REFERENCE = re.compile(rb"\br=[\"']\$?([A-Z]{1,4})\$?([0-9]{1,8})[\"']")
_ROW_NUMBER = re.compile(rb"\br=[\"']([0-9]{1,8})[\"']")
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_IS_ERROR = re.compile(rb"\bt=[\"']e[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>[^<]")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(slots=True)
class SheetScan:
    """What the spreadsheet library will not tell about a sheet; positions are (row, column) from 1."""

    name: str
    others: list[str]
    rows: int = 0
    columns: int = 0
    cells: int = 0
    hidden_rows: int = 0
    errors: set[tuple[int, int]] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def workbook_scan(path: Path, *, sheet: str | None, limits: Limits) -> SheetScan:
    """Count what the workbook holds and look through the sheet that will be read.

    Args:
        path: an .xlsx file.
        sheet: its name, or None for the first one.
        limits: see Limits.

    Raises:
        FileRefusedError: damaged, protected, with macros or external links, larger inside than allowed, or
            without that sheet.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _entries_check(archive, limits)
            name, part, others = _sheet_find(archive, sheet)
            scan = SheetScan(name, others)
            total = 0
            for info in archive.infolist():
                chunks = _unpacked(archive, info, limits, total)
                total += _sheet_scan(chunks, scan, limits) if info.filename == part else sum(map(len, chunks))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ET.ParseError) as error:
        raise FileRefusedError("file_unreadable", reason=type(error).__name__) from error
    except (NotImplementedError, RuntimeError, ValueError) as error:
        raise FileRefusedError("file_unreadable", reason=type(error).__name__) from error
    if scan.rows * scan.columns > limits.cells:
        # The library lays the whole rectangle out in memory.
        raise _bomb("cells", scan.rows * scan.columns, limits.cells)
    return scan


def _bomb(what: str, found: int, limit: int) -> FileRefusedError:
    return FileRefusedError("file_bomb", what=what, found=found, limit=limit)


def _entries_check(archive: zipfile.ZipFile, limits: Limits) -> None:
    infos = archive.infolist()
    if len(infos) > limits.zip_entries:
        raise _bomb("entries", len(infos), limits.zip_entries)
    names = [info.filename.lower() for info in infos]
    if len(set(names)) != len(names):
        raise FileRefusedError("file_unreadable", reason="duplicate entries")
    if any(info.flag_bits & 1 for info in infos):
        raise FileRefusedError("file_encrypted")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise FileRefusedError("file_macros")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise FileRefusedError("file_external_links")


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits, total_before: int) -> Iterator[bytes]:
    """The content of an entry in chunks, counted as it comes and not as it is declared."""
    size, tail = 0, b""
    with archive.open(info) as entry:
        while chunk := entry.read(_CHUNK):
            size += len(chunk)
            if total_before + size > limits.unpacked_bytes:
                raise _bomb("bytes", total_before + size, limits.unpacked_bytes)
            if size > _RATIO_FROM_BYTES and size > limits.zip_ratio * max(info.compress_size, 1):
                raise _bomb("ratio", size // max(info.compress_size, 1), limits.zip_ratio)
            if not info.filename.startswith("xl/media/") and _DOCTYPE.search(tail + chunk):
                raise FileRefusedError("file_unreadable", reason="document type")
            tail = chunk[-16:]
            yield chunk


def _xml_read(archive: zipfile.ZipFile, name: str) -> ET.Element:
    with archive.open(name) as entry:
        data = entry.read(_SMALL_XML_BYTES + 1)
    if len(data) > _SMALL_XML_BYTES:
        raise _bomb(name, len(data), _SMALL_XML_BYTES)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or _DOCTYPE.search(data):
        raise FileRefusedError("file_unreadable", reason="document type")
    return ET.fromstring(data)  # noqa: S314 - without a document type there are no entities to expand


def _sheet_find(archive: zipfile.ZipFile, wanted: str | None) -> tuple[str, str, list[str]]:
    """Name and part of the sheet, and the names of the others."""
    if "xl/workbook.xml" not in archive.namelist():
        raise FileRefusedError("file_no_workbook")
    targets = {
        element.get("Id"): element.get("Target", "")
        for element in _xml_read(archive, "xl/_rels/workbook.xml.rels")
        if element.get("Type", "").endswith("/worksheet")
    }
    sheets: list[tuple[str, str, bool]] = []
    for element in _xml_read(archive, "xl/workbook.xml").iter():
        if _NAMESPACE.sub("", element.tag) != "sheet":
            continue
        ids = {_NAMESPACE.sub("", key): value for key, value in element.attrib.items()}
        if (target := targets.get(ids.get("id"))) is not None:
            part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
            sheets.append((ids.get("name", ""), part, ids.get("state", "visible") == "visible"))
    names = [name for name, _, _ in sheets]
    if wanted is None:
        chosen = next((s for s in sheets if s[2]), None)
    else:
        chosen = next((s for s in sheets if s[0].strip().casefold() == wanted.strip().casefold()), None)
    if chosen is None or chosen[1] not in archive.namelist():
        raise FileRefusedError("sheet_missing", sheet=wanted or "", found=[value_mask(name) for name in names[:50]])
    return chosen[0], chosen[1], [name for name in names if name != chosen[0]]


def _sheet_scan(chunks: Iterator[bytes], scan: SheetScan, limits: Limits) -> int:
    """Walk over the cells of a sheet; gives its size in bytes."""
    size, rest, row, column = 0, b"", 0, 0
    for chunk in chunks:
        if size == 0 and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise FileRefusedError("file_unreadable", reason="encoding of the sheet")
        size += len(chunk)
        data, end = rest + chunk, 0
        for token in _TOKEN.finditer(data):
            end = token.end()
            if token["row"] is not None:
                number = _ROW_NUMBER.search(token["row"])
                row, column = int(number[1]) if number else row + 1, 0
                scan.hidden_rows += _HIDDEN.search(token["row"]) is not None
            elif token["merge"]:
                scan.merged.append(_range(token["merge"]))
            else:
                row, column = _cell_scan(token, scan, row, column, limits)
        opened = [match.start() for match in _OPEN_CELL.finditer(data, end)]
        rest = data[opened[-1] if opened else max(end, data.rfind(b"<")) :]
        if len(rest) > 2 * _CHUNK:
            raise _bomb("cell bytes", len(rest), 2 * _CHUNK)
    return size


def _cell_scan(token: re.Match[bytes], scan: SheetScan, row: int, column: int, limits: Limits) -> tuple[int, int]:
    place = _REFERENCE.search(token["cell"])
    row, column = (int(place[2]), _column(place[1])) if place else (row, column + 1)
    content = token["content"]
    if not content:
        return row, column
    scan.cells += 1
    scan.rows, scan.columns = max(scan.rows, row), max(scan.columns, column)
    for what, found, limit in (
        ("row", row, limits.rows),
        ("column", column, limits.columns),
        ("cells", scan.cells, limits.cells),
    ):
        if found > limit:
            raise _bomb(what, found, limit)
    if _IS_ERROR.search(token["cell"]):
        scan.errors.add((row, column))
    elif b"f" in content and _FORMULA.search(content) and not _VALUE.search(content):
        scan.formulas.add((row, column))
    return row, column


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _range(reference: bytes) -> tuple[int, int, int, int]:
    """First row, first column, last row, last column."""
    first, last = (re.fullmatch(rb"([A-Z]{1,4})([0-9]{1,8})", part) for part in reference.split(b":"))
    if first is None or last is None:
        return 0, 0, 0, 0
    return int(first[2]), _column(first[1]), int(last[2]), _column(last[1])
