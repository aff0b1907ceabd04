"""Looking for phrases in normalized text: many at once letter by letter, or one that may be said a little otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import ahocorasick
from rapidfuzz import fuzz

from qa.calc.speech_text import TURN_END, is_unspaced


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of text that says a phrase.

    Attributes:
        start: First character.
        end: Last one, exclusive.
        phrase: The phrase, normalized.
        similarity: 0..1; 1 where it is said letter by letter.
    """

    start: int
    end: int
    phrase: str
    similarity: float = 1.0


def is_edge(text: str, at: int) -> bool:
    """Return whether no word goes on over a place of a normalized text.

    >>> [is_edge("the book", at) for at in (0, 3, 5)], is_edge("您好", 1)
    ([True, True, False], True)
    """
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    return before in (" ", TURN_END) or after in (" ", TURN_END) or is_unspaced(before) or is_unspaced(after)


class PhraseIndex:
    """All phrases in one automaton: one pass over a text finds each of them wherever it stands as whole words.

    Source: Aho and Corasick 1975.

    >>> [(found.start, found.phrase) for found in PhraseIndex(["ok", "您好", "好"]).find("book ok 您好")]
    [(5, 'ok'), (8, '您好'), (9, '好')]
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        """Take phrases in normalized form; empty ones are left out."""
        self._automaton = ahocorasick.Automaton()
        for phrase in phrases:
            if phrase:
                self._automaton.add_word(phrase, phrase)
        self._automaton.make_automaton()

    def find(self, text: str) -> list[Found]:
        """Return every place of every phrase by end, longer ones first; they may overlap."""
        if not len(self._automaton):
            return []
        found = []
        for last, phrase in self._automaton.iter(text):
            start = last + 1 - len(phrase)
            if is_edge(text, start) and is_edge(text, last + 1):
                found.append(Found(start, last + 1, phrase))
        return found


def apart(found: Iterable[Found]) -> list[Found]:
    """Return finds that do not overlap, in order: of those that do, the first, and of these the longest.

    >>> apart([Found(2, 3, "b"), Found(0, 3, "a b"), Found(0, 1, "a"), Found(4, 5, "c")]) == [
    ...     Found(0, 3, "a b"), Found(4, 5, "c")]
    True
    """
    kept: list[Found] = []
    for each in sorted(found, key=lambda f: (f.start, -f.end, -f.similarity, f.phrase)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def closest(phrase: str, text: str, least_percent: int) -> Found | None:
    """Return the stretch of whole words that is most like a phrase, if it is like enough.

    The likeness of a stretch is 2 · common / (both lengths), common being the longest common subsequence of characters.
    The search goes from the best stretch of the phrase's length word by word, or character by character in Chinese,
    as long as that makes it more like the phrase. The whole phrase counts: "ok" does not say "ok, I agree".

    Args:
        phrase: Normalized, not empty.
        text: Normalized; one turn.
        least_percent: 1..100.

    Source: normalized indel similarity of RapidFuzz; docs/formulas.md, "Transcript rules".

    >>> found = closest("我们保证收益", "放心我们能保证收益的", 80)
    >>> found.start, found.end, round(found.similarity, 3)
    (2, 9, 0.923)
    >>> closest("ok i agree", "ok", 50) is None
    True
    """
    # A stretch of the phrase's own length may be a little less like it than the best one is.
    rough = fuzz.partial_ratio_alignment(phrase, text, score_cutoff=100 * least_percent / (200 - least_percent))
    if rough is None or not text:
        return None
    start, end = _widened(text, rough.dest_start, rough.dest_end)
    percent = fuzz.ratio(phrase, text[start:end])
    while True:
        moves = [(a, b) for a, b in _moves(text, start, end) if a < b]
        better = max(((fuzz.ratio(phrase, text[a:b]), -a, b) for a, b in moves), default=None)
        if better is None or better[0] <= percent:
            break
        percent, start, end = better[0], -better[1], better[2]
    return Found(start, end, phrase, percent / 100) if percent >= least_percent else None


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    while not is_edge(text, start):
        start -= 1
    while not is_edge(text, end):
        end += 1
    return start, end


def _moves(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Stretches with one word more or less at one end."""
    firsts = [_edge(text, start, step, 0) for step in (-1, 1)]
    lasts = [_edge(text, end, step, -1) for step in (-1, 1)]
    return [*((first, end) for first in firsts), *((start, last) for last in lasts)]


def _edge(text: str, at: int, step: int, inside: int) -> int:
    """The next place where a stretch can begin (``inside`` 0) or end (-1): beside a word, not beside its blank."""
    at += step
    while 0 < at < len(text) and not (is_edge(text, at) and text[at + inside] != " "):
        at += step
    return max(0, min(at, len(text)))
