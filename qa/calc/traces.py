"""What in a text would tell whose it is: names, codes and long numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from qa.calc.spoken_numbers import ENGLISH_RUN

# Five digits in a row, Chinese ones too, blanks and hyphens between them left aside, are somebody's number.
_DIGIT = r"[\d零〇一壹幺二两三四五六七八九]"
_NUMBER = re.compile(rf"{_DIGIT}(?:[\s\-./,，、]{{0,3}}{_DIGIT}){{4,}}")
# Latin words end where no Latin letter or digit follows: Chinese stands beside them without a blank.
_EDGES = (r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])")
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
    >>> traces_in("这里是Nova客服，订单四七一一  零八", ["NOVA"])
    ['Nova', '四七一一  零八']
    """
    found: dict[str, None] = {}
    for word in sorted({word.strip() for word in words if len(word.strip()) > 1}, key=lambda word: (-len(word), word)):
        begin, end = _EDGES if word.isascii() else ("", "")
        for hit in re.finditer(f"{begin}{re.escape(word)}{end}", text, re.IGNORECASE):
            found.setdefault(hit[0])
    for pattern in (_MAIL, _NUMBER, ENGLISH_RUN):
        for hit in pattern.finditer(text):
            found.setdefault(hit[0])
    return list(found)


def own_parts(names: Sequence[str]) -> set[str]:
    """Return the words of people's names by which one of them is called; what half of all have tells of nobody.

    >>> sorted(own_parts(["Agent Mango 32", "Agent Pearl 33", "Agent Palm 34"]))
    ['Mango', 'Palm', 'Pearl']
    """
    counts = Counter(part for name in names for part in set(name.split()))
    return {part for part, count in counts.items() if len(part) > 2 and not part.isdecimal() and 2 * count < len(names)}
