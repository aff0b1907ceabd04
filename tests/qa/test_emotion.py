"""Hints at a customer's temper, and lines of the library that answer what was said."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.calc.emotion import LEXICON_DEFAULT, Lexicon, LexiconError, lexicon_read
from qa.calc.script_lookup import ScriptLibrary, ScriptLine
from qa.calc.speech_text import normalize
from qa.calc.transcripts import Transcript, transcript_read


def scores(text: str) -> list[int]:
    """Return the score of each turn by the lexicon that is shipped."""
    return [turn.score for turn in lexicon_read({"weights": LEXICON_DEFAULT}).hint(transcript_read(text)).turns]


def test_the_shipped_lexicon_can_be_used_in_both_languages() -> None:
    lexicon_read({"weights": LEXICON_DEFAULT})
    chinese = [phrase for phrase in LEXICON_DEFAULT if not phrase.isascii()]
    assert len(chinese) > 20
    assert len(LEXICON_DEFAULT) - len(chinese) > 20


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("客户：我要投诉", 4),
        ("客户：我没有投诉过", 0),
        ("客户：我很生气", 3),
        ("客户：我不生气", -1),
        ("Customer: I am ANGRY!", 3),
        ("Customer: I am not angry", -1),
        ("Customer: I want to issue a request", 0),
        ("Customer: thank you, great help", -3),
    ],
)
def test_what_is_denied_does_not_count(text: str, score: int) -> None:
    assert scores(text) == [score]


def test_the_level_halves_from_turn_to_turn_and_the_agent_adds_nothing() -> None:
    call = transcript_read(
        "客户：恼火\n坐席：恼火恼火\n客户：嗯\n客户：恼火\n客户：恼火\n客户：和气\n客户：和气和气和气"
    )
    hint = Lexicon({"恼火": 2, "和气": -2}, level=3).hint(call)
    assert [(turn.turn, turn.score, turn.level) for turn in hint.turns] == [
        (0, 2, 2.0), (2, 0, 1.0), (3, 2, 2.5), (4, 2, 3.25), (5, -2, 0.0), (6, -6, 0.0),
    ]  # fmt: skip
    assert hint.escalates_at == 4
    assert Lexicon({"恼火": 2}, level=4).hint(call).escalates_at is None
    assert Lexicon({"恼火": 2}, level=2).hint(call).escalates_at == 0
    first = hint.turns[0].hits[0]
    assert (first.turn, call.turns[first.turn].text[first.start : first.end]) == (0, "恼火")
    assert hint.turns[2].hits[0].turn == 3


def test_without_customer_or_words_there_is_no_hint() -> None:
    assert Lexicon({}).hint(transcript_read("客户：气死我了")).escalates_at is None
    assert lexicon_read({"weights": {"a": 1}}).hint(transcript_read("坐席：a")).turns == ()


def test_everything_that_is_wrong_with_a_lexicon_is_told() -> None:
    weights: dict[str, Any] = {"angry": 9, "Angry!": 1, "…": 1, "x" * 300: 1, "calm": True, "ok": 1.5, "fine": -5}
    with pytest.raises(LexiconError) as caught:
        lexicon_read({"weights": weights, "level": 0, "name": "x"})
    assert [(place, rule) for place, rule, _allowed in caught.value.problems] == [
        ("name", "unknown"),
        ("weights.angry", "number"),
        ("weights.Angry!", "twice"),
        ("weights.…", "silent_phrase"),
        (f"weights.{'x' * 60}", "text"),
        ("weights.calm", "number"),
        ("weights.ok", "number"),
        ("level", "number"),
    ]


@settings(deadline=None)
@given(st.dictionaries(st.text("甲乙ab ", min_size=1, max_size=3), st.integers(-5, 5), max_size=5), st.text("甲乙ab ,"))
def test_scores_are_the_sum_of_the_hits_and_levels_are_never_below_nought(weights: dict[str, int], said: str) -> None:
    try:
        lexicon = lexicon_read({"weights": weights})
        call: Transcript = transcript_read(f"Customer: {said}")
    except ValueError:
        return
    by_form = {normalize(phrase): weight for phrase, weight in weights.items()}
    for turn in lexicon.hint(call).turns:
        assert turn.score == sum(by_form[normalize(hit.phrase)] for hit in turn.hits)
        assert turn.level == max(0, turn.score)
        assert all(a.end <= b.start for a, b in pairwise(turn.hits))


LIBRARY = ScriptLibrary(
    [
        ScriptLine("slow", "delivery", ("还没收到货", "物流太慢"), "我帮您查物流。"),
        ScriptLine("refund_b", "returns", ("我要退款",), "为您登记。"),
        ScriptLine("refund_a", "returns", ("我要退款", "…"), "马上办理。"),
        ScriptLine("refund_now", "returns", ("我要退款现在就退",), "请稍等。"),
        ScriptLine("money", "returns", ("I want my money back",), "I will book it."),
    ]
)


def test_the_most_alike_goes_first_then_the_longer_then_the_key() -> None:
    found = LIBRARY.suggest("你好我要退款现在就退", most=5)
    assert [(each.line.key, round(each.similarity, 2)) for each in found] == [
        ("refund_now", 1.0),
        ("refund_a", 1.0),
        ("refund_b", 1.0),
    ]
    assert [each.line.key for each in LIBRARY.suggest("你好我要退款现在就退", most=1)] == ["refund_now"]


def test_near_words_are_enough_and_others_are_not() -> None:
    near = LIBRARY.suggest("Well, I want mony back!")
    assert [(each.line.key, each.phrase) for each in near] == [("money", "I want my money back")]
    assert LIBRARY.suggest("今天天气不错") == []
    assert LIBRARY.suggest("") == []
    assert LIBRARY.suggest("Well, I want mony back!", least_percent=95) == []
