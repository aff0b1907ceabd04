"""Collecting what is wrong with the rows of one block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from calls.calc.masking import value_mask

ERROR_SCHEMA: dict[str, type[pl.DataType]] = {
    "line": pl.Int64,
    "column": pl.String,
    "rule": pl.String,
    "value": pl.String,
}
COLUMN_LENGTH = 100


def errors_empty() -> pl.DataFrame:
    """An error list without entries."""
    return pl.DataFrame(schema=ERROR_SCHEMA)


class Findings:
    """The errors of one block; a row with any of them is bad.

    Cost follows the errors, not the rows: a rule that nothing breaks is one look at a mask.
    """

    def __init__(
        self,
        lines: pl.Series,
        *,
        labels: Mapping[str, str],
        customer_field: str,
        times: Sequence[str],
        is_own: bool = False,
    ) -> None:
        """Start without errors.

        Args:
            lines: the line of every row.
            labels: the file's column name of every field.
            customer_field: the field whose values are masked most.
            times: the fields where a date may look like a phone number.
            is_own: only the sender sees the values; nothing but the customer's is masked.
        """
        self.lines = lines
        self.bad = pl.Series("bad", [False]).new_from_index(0, lines.len())
        self._labels = {field: value_mask(label)[:COLUMN_LENGTH] for field, label in labels.items()}
        self._customer_field = customer_field
        self._times = frozenset(times)
        self._is_own = is_own
        self._frames: list[pl.DataFrame] = []
        self._bad_by_field: dict[str, pl.Series] = {}

    def add(self, field: str, rule: str, mask: pl.Series, *shown: pl.Series, times: Sequence[pl.Series] = ()) -> None:
        """Record that the rows of ``mask`` break ``rule`` in ``field``.

        Args:
            field: canonical field.
            rule: code in RULES.
            mask: true for the rows that break it; null counts as false.
            shown: what to show as the value; several are joined by " / ". Text of the file is masked,
                numbers that we computed are not.
            times: moments as the file wrote them, shown after the others: the sender knows them by its own clock.
        """
        if not mask.any():
            return
        mask = mask.fill_null(False)
        self.bad = self.bad | mask
        self._bad_by_field[field] = self.bad_in(field) | mask
        parts = [self._shown(field, series.filter(mask)) for series in shown]
        parts += [self._shown(field, series.filter(mask), is_time=True) for series in times]
        text = pl.select(pl.concat_str(parts, separator=" / ")).to_series() if parts else None
        count = int(mask.sum())
        self._frames.append(
            pl.DataFrame(
                {
                    "line": self.lines.filter(mask),
                    "column": pl.Series([self._labels.get(field, field)]).new_from_index(0, count),
                    "rule": pl.Series([rule]).new_from_index(0, count),
                    "value": text if text is not None else pl.Series([""]).new_from_index(0, count),
                },
                schema=ERROR_SCHEMA,
            )
        )

    def bad_in(self, field: str) -> pl.Series:
        """The rows with an error in this field so far."""
        return self._bad_by_field.get(field, pl.Series("bad", [False]).new_from_index(0, self.lines.len()))

    def errors(self) -> pl.DataFrame:
        """All errors in the order of the lines."""
        return pl.concat([errors_empty(), *self._frames]).sort("line", maintain_order=True)

    def _shown(self, field: str, series: pl.Series, *, is_time: bool = False) -> pl.Series:
        if series.dtype != pl.String:
            return series.cast(pl.String).fill_null("")
        text = series.fill_null("")
        distinct = text.unique()
        masked = [
            value_mask(
                value,
                is_customer=field == self._customer_field,
                is_time=is_time or field in self._times,
                is_own=self._is_own,
            )
            for value in distinct
        ]
        return text.replace_strict(distinct, pl.Series(masked, dtype=pl.String), return_dtype=pl.String)
