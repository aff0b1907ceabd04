"""Worksheets: typed cells are read as the profile writes them, and hostile workbooks are refused before reading."""

# ruff: noqa: DTZ001 - cells hold local times without a zone
from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.calc.profile import CANONICAL, profile_parse
from calls.parsing import FileCheck, Limits
from calls.parsing.sheets import _cell_text
from tests.calls.call_files import (
    error_rows,
    good_rows,
    inline_row,
    read_bytes,
    xlsx_make,
)

SIMPLE = ("external_id", "queue", "offered_at", "outcome", "wait_seconds")
VALUES = ("C-1", "sales", "2026-03-01T09:12:58+08:00", "answered", "12")
TYPED: dict[str, Any] = {
    "zone": "Asia/Shanghai",
    "phone_region": "CN",
    "fields": {
        "external_id": "Id",
        "queue": "Queue",
        "customer": {"column": "Phone", "optional": True},
        "offered_at": {"columns": ["Day", "Clock"], "format": "%d/%m/%Y %H:%M:%S"},
        "answered_at": {"column": "Answered", "format": "%d.%m.%Y %H:%M:%S", "optional": True},
        "talk_seconds": {"column": "Talk", "format": "MM:SS", "optional": True},
        "hold_seconds": {"column": "Hold", "optional": True},
        "wrap_seconds": {"column": "Wrap", "format": "H:MM:SS", "optional": True},
        "resolved": {"column": "Fixed", "optional": True},
        "outcome": {"constant": "answered"},
    },
}


def workbook(fill: Callable[[Any, Any], None], **options: object) -> bytes:
    """A workbook that a spreadsheet program could have written."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, **options}) as book:
        fill(book, book.add_worksheet("Calls"))
    return target.getvalue()


def read_sheet(
    data: bytes, tmp_path: Path, document: dict[str, Any] | None = None, limits: Limits | None = None
) -> FileCheck:
    profile = profile_parse(document) if document else CANONICAL
    return read_bytes(data, tmp_path, name="calls.xlsx", profile=profile, limits=limits)


def refusal(data: bytes, tmp_path: Path, limits: Limits | None = None) -> tuple[str, object]:
    """Code and the detail that says what was wrong."""
    found = read_sheet(data, tmp_path, limits=limits).refusal
    assert found is not None
    return found.code, found.details.get("what") or found.details.get("reason")


@pytest.mark.parametrize("date_1904", [False, True])
def test_typed_cells_are_read_as_what_they_mean(date_1904: bool, tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        styles = {
            code: book.add_format({"num_format": code})
            for code in ("dd.mm.yy", "hh:mm:ss", "[h]:mm:ss", "0.00E+00", "dd/mm/yy hh:mm")
        }
        sheet.write_row(0, 0, ["Id", "Queue", "Phone", "Day", "Clock", "Answered", "Talk", "Hold", "Wrap", "Fixed"])
        for row in (1, 2):
            sheet.write(row, 0, 4711 + row)
            sheet.write(row, 1, "sales")
            sheet.write(row, 2, 13800138000, styles["0.00E+00"])
            sheet.write_datetime(row, 5, datetime(2026, 3, 1, 9, 13, 10), styles["dd/mm/yy hh:mm"])
            sheet.write_datetime(row, 6, time(0, 4, 10), styles["hh:mm:ss"])
            sheet.write(row, 7, 20.0)
            sheet.write_datetime(row, 8, timedelta(seconds=35), styles["[h]:mm:ss"])
            sheet.write(row, 9, True)
        sheet.write_datetime(1, 3, date(2026, 3, 1), styles["dd.mm.yy"])
        sheet.write_datetime(1, 4, time(9, 12, 58), styles["hh:mm:ss"])
        sheet.write(2, 3, "01/03/2026")
        sheet.write(2, 4, "09:12:58")

    found = read_sheet(workbook(fill, date_1904=date_1904), tmp_path, TYPED)
    assert error_rows(found) == []
    rows = good_rows(found).to_dicts()
    assert [row["external_id"] for row in rows] == ["4712", "4713"]
    for row in rows:
        assert row["customer"] == "+8613800138000"
        assert row["offered_text"] == "01/03/2026 09:12:58"
        assert (row["wait_seconds"], row["talk_seconds"], row["hold_seconds"], row["wrap_seconds"]) == (12, 250, 20, 35)
        assert row["resolved"] is True


def test_the_canonical_sheet_takes_dates_in_the_profile_zone(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        style = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_row(0, 0, SIMPLE)
        sheet.write_row(1, 0, VALUES)
        sheet.write_datetime(1, 2, datetime(2026, 3, 1), style)

    data = workbook(fill)
    (tmp_path / "calls.xlsx").write_bytes(data)
    found = read_bytes(data, tmp_path, name="calls.xlsx", profile=replace(CANONICAL, zone="Asia/Shanghai"))
    assert good_rows(found)["offered_text"].to_list() == ["2026-03-01 00:00:00"]
    assert error_rows(read_sheet(data, tmp_path))[0][2] == "time_zone_missing"


def test_cells_without_a_value_of_their_own_reject_their_row(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, (*SIMPLE, "note"))
        for row in range(1, 9):
            sheet.write_row(row, 0, (f"C-{row}", *VALUES[1:]))
        sheet.write_formula(1, 4, "=6+6", None, 12)
        sheet.write_formula(2, 4, "=6+6", None, "")
        sheet.write_formula(3, 4, "=1/0", None, "#DIV/0!")
        sheet.write_formula(4, 5, "=1/0", None, "#DIV/0!")
        sheet.merge_range(5, 1, 6, 1, "sales")
        sheet.merge_range(7, 5, 8, 5, "nobody reads this column")
        sheet.set_row(8, None, None, {"hidden": True})

    found = read_sheet(workbook(fill), tmp_path)
    assert error_rows(found) == [
        (3, "wait_seconds", "cell_formula", ""),
        (4, "wait_seconds", "cell_error", ""),
        (6, "", "cell_merged", ""),
        (7, "", "cell_merged", ""),
    ]
    assert good_rows(found)["line"].to_list() == [2, 5, 8, 9]
    assert {note.code for note in found.notes} == {"columns_ignored", "rows_hidden"}
    assert found.rows_read == found.rows_good + found.rows_rejected == 8


def test_rounded_numbers_are_errors_and_never_ids_or_phones(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, (*SIMPLE, "customer"))
        sheet.write_row(1, 0, (123456789012345678, *VALUES[1:]))
        sheet.write_row(2, 0, (*VALUES, "1.38E+10"))

    found = read_sheet(workbook(fill), tmp_path)
    assert [(line, rule) for line, _, rule, _ in error_rows(found)] == [(2, "id_scientific"), (3, "phone_scientific")]


def test_blank_rows_offsets_and_titles_keep_the_row_numbers(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write(0, 3, "Calls of March")
        sheet.write_row(3, 2, SIMPLE)
        sheet.write_row(4, 2, VALUES)
        sheet.write_row(6, 2, (*VALUES[:4], "x"))
        sheet.write_blank(900_000, 90, None, book.add_format({"bold": True}))
        book.add_worksheet("Other")

    document = {"header_row": 4, "fields": {name: name for name in SIMPLE}}
    found = read_sheet(workbook(fill), tmp_path, document)
    assert good_rows(found)["line"].to_list() == [5]
    assert error_rows(found) == [(7, "wait_seconds", "duration_invalid", "x")]
    assert (found.sheet, found.rows_blank) == ("Calls", 1)
    assert ("sheets_other", {"sheets": ["Other"]}) in [(note.code, note.details) for note in found.notes]


def test_the_profile_names_the_sheet(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("March Calls")
        other.write_row(0, 0, SIMPLE)
        other.write_row(1, 0, VALUES)

    document = {"sheet": "march calls", "fields": {name: name for name in SIMPLE}}
    assert read_sheet(workbook(fill), tmp_path, document).rows_good == 1
    missing = read_sheet(workbook(fill), tmp_path, document | {"sheet": "April"}).refusal
    assert missing is not None
    assert missing.details == {"sheet": "April", "found": ["Calls", "March Calls"]}
    assert refusal(workbook(lambda book, sheet: None), tmp_path)[0] == "file_empty"


HEADER = inline_row(1, SIMPLE)
ROW = inline_row(2, VALUES)
FAR = '<row r="{row}"><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row>'


def test_a_handmade_sheet_without_references_is_read(tmp_path: Path) -> None:
    plain = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in SIMPLE)
    assert read_sheet(xlsx_make(f"<row>{plain}</row>" + ROW), tmp_path).rows_good == 1


@pytest.mark.parametrize("block_rows", [1, 7, 10, 100])
def test_blocks_lose_no_row(block_rows: int, tmp_path: Path) -> None:
    rows = "".join(inline_row(number, (f"C-{number}", *VALUES[1:])) for number in range(2, 32))
    found = read_sheet(xlsx_make(HEADER + rows), tmp_path, limits=Limits(block_rows=block_rows))
    assert good_rows(found)["line"].to_list() == list(range(2, 32))


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("far corner", xlsx_make(HEADER + FAR.format(row=1048576, cell="XFD1048576")), ("file_bomb", "row")),
        ("far column", xlsx_make(HEADER + FAR.format(row=2, cell="XFD2")), ("file_bomb", "column")),
        ("wide and deep", xlsx_make(HEADER + FAR.format(row=900_000, cell="CV900000")), ("file_bomb", "cells")),
        ("huge text", xlsx_make(HEADER, shared="<si><t>" + "x" * 3_000_000 + "</t></si>"), ("file_bomb", "ratio")),
        (
            "huge cell",
            xlsx_make(HEADER + f'<row r="2"><c r="A2"><is><t>{"x y z " * 400_000}</t></is>'),
            ("file_bomb", "ratio"),
        ),
        ("entries", xlsx_make(HEADER, extra={f"x{n}": b"" for n in range(101)}), ("file_bomb", "entries")),
        (
            "entities",
            xlsx_make('<!DOCTYPE a [<!ENTITY b "c">]>' + HEADER),
            ("file_unreadable", "document type"),
        ),
        (
            "entities in the workbook",
            xlsx_make(HEADER, workbook_extra='<!DOCTYPE a [<!ENTITY b "c">]>'),
            ("file_unreadable", "document type"),
        ),
        ("macros", xlsx_make(HEADER, extra={"xl/vbaProject.bin": b"x"}), ("file_macros", None)),
        ("links", xlsx_make(HEADER, extra={"xl/externalLinks/externalLink1.xml": b"x"}), ("file_external_links", None)),
        ("twice", xlsx_make(HEADER, extra={"XL/workbook.xml": b"x"}), ("file_unreadable", "duplicate entries")),
        ("half", xlsx_make(HEADER)[:-200], ("file_unreadable", "BadZipFile")),
        ("no workbook", xlsx_make(HEADER).replace(b"xl/workbook.xml", b"xl/workbooc.xml"), ("file_no_workbook", None)),
        ("broken xml", xlsx_make("<row><c></row>"), ("file_unreadable", "XmlError")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_workbooks_are_refused_with_a_reason(
    name: str, data: bytes, expected: tuple[str, object], tmp_path: Path
) -> None:
    assert refusal(data, tmp_path) == expected


def test_sizes_are_counted_and_not_believed(tmp_path: Path) -> None:
    noise = "".join(inline_row(number, (f"C-{number * 7919}", *VALUES[1:])) for number in range(2, 9_000))
    data = xlsx_make(HEADER + noise)
    assert refusal(data, tmp_path, Limits(unpacked_bytes=1_000_000)) == ("file_bomb", "bytes")
    assert refusal(data, tmp_path, Limits(cells=10_000)) == ("file_bomb", "cells")
    # The directory says that the sheet has one byte.
    place = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    lying = data[: place + 24] + struct.pack("<I", 1) + data[place + 28 :]
    assert refusal(lying, tmp_path)[0] == "file_unreadable"


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    data = xlsx_make(HEADER)
    place = data.index(b"PK\x01\x02")
    assert refusal(data[: place + 8] + b"\x01\x00" + data[place + 10 :], tmp_path)[0] == "file_encrypted"


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.floats(), st.integers(), st.booleans(), st.datetimes(), st.times(), st.timedeltas(), st.dates()))
def test_any_typed_cell_has_a_text(value: object) -> None:
    for pattern in (None, "%d/%m/%Y %H:%M:%S", "seconds", "MM:SS", "H:MM:SS", "milliseconds"):
        text = _cell_text(value, pattern)
        assert text is None or text.isascii()
