"""From the columns of a file to canonical fields, still as text, by the import profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from calls.calc.canonical import FIELDS, LINE
from calls.calc.masking import value_mask
from calls.calc.profile import VENDOR, FieldSource, Profile, column_key
from calls.calc.rules import FileRefusedError

NAMES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Mapped:
    """Canonical text columns of one block.

    Attributes:
        texts: a text column for every canonical field; blank is null.
        labels: the file's own column name of every field.
        unmapped: fields with values that the profile's map does not know: name, mask, the file's text.
    """

    texts: dict[str, pl.Series]
    labels: dict[str, str]
    unmapped: list[tuple[str, pl.Series, pl.Series]]


def header_resolve(header: Sequence[str], *, profile: Profile) -> dict[str, int]:
    """Find the profile's columns in a header; the order of the columns does not matter.

    Returns:
        the position of every column of the profile that the header has.

    Raises:
        FileRefusedError: a required column is missing, or a column that is read appears twice.
    """
    positions: dict[str, int] = {}
    twice: set[str] = set()
    for position, name in enumerate(header):
        key = column_key(name)
        if key in positions:
            twice.add(key)
        positions.setdefault(key, position)
    wanted = {name: column_key(name) for name in profile.columns}
    if missing := [name for name in profile.columns_required if wanted[name] not in positions]:
        # Without a header line, these are the values of the first call.
        raise FileRefusedError("header_columns", missing=missing, **_names_some(header))
    if found := [name for name, key in wanted.items() if key in twice]:
        raise FileRefusedError("header_duplicate", found=found)
    return {name: positions[key] for name, key in wanted.items() if key in positions}


def _names_some(header: Sequence[str]) -> dict[str, int | list[str]]:
    """The first names as details of a finding, and how many more there are."""
    found = [value_mask(name) for name in header[:NAMES_SHOWN]]
    return {"found": found, "found_more": len(header) - len(found)}


def distinct_map(series: pl.Series, convert: Callable[[str], Any], dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    """Convert every distinct text once; columns of codes have few of them.

    Args:
        series: texts, null stays null.
        convert: gives the value, or None.
        dtype: the type of the result.
    """
    distinct = series.drop_nulls().unique()
    if not distinct.len():
        return pl.Series(series.name, [None], dtype=dtype).new_from_index(0, series.len())
    values = pl.Series([convert(text) for text in distinct], dtype=dtype)
    return series.replace_strict(distinct, values, default=None, return_dtype=dtype)


def fields_map(frame: pl.DataFrame, *, profile: Profile, is_trimmed: bool = False) -> Mapped:
    """Apply the profile's columns, constants, maps and prefixes.

    Args:
        frame: all text, columns named as in the file (extra ones are not read), and LINE.
        profile: how they map.
        is_trimmed: no value has outer spaces and blank ones are null, so that nobody needs to look again.

    Raises:
        FileRefusedError: as header_resolve.
    """
    names = [name for name in frame.columns if name != LINE]
    positions = header_resolve(names, profile=profile)
    columns = {name: frame[names[position]] for name, position in positions.items()}
    if not is_trimmed:
        columns = {name: _clean(series) for name, series in columns.items()}
    texts: dict[str, pl.Series] = {}
    labels: dict[str, str] = {}
    unmapped: list[tuple[str, pl.Series, pl.Series]] = []
    for name in (*FIELDS, VENDOR):
        source = profile.fields.get(name, FieldSource(constant=None))
        labels[name] = " + ".join(names[positions[c]] for c in source.columns if c in positions) or name
        text = _source_read(source, columns, frame.height)
        if source.map is not None and text.null_count() < text.len():
            mapped, unknown = _words_map(text, source)
            if unknown is not None:
                unmapped.append((name, unknown, text))
            text = mapped
        if source.blank is not None and text.null_count():
            text = text.fill_null(source.blank)
        if source.prefix:
            text = source.prefix + text
        texts[name] = text
    return Mapped(texts, labels, unmapped)


def _clean(series: pl.Series) -> pl.Series:
    if series.null_count() == series.len():
        return series.cast(pl.String)
    text = series.str.strip_chars()
    empty = text == ""
    return text.set(empty, None) if empty.any() else text


def _source_read(source: FieldSource, columns: Mapping[str, pl.Series], height: int) -> pl.Series:
    if not source.columns or any(name not in columns for name in source.columns):
        return pl.Series([source.constant], dtype=pl.String).new_from_index(0, height)
    parts = [columns[name] for name in source.columns]
    if len(parts) == 1:
        return parts[0]
    return pl.select(pl.concat_str(parts, separator=source.join)).to_series()


def _words_map(text: pl.Series, source: FieldSource) -> tuple[pl.Series, pl.Series | None]:
    """The mapped words, and a mask of those that are in no map."""
    words = source.map or {}
    distinct = text.drop_nulls().unique()
    unknown = [word for word in distinct if column_key(word) not in words] if source.unmapped == "error" else []
    mapped = distinct_map(text, lambda word: words.get(column_key(word), _otherwise(word, source)), pl.String)
    return mapped, text.is_in(unknown) if unknown else None


def _otherwise(word: str, source: FieldSource) -> str | None:
    return {"keep": word, "default": source.default, "error": None}[source.unmapped]


def vendor_check(text: pl.Series, lines: pl.Series, *, vendor_code: str) -> None:
    """Refuse the whole file when its vendor column names somebody else (I8).

    Raises:
        FileRefusedError: with the first such line.
    """
    other = (text != vendor_code).fill_null(False)
    if (at := other.arg_max()) is not None and other[at]:
        raise FileRefusedError("vendor_differs", line=lines[at], found=value_mask(str(text[at])), vendor=vendor_code)
