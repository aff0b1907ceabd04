"""Rejected rows that were downloaded, mended and sent again: which columns are ours, and values as they were before."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from calls.calc.canonical import LINE
from calls.calc.profile import column_key

# What a download of rejected rows adds at the end of the file's own columns.
REPORT_COLUMNS = ("line", "error_field", "error", "remedy")
# In their place while a file is read: no profile can ask for it, so a file's own column of that name stays its own.
REPORT = "#report"
# A formula guard of core.exports: an apostrophe before what a spreadsheet takes for the start of a formula.
_GUARDED = "^'[ \u00a0\u3000\"'“”‘’\ufeff\u200b]*[-=+@\t\r\n|%＝＋－＠]"


def own_names(names: Sequence[str]) -> list[str]:
    """Return a header with REPORT for each column at its end that a download of rejected rows added.

    >>> own_names(["id", "line", "line", "error_field", "error", "remedy", ""])
    ['id', 'line', '#report', '#report', '#report', '#report', '#report']
    >>> own_names(["id", "line", "error"])
    ['id', 'line', 'error']
    """
    keys = [column_key(name) for name in names]
    start, left = len(keys), list(REPORT_COLUMNS)
    # Spreadsheets leave nameless columns at the end, and somebody may have taken out one of ours.
    while start and (not keys[start - 1] or keys[start - 1] in left):
        start -= 1
        if keys[start]:
            del left[left.index(keys[start]) :]
    if "error_field" not in keys[start:]:
        return list(names)
    return [*map(guard_drop, names[:start]), *[REPORT] * (len(names) - start)]


def guard_drop(text: str) -> str:
    """Return a value as it was before the download put an apostrophe before what looks like a formula.

    >>> guard_drop("'+8613800138000"), guard_drop("'tis")
    ('+8613800138000', "'tis")
    """
    return text[1:] if re.match(_GUARDED, text) else text


def guards_drop(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with :func:`guard_drop` of every text."""
    columns = pl.col(pl.String).exclude(LINE)
    return frame.with_columns(pl.when(columns.str.contains(_GUARDED)).then(columns.str.slice(1)).otherwise(columns))
