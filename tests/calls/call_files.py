"""Call rows and files to check: a good one, and small changes to it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from calls.calc.canonical import FIELDS, LINE
from calls.calc.lookups import Coverage, Lookups
from calls.calc.profile import CANONICAL, Profile
from calls.calc.validate import Checked, rows_check
from calls.parsing import FileCheck, Limits
from calls.parsing.child import FileReader

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
LOOKUPS = Lookups(
    vendor_code="acme",
    queues={
        "sales": (
            Coverage(7, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)),
            Coverage(8, datetime(2026, 5, 1, tzinfo=UTC)),
        ),
        "care": (Coverage(7, datetime(2026, 1, 1, tzinfo=UTC)),),
        "closed": (),
    },
    agents=frozenset(("A1", "A2")),
    reasons=frozenset(("order", "refund")),
)
ANSWERED = {
    "external_id": "C-1",
    "queue": "sales",
    "customer": "+8613800138000",
    "reason": "order",
    "agent": "A1",
    "offered_at": "2026-03-01T09:12:58+08:00",
    "answered_at": "2026-03-01T09:13:10+08:00",
    "ended_at": "2026-03-01T09:17:40+08:00",
    "wait_seconds": "12",
    "talk_seconds": "250",
    "hold_seconds": "20",
    "wrap_seconds": "35",
    "outcome": "answered",
}
ABANDONED = {
    "external_id": "C-2",
    "queue": "sales",
    "offered_at": "2026-03-01T09:12:58+08:00",
    "wait_seconds": "45",
    "outcome": "abandoned",
}


def check(
    *rows: Mapping[str, str | None], profile: Profile = CANONICAL, lookups: Lookups = LOOKUPS, now: datetime = NOW
) -> Checked:
    """Check rows of text; their lines count from 2, like in a file with a header."""
    columns = profile.columns
    data = {name: pl.Series([row.get(name) for row in rows], dtype=pl.String) for name in columns}
    frame = pl.DataFrame({LINE: pl.Series(range(2, len(rows) + 2), dtype=pl.Int64)} | data)
    return rows_check(frame, profile=profile, lookups=lookups, now=now)


def findings(checked: Checked) -> list[tuple[str, str]]:
    """Columns and rules of the errors."""
    return list(zip(checked.errors["column"], checked.errors["rule"], strict=True))


def csv_text(rows: Iterable[Mapping[str, str]], columns: Iterable[str] = FIELDS, **options: str) -> str:
    """Rows as a CSV file with a header."""
    names = list(columns)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n", **options)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def calls_make(count: int) -> list[dict[str, str]]:
    """Answered calls with ids C-0, C-1, …"""
    return [ANSWERED | {"external_id": f"C-{number}"} for number in range(count)]


def read_here(
    path: Path,
    out_dir: Path,
    *,
    profile: Profile = CANONICAL,
    limits: Limits | None = None,
) -> FileCheck:
    """Read a file in this process: what the child does, without its walls."""
    reader = FileReader(
        path,
        suffix=path.suffix,
        profile=profile,
        lookups=LOOKUPS,
        now=NOW,
        out_dir=out_dir,
        limits=limits or Limits(),
        progress=lambda rows: None,
    )
    return reader.run()


def read_bytes(
    data: bytes | str,
    tmp_path: Path,
    *,
    name: str = "calls.csv",
    profile: Profile = CANONICAL,
    limits: Limits | None = None,
) -> FileCheck:
    """Write a file and read it in this process."""
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_here(path, tmp_path, profile=profile, limits=limits)


def good_rows(found: FileCheck) -> pl.DataFrame:
    """The good rows of a file."""
    return pl.concat([pl.read_ipc(path) for path in found.parts])


def error_rows(found: FileCheck) -> list[tuple[int, str, str, str]]:
    """The errors of a file: line, column, rule, value."""
    return pl.read_ipc(found.errors_path).rows() if found.errors_path else []


def xlsx_make(
    sheet_xml: str, *, extra: Mapping[str, bytes] | None = None, workbook_extra: str = "", shared: str = ""
) -> bytes:
    """A workbook with one sheet of this XML, for cases that no writer library would make."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}">{workbook_extra}'
        '<sheets><sheet name="Calls" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{rel}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet_xml}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{shared}</sst>',
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return target.getvalue()


def inline_row(number: int, values: Iterable[str]) -> str:
    """A row of text cells as sheet XML."""
    cells = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{value}</t></is></c>' for at, value in enumerate(values)
    )
    return f'<row r="{number}">{cells}</row>'
