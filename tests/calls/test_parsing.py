"""Text files in every encoding and shape: each row is read or rejected, at its own line of the file."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.conf import settings

from calls.calc.canonical import FIELDS
from calls.calc.lookups import Coverage, Lookups
from calls.calc.profile import CANONICAL, profile_parse
from calls.calc.rules import Notice
from calls.calc.validate import GOOD_SCHEMA
from calls.parsing import Limits, file_check, profile_example, template_csv
from calls.wording import problem_words
from tests.calls.call_files import (
    ABANDONED,
    ANSWERED,
    LOOKUPS,
    NOW,
    calls_make,
    csv_text,
    error_rows,
    good_rows,
    read_bytes,
)

SHARED = Path(os.environ.get("CALLSTEWARD_SHARED_DATA", settings.BASE_DIR.parent / "shared" / "data"))
CHINESE = {"external_id": "通话-1", "ivr_path": "主菜单>售后"}


def text_of(*changes: dict[str, str], **options: str) -> str:
    return csv_text([ANSWERED | change for change in changes], **options)


@pytest.mark.parametrize(
    ("codec", "mark", "declared"),
    [
        ("utf-8", b"", "auto"),
        ("utf-8", b"\xef\xbb\xbf", "auto"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("utf-16-le", b"\xff\xfe", "auto"),
        ("utf-16-be", b"\xfe\xff", "auto"),
        ("utf-16-le", b"", "utf-16-le"),
        ("gb18030", b"", "auto"),
        ("gb18030", b"", "gb18030"),
        ("gbk", b"", "gbk"),
        ("big5", b"", "big5"),
    ],
)
def test_encodings_give_the_same_text(codec: str, mark: bytes, declared: str, tmp_path: Path) -> None:
    words = {"external_id": "通話-1", "ivr_path": "主選單"} if codec == "big5" else CHINESE
    data = mark + text_of(words).encode(codec)
    found = read_bytes(data, tmp_path, profile=replace(CANONICAL, encoding=declared))
    assert found.refusal is None
    assert good_rows(found).select(*words).rows(named=True) == [words]
    assert found.needs_confirmation == (codec == "gb18030" and declared == "auto")
    if found.needs_confirmation:
        assert found.readings is not None
        assert any("通话" in line for line in found.readings["gb18030"])
        assert [note.code for note in found.notes] == ["encoding_guessed"]


@pytest.mark.parametrize(("codec", "word"), [("big5", "佇列"), ("shift_jis", "キュー"), ("euc_kr", "대기열")])
def test_a_wrong_reading_is_caught_by_the_header(codec: str, word: str, tmp_path: Path) -> None:
    document: dict[str, Any] = {"fields": {name: {"column": name} for name in ("external_id", "offered_at", "outcome")}}
    document["fields"]["queue"] = {"column": word}
    text = csv_text([ABANDONED]).replace("queue", word)
    found = read_bytes(text.encode(codec), tmp_path, profile=profile_parse(document))
    assert found.refusal is not None
    assert found.refusal.code == "header_columns"
    assert any(word in line for line in found.refusal.details[f"reading_{codec}"])  # type: ignore[union-attr]
    declared = read_bytes(text.encode(codec), tmp_path, profile=profile_parse(document | {"encoding": codec}))
    assert (declared.refusal, declared.rows_good) == (None, 1)


def test_bytes_of_no_encoding_are_refused_with_their_place(tmp_path: Path) -> None:
    data = text_of({}, {}).encode() + b"\n\xff\xff\xff,"
    unknown = read_bytes(data, tmp_path)
    assert unknown.refusal is not None
    assert unknown.refusal.code == "encoding_unknown"
    declared = read_bytes(data, tmp_path, profile=replace(CANONICAL, encoding="utf-8"))
    assert declared.refusal is not None
    assert declared.refusal.details == {"encoding": "utf-8", "position": len(data) - 4, "line": 5}


def test_utf_16_without_a_mark_is_not_taken_for_text(tmp_path: Path) -> None:
    found = read_bytes(text_of({}).encode("utf-16-le"), tmp_path)
    assert found.refusal is not None
    assert found.refusal.code == "encoding_unknown"


def test_damaged_letters_reject_their_row(tmp_path: Path) -> None:
    found = read_bytes(text_of({"ivr_path": "a\x00"}, {}, {"external_id": "\ufffd"}), tmp_path)
    assert [(line, rule) for line, _, rule, _ in error_rows(found)] == [(2, "text_forbidden"), (4, "text_forbidden")]
    assert found.rows_good == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found(delimiter: str, newline: str, tmp_path: Path) -> None:
    text = text_of({"ivr_path": "a,b;c|d"}, {}, delimiter=delimiter).replace("\n", newline)
    found = read_bytes(text, tmp_path, name="calls.tsv")
    assert (found.delimiter, found.rows_good, found.last_line) == (delimiter, 2, 3)
    declared = replace(CANONICAL, delimiter=delimiter)
    assert read_bytes(text, tmp_path, profile=declared).rows_good == 2


def test_the_hint_of_a_spreadsheet_program_names_the_delimiter(tmp_path: Path) -> None:
    found = read_bytes("sep=;\r\n" + text_of({}, delimiter=";"), tmp_path)
    assert (found.rows_good, found.last_line) == (1, 3)


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    rows = [
        {"ivr_path": 'two\nlines "quoted"'},
        {"csat": "99"},
        {"recording": "a\r\nb\rc"},
        {"csat": "98"},
    ]
    text = text_of(*rows)
    found = read_bytes(text, tmp_path)
    assert [(line, value) for line, _, _, value in error_rows(found)] == [(4, "99"), (8, "98")]
    assert good_rows(found)["line"].to_list() == [2, 5]
    assert good_rows(found)["ivr_path"][0] == 'two\nlines "quoted"'
    # The same through the careful way, which an odd quote in another column forces.
    odd = read_bytes(text.replace("A1", 'A1"'), tmp_path)
    assert {line for line, _, _, _ in error_rows(odd)} == {2, 4, 5, 8}


def test_blank_lines_are_no_rows_but_lines(tmp_path: Path) -> None:
    header, row, *_ = text_of({}).splitlines()
    blank = "," * (len(FIELDS) - 1)
    found = read_bytes("\n".join(["", header, "", row, blank, '"",' + blank[1:], row, "", ""]), tmp_path)
    assert (found.rows_read, found.rows_good, found.rows_blank) == (2, 2, 2)
    assert good_rows(found)["line"].to_list() == [4, 7]
    assert [note.code for note in found.notes] == ["rows_blank"]


def test_outer_spaces_do_not_count_wherever_they_stand(tmp_path: Path) -> None:
    for space in (" ", "\u3000", "\xa0", "\x0b"):
        text = text_of({}).replace("C-1", space + "C-1").replace("sales", "sales" + space)
        found = read_bytes(text.replace(",,", f",{space},"), tmp_path)
        assert good_rows(found).select("external_id", "queue", "csat").rows() == [("C-1", "sales", None)]


def test_lines_with_another_number_of_fields_are_rejected_alone(tmp_path: Path) -> None:
    header, row = text_of({}).splitlines()
    found = read_bytes("\n".join([header, row, row + ",x", row, "a,b", row]) + "\n", tmp_path)
    width = len(FIELDS)
    assert error_rows(found) == [
        (3, "", "fields_count", f"{width + 1} / {width}"),
        (5, "", "fields_count", f"2 / {width}"),
    ]
    assert (found.rows_read, found.rows_good, found.rows_rejected) == (5, 3, 2)


def test_an_open_quote_costs_one_line_and_not_the_file(tmp_path: Path) -> None:
    rows = text_of(*({} for _ in range(2_000))).splitlines()
    rows[10] = rows[10].replace("A1", '"A1')
    found = read_bytes("\n".join(rows) + "\n", tmp_path)
    assert error_rows(found) == [(11, "", "quote_unclosed", "")]
    assert (found.rows_read, found.rows_good) == (2_000, 1_999)


@pytest.mark.parametrize("block_bytes", [1_000, 70_000, 8_000_000])
def test_a_line_without_end_is_rejected_and_the_rest_read(block_bytes: int, tmp_path: Path) -> None:
    header, row = text_of({}).splitlines()
    text = "\n".join([header, row, row + "x" * 200_000, row]) + "\n"
    found = read_bytes(text, tmp_path, limits=Limits(block_bytes=block_bytes))
    assert error_rows(found) == [(3, "", "line_too_long", "")]
    assert good_rows(found)["line"].to_list() == [2, 4]


def test_a_file_cut_in_a_line_is_incomplete(tmp_path: Path) -> None:
    text = text_of({}, {}, {})
    cut = read_bytes(text[:-40], tmp_path)
    assert (cut.is_incomplete, cut.last_line, cut.rows_good, cut.rows_rejected) == (True, 3, 2, 1)
    assert error_rows(cut)[0][:3] == (4, "", "line_incomplete")
    assert [(note.code, note.details) for note in cut.notes] == [("file_incomplete", {"line": 3})]
    in_quotes = read_bytes(text.replace("C-1", '"C-1"')[: text.rindex("C-1") + 6], tmp_path)
    assert (in_quotes.is_incomplete, error_rows(in_quotes)[-1][2]) == (True, "line_incomplete")
    whole = read_bytes(text[:-1], tmp_path)
    assert (whole.is_incomplete, whole.rows_good) == (False, 3)
    assert [note.code for note in whole.notes] == ["newline_missing"]


@pytest.mark.parametrize("block_bytes", [100, 333, 1_000, 5_000])
def test_blocks_do_not_show(block_bytes: int, tmp_path: Path) -> None:
    changes = [
        {"external_id": f"C-{n}", "ivr_path": "é\n" * (n % 3), "csat": "x" if n % 7 == 0 else "5"} for n in range(60)
    ]
    text = text_of(*changes).replace("\n", "\r\n")
    found = read_bytes(text, tmp_path, limits=Limits(block_bytes=block_bytes, block_rows=7))
    lines = {row["external_id"]: 0 for row in csv.DictReader(io.StringIO(text, newline=""))}
    reader = csv.reader(io.StringIO(text, newline=""))
    next(reader)
    before = reader.line_num
    for row in reader:
        lines[row[0]] = before + 1
        before = reader.line_num
    assert {row["external_id"]: row["line"] for row in good_rows(found).to_dicts()} == {
        key: line for number, (key, line) in enumerate(lines.items()) if number % 7
    }
    assert [line for line, _, _, _ in error_rows(found)] == [
        line for number, line in enumerate(lines.values()) if number % 7 == 0
    ]
    assert len(found.parts) > 1


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "calls.csv", "file_empty"),
        (b"\xef\xbb\xbf", "calls.csv", "file_empty"),
        (b"\n\n", "calls.csv", "header_missing"),
        (b"a,b\n1,2\n", "calls.csv", "header_columns"),
        (b"external_id,queue,offered_at,outcome,queue\n", "calls.csv", "header_duplicate"),
        (b"PK\x03\x04....", "calls.csv", "file_type"),
        (b"%PDF-1.7", "calls.csv", "file_type"),
        (b"\x1f\x8b\x08", "calls.csv", "file_type"),
        (b"a,b\n", "calls.exe", "file_type"),
        (b"a,b\n", "calls", "file_type"),
        (b"a,b\n", "calls.xlsx", "file_type"),
        (b"\xd0\xcf\x11\xe0", "calls.xls", "file_encrypted"),
        (b"\xd0\xcf\x11\xe0", "calls.xlsx", "file_encrypted"),
        (b"PK\x03\x04", "calls.xlsm", "file_macros"),
    ],
)
def test_what_is_no_call_file_is_refused(data: bytes, name: str, code: str, tmp_path: Path) -> None:
    found = read_bytes(data, tmp_path, name=name)
    assert found.refusal is not None
    assert found.refusal.code == code
    assert (found.rows_read, found.parts) == (0, ())


def test_a_file_without_a_header_shows_no_number_in_its_refusal(tmp_path: Path) -> None:
    found = read_bytes(text_of({}).splitlines()[1] + "\n", tmp_path)
    assert found.refusal is not None
    assert found.refusal.code == "header_columns"
    assert "13800138000" not in str(found)
    nul = read_bytes("a\x00b,c\n", tmp_path).refusal
    assert nul is not None
    assert "\x00" not in str(nul.details)


def test_a_header_alone_is_a_file_without_calls(tmp_path: Path) -> None:
    found = read_bytes(csv_text([]), tmp_path)
    assert (found.refusal, found.rows_read, found.header) == (Notice("file_no_rows"), 0, FIELDS)
    blank = read_bytes(csv_text([]) + "," * (len(FIELDS) - 1) + "\n\n", tmp_path)
    assert (blank.refusal, blank.rows_blank) == (Notice("file_no_rows"), 1)


def test_a_header_without_end_is_told_by_its_first_names(tmp_path: Path) -> None:
    refusal = read_bytes(",".join(f"c{number}" for number in range(20_000)) + "\n", tmp_path).refusal
    assert refusal is not None
    message, _ = problem_words(code=refusal.code, details=refusal.details)
    assert message.endswith("c18, c19 and 19,980 more.")
    assert "c20" not in message


def test_a_damaged_file_is_told_in_words_for_people(tmp_path: Path) -> None:
    for data, words in ((b"PK\x03\x04....", "damaged and cannot be read"), (zip_of("a.txt"), "no Excel file")):
        refusal = read_bytes(data, tmp_path, name="calls.xlsx").refusal
        assert refusal is not None
        message, remedy = problem_words(code=refusal.code, details=refusal.details)
        assert words in message
        assert "Error" not in message
        assert "BadZip" not in message
        assert remedy


def zip_of(name: str) -> bytes:
    """Return an archive with one entry."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, "x")
    return target.getvalue()


def test_the_header_may_stand_below_a_title(tmp_path: Path) -> None:
    text = "Calls of March\nprinted on Monday\n" + text_of({})
    found = read_bytes(text, tmp_path, profile=replace(CANONICAL, header_row=3))
    assert (found.refusal, good_rows(found)["line"].to_list()) == (None, [4])


def test_columns_that_nobody_reads_are_named(tmp_path: Path) -> None:
    found = read_bytes(csv_text([ANSWERED | {"talk_sec": "1"}], columns=(*FIELDS, "talk_sec")), tmp_path)
    assert [(note.code, note.details) for note in found.notes] == [("columns_ignored", {"columns": ["talk_sec"]})]


def test_a_profile_may_take_only_files_without_errors(tmp_path: Path) -> None:
    found = read_bytes(text_of({}, {"csat": "x"}), tmp_path, profile=replace(CANONICAL, on_error="refuse"))
    assert found.refusal is not None
    assert (found.refusal.code, found.refusal.details) == ("rows_rejected", {"rejected": 1, "read": 2})
    assert len(error_rows(found)) == 1


def test_another_vendor_in_the_file_refuses_it(tmp_path: Path) -> None:
    text = csv_text([ANSWERED, ANSWERED | {"vendor": "rival"}], columns=(*FIELDS, "vendor"))
    found = read_bytes(text, tmp_path)
    assert found.refusal is not None
    assert found.refusal.code == "vendor_differs"


def test_the_template_is_a_good_file(tmp_path: Path) -> None:
    assert template_csv().splitlines()[0].split(",") == list(FIELDS)
    lookups = replace(LOOKUPS, agents=frozenset(("A1001",)), reasons=frozenset(("order-status",)))
    path = tmp_path / "template.csv"
    path.write_text(template_csv(), newline="")
    found = file_check(path, profile=CANONICAL, lookups=lookups, now=NOW, out_dir=tmp_path)
    assert (found.refusal, found.rows_good, found.rows_rejected) == (None, 2, 0)


@pytest.mark.parametrize(
    ("name", "profile_name", "queues", "rows", "answered"),
    [
        (
            "pwc_call_center_2021q1.csv",
            "date_and_time_columns",
            ["admin-support", "contract-related", "payment-related", "streaming", "technical-support"],
            5_000,
            4_054,
        ),
        (
            "restaurant_calls_2023_11.csv",
            "time_of_day_answers",
            [f"rest{number:03d}" for number in range(1, 41)],
            25_100,
            24_731,
        ),
    ],
)
def test_public_files_load_whole_through_their_profiles(
    name: str, profile_name: str, queues: list[str], rows: int, answered: int, tmp_path: Path
) -> None:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"public call data is absent: {path}")
    covered = (Coverage(1, datetime(2020, 1, 1, tzinfo=UTC)),)
    lookups = Lookups("public", dict.fromkeys(queues, covered))
    profile = profile_parse(profile_example(profile_name))
    seen: list[int] = []
    found = file_check(path, profile=profile, lookups=lookups, now=NOW, out_dir=tmp_path, progress=seen.append)
    assert (found.refusal, found.rows_read, found.rows_good, found.errors_path) == (None, rows, rows, None)
    assert seen[-1] == rows
    good = good_rows(found)
    assert good.schema == pl.Schema(GOOD_SCHEMA)
    assert good.filter(pl.col("outcome") == 1).height == answered
    assert set(good["queue"]) == set(queues)
    assert good.filter(pl.col("outcome") == 1)["wait_seconds"].null_count() == 0


def test_many_rows_keep_their_account(tmp_path: Path) -> None:
    rows = calls_make(5_000)
    for number in range(0, 5_000, 3):
        rows[number]["queue"] = "nope"
    found = read_bytes(csv_text(rows), tmp_path, limits=Limits(block_bytes=50_000))
    assert found.rows_read == found.rows_good + found.rows_rejected == 5_000
    assert found.errors_count == found.rows_rejected == 1_667
    assert pl.Series([line for line, *_ in error_rows(found)]).is_sorted()
