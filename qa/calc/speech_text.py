"""Text as phrases are looked for in it: one form for what sounds the same, and the way back to what was written."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

# Characters of scripts that are written without blanks: Chinese and Japanese.
_WIDE: Final = "\u2e80-\u312f\u3190-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = re.compile(f"[{_WIDE}]")
_LOOSE_BLANK = re.compile(f"(?<=[{_WIDE}]) | (?=[{_WIDE}])")
# They stand inside words: don't, l’eau.
_APOSTROPHES = frozenset("'’‘ʼ＇`´")
# Marks a text that needs the slower way, because signs in it belong together; no result ever holds it.
_JOINS = "\x00"
# No phrase reaches over it: what two turns say is not one sentence.
TURN_END: Final = "\n"
_DIGIT_WORDS = {
    "zero": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_DIGIT_WORD = re.compile(rf"(?<![a-z0-9])({'|'.join(_DIGIT_WORDS)})(?![a-z0-9])")
_CHINESE_DIGITS = str.maketrans("零〇一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖", "0011122233445566778899")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-]+(?=\d)")


def is_unspaced(char: str) -> bool:
    """Return whether a character belongs to a script without blanks, where every place is the edge of a word.

    >>> [is_unspaced(char) for char in "您8a"]
    [True, False, False]
    """
    return char >= "\u2e80" and _UNSPACED.match(char) is not None


class _Forms(dict[int, str]):
    """What becomes of each character on its own; filled as characters are met."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        form = _JOINS if _joins(char) else _form(char)
        self[point] = form
        return form


def _joins(char: str) -> bool:
    """Whether a character may melt into the one before: accents, and vowels of Korean syllables."""
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.category(first)[0] == "M" or 0x1160 <= ord(first) <= 0x11FF


def _form(cluster: str) -> str:
    if cluster in _APOSTROPHES:
        return ""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    return "".join(_sign(char) for char in folded)


def _sign(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf" or 0xFE00 <= ord(char) <= 0xFE0F:
        return ""
    return " " if category[0] in "PSZC" else char


_FORMS = _Forms()


def normalize(text: str) -> str:
    """Return the form in which phrases are compared.

    Compatibility forms and full-width letters become plain ones, case goes, signs that nobody hears and zero-width ones
    too, apostrophes inside words with them. What separates words becomes one blank, and none beside Chinese
    characters, whose blanks mean nothing. Digits stay as they are written: 八 is not 8.

    Source: Unicode Standard Annex 15 (NFKC); domain A77–A82; docs/formulas.md, "Transcript rules".

    >>> normalize("Ｇｏｏｄ morning — this isn’t  FREE!"), normalize("您 好， 工号 ８０２１。")
    ('good morning this isnt free', '您好工号8021')
    """
    plain = text.translate(_FORMS)
    if _JOINS in plain:
        return normalize_mapped(text).text
    plain = " ".join(plain.split())
    return plain if plain.isascii() else _LOOSE_BLANK.sub("", plain)


@dataclass(frozen=True, slots=True)
class MappedText:
    """A normalized text with the way back.

    Attributes:
        text: As ``normalize`` gives it.
        starts: For each of its characters, where in the original begins what it came from.
        ends: And where that ends, exclusive.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return from where to where (exclusive) the original reads what stands at ``start``..``end`` here.

        Args:
            start: 0 or more.
            end: Above ``start``, at most the length of the text.
        """
        return self.starts[start], self.ends[end - 1]


def normalize_mapped(text: str) -> MappedText:
    """Return the normalized text together with the place of each character in the original.

    >>> mapped = normalize_mapped("Yes… Ｏ Ｋ!")
    >>> mapped.text, mapped.span(4, 7)
    ('yes o k', (5, 8))
    """
    signs: list[tuple[str, int, int]] = []
    for start, end in _clusters(text):
        for sign in _form(text[start:end]):
            if sign != " " or (signs and signs[-1][0] != " "):
                signs.append((sign, start, end))
    if signs and signs[-1][0] == " ":
        signs.pop()
    kept = [
        each
        for at, each in enumerate(signs)
        if each[0] != " " or not (is_unspaced(signs[at - 1][0]) or is_unspaced(signs[at + 1][0]))
    ]
    return MappedText(
        "".join(sign for sign, _start, _end in kept),
        tuple(start for _sign, start, _end in kept),
        tuple(end for _sign, _start, end in kept),
    )


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Where begins and ends what melts together."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or _FORMS[ord(text[at])] != _JOINS:
            yield start, at
            start = at


class SpokenText:
    """What was said in all turns as one normalized text, with the way back to turn and character.

    >>> spoken = SpokenText(["Good morning!", "Hello, I want a REFUND."])
    >>> spoken.text
    'good morning\\nhello i want a refund'
    >>> at = spoken.text.index("refund")
    >>> spoken.place(at, at + 6)
    (1, 16, 22)
    """

    __slots__ = ("_mapped", "_originals", "offsets", "text", "turns")

    def __init__(self, originals: Sequence[str]) -> None:
        self._originals = originals
        self.turns = [normalize(text) for text in originals]
        self.text = TURN_END.join(self.turns)
        self.offsets = [0, *accumulate(len(turn) + len(TURN_END) for turn in self.turns)]
        self._mapped: dict[int, MappedText] = {}

    def turn_at(self, position: int) -> int:
        """Return the index of the turn to which a position in ``text`` belongs."""
        return bisect_right(self.offsets, position) - 1

    def place(self, start: int, end: int) -> tuple[int, int, int]:
        """Return turn, first and last character (exclusive) in the original of a stretch of ``text`` in one turn."""
        turn = self.turn_at(start)
        if turn not in self._mapped:
            self._mapped[turn] = normalize_mapped(self._originals[turn])
        first, last = self._mapped[turn].span(start - self.offsets[turn], end - self.offsets[turn])
        return turn, first, last


def says_number(text: str, number: str) -> bool:
    """Return whether a text says a short number, such as an agent's, in digits or digit by digit in words.

    Args:
        text: As it was transcribed.
        number: Letters and digits; nothing is said by an empty one.

    >>> [says_number(text, "8021") for text in ("工号八零二一，一位", "eight zero-two one", "No. 80 21", "80215")]
    [True, True, True, False]
    """
    wanted = normalize(number)
    if not wanted:
        return False
    spelled = unicodedata.normalize("NFKC", text).casefold()
    spelled = _DIGIT_WORD.sub(lambda found: _DIGIT_WORDS[found[1]], spelled).translate(_CHINESE_DIGITS)
    alone = re.compile(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])")
    return any(alone.search(said) for said in (normalize(text), normalize(_BETWEEN_DIGITS.sub("", spelled))))
