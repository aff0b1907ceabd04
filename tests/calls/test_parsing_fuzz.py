"""Files that nobody would write: never an exception, every row accounted for, the lines those of the csv module."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from pathlib import Path

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calls.calc.canonical import FIELDS, LINE
from calls.calc.rules import REFUSALS, RULES
from calls.parsing import FileCheck, Limits
from calls.parsing.header import Header
from calls.parsing.records import RecordReader
from tests.calls.call_files import ABANDONED, ANSWERED, csv_text, error_rows, good_rows, read_bytes

PIECES: list[bytes] = [b'"', b'""', b",", b"\n", b"\r", b"\r\n", b";", b"\x00", b"\xff", b"\xef\xbf\xbd"]
PIECES += ["中".encode(), b" ", b"=1+1", b"NaN", b"1e999", b"-1", b"\xed\xa0\x80", b"+" * 40]
PIECES += [b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:59Z"]
SEED = csv_text([ANSWERED, ABANDONED, ANSWERED | {"ivr_path": 'a "b"\nc', "csat": "99"}, ABANDONED | {"queue": "x"}])


def account_holds(found: FileCheck) -> None:
    """read = good + rejected, every rejected row named by its line, column, rule and value."""
    assert found.refusal is None or found.refusal.code in REFUSALS
    assert found.rows_read == found.rows_good + found.rows_rejected
    errors = error_rows(found)
    assert len({line for line, *_ in errors}) == found.rows_rejected
    assert len(errors) == found.errors_count
    assert all(rule in RULES for _, _, rule, _ in errors)
    assert all(len(value) <= 80 and "\x00" not in value for *_, value in errors)
    if found.parts:
        good = good_rows(found)
        assert good.height == found.rows_good
        assert not set(good["line"]) & {line for line, *_ in errors}
        assert (
            good.select("external_id", "queue", "contract_id", "offered_at", "outcome")
            .null_count()
            .sum_horizontal()
            .item()
            == 0
        )


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(PIECES), st.integers(0, 6)), max_size=8),
    st.sampled_from((64, 300, 100_000)),
)
@example([(0.5, b'"', 0)], 64)
@example([(1.0, b'"', 0)], 300)
def test_mutated_files_keep_their_account(changes: list[tuple[float, bytes, int]], block_bytes: int) -> None:
    data = SEED.encode()
    for place, piece, cut in changes:
        at = int(place * len(data))
        data = data[:at] + piece + data[at + cut :]
    with tempfile.TemporaryDirectory() as folder:
        account_holds(read_bytes(data, Path(folder), limits=Limits(block_bytes=block_bytes, line_bytes=2_000)))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_answered(data: bytes) -> None:
    header = ",".join(FIELDS).encode()
    with tempfile.TemporaryDirectory() as folder:
        account_holds(read_bytes(data, Path(folder)))
        account_holds(read_bytes(header + b"\n" + data, Path(folder)))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FIELDS), st.text(st.characters(codec="utf-8"), max_size=30))
def test_any_text_in_any_cell_is_answered(field: str, text: str) -> None:
    rows = [ANSWERED | {field: text}, ABANDONED | {field: text}, ANSWERED | {"outcome": "withdrawn", field: text}]
    with tempfile.TemporaryDirectory() as folder:
        found = read_bytes(csv_text(rows, quoting=csv.QUOTE_ALL), Path(folder))  # type: ignore[arg-type]
        assert found.refusal is None
        account_holds(found)
        assert found.rows_read == 3


def records_of(data: bytes, block_bytes: int) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str]]]:
    """Records and rejects by our reader, blank ones left out."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        reader = RecordReader(
            Path(file.name),
            header=Header(["a", "b", "c"], ",", 0, 1),
            columns=[0, 1, 2],
            limits=Limits(block_bytes=block_bytes),
        )
        rows: list[tuple[int, list[str]]] = []
        rejects: list[tuple[int, str]] = []
        for block in reader.blocks():
            frame = block.frame.with_columns(pl.exclude(LINE).fill_null(""))
            rows += [(row[LINE], [row["a"], row["b"], row["c"]]) for row in frame.to_dicts()]
            rejects += [(reject.line, reject.rule) for reject in block.rejects]
    return [row for row in rows if any(row[1])], rejects


def records_by_csv(data: bytes) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str]]]:
    """Records with their lines by the csv module, which reads the whole text at once."""
    text = data.decode().replace("\r\n", "\n").replace("\r", "\n")
    reader = csv.reader(io.StringIO(text, newline=""))
    rows, rejects, before = [], [], 0
    for row in reader:
        if len(row) == 3 and any(row):
            rows.append((before + 1, row))
        elif row and len(row) != 3:
            rejects.append((before + 1, "fields_count"))
        before = reader.line_num
    return rows, rejects


def test_records_and_lines_are_those_of_the_csv_module() -> None:
    source = random.Random(11)
    tokens = (
        "a",
        "bc",
        '"',
        '""',
        ",",
        ",",
        ",",
        "\n",
        "\n",
        "\r\n",
        "é",
        " ",
        '"x,y"',
        '"p\nq"',
        "a,b,c\n",
        '"a","b","c"\r\n',
    )
    checked = 0
    for _ in range(700):
        data = ("".join(source.choice(tokens) for _ in range(source.randrange(2, 30))) + "\nz,z,z\n").encode()
        rows, rejects = records_by_csv(data)
        ours = {size: records_of(data, size) for size in (7, 64, 10_000)}
        if any(rule in ("quote_unclosed", "line_incomplete") for _, found in ours.values() for _, rule in found):
            # The csv module swallows the rest of the file here; ours goes on, at every size of block alike.
            assert ours[7] == ours[64] == ours[10_000]
            continue
        checked += 1
        for found in ours.values():
            assert found == (rows, rejects), data
    assert checked > 300
