"""Judging transcripts by rules: all phrases of all rules in one pass, and for each rule whether it was kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from qa.calc.phrases import Found, PhraseIndex, apart, closest
from qa.calc.speech_rules import Edge, Language, Rule, RuleKind, Saying, Within
from qa.calc.speech_text import SpokenText, is_unspaced, normalize, says_number
from qa.calc.transcripts import Speaker, Transcript, Turn

# A conversation is Chinese from this share of Chinese characters among all that is spoken; English words take several
# letters each, Chinese ones one or two.
CHINESE_LEAST_PERCENT = 20


class Verdict(StrEnum):
    """How a conversation stands to a rule."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


class Reason(StrEnum):
    """Why a rule failed or could not be judged."""

    # Failed.
    NOT_SAID = "not_said"
    SAID = "said"
    OUT_OF_ORDER = "out_of_order"
    TOO_LATE = "too_late"
    NUMBER_NOT_SAID = "number_not_said"
    TOO_LONG = "too_long"
    TOO_LITTLE = "too_little"
    TOO_MUCH = "too_much"
    TOO_OFTEN = "too_often"
    # Not applicable.
    OTHER_LANGUAGE = "other_language"
    NO_SPEAKER = "no_speaker"
    NO_TIMES = "no_times"
    NO_CONNECTION = "no_connection"
    NUMBER_UNKNOWN = "number_unknown"


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a conversation that a rule speaks of.

    Attributes:
        turn: Index of the turn.
        start: First character in the turn's text as it was transcribed.
        end: Last one, exclusive. A gap has no characters: it lies before its turn, and both are 0.
        phrase: As it was entered; empty for rules about time alone.
        similarity: 0..1; 1 where the phrase is said letter by letter; None for rules about time alone.
        seconds: Length of a gap, or of speaking both; None for phrases.
        step: Of which step of an order, from 0.
    """

    turn: int
    start: int
    end: int
    phrase: str = ""
    similarity: float | None = None
    seconds: float | None = None
    step: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What a rule says about a conversation.

    Attributes:
        reason: None for a passed rule.
        hits: In order; of a passed rule those that make it pass, of a failed one those that were found all the same, or
            that make it fail.
        numerator: Talk ratio: milliseconds in which the agent speaks; None for other kinds.
        denominator: Talk ratio: milliseconds of agent and customer together.
    """

    key: str
    verdict: Verdict
    reason: Reason | None = None
    hits: tuple[Hit, ...] = ()
    numerator: int | None = None
    denominator: int | None = None


def language_of(transcript: Transcript) -> Language | None:
    """Return the language of a conversation by its letters; None if it has none.

    >>> from qa.calc.transcripts import transcript_read
    >>> [language_of(transcript_read(f"agent: {text}")) for text in ("您好, ok", "hello 王", "123")]
    [<Language.ZH: 'zh'>, <Language.EN: 'en'>, None]
    """
    text = "".join(turn.text for turn in transcript.turns)
    letters = 0 if text.isascii() else sum(is_unspaced(char) and char.isalpha() for char in text)
    everything = sum(map(str.isalpha, text))
    if not everything:
        return None
    return Language.ZH if 100 * letters >= CHINESE_LEAST_PERCENT * everything else Language.EN


class _Heard:
    """One conversation while it is judged."""

    def __init__(self, transcript: Transcript, agent_number: str) -> None:
        self.transcript = transcript
        self.turns = transcript.turns
        self.agent_number = agent_number
        self.spoken = SpokenText([turn.text for turn in transcript.turns])
        self.speakers = {turn.speaker for turn in self.turns}
        self.letter_by_letter: dict[int, list[Found]] = defaultdict(list)
        self.excused: dict[int, list[Found]] = defaultdict(list)

    def turn_of(self, found: Found) -> int:
        return self.spoken.turn_at(found.start)


class RuleBook:
    """Rules, ready to judge any number of transcripts.

    >>> from qa.calc.speech_rules import rules_read
    >>> from qa.calc.transcripts import transcript_read
    >>> book = RuleBook(rules_read({"rules": [
    ...     {"key": "promise", "title": "None", "kind": "must_not_say", "phrases": ["保证"], "unless": ["不能保证"]},
    ...     {"key": "bye", "title": "Thanks", "kind": "must_say", "phrases": ["thank you for calling", "感谢来电"]}]}))
    >>> call = transcript_read("坐席：我不能保证收益，但我保证 服务。\\n客户：好\\n坐席：感谢来电")
    >>> for result in book.check(call):
    ...     print(result.key, result.verdict.value, [call.turns[h.turn].text[h.start:h.end] for h in result.hits])
    promise failed ['保证']
    bye passed ['感谢来电']
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._sayings: list[Saying] = [saying for rule in self.rules for saying in rule.sayings]
        self._places = {id(saying): at for at, saying in enumerate(self._sayings)}
        # Normalized phrase to the sayings that it belongs to, each with the phrase as it was entered.
        self._phrases: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._unless: dict[str, list[int]] = defaultdict(list)
        for at, saying in enumerate(self._sayings):
            for phrase in saying.phrases:
                self._phrases[normalize(phrase)].append((at, phrase))
            for phrase in saying.unless:
                self._unless[normalize(phrase)].append(at)
        self._written = [{normalize(phrase): phrase for phrase in saying.phrases} for saying in self._sayings]
        self._index = PhraseIndex({**self._phrases, **self._unless})
        self._judges: dict[RuleKind, Callable[[Rule, _Heard], Result]] = {
            RuleKind.MUST_SAY: self._must_say,
            RuleKind.MUST_NOT_SAY: self._must_not_say,
            RuleKind.ORDER: self._order,
            RuleKind.GREETING: self._greeting,
            RuleKind.SILENCE: _silence,
            RuleKind.TALK_RATIO: _talk_ratio,
            RuleKind.INTERRUPTION: _interruption,
        }

    def check(self, transcript: Transcript, agent_number: str = "") -> tuple[Result, ...]:
        """Return what each rule says, in the order of the rules.

        Args:
            transcript: The conversation.
            agent_number: The number that the agent is to say; empty if it is not known.

        Source: domain A77, A78, A104, A113; docs/formulas.md, "Transcript rules".
        """
        heard = _Heard(transcript, agent_number)
        for found in self._index.find(heard.spoken.text):
            for at, _written in self._phrases.get(found.phrase, ()):
                heard.letter_by_letter[at].append(found)
            for at in self._unless.get(found.phrase, ()):
                heard.excused[at].append(found)
        language = language_of(transcript) if any(rule.language for rule in self.rules) else None
        return tuple(self._judge(rule, heard, language) for rule in self.rules)

    def _judge(self, rule: Rule, heard: _Heard, language: Language | None) -> Result:
        if rule.language is not None and rule.language is not language:
            return _without(rule, Reason.OTHER_LANGUAGE)
        wanted = {saying.speaker for saying in rule.sayings} or {rule.speaker}
        if any(speaker is not None and speaker not in heard.speakers for speaker in wanted):
            return _without(rule, Reason.NO_SPEAKER)
        return self._judges[rule.kind](rule, heard)

    def _finds(self, saying: Saying, heard: _Heard) -> list[Found]:
        """All places where something is said by the right speaker, excused ones left out."""
        at = self._places[id(saying)]
        finds = heard.letter_by_letter.get(at, [])
        if saying.speaker is not None:
            finds = [found for found in finds if heard.turns[heard.turn_of(found)].speaker is saying.speaker]
        if saying.fuzzy_percent is not None:
            finds = [*finds, *self._fuzzy(at, saying, saying.fuzzy_percent, heard, finds)]
        if excuses := heard.excused.get(at):
            finds = [f for f in finds if not any(e.start < f.end and f.start < e.end for e in excuses)]
        return finds

    def _fuzzy(self, at: int, saying: Saying, percent: int, heard: _Heard, exact: list[Found]) -> list[Found]:
        done = {(found.phrase, heard.turn_of(found)) for found in exact}
        finds = []
        for turn, text in enumerate(heard.spoken.turns):
            if saying.speaker is not None and heard.turns[turn].speaker is not saying.speaker:
                continue
            for phrase in self._written[at]:
                if (phrase, turn) in done:
                    continue
                found = closest(phrase, text, percent)
                if found is not None:
                    before = heard.spoken.offsets[turn]
                    finds.append(Found(before + found.start, before + found.end, phrase, found.similarity))
        return finds

    def _hits(self, saying: Saying, heard: _Heard, finds: Iterable[Found], step: int = 0) -> tuple[Hit, ...]:
        written = self._written[self._places[id(saying)]]
        return tuple(
            Hit(*heard.spoken.place(f.start, f.end), phrase=written[f.phrase], similarity=f.similarity, step=step)
            for f in finds
        )

    def _said(self, rule: Rule, heard: _Heard) -> tuple[Hit, ...] | Reason:
        saying = rule.sayings[0]
        finds = apart(self._finds(saying, heard))
        if rule.within is not None:
            places = _turns_within(rule.within, saying.speaker, heard.transcript)
            if isinstance(places, Reason):
                return places
            finds = [found for found in finds if heard.turn_of(found) in places]
        return self._hits(saying, heard, finds)

    def _must_say(self, rule: Rule, heard: _Heard) -> Result:
        hits = self._said(rule, heard)
        if isinstance(hits, Reason):
            return _without(rule, hits)
        return _result(rule, None if hits else Reason.NOT_SAID, hits)

    def _must_not_say(self, rule: Rule, heard: _Heard) -> Result:
        hits = self._said(rule, heard)
        if isinstance(hits, Reason):
            return _without(rule, hits)
        return _result(rule, Reason.SAID if hits else None, hits)

    def _order(self, rule: Rule, heard: _Heard) -> Result:
        """One step after the other, each as early as it can be: if that does not succeed, nothing does."""
        hits: list[Hit] = []
        after = 0
        for step, saying in enumerate(rule.sayings):
            later = [found for found in self._finds(saying, heard) if found.start >= after]
            if not later:
                return _result(rule, Reason.OUT_OF_ORDER if self._finds(saying, heard) else Reason.NOT_SAID, hits)
            first = min(later, key=lambda found: (found.end, found.start))
            hits.extend(self._hits(saying, heard, [first], step))
            after = first.end
        return _result(rule, None, hits)

    def _greeting(self, rule: Rule, heard: _Heard) -> Result:
        """What is missing fails the rule; only where nothing is, something unknown leaves it open."""
        saying = rule.sayings[0]
        mine = [at for at, turn in enumerate(heard.turns) if saying.speaker in (None, turn.speaker)][: rule.turns]
        finds = [found for found in apart(self._finds(saying, heard)) if heard.turn_of(found) in mine]
        hits = self._hits(saying, heard, finds)
        if not hits:
            return _result(rule, Reason.NOT_SAID, hits)
        start = heard.turns[hits[0].turn].start_seconds
        if start is not None and heard.transcript.starts_at_connect and start > (rule.seconds or 0):
            return _result(rule, Reason.TOO_LATE, hits)
        number = heard.agent_number if rule.needs_number else ""
        if number and not any(says_number(heard.turns[at].text, number) for at in mine):
            return _result(rule, Reason.NUMBER_NOT_SAID, hits)
        if start is None or not heard.transcript.starts_at_connect:
            return _without(rule, Reason.NO_TIMES if start is None else Reason.NO_CONNECTION, hits)
        return (
            _without(rule, Reason.NUMBER_UNKNOWN, hits)
            if rule.needs_number and not number
            else _result(rule, None, hits)
        )


def has_risk(rules: Iterable[Rule], results: Iterable[Result]) -> bool:
    """Return whether a conversation is to be looked at first: it fails a risky rule (A104, A113)."""
    risky = {rule.key for rule in rules if rule.is_risky}
    return any(result.verdict is Verdict.FAILED and result.key in risky for result in results)


def _result(rule: Rule, failed: Reason | None, hits: Sequence[Hit]) -> Result:
    return Result(rule.key, Verdict.FAILED if failed else Verdict.PASSED, failed, tuple(hits))


def _without(rule: Rule, reason: Reason, hits: Sequence[Hit] = ()) -> Result:
    return Result(rule.key, Verdict.NOT_APPLICABLE, reason, tuple(hits))


def _turns_within(within: Within, speaker: Speaker | None, transcript: Transcript) -> frozenset[int] | Reason:
    """Indexes of the turns in which something counts."""
    turns = transcript.turns
    if within.turns is not None:
        mine = [at for at, turn in enumerate(turns) if speaker in (None, turn.speaker)]
        return frozenset(mine[: within.turns] if within.edge is Edge.FIRST else mine[-within.turns :])
    if not transcript.has_starts:
        return Reason.NO_TIMES
    limit = _ms(within.seconds)
    if within.edge is Edge.FIRST:
        if not transcript.starts_at_connect:
            return Reason.NO_CONNECTION
        return frozenset(at for at, turn in enumerate(turns) if _ms(turn.start_seconds) <= limit)
    last = max(map(_end_ms, turns))
    return frozenset(at for at, turn in enumerate(turns) if _end_ms(turn) >= last - limit)


def _ms(seconds: float | None) -> int:
    return round((seconds or 0) * 1000)


def _end_ms(turn: Turn) -> int:
    return _ms(turn.start_seconds if turn.end_seconds is None else turn.end_seconds)


def _silence(rule: Rule, heard: _Heard) -> Result:
    if not heard.transcript.has_ends:
        return _without(rule, Reason.NO_TIMES)
    hits, spoken_until = [], _end_ms(heard.turns[0])
    for at, turn in enumerate(heard.turns):
        gap = _ms(turn.start_seconds) - spoken_until
        if gap > _ms(rule.seconds):
            hits.append(Hit(at, 0, 0, seconds=gap / 1000))
        spoken_until = max(spoken_until, _end_ms(turn))
    return _result(rule, Reason.TOO_LONG if len(hits) > rule.times_most else None, hits)


def _spoken_ms(turns: Iterable[Turn]) -> int:
    """Time in which somebody speaks; what two turns cover counts once."""
    total = until = 0
    for turn in turns:
        start, end = _ms(turn.start_seconds), _end_ms(turn)
        total += max(0, end - max(start, until))
        until = max(until, end)
    return total


def _talk_ratio(rule: Rule, heard: _Heard) -> Result:
    if not heard.transcript.has_ends:
        return _without(rule, Reason.NO_TIMES)
    agent, customer = (
        _spoken_ms(turn for turn in heard.turns if turn.speaker is speaker)
        for speaker in (Speaker.AGENT, Speaker.CUSTOMER)
    )
    both = agent + customer
    if not both:
        return _without(rule, Reason.NO_SPEAKER)
    reason = Reason.TOO_LITTLE if 100 * agent < rule.from_percent * both else None
    reason = Reason.TOO_MUCH if 100 * agent > rule.to_percent * both else reason
    return Result(rule.key, Verdict.FAILED if reason else Verdict.PASSED, reason, (), agent, both)


def _interruption(rule: Rule, heard: _Heard) -> Result:
    """A turn of the speaker that begins while somebody else, who began before, goes on for so long."""
    if not heard.transcript.has_ends:
        return _without(rule, Reason.NO_TIMES)
    hits, until = [], 0
    for start, group in groupby(enumerate(heard.turns), key=lambda each: _ms(each[1].start_seconds)):
        together = list(group)
        for at, turn in together:
            overlap = min(until, _end_ms(turn)) - start
            if turn.speaker is rule.speaker and overlap >= _ms(rule.seconds):
                hits.append(Hit(at, 0, len(turn.text), seconds=overlap / 1000))
        others = [_end_ms(turn) for _at, turn in together if turn.speaker not in (rule.speaker, Speaker.SYSTEM)]
        until = max([until, *others])
    return _result(rule, Reason.TOO_OFTEN if len(hits) > rule.times_most else None, hits)
