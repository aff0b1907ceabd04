"""A transcript as people read it: each turn cut where hits begin and end, and how time was spent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.calc.transcripts import Speaker, Transcript


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a turn that something speaks of.

    Attributes:
        start: First character.
        end: Last one, exclusive.
        name: Of what speaks of it, such as a rule's key.
    """

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a turn, and all that speaks of them, in the order given."""

    text: str
    names: tuple[str, ...] = ()


def pieces_of(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """Return a text cut at every beginning and end of its marks; the pieces together are the text.

    >>> [(piece.text, piece.names) for piece in pieces_of("we promise it", [Mark(3, 10, "a"), Mark(5, 13, "b")])]
    [('we ', ()), ('pr', ('a',)), ('omise', ('a', 'b')), (' it', ('b',))]
    """
    kept = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    edges = sorted({0, len(text), *(mark.start for mark in kept), *(mark.end for mark in kept)})
    return [
        Piece(text[a:b], tuple(dict.fromkeys(mark.name for mark in kept if mark.start < b and a < mark.end)))
        for a, b in pairwise(edges)
    ]


@dataclass(frozen=True, slots=True)
class Spent:
    """How the time of a conversation was spent, in milliseconds; what two say at once counts for both.

    Attributes:
        whole: From the first turn's start to the last end.
        agent: The agent speaks.
        customer: The customer speaks.
        silent: Nobody speaks.
        longest_gap: The longest stretch in which nobody speaks.
    """

    whole: int
    agent: int
    customer: int
    silent: int
    longest_gap: int


def spent(transcript: Transcript) -> Spent | None:
    """Return how time was spent; None where a start or an end is missing.

    Source: docs/formulas.md, "Transcript rules".

    >>> from qa.calc.transcripts import transcript_read
    >>> spent(transcript_read("00:00-00:04 agent: hello\\n00:03-00:06 customer: hi\\n00:10-00:12 agent: bye"))
    Spent(whole=12000, agent=6000, customer=3000, silent=4000, longest_gap=4000)
    """
    if not transcript.has_ends:
        return None
    spans = [
        (round((turn.start_seconds or 0) * 1000), round((turn.end_seconds or 0) * 1000), turn.speaker)
        for turn in transcript.turns
    ]
    covered, gap = _covered([(start, end) for start, end, _speaker in spans])
    first, last = min(start for start, _e, _s in spans), max(end for _s, end, _sp in spans)
    agent, customer = (
        _covered([(start, end) for start, end, one in spans if one is speaker])[0]
        for speaker in (Speaker.AGENT, Speaker.CUSTOMER)
    )
    return Spent(last - first, agent, customer, last - first - covered, gap)


def _covered(spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Time within any of some spans, and the longest time between them."""
    total = gap = 0
    until: int | None = None
    for start, end in sorted(spans):
        if until is not None and start > until:
            gap = max(gap, start - until)
        total += max(0, end - (start if until is None else max(start, until)))
        until = end if until is None else max(until, end)
    return total, gap
