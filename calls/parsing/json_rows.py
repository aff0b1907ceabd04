"""Checking rows that come as JSON objects; small enough to be done in the asking process."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice

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
# As many pieces of JSON text as a value may be shown with; deeper and longer ones are not even written.
_PIECES = 200
_JSON = json.JSONEncoder(ensure_ascii=False)
# Rules that hold fields against each other: not to be told while one of the fields cannot be read.
_OF_SEVERAL_FIELDS = ("answer_missing", "abandon_place_unexpected", "wait_differs", "wait_too_long", "talk_differs")


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
        found = _row_flaws(line, row, names, customers)
        rejects += found
        # What cannot be read as text is left out; the row's other fields are checked all the same.
        unread = {column for _, column, rule, _ in found if rule != "field_unknown"}
        lines.append(line)
        for name in names:
            texts[name].append(None if name in unread else _text(row.get(name)))
    frame = pl.DataFrame(
        {LINE: pl.Series(lines, dtype=pl.Int64)} | texts, schema_overrides=dict.fromkeys(names, pl.String)
    )
    checked = rows_check(frame, profile=profile, lookups=lookups, now=now, is_own=True)
    flaws = pl.DataFrame(rejects, schema=ERROR_SCHEMA, orient="row")
    errors = pl.concat([flaws, _without_echoes(checked.errors, flaws)])
    good = checked.good.join(flaws, on="line", how="anti", maintain_order="left")
    return Checked(good, errors.sort("line", maintain_order=True))


def _without_echoes(errors: pl.DataFrame, flaws: pl.DataFrame) -> pl.DataFrame:
    """The errors of the rows but for those that only say that an unreadable field was left out."""
    unread = flaws.filter(pl.col("rule") != "field_unknown").select("line", "column")
    told = errors.join(unread, on=["line", "column"], how="anti", maintain_order="left")
    is_doubtful = pl.col("line").is_in(unread["line"].to_list()) & pl.col("rule").is_in(_OF_SEVERAL_FIELDS)
    return told.filter(~is_doubtful)


def _row_flaws(
    line: int, row: Mapping[str, object], names: Sequence[str], customers: Sequence[str]
) -> list[tuple[int, str, str, str]]:
    flaws = []
    for key, value in row.items():
        column = value_mask(str(key))[:COLUMN_LENGTH]
        if key not in names:
            # Under a wrong name it may well be the customer's number.
            flaws.append((line, column, "field_unknown", value_mask(_shown(value))))
        elif rule := _flaw(value):
            is_own = rule != "value_nested"
            shown = value_mask(_shown(value), is_customer=key in customers, is_own=is_own)
            flaws.append((line, column, rule, shown))
    return flaws


def _shown(value: object) -> str:
    """A value as it was sent: a text without its quotes, anything else as JSON, and no more than is looked at."""
    return value if isinstance(value, str) else "".join(islice(_JSON.iterencode(value), _PIECES))


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
