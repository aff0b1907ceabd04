"""The reading process has walls, and whatever happens behind them is an answer in front of them."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from calls.calc.profile import CANONICAL
from calls.calc.rules import REFUSALS
from calls.parsing import FileCheck, Limits, file_check
from calls.parsing.runner import _environment
from tests.calls.call_files import ANSWERED, LOOKUPS, NOW, calls_make, csv_text, error_rows, inline_row, xlsx_make
from tests.calls.test_parsing_sheets import FAR, HEADER

MEGABYTE = 1_000_000


def check_file(path: Path, out_dir: Path, limits: Limits | None = None) -> FileCheck:
    out_dir.mkdir(exist_ok=True)
    return file_check(path, profile=CANONICAL, lookups=LOOKUPS, now=NOW, out_dir=out_dir, limits=limits)


def test_a_large_file_is_refused_before_anything_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(b"x" * 101)
    found = check_file(path, tmp_path / "out", Limits(file_bytes=100))
    assert found.refusal is not None
    assert (found.refusal.code, found.refusal.details) == ("file_too_large", {"size": 101, "limit": 100})


def test_fifty_megabytes_are_read_within_the_memory_of_a_reader(tmp_path: Path) -> None:
    row = csv_text(calls_make(1)).splitlines()[1]
    count = 49 * MEGABYTE // (len(row) + 5)
    path = tmp_path / "calls.csv"
    with path.open("w") as file:
        file.write(csv_text([]))
        file.writelines(row.replace("C-1", f"C-{number:06d}").replace(",A1,", ",A9,") + "\n" for number in range(100))
        file.writelines(row.replace("C-1", f"C-{number:06d}") + "\n" for number in range(100, count))
    assert path.stat().st_size > 47 * MEGABYTE
    seen: list[int] = []
    out_dir = tmp_path / "out"
    out_dir.mkdir()
    found = file_check(path, profile=CANONICAL, lookups=LOOKUPS, now=NOW, out_dir=out_dir, progress=seen.append)
    assert found.refusal is None
    assert (found.rows_read, found.rows_rejected) == (count, 100)
    assert found.rows_good == sum(pl.scan_ipc(part).select(pl.len()).collect().item() for part in found.parts)
    assert 0 < found.memory_bytes < 512 * MEGABYTE
    assert len(seen) > 3
    assert seen == sorted(seen)
    assert seen[-1] == count


def test_a_reader_that_needs_too_much_memory_is_refused(tmp_path: Path) -> None:
    """The library aborts on this file; with the limits raised, nothing stops it from trying."""
    path = tmp_path / "calls.xlsx"
    path.write_bytes(xlsx_make(HEADER + FAR.format(row=1048576, cell="XFD1048576")))
    found = check_file(path, tmp_path / "out", Limits(rows=2_000_000, columns=20_000, cells=10**12))
    assert found.refusal is not None
    assert found.refusal.code == "file_memory"


def test_a_reader_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(csv_text(calls_make(200_000)))
    found = check_file(path, tmp_path / "out", Limits(wall_seconds=1, block_bytes=2_000))
    assert found.refusal is not None
    assert (found.refusal.code, found.refusal.details) == ("file_too_slow", {"limit": 1})


def test_a_reader_that_dies_is_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(csv_text([ANSWERED]))
    out_dir = tmp_path / "out"
    out_dir.mkdir()
    # The part cannot be written: a directory has its name.
    (out_dir / "part-00000.arrow").mkdir()
    found = check_file(path, out_dir)
    assert found.refusal is not None
    assert (found.refusal.code, found.refusal.details) == ("file_crashed", {"reason": "exit 1"})
    assert found.refusal.code in REFUSALS


def test_the_reader_has_no_network_no_secrets_and_no_say_after_its_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    monkeypatch.setenv("DATABASE_URL", "postgres://do:not@tell/")
    assert "tell" not in str(_environment())
    code = (
        "import os, socket\n"
        "from calls.parsing.sandbox import sandbox_enter\n"
        "cut = sandbox_enter(memory_bytes=1 << 29, cpu_seconds=5, parent_pid=os.getppid())\n"
        "names = [name for _, name in socket.if_nameindex()]\n"
        "print(cut, names, flush=True)\n"
        "try:\n    bytearray(1 << 30)\nexcept MemoryError:\n    print('limited', flush=True)\n"
        "sandbox_enter(memory_bytes=1 << 29, cpu_seconds=5, parent_pid=-1)\nprint('not reached')\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env=_environment(),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1, answer.stderr
    network, memory = answer.stdout.splitlines()
    # Where the kernel forbids it, the reader says so and goes on with its other walls.
    assert network in ("True ['lo']", "True []") or network.startswith("False")
    assert memory == "limited"


def test_results_of_a_reader_are_data_and_not_trusted(tmp_path: Path) -> None:
    """A part is a name in the directory of this reading, whatever the result says."""
    from calls.parsing.results import check_dump, check_load

    dumped = check_dump(replace(FileCheck(), parts=(Path("part-00000.arrow"),)))
    loaded = check_load(dumped | {"parts": ["../../etc/passwd"]}, tmp_path)
    assert loaded.parts == (tmp_path / "passwd",)
    with pytest.raises(TypeError):
        check_load(dumped | {"surprise": 1}, tmp_path)


def test_mutilated_workbooks_are_answered(tmp_path: Path) -> None:
    whole = xlsx_make(HEADER + "".join(inline_row(n, ("C", "sales", "x", "answered", "1")) for n in range(2, 40)))
    source = random.Random(7)
    for number in range(4):
        data = bytearray(whole)
        for _ in range(source.choice((1, 5, 50))):
            data[source.randrange(len(data))] = source.randrange(256)
        path = tmp_path / f"calls{number}.xlsx"
        path.write_bytes(bytes(data))
        found = check_file(path, tmp_path / f"out{number}")
        assert found.refusal is None or found.refusal.code in REFUSALS
        assert found.rows_read == found.rows_good + found.rows_rejected
        assert len({line for line, *_ in error_rows(found)}) == found.rows_rejected
