"""What in a text would tell whose it is: names, codes and long numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Five digits in a row, blanks and hyphens between them left aside, are somebody's number.
_NUMBER = re.compile(r"\d(?:[ \-./]?\d){4,}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def traces_in(text: str, words: Iterable[str]) -> list[str]:
    """Return what a text holds of names and codes that must not be in it, and every long number and address.

    Args:
        text: What somebody else is to read.
        words: Names and codes; letters are compared without regard to case, and Latin words as whole words.

    Returns:
        As they stand in the text, each once.

    >>> traces_in("Thank you for calling Nova, order 4711 0815.", ["NOVA", "Ana"])
    ['Nova', '4711 0815']
    """
    found: dict[str, None] = {}
    for word in sorted({word.strip() for word in words if len(word.strip()) > 1}, key=lambda word: (-len(word), word)):
        edge = r"\b" if word.isascii() else ""
        for hit in re.finditer(f"{edge}{re.escape(word)}{edge}", text, re.IGNORECASE):
            found.setdefault(hit[0])
    for pattern in (_MAIL, _NUMBER):
        for hit in pattern.finditer(text):
            found.setdefault(hit[0])
    return list(found)
