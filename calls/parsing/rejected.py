"""Keeping rejected rows as they came, every column of them, so that they can be mended and sent again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from calls.calc.returned import REPORT, guard_drop


class RejectedWriter:
    """Writes the header and then line and fields of each rejected row, a JSON list a line."""

    def __init__(self, path: Path, *, names: Sequence[str], delimiter: str) -> None:
        """Begin a new file when the first row comes.

        Args:
            path: where to write.
            names: the header; columns of an earlier download of rejected rows are left out.
            delimiter: joins what a line has beyond its header.
        """
        self.path = path
        self._own = [at for at, name in enumerate(names) if name != REPORT]
        self._header = [names[at] for at in self._own]
        self._is_returned = len(self._own) < len(names)
        self._width = len(names)
        self._delimiter = delimiter

    def add(self, lines: Iterable[int], fields_of: Callable[[int], list[str]]) -> None:
        """Add the rows of these lines."""
        rows = [[line, self._fitted(fields_of(line))] for line in lines]
        if not rows:
            return
        is_new = not self.path.exists()
        with self.path.open("a", encoding="utf-8") as file:
            for row in [self._header, *rows] if is_new else rows:
                file.write(json.dumps(row) + "\n")

    def _fitted(self, fields: list[str]) -> list[str]:
        """As many values as the header has: none is lost when a line has more, and blank ones stand for missing."""
        if len(fields) > self._width:
            fields = [*fields[: self._width - 1], self._delimiter.join(fields[self._width - 1 :])]
        fields = [*fields, *[""] * (self._width - len(fields))]
        return [guard_drop(fields[at]) if self._is_returned else fields[at] for at in self._own]
