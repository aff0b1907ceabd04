"""The one writer of CSV and XLSX: no cell of it is a formula, whatever a vendor typed into a name (W10)."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from defusedcsv import csv
from django.conf import settings
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.module_loading import import_string
from django.utils.text import slugify
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from core.errors import Invalid
from core.http import scoped_stream
from core.scope import Scope

FORMATS = ("csv", "xlsx")
# About ten seconds of work; a request may not take longer.
XLSX_ROWS_MAX = 100_000
XLSX_TEXT_MAX = 32_767
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TRIGGERS = frozenset("=+-@\t\r\n|%＝＋－＠")
ROWS_A_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Column:
    """The head of one column.

    Attributes:
        title: What the head says; units belong into it.
        zone: IANA name that the column's moments are shown in; the head then names it.
        number_format: How a spreadsheet shows the numbers, such as ``0.0%``; the value stays exact.
    """

    title: str
    zone: str = ""
    number_format: str = ""

    @property
    def head(self) -> str:
        """The title with the zone of its moments."""
        return f"{self.title} ({self.zone})" if self.zone else self.title


def export_response(
    *,
    scope: Scope,
    file_format: str,
    name: str,
    columns: Sequence[Column],
    rows: Callable[[], Iterable[Sequence[Any]]],
    count: int,
    about: Mapping[str, str] | None = None,
    filters: Mapping[str, Any] | None = None,
    delimiter: str = ",",
    head_line: int = 1,
) -> HttpResponseBase:
    """Return a download of the rows; ``export.made`` stands in the audit book before the first byte leaves.

    Args:
        scope: Who exports; the rows of a CSV are read in a transaction of their own under it.
        file_format: ``csv`` (streamed, any size) or ``xlsx`` (up to ``XLSX_ROWS_MAX`` rows).
        name: Short English name of the content, such as ``agents``; the file name is made from it.
        columns: Heads, in the order of the cells.
        rows: Makes the rows; called once, when they are written. Cells are numbers, moments, days, truths,
            text or None; anything else is written as its text.
        count: Number of rows, for the audit entry and the limit.
        about: What was exported, in words (filters, period, definition), for the second sheet.
        filters: What was exported, for the audit entry; no personal data.
        delimiter: Between the cells of a CSV.
        head_line: Line of a CSV on which the heads stand; those before it stay blank.

    Raises:
        Invalid: Unknown format, or too many rows for XLSX.
    """
    if file_format not in FORMATS:
        raise Invalid("export_format", _("Choose CSV or XLSX."))
    if file_format == "xlsx" and count > XLSX_ROWS_MAX:
        raise Invalid(
            "export_too_large",
            _("%(count)d rows are too many for XLSX (at most %(most)d). Choose CSV, or narrow the filter.")
            % {"count": count, "most": XLSX_ROWS_MAX},
        )
    record = import_string(settings.EXPORT_RECORDER)
    record(
        scope=scope,
        action="export.made",
        label=name,
        changes={"format": file_format, "rows": count, "filters": dict(filters or {})},
    )
    response: HttpResponseBase
    if file_format == "csv":
        # The stream is read after the request's end, yet speaks its language.
        language = get_language()

        def lines() -> Iterator[bytes]:
            with override(language):
                yield from csv_lines(columns=columns, rows=rows(), delimiter=delimiter, head_line=head_line)

        response = StreamingHttpResponse(scoped_stream(scope, lines), content_type="text/csv; charset=utf-8")
    else:
        notes = dict(about or {})
        notes |= {_("Exported by"): scope.actor, _("Exported at"): scope.at.isoformat(timespec="seconds")}
        response = FileResponse(xlsx_file(columns=columns, rows=rows(), about=notes), content_type=XLSX_TYPE)
    file_name = f"{slugify(name)}-{scope.at:%Y%m%d-%H%M}.{file_format}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    A trigger counts also behind spaces and quotes, where spreadsheets look through.

    >>> guarded('=1+1'), guarded(' ＝1'), guarded('5 - 1')
    ("'=1+1", "' ＝1", '5 - 1')
    """
    bare = text.lstrip(" \u00a0\u3000\"'“”‘’\ufeff\u200b")
    return f"'{text}" if bare[:1] in TRIGGERS and bare else text


class _Echo:
    """Hands each written line back, as the csv module's writer wants a file."""

    def write(self, line: str) -> str:
        return line


def csv_lines(
    *, columns: Sequence[Column], rows: Iterable[Sequence[Any]], delimiter: str = ",", head_line: int = 1
) -> Iterator[bytes]:
    """Yield the file in chunks, opened by the mark that tells Excel it is UTF-8."""
    writer = csv.writer(_Echo(), delimiter=delimiter)
    zones = [ZoneInfo(column.zone) if column.zone else None for column in columns]
    head = "\ufeff" + "\r\n" * (head_line - 1) + writer.writerow([guarded(column.head) for column in columns])
    cells = ([csv_cell(cell, zone) for cell, zone in zip(row, zones, strict=True)] for row in rows)
    lines = chain([head], map(writer.writerow, cells))
    while chunk := "".join(islice(lines, ROWS_A_CHUNK)):
        yield chunk.encode("utf-8", errors="replace")


def csv_cell(cell: Any, zone: ZoneInfo | None) -> str | int | float:
    """Return a cell as CSV holds it: numbers plain, moments with their offset, text guarded."""
    match cell:
        case bool():
            plain = "true" if cell else "false"
        case int() | float() | Decimal() if not math.isfinite(cell):
            plain = ""
        case int() | float():
            return cell
        case Decimal():
            plain = format(cell, "f")  # never 1E+3
        case datetime():
            plain = (cell.astimezone(zone) if zone else cell).isoformat(timespec="seconds")
        case date():
            plain = cell.isoformat()
        case None:
            plain = ""
        case _:
            plain = guarded(str(cell))
    return plain


def xlsx_file(*, columns: Sequence[Column], rows: Iterable[Sequence[Any]], about: Mapping[str, str]) -> Any:
    """Return an open file with the rows on the first sheet and what they are on the second.

    Every cell is written with its type: text stays text, numbers stay numbers.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    formats = [book.add_format({"num_format": c.number_format}) if c.number_format else None for c in columns]
    zones = [ZoneInfo(column.zone) if column.zone else None for column in columns]
    sheet = book.add_worksheet(_("Data")[:31])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(columns) - 1, 0), 18)
    for index, column in enumerate(columns):
        sheet.write_string(0, index, guarded(column.head), bold)
    for line, row in enumerate(rows, start=1):
        for index, cell in enumerate(row):
            if isinstance(cell, datetime) and cell.tzinfo and not zones[index]:
                # Each row has a zone of its own: only its offset tells which moment it is.
                sheet.write_string(line, index, cell.isoformat(sep=" ", timespec="seconds"))
            elif isinstance(cell, datetime):
                local = cell.astimezone(zones[index]) if zones[index] and cell.tzinfo else cell
                # A spreadsheet knows no offsets; the head names the zone.
                sheet.write_datetime(line, index, local.replace(tzinfo=None), moment)
            elif isinstance(cell, date):
                sheet.write_datetime(line, index, cell, day)
            else:
                _write_plain(sheet, line, index, cell, formats[index])
    notes = book.add_worksheet(_("About")[:31])
    notes.set_column(0, 1, 40)
    for line, (label, value) in enumerate(about.items()):
        notes.write_string(line, 0, guarded(str(label)), bold)
        notes.write_string(line, 1, guarded(str(value)))
    book.close()
    file.seek(0)
    return file


def _write_plain(sheet: Any, line: int, index: int, cell: Any, number_format: Any) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(line, index, cell)
    elif isinstance(cell, int | float | Decimal):
        if math.isfinite(cell):
            sheet.write_number(line, index, cell, number_format)
    elif cell is not None:
        text = guarded(str(cell)).encode("utf-8", errors="replace").decode()
        sheet.write_string(line, index, text[:XLSX_TEXT_MAX])
