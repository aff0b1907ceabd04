"""Reading single values: durations, whole numbers, yes and no, words with codes."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from calls.calc.mapping import distinct_map

DAY_SECONDS = 86_400
_HOURS = re.compile(r"(-)?([0-9]{1,4}):([0-5]?[0-9]):([0-5][0-9])(?:[.,]0+)?")
_MINUTES = re.compile(r"(-)?(0*)([0-9]{1,4}):([0-5][0-9])(?:[.,]0+)?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
TRUE = frozenset(("true", "t", "yes", "y", "1"))
FALSE = frozenset(("false", "f", "no", "n", "0"))


def number_whole(text: str, *, decimal: str = ".") -> int | None:
    """A whole number of up to nine digits, also when written with a zero fraction; None for anything else.

    >>> number_whole("35,00", decimal=",")
    35
    """
    whole, _, fraction = text.partition(decimal)
    if not _WHOLE.fullmatch(whole) or fraction.strip("0"):
        return None
    return int(whole)


def duration_seconds(text: str, *, style: str, decimal: str = ".") -> int | None:
    """A duration in whole seconds, or None when the text is not written like this.

    Args:
        text: the text of the file.
        style: a DurationFormat of the profile.
        decimal: decimal mark.

    >>> duration_seconds("1:02:23", style="H:MM:SS")
    3743
    """
    if style == "seconds":
        return number_whole(text, decimal=decimal)
    if style == "milliseconds":
        millis = number_whole(text, decimal=decimal)
        return None if millis is None else millis // 1000
    match = (_HOURS if style == "H:MM:SS" else _MINUTES).fullmatch(text)
    if match is None:
        return None
    sign, hours, minutes, seconds = match.groups()
    total = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return -total if sign else total


def durations_read(text: pl.Series, *, style: str, decimal: str) -> pl.Series:
    """Seconds of every text; null where blank or written otherwise."""
    if style == "seconds":
        return integers_read(text, decimal=decimal)
    return distinct_map(text, lambda value: duration_seconds(value, style=style, decimal=decimal), pl.Int32)


def integers_read(text: pl.Series, *, decimal: str) -> pl.Series:
    """Whole numbers; null where blank or anything else."""
    numbers = text.cast(pl.Int32, strict=False)
    left = numbers.is_null() & text.is_not_null()
    if not left.any():
        return numbers
    return numbers.fill_null(
        distinct_map(text.set(~left, None), lambda value: number_whole(value, decimal=decimal), pl.Int32)
    )


def boolean(text: str) -> bool | None:
    """Yes or no, or None for another word."""
    word = text.casefold()
    return True if word in TRUE else False if word in FALSE else None


def booleans_read(text: pl.Series) -> pl.Series:
    """Yes and no; null where blank or another word."""
    return distinct_map(text, boolean, pl.Boolean)


def codes_read(text: pl.Series, codes: Mapping[str, int]) -> pl.Series:
    """Codes of the canonical words, written in any case and with spaces or hyphens for underscores."""
    return distinct_map(text, lambda word: codes.get(re.sub(r"[ \-]+", "_", word.casefold())), pl.Int8)
