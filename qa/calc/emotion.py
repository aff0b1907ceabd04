"""A hint at a customer's temper, by a list of words that quality leads edit. It measures nothing and scores nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from qa.calc.phrases import PhraseIndex, apart
from qa.calc.reading import Reader, Unreadable
from qa.calc.rule_book import Hit
from qa.calc.speech_rules import PHRASE_MOST
from qa.calc.speech_text import SpokenText, normalize
from qa.calc.transcripts import Speaker, Transcript

ENTRIES_MOST, WEIGHT_MOST, LEVEL_MOST = 2000, 5, 50
# At this level somebody should look: one threat, or some displeasure shortly one after the other.
LEVEL_DEFAULT = 4

# A beginning in both languages, to be edited. Longer phrases go before shorter ones inside them, so that "not angry"
# and "没有投诉" do not count as what they deny.
LEXICON_DEFAULT: Final[dict[str, int]] = {
    "投诉": 3, "要投诉": 4, "不投诉": 0, "没有投诉": 0, "曝光": 4, "起诉": 4, "律师": 3, "消费者协会": 4, "12315": 4,
    "骗子": 4, "骗人": 4, "欺骗": 4, "垃圾": 3, "太差": 3, "太过分": 4, "忍无可忍": 5, "受够了": 4, "气死": 4,
    "生气": 3, "不生气": -1, "没生气": -1, "别生气": 1, "凭什么": 3, "烦死": 3, "不耐烦": 2, "没完没了": 3,
    "等了很久": 2, "打了好几次": 2, "打了很多次": 2, "说了多少遍": 3, "不满意": 2, "失望": 2, "着急": 1,
    "怎么回事": 1, "叫你们经理": 3, "找你们领导": 3, "退钱": 2, "没关系": -1, "不着急": -1, "谢谢": -1,
    "麻烦你了": -1, "辛苦了": -2, "满意": -2, "complaint": 3, "complain": 3, "no complaint": 0, "no complaints": 0,
    "sue": 4, "lawyer": 3, "scam": 4, "liar": 4, "cheated": 4, "rubbish": 3, "ridiculous": 3, "unacceptable": 3,
    "outrageous": 4, "fed up": 4, "sick of": 3, "angry": 3, "not angry": -1, "furious": 5, "worst": 3, "terrible": 3,
    "useless": 3, "waste of time": 3, "disappointed": 2, "frustrated": 3, "again and again": 2, "how many times": 3,
    "your manager": 3, "supervisor": 2, "waited": 1, "waiting for": 1, "not happy": 2, "unhappy": 2, "no problem": -1,
    "no worries": -1, "thank you": -1, "thanks": -1, "appreciate": -2, "great help": -2, "happy": -1,
}  # fmt: skip


class LexiconError(Unreadable):
    """A lexicon that cannot be used; places are ``weights.投诉``."""


@dataclass(frozen=True, slots=True)
class TurnHint:
    """What one turn of the customer adds.

    Attributes:
        turn: Index of the turn.
        score: Sum of the weights of the phrases in it; above 0 is displeased, below 0 friendly.
        level: 0 or more; half the level before and this score, never below 0.
        hits: The phrases, in order; those of weight 0 too.
    """

    turn: int
    score: int
    level: float
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class EmotionHint:
    """A hint, no measurement.

    Attributes:
        turns: One for each turn of the customer.
        escalates_at: Index of the first turn at which the level reaches the lexicon's; None if none does.
    """

    turns: tuple[TurnHint, ...]
    escalates_at: int | None


class Lexicon:
    """Phrases and what they weigh, ready to look at any number of transcripts.

    >>> from qa.calc.transcripts import transcript_read
    >>> call = transcript_read("客户：你好\\n客户：怎么回事\\n坐席：抱歉\\n客户：太过分了，我要投诉！")
    >>> hint = lexicon_read({"weights": LEXICON_DEFAULT}).hint(call)
    >>> [(each.turn, each.score, each.level) for each in hint.turns], hint.escalates_at
    ([(0, 0, 0.0), (1, 1, 1.0), (3, 8, 8.5)], 3)
    """

    def __init__(self, weights: Mapping[str, int], level: int = LEVEL_DEFAULT) -> None:
        """Take weights of -5..5 by phrase, and the level, 1..50, at which a conversation escalates."""
        self.level = level
        self._entries = {normalize(phrase): (phrase, weight) for phrase, weight in weights.items()}
        self._index = PhraseIndex(self._entries)

    def hint(self, transcript: Transcript) -> EmotionHint:
        """Return the hint for each turn of the customer, and where the conversation escalates.

        Of phrases that overlap the first counts, and of these the longest.

        Source: domain A104, A113; docs/formulas.md, "Emotion hint".
        """
        mine = [at for at, turn in enumerate(transcript.turns) if turn.speaker is Speaker.CUSTOMER]
        spoken = SpokenText([transcript.turns[at].text for at in mine])
        hits: dict[int, list[Hit]] = {at: [] for at in range(len(mine))}
        for found in apart(self._index.find(spoken.text)):
            turn, start, end = spoken.place(found.start, found.end)
            hits[turn].append(Hit(mine[turn], start, end, self._entries[found.phrase][0], found.similarity))
        turns: list[TurnHint] = []
        level = 0.0
        for at, turn in enumerate(mine):
            score = sum(self._entries[normalize(hit.phrase)][1] for hit in hits[at])
            level = max(0.0, level / 2 + score)
            turns.append(TurnHint(turn, score, level, tuple(hits[at])))
        return EmotionHint(tuple(turns), next((each.turn for each in turns if each.level >= self.level), None))


def lexicon_read(body: Mapping[str, Any]) -> Lexicon:
    """Return the lexicon of its stored shape, ``{"weights": {phrase: -5..5}, "level": 1..50}``.

    Raises:
        LexiconError: With everything that is wrong.

    >>> lexicon_read({"weights": {"angry": 9, "…": 1}})
    Traceback (most recent call last):
    qa.calc.emotion.LexiconError: weights.angry: number -5–5; weights.…: silent_phrase
    """
    reader = Reader()
    body = reader.mapping("", body)
    reader.only("", body, ("weights", "level"))
    weights = reader.mapping("weights", body.get("weights"))
    if len(weights) > ENTRIES_MOST:
        reader.wrong("weights", "rows", f"0–{ENTRIES_MOST}")
        weights = {}
    seen: dict[str, str] = {}
    read = {}
    for phrase, weight in weights.items():
        name = str(phrase)
        place = f"weights.{name[:60]}"
        normal = normalize(name)
        if len(name) > PHRASE_MOST:
            reader.wrong(place, "text", f"1–{PHRASE_MOST}")
        elif not normal:
            reader.wrong(place, "silent_phrase")
        elif normal in seen:
            reader.wrong(place, "twice", seen[normal])
        seen.setdefault(normal, name)
        read[name] = reader.whole(place, weight, -WEIGHT_MOST, WEIGHT_MOST)
    level = reader.whole("level", body.get("level", LEVEL_DEFAULT), 1, LEVEL_MOST)
    if reader.problems:
        raise LexiconError(reader.problems)
    return Lexicon(read, level)
