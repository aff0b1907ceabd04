"""Reading what was stored or sent, noting all that is wrong instead of the first thing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
WordT = TypeVar("WordT", bound=StrEnum)


class Unreadable(ValueError):
    """Something that cannot be used; ``problems`` has one ``(place, rule, allowed)`` for each thing that is wrong.

    Attributes:
        problems: Where (``rules.2.seconds``, ``line 7``), which rule it breaks, and what would be right, as far as that
            can be said without words.
    """

    def __init__(self, problems: Sequence[tuple[str, str, str]]) -> None:
        super().__init__("; ".join(f"{place}: {rule} {allowed}".strip() for place, rule, allowed in problems))
        self.problems = tuple(problems)


class Reader:
    """Takes values of the right shape, and puts something harmless in the place of others.

    >>> reader = Reader()
    >>> reader.whole("weight", "ten", 0, 100), reader.problems
    (0, [('weight', 'number', '0–100')])
    """

    def __init__(self) -> None:
        self.problems: list[tuple[str, str, str]] = []

    def wrong(self, place: str, rule: str, allowed: str = "") -> None:
        """Note a problem."""
        self.problems.append((place, rule, allowed))

    def only(self, place: str, body: Mapping[Any, Any], known: Sequence[str]) -> None:
        """Note fields that nobody knows."""
        for name in sorted(set(map(str, body)) - set(known)):
            self.wrong(f"{place}{name[:60]}", "unknown", ", ".join(known))

    def rows(self, place: str, value: Any, least: int, most: int) -> list[Any]:
        """Return a list of so many things; an empty one if it is not."""
        if not isinstance(value, list) or not least <= len(value) <= most:
            self.wrong(place, "rows", f"{least}–{most}")
            return []
        return value

    def mapping(self, place: str, value: Any) -> Mapping[str, Any]:
        """Return a thing with fields; one without any if it is not."""
        if not isinstance(value, dict):
            self.wrong(place, "fields")
            return {}
        return value

    def text(self, place: str, value: Any, most: int) -> str:
        """Return a text of 1..``most`` characters, without the blanks around it."""
        text = value.strip() if isinstance(value, str) else ""
        if not 1 <= len(text) <= most:
            self.wrong(place, "text", f"1–{most}")
        return text

    def key(self, place: str, value: Any, taken: set[str]) -> str:
        """Return a key that stands for one thing only."""
        key = value if isinstance(value, str) else ""
        if not KEY.fullmatch(key):
            self.wrong(place, "key", "a–z, 0–9, _")
        elif key in taken:
            self.wrong(place, "twice", key)
        taken.add(key)
        return key

    def whole(self, place: str, value: Any, least: int, most: int) -> int:
        """Return a whole number in a range."""
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(place, "number", f"{least}–{most}")
            return least
        return value

    def seconds(self, place: str, value: Any, least: float, most: float) -> float:
        """Return seconds in a range, to the millisecond."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        # Compared before it is converted: whole numbers may be too large for a float; what is no number is in no range.
        if not is_number or not least <= value <= most:
            self.wrong(place, "seconds", f"{least:g}–{most:g}")
            return float(least)
        return round(float(value), 3)

    def truth(self, place: str, value: Any) -> bool:
        """Return yes or no."""
        if not isinstance(value, bool):
            self.wrong(place, "truth", "true, false")
        return value is True

    def word(self, place: str, value: Any, words: type[WordT]) -> WordT | None:
        """Return one of the known words; None if it is none."""
        if isinstance(value, str) and value in set(words):
            return words(value)
        self.wrong(place, "word", ", ".join(words))
        return None
