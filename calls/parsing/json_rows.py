"""Checking rows that come as JSON objects; small enough to be done in the asking process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl

from calls.calc.canonical import LINE
from calls.calc.findings import COLUMN_LENGTH, ERROR_SCHEMA
from calls.calc.lookups import Lookups
from calls.calc.masking import value_mask
from calls.calc.profile import CANONICAL, Profile
from calls.calc.validate import Checked, rows_check

ROWS_LIMIT = 1_000
_CELL_CHARACTERS = 32_768
_WHOLE_LIMIT = 10**18
_EXACT = 1e15


def json_rows_check(
    rows: Sequence[object],
    *,
    lookups: Lookups,
    now: datetime,
    profile: Profile = CANONICAL,
) -> Checked:
    """Check parsed JSON rows; the line of a row is its place in the list, from 0.

    Args:
        rows: at most ROWS_LIMIT objects with the profile's columns as keys and plain values.
        lookups: the vendor's codes and coverage.
        now: aware moment of receipt.
        profile: how the keys map to the canonical fields.

    Raises:
        ValueError: more rows than allowed.
        FileRefusedError: a row names another vendor.
    """
    if len(rows) > ROWS_LIMIT:
        raise ValueError(f"{len(rows)} rows, {ROWS_LIMIT} are allowed")
    names = profile.columns
    source = profile.fields.get("customer")
    customers = source.columns if source else ()
    texts: dict[str, list[str | None]] = {name: [] for name in names}
    lines: list[int] = []
    rejects: list[tuple[int, str, str, str]] = []
    for line, row in enumerate(rows):
        if not isinstance(row, Mapping):
            rejects.append((line, "", "row_not_object", ""))
            continue
        flaws = _row_flaws(line, row, names, customers)
        rejects += flaws
        if not flaws:
            lines.append(line)
            for name in names:
                texts[name].append(_text(row.get(name)))
    frame = pl.DataFrame(
        {LINE: pl.Series(lines, dtype=pl.Int64)} | texts, schema_overrides=dict.fromkeys(names, pl.String)
    )
    checked = rows_check(frame, profile=profile, lookups=lookups, now=now, is_own=True)
    errors = pl.concat([pl.DataFrame(rejects, schema=ERROR_SCHEMA, orient="row"), checked.errors])
    return Checked(checked.good, errors.sort("line", maintain_order=True))


def _row_flaws(
    line: int, row: Mapping[str, object], names: Sequence[str], customers: Sequence[str]
) -> list[tuple[int, str, str, str]]:
    flaws = []
    for key, value in row.items():
        column = value_mask(str(key))[:COLUMN_LENGTH]
        if key not in names:
            flaws.append((line, column, "field_unknown", ""))
        elif rule := _flaw(value):
            # A list or an object is named by its field alone; so long as a number may be, json has read it already.
            shown = str(value) if isinstance(value, (str, int, float)) else ""
            flaws.append((line, column, rule, value_mask(shown, is_customer=key in customers, is_own=True)))
    return flaws


def _flaw(value: object) -> str | None:
    """The rule that a JSON value breaks before anybody looks at its meaning."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int):
        return None if abs(value) < _WHOLE_LIMIT else "number_invalid"
    if isinstance(value, float):
        # Not a number compares as false; beyond the limit a float has lost digits.
        return None if abs(value) < _EXACT else "number_invalid"
    if not isinstance(value, str):
        return "value_nested"
    if len(value) > _CELL_CHARACTERS:
        return "cell_too_long"
    # Half a pair cannot be written as UTF-8 at all.
    return "text_forbidden" if any("\ud800" <= char <= "\udfff" for char in value) else None


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
