"""Call rows in bulk, for measurements: the same rows for every way of checking them."""

from __future__ import annotations

import csv
import time
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from calls.calc.canonical import FIELDS, LINE
from calls.calc.lookups import Coverage, Lookups
from calls.calc.profile import CANONICAL
from calls.calc.validate import rows_check
from calls.parsing import Limits
from calls.parsing.child import FileReader
from tests.calls.plain_loop import row_check

NOW = datetime(2026, 7, 1, tzinfo=UTC)
START = datetime(2026, 3, 1, tzinfo=UTC)
QUEUES, AGENTS, REASONS = 20, 3_000, 40
LOOKUPS = Lookups(
    vendor_code="acme",
    queues={f"q{number}": (Coverage(number, datetime(2026, 1, 1, tzinfo=UTC)),) for number in range(QUEUES)},
    agents=frozenset(f"A{number}" for number in range(AGENTS)),
    reasons=frozenset(f"R{number}" for number in range(REASONS)),
)


def rows_generate(count: int) -> pl.DataFrame:
    """Answered calls with every usual column filled; one in 211 has an unknown queue."""
    at = pl.int_range(0, count)
    wait, talk = (at * 7) % 90, (at * 13) % 600
    offered = pl.lit(START.replace(tzinfo=None)) + pl.duration(seconds=at * 2)
    text = pl.String

    def moment(value: pl.Expr) -> pl.Expr:
        return value.dt.strftime("%Y-%m-%dT%H:%M:%S") + "+00:00"

    filled = {
        "external_id": "C" + at.cast(text).str.zfill(9),
        "revision": pl.lit("1"),
        "queue": pl.when(at % 211 == 0).then(pl.lit("nope")).otherwise("q" + (at % QUEUES).cast(text)),
        "direction": pl.lit("inbound"),
        "customer": "+86138" + (at * 20 % 80_000_000).cast(text).str.zfill(8),
        "reason": "R" + (at % REASONS).cast(text),
        "agent": "A" + (at % AGENTS).cast(text),
        "offered_at": moment(offered),
        "answered_at": moment(offered + pl.duration(seconds=wait)),
        "ended_at": moment(offered + pl.duration(seconds=wait + talk)),
        "ring_seconds": pl.lit("3"),
        "wait_seconds": wait.cast(text),
        "talk_seconds": talk.cast(text),
        "hold_seconds": pl.lit("0"),
        "wrap_seconds": (at % 50).cast(text),
        "outcome": pl.lit("answered"),
        "resolved": pl.lit("true"),
        "success": pl.lit("false"),
        "csat": (at % 6).cast(text),
        "ivr_path": pl.lit("1>2"),
    }
    blank = pl.lit(None, dtype=text)
    frame: pl.DataFrame = pl.select(at.alias(LINE) + 2, *(value.alias(name) for name, value in filled.items()))
    columns = [pl.col(name) if name in filled else blank.alias(name) for name in FIELDS]
    return frame.select(LINE, *columns)


def rows_write(path: Path, count: int) -> None:
    """The same rows as a canonical CSV file."""
    rows_generate(count).drop(LINE).write_csv(path)


def check_rows(frame: pl.DataFrame, block_rows: int = 100_000) -> tuple[float, int]:
    """Processor seconds and good rows of the product's check alone, block by block."""
    started, good = time.process_time(), 0
    for start in range(0, frame.height, block_rows):
        block = frame.slice(start, block_rows)
        good += rows_check(block, profile=CANONICAL, lookups=LOOKUPS, now=NOW).good.height
    return time.process_time() - started, good


def check_file(path: Path, out_dir: Path) -> tuple[float, int]:
    """Processor seconds and good rows of reading, checking and writing parts, as the child process does it."""
    started = time.process_time()
    reader = FileReader(
        path,
        suffix=path.suffix,
        profile=CANONICAL,
        lookups=LOOKUPS,
        now=NOW,
        out_dir=out_dir,
        limits=Limits(),
        progress=lambda rows: None,
    )
    good = reader.run().rows_good
    return time.process_time() - started, good


def check_by_loop(path: Path) -> tuple[float, int]:
    """Processor seconds and good rows of a loop over csv rows with the same rules for times, durations and codes."""
    started = time.process_time()
    with path.open(newline="") as file:
        good = sum(not row_check(row, lookups=LOOKUPS, now=NOW)[0] for row in csv.DictReader(file))
    return time.process_time() - started, good
