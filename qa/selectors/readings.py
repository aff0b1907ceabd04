"""A transcript ready to be read: hits marked where they stand, what each rule says, and a hint at the temper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.scope import Scope
from qa.calc.marking import Mark, Piece, Spent, pieces_of, spent
from qa.calc.rule_book import Hit
from qa.calc.speech_rules import Rule
from qa.calc.transcripts import Transcript as Words
from qa.calc.transcripts import transcript_from
from qa.models import Check, RuleSet, Transcript
from qa.selectors.speech import lexicon_live, rules_of
from qa.selectors.transcripts import checks_of

# Marks of the lexicon, among the keys of rules, which hold no blank.
TEMPER = "temper hint"


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says of a conversation.

    Attributes:
        verdict: Of ``qa.calc.rule_book.Verdict``.
        reason: Of ``Reason``; empty for a passed rule.
        hits: Where, in order.
        numerator: Of the talk ratio; None for others.
        denominator: See ``numerator``.
    """

    rule: Rule
    verdict: str
    reason: str = ""
    hits: tuple[Hit, ...] = ()
    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A turn.

    Attributes:
        at: Its place, from 0.
        pieces: Its words, cut where hits begin and end.
        notes: Hits without words: a gap before it, or an interruption, each with its rule and seconds.
        level: Of the customer's displeasure; None where the lexicon says nothing.
        is_escalation: The level reaches the lexicon's for the first time.
    """

    at: int
    speaker: str
    start_seconds: float | None
    pieces: list[Piece]
    notes: list[tuple[Rule, float]] = field(default_factory=list)
    level: float | None = None
    is_escalation: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A transcript with everything that is told beside it.

    Attributes:
        said: Each rule set's version with what its rules say; empty before it was judged.
        titles: Key of a rule to its title.
        spent: How time was spent; None without times.
    """

    lines: list[Line]
    said: list[tuple[RuleSet, list[Said]]]
    titles: Mapping[str, str]
    spent: Spent | None


def said_of(rules: Iterable[Rule], results: Iterable[Mapping[str, Any]]) -> list[Said]:
    """Return what was kept of some rules' results, in the order of the rules."""
    kept = {each["key"]: each for each in results}
    return [
        Said(
            rule,
            kept[rule.key]["verdict"],
            kept[rule.key].get("reason", ""),
            tuple(Hit(**hit) for hit in kept[rule.key].get("hits", ())),
            kept[rule.key].get("numerator"),
            kept[rule.key].get("denominator"),
        )
        for rule in rules
        if rule.key in kept
    ]


def reading_of(*, scope: Scope, transcript: Transcript) -> Reading:
    """Return a transcript as people read it; who does not see automatic checks reads the words alone.

    Args:
        scope: Who reads.
        transcript: Fetched in scope, with its words.
    """
    words = transcript_from(transcript.body)
    checks: list[Check] = checks_of(scope=scope, transcript=transcript) if scope.can("speech.view") else []
    said = [(check.rule_set, said_of(rules_of(check.rule_set), check.results)) for check in checks]
    return reading_made(scope=scope, vendor_id=transcript.vendor_id, words=words, said=said)


def reading_made(*, scope: Scope, vendor_id: int, words: Words, said: list[tuple[RuleSet, list[Said]]]) -> Reading:
    """Return some words with what rules say of them, and the hint of the lexicon in use at a vendor."""
    hint = None
    if scope.can("speech.view"):
        hint = lexicon_live(scope=scope, vendor_id=vendor_id).hint(words)
    marks: dict[int, list[Mark]] = {}
    notes: dict[int, list[tuple[Rule, float]]] = {}
    for _rules, results in said:
        for result in results:
            for hit in result.hits:
                if hit.seconds is not None:
                    notes.setdefault(hit.turn, []).append((result.rule, hit.seconds))
                else:
                    marks.setdefault(hit.turn, []).append(Mark(hit.start, hit.end, result.rule.key))
    levels = {}
    for each in hint.turns if hint else ():
        # A friendly or a plain turn is no hint at anything.
        levels[each.turn] = each.level if each.level and each.hits else None
        if each.score > 0:
            marks.setdefault(each.turn, []).extend(Mark(hit.start, hit.end, TEMPER) for hit in each.hits)
    lines = [
        Line(
            at,
            turn.speaker.value,
            turn.start_seconds,
            pieces_of(turn.text, marks.get(at, ())),
            notes.get(at, []),
            levels.get(at),
            hint is not None and hint.escalates_at == at,
        )
        for at, turn in enumerate(words.turns)
    ]
    titles = {result.rule.key: result.rule.title for _rules, results in said for result in results}
    return Reading(lines, said, titles, spent(words))
