"""Rejected rows as they came, each with what is wrong with it: a file to mend and to send again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from calls import selectors
from calls.calc.canonical import MOMENT_FIELDS
from calls.calc.masking import value_mask
from calls.calc.profile import Profile, column_key
from calls.models import Batch, BatchState
from calls.services.batches import profile_of
from calls.services.storage import opened, rejected_path
from calls.wording import rule_remedy, rule_text
from core.scope import Scope

BETWEEN = " | "


def rejected_kept(*, batch: Batch) -> bool:
    """Return whether the rejected rows can be mended by themselves; a file that is taken only whole is sent whole."""
    return batch.rows_rejected > 0 and batch.state != BatchState.REFUSED and rejected_path(batch).exists()


def numbers_clear(*, scope: Scope) -> bool:
    """Return whether callers' numbers in somebody's own rejected rows are shown to be sent again.

    A vendor's people who send files have them already; the client's need the right to see numbers as well.
    """
    return scope.can("calls.import") and (not scope.is_client or scope.can("customers.unmask"))


def rejected_header(*, batch: Batch) -> list[str]:
    """Return the file's own column names."""
    header: list[str] = next(_lines(batch))
    return header


def rejected_rows(*, scope: Scope, batch: Batch) -> Iterator[list[Any]]:
    """Return the rows in the order of the file: its own fields, then line, fields in error, errors and remedies.

    Long numbers are covered for whoever may not see callers' numbers.
    """
    lines = _lines(batch)
    header = next(lines)
    covers = None if numbers_clear(scope=scope) else _covers(profile_of(batch), header)
    errors = groupby(selectors.row_errors(scope=scope, batch=batch).iterator(chunk_size=2000), lambda row: row.line)
    for line, fields in lines:
        found = next((list(rows) for at, rows in errors if at == line), [])
        shown = [cover(field) for cover, field in zip(covers, fields, strict=True)] if covers else fields
        yield [
            *shown,
            line,
            BETWEEN.join(error.column for error in found),
            BETWEEN.join(rule_text(rule=error.rule, column=error.column, value=error.value) for error in found),
            BETWEEN.join(dict.fromkeys(rule_remedy(rule=error.rule) for error in found)),
        ]


def _covers(profile: Profile, header: list[str]) -> list[Callable[[str], str]]:
    """Return for each column how its values are covered; a shifted number may stand in any of them."""
    columns = {name: {column_key(column) for column in source.columns} for name, source in profile.fields.items()}
    customers = columns.get("customer", set())
    times = {column for name in MOMENT_FIELDS for column in columns.get(name, ())}

    def cover_of(key: str) -> Callable[[str], str]:
        return lambda value: value_mask(value, is_customer=key in customers, is_time=key in times)

    return [cover_of(column_key(name)) for name in header]


def _lines(batch: Batch) -> Iterator[Any]:
    rest = b""
    for chunk in opened(rejected_path(batch), vendor_id=batch.vendor_id):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from map(json.loads, whole)
