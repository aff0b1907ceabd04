"""Rules over transcripts: what must be said, when and by whom, and what is wrong with a rule that cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from qa.calc.reading import Reader, Unreadable
from qa.calc.scripts import REFERENCE_MOST, reference_read
from qa.calc.speech_text import normalize
from qa.calc.transcripts import Speaker

RULES_MOST, PHRASES_MOST, STEPS_MOST = 200, 200, 10
TITLE_MOST, PHRASE_MOST = 120, 200
# Below, anything is like anything.
FUZZY_LEAST, FUZZY_MOST = 60, 99
LIMIT_SECONDS_MOST, LIMIT_TURNS_MOST, TIMES_MOST = 3600, 100, 100
# Greeting and agent number within 3 s of the connection (A77).
GREETING_SECONDS, GREETING_TURNS = 3, 2
# Shorter ones are "mhm".
INTERRUPTION_SECONDS = 1
# What can be wrong with a rule or a lexicon, for the words of pages.
PROBLEMS: Final = (
    "rows", "fields", "unknown", "text", "key", "twice", "number", "seconds", "truth", "word", "silent_phrase",
    "one_of", "from_to", "script",
)  # fmt: skip


class RuleKind(StrEnum):
    """What a rule looks at."""

    MUST_SAY = "must_say"
    MUST_NOT_SAY = "must_not_say"
    ORDER = "order"
    GREETING = "greeting"
    SILENCE = "silence"
    TALK_RATIO = "talk_ratio"
    INTERRUPTION = "interruption"


class Language(StrEnum):
    """Of which language a conversation is."""

    ZH = "zh"
    EN = "en"


class Edge(StrEnum):
    """From which end something is counted."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Within:
    """Where in a conversation something is to be said; one of the two limits is set.

    Attributes:
        seconds: A turn counts if it starts in the first, or ends in the last, so many.
        turns: So many turns of the rule's speaker, or of anybody if it names none.
    """

    edge: Edge
    seconds: float | None = None
    turns: int | None = None


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing to say, in several ways.

    Attributes:
        phrases: The ways, as they were entered; any of them will do.
        speaker: Who says it; None for anybody.
        fuzzy_percent: 60..99, how like a phrase a stretch must be; None for letter by letter.
        unless: Where these are said, phrases inside do not count: "不能保证" is no "保证".
    """

    phrases: tuple[str, ...]
    speaker: Speaker | None = None
    fuzzy_percent: int | None = None
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        speaker: Of whom phrases count, who greets, or who interrupts; None for anybody.
        language: Conversations of the other one are left out; None for all.
        is_risky: A conversation that fails it is looked at first.
        sayings: One; for an order at least two; none for rules about time alone.
        within: Where it must, or must not, be said.
        seconds: Greeting: latest start after the connection. Silence: longest gap between turns. Interruption: shortest
            time that both speak.
        turns: Greeting: in how many first turns of the speaker it is done.
        needs_number: Greeting: the agent's number is part of it.
        times_most: Silence and interruption: so many are forgiven.
        from_percent: Talk ratio: least share of the agent in the time that agent and customer speak, 0..100.
        to_percent: Most share, 0..100.
        script: The line of a script that it is about, as ``CODE#line``; empty for none.
    """

    key: str
    title: str
    kind: RuleKind
    speaker: Speaker | None = None
    language: Language | None = None
    is_risky: bool = False
    sayings: tuple[Saying, ...] = ()
    within: Within | None = None
    seconds: float | None = None
    turns: int = GREETING_TURNS
    needs_number: bool = True
    times_most: int = 0
    from_percent: int = 0
    to_percent: int = 100
    script: str = ""


class RuleError(Unreadable):
    """Rules that cannot be used; places are ``rules.2.phrases.0``, what is wrong is of ``PROBLEMS``."""


_COMMON = ("key", "title", "kind", "language", "is_risky", "script")
_SAYING = ("phrases", "speaker", "fuzzy_percent", "unless")
_FIELDS: dict[RuleKind, tuple[str, ...]] = {
    RuleKind.MUST_SAY: (*_SAYING, "within"),
    RuleKind.MUST_NOT_SAY: (*_SAYING, "within"),
    RuleKind.ORDER: ("steps", "speaker"),
    RuleKind.GREETING: (*_SAYING, "seconds", "turns", "needs_number"),
    RuleKind.SILENCE: ("seconds", "times_most"),
    RuleKind.TALK_RATIO: ("from_percent", "to_percent"),
    RuleKind.INTERRUPTION: ("speaker", "seconds", "times_most"),
}
# Where nothing is said about the speaker: what must be said is said by the agent.
_SPEAKER = {
    RuleKind.MUST_SAY: "agent",
    RuleKind.MUST_NOT_SAY: "agent",
    RuleKind.GREETING: "agent",
    RuleKind.INTERRUPTION: "agent",
}


def rules_read(body: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Return the rules of their stored shape, ``{"rules": [...]}``.

    Where a rule to say, not to say, to greet or not to interrupt names no speaker, it means the agent; ``null`` means
    anybody.

    Raises:
        RuleError: With everything that is wrong, by place: ``rules.1.within.seconds``.

    >>> rules = rules_read({"rules": [{"key": "bye", "title": "Thanks", "kind": "must_say", "phrases": ["谢谢来电"],
    ...                                "within": {"edge": "last", "turns": 2}}]})
    >>> rules[0].sayings[0].speaker.value, rules[0].within.turns
    ('agent', 2)
    >>> rules_read({"rules": [{"key": "gap", "title": "Silence", "kind": "silence", "seconds": "ten", "wait": 3}]})
    Traceback (most recent call last):
    qa.calc.speech_rules.RuleError: rules.0.wait: unknown key, title, kind, language, is_risky, script, seconds, \
times_most; rules.0.seconds: seconds 0.1–3600
    """
    reader = Reader()
    body = reader.mapping("", body)
    reader.only("", body, ("rules",))
    taken: set[str] = set()
    rows = reader.rows("rules", body.get("rules"), 1, RULES_MOST)
    rules = tuple(_rule(reader, f"rules.{at}", row, taken) for at, row in enumerate(rows))
    if reader.problems:
        raise RuleError(reader.problems)
    return rules


def _rule(reader: Reader, place: str, value: Any, taken: set[str]) -> Rule:
    row = reader.mapping(place, value)
    known = reader.word(f"{place}.kind", row.get("kind"), RuleKind)
    kind = known or RuleKind.MUST_SAY
    if known:
        reader.only(f"{place}.", row, (*_COMMON, *_FIELDS[kind]))
    speaker = _speaker(reader, f"{place}.speaker", row.get("speaker", _SPEAKER.get(kind)))
    if kind is RuleKind.INTERRUPTION and speaker in (None, Speaker.SYSTEM):
        reader.wrong(f"{place}.speaker", "word", "agent, customer")
    language = row.get("language")
    low, high = row.get("from_percent", 0), row.get("to_percent", 100)
    rule = Rule(
        key=reader.key(f"{place}.key", row.get("key"), taken),
        title=reader.text(f"{place}.title", row.get("title"), TITLE_MOST),
        kind=kind,
        speaker=speaker,
        language=None if language is None else reader.word(f"{place}.language", language, Language),
        is_risky=reader.truth(f"{place}.is_risky", row.get("is_risky", kind is RuleKind.MUST_NOT_SAY)),
        sayings=_sayings(reader, place, row, kind, speaker) if known else (),
        within=None if row.get("within") is None else _within(reader, f"{place}.within", row["within"]),
        seconds=_seconds(reader, f"{place}.seconds", row.get("seconds"), kind),
        turns=reader.whole(f"{place}.turns", row.get("turns", GREETING_TURNS), 1, LIMIT_TURNS_MOST),
        needs_number=reader.truth(f"{place}.needs_number", row.get("needs_number", True)),
        times_most=reader.whole(f"{place}.times_most", row.get("times_most", 0), 0, TIMES_MOST),
        from_percent=reader.whole(f"{place}.from_percent", low, 0, 100),
        to_percent=reader.whole(f"{place}.to_percent", high, 0, 100),
        script=_script(reader, f"{place}.script", row.get("script")),
    )
    if rule.from_percent > rule.to_percent or (kind is RuleKind.TALK_RATIO and (low, high) == (0, 100)):
        reader.wrong(f"{place}.from_percent", "from_to", f"0–{rule.to_percent}")
    return rule


def _script(reader: Reader, place: str, value: Any) -> str:
    text = reader.text(place, value, REFERENCE_MOST) if value not in (None, "") else ""
    if text and reference_read(text) is None:
        reader.wrong(place, "script")
    return text


def _seconds(reader: Reader, place: str, value: Any, kind: RuleKind) -> float | None:
    if value is None:
        value = {RuleKind.GREETING: GREETING_SECONDS, RuleKind.INTERRUPTION: INTERRUPTION_SECONDS}.get(kind)
    if value is None and kind is not RuleKind.SILENCE:
        return None
    return reader.seconds(place, value, 0.1, LIMIT_SECONDS_MOST)


def _speaker(reader: Reader, place: str, value: Any) -> Speaker | None:
    return None if value is None else reader.word(place, value, Speaker)


def _within(reader: Reader, place: str, value: Any) -> Within:
    row = reader.mapping(place, value)
    reader.only(f"{place}.", row, ("edge", "seconds", "turns"))
    seconds, turns = row.get("seconds"), row.get("turns")
    if (seconds is None) == (turns is None):
        reader.wrong(place, "one_of", "seconds, turns")
    return Within(
        edge=reader.word(f"{place}.edge", row.get("edge"), Edge) or Edge.FIRST,
        seconds=None if seconds is None else reader.seconds(f"{place}.seconds", seconds, 0.1, LIMIT_SECONDS_MOST),
        turns=None if turns is None else reader.whole(f"{place}.turns", turns, 1, LIMIT_TURNS_MOST),
    )


def _sayings(
    reader: Reader, place: str, row: Mapping[str, Any], kind: RuleKind, speaker: Speaker | None
) -> tuple[Saying, ...]:
    if kind is RuleKind.ORDER:
        steps = reader.rows(f"{place}.steps", row.get("steps"), 2, STEPS_MOST)
        read = []
        for at, step in enumerate(steps):
            fields = reader.mapping(f"{place}.steps.{at}", step)
            reader.only(f"{place}.steps.{at}.", fields, _SAYING)
            read.append(_saying(reader, f"{place}.steps.{at}", fields, speaker))
        return tuple(read)
    return (_saying(reader, place, row, speaker),) if "phrases" in _FIELDS[kind] else ()


def _saying(reader: Reader, place: str, row: Mapping[str, Any], speaker: Speaker | None) -> Saying:
    fuzzy = row.get("fuzzy_percent")
    percent = None if fuzzy is None else reader.whole(f"{place}.fuzzy_percent", fuzzy, FUZZY_LEAST, FUZZY_MOST)
    return Saying(
        phrases=phrases_read(reader, f"{place}.phrases", row.get("phrases"), least=1),
        speaker=_speaker(reader, f"{place}.speaker", row["speaker"]) if "speaker" in row else speaker,
        fuzzy_percent=percent,
        unless=phrases_read(reader, f"{place}.unless", row.get("unless", []), least=0),
    )


def phrases_read(reader: Reader, place: str, value: Any, *, least: int) -> tuple[str, ...]:
    """Return phrases as they were entered; each must leave something to look for, and nothing twice.

    Args:
        reader: Takes what is wrong.
        place: Where the list stands.
        value: A list of ``least``..200 texts of 1..200 characters.
        least: 0 or more.

    >>> reader = Reader()
    >>> phrases_read(reader, "phrases", ["Good morning", "good  morning!", "…"], least=1)[0], reader.problems
    ('Good morning', [('phrases.1', 'twice', 'Good morning'), ('phrases.2', 'silent_phrase', '')])
    """
    seen: dict[str, str] = {}
    phrases = []
    for at, each in enumerate(reader.rows(place, value, least, PHRASES_MOST)):
        phrase = reader.text(f"{place}.{at}", each, PHRASE_MOST)
        normal = normalize(phrase)
        if phrase and not normal:
            reader.wrong(f"{place}.{at}", "silent_phrase")
        elif normal in seen and normal:
            reader.wrong(f"{place}.{at}", "twice", seen[normal])
        seen.setdefault(normal, phrase)
        phrases.append(phrase)
    return tuple(phrases)
