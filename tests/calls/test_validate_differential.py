"""A plain loop over csv rows, written apart from the product, rejects the same rows and derives the same seconds."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from calls.calc.canonical import FIELDS
from tests.calls.call_files import LOOKUPS, NOW, csv_text, error_rows, good_rows, read_bytes
from tests.calls.plain_loop import row_check

WORDS = ("", "x", "-5", "7", "99999", "86400", "abandoned", "answered", "closed", "true")
MOMENTS = ("2026-03-01T10:00:00Z", "2026-13-01T10:00:00Z", "2027-01-01T00:00:00Z")


def random_row(source: random.Random, number: int) -> dict[str, str]:
    """A call, often with something missing or wrong."""
    pick = source.choice
    offered = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=source.randrange(150 * 86_400))
    wait, talk, hold = source.randrange(90), source.randrange(600), source.randrange(60)
    answered = offered + timedelta(seconds=wait)
    ended = answered + timedelta(seconds=talk + hold)
    answered_call = source.random() < 0.8
    row = {
        "external_id": f"C-{number}",
        "queue": pick(("sales", "care", "care")),
        "agent": pick(("A1", "A2", "")),
        "offered_at": offered.isoformat(),
        "answered_at": pick((answered.isoformat(), "")) if answered_call else "",
        "ended_at": pick((ended.isoformat(), "")) if answered_call else pick((answered.isoformat(), "")),
        "ring_seconds": pick(("3", "")),
        "wait_seconds": pick((str(wait), "")),
        "talk_seconds": pick((str(talk), "")) if answered_call else "",
        "hold_seconds": pick((str(hold), "")) if answered_call else "",
        "wrap_seconds": pick(("20", "")),
        "outcome": "answered" if answered_call else "abandoned",
        "resolved": pick(("true", "false", "")),
        "csat": pick(("0", "10", "")),
    }
    for _ in range(pick((0, 0, 1, 2))):
        name = pick(tuple(row))
        row[name] = pick((*WORDS, *MOMENTS, row["offered_at"], row["ended_at"], answered.isoformat()))
    return row


def test_the_vectorized_check_agrees_with_a_plain_loop(tmp_path: Path) -> None:
    source = random.Random(42)
    text = csv_text([random_row(source, number) for number in range(6_000)])
    found = read_bytes(text, tmp_path)
    errors: dict[int, set[tuple[str, str]]] = {}
    for line, column, rule, _ in error_rows(found):
        errors.setdefault(line, set()).add((column, rule))
    good = {row["line"]: row for row in good_rows(found).to_dicts()}
    for line, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        expected, derived = row_check(row, lookups=LOOKUPS, now=NOW)
        # An id that looks like a number or a time is an id; other fields have their own meaning for these words.
        assert errors.get(line, set()) == expected, (line, row)
        if not expected:
            assert {name: good[line][name] for name in derived} == derived, (line, row)
    assert len(errors) > 1_500
    assert len(good) > 2_000
    assert len({rule for rules in errors.values() for rule in rules}) >= 25
    assert set(FIELDS) >= {column for _, column, _, _ in error_rows(found)}
