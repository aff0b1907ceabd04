"""The form in which phrases are compared, and the way back to what was written."""

from __future__ import annotations

import doctest
import unicodedata
from importlib import import_module
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from qa.calc.phrases import Found, PhraseIndex, apart, closest, is_edge
from qa.calc.speech_text import SpokenText, normalize, normalize_mapped, says_number

ODD = st.text(
    st.characters(codec="utf-8")
    | st.sampled_from("aB 您好，。！ＡＢ８8'’e\u0301é\u200b\u200d\ufeff\u00adßİﬁ①½ｶﾞ가\u1100\u1161\u11a8\n\t\x00…- "),
    max_size=30,
)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("ＨＥＬＬＯ，world！", "hello world"),
        ("您 好，　欢迎\u200b致电。", "您好欢迎致电"),
        ("工号 ８０２１ 为您", "工号8021为您"),
        ("八零二一", "八零二一"),
        ("Don’t we're", "dont were"),
        ("Cafe\u0301 ﬁne", "café fine"),
        ("a\u00adb\ufeffc", "abc"),
        ("我用 iPhone 15 Pro 打的", "我用iphone 15 pro打的"),
        ("…!?", ""),
        ("Straße", "strasse"),
    ],
)
def test_what_sounds_the_same_looks_the_same(text: str, form: str) -> None:
    assert normalize(text) == form


@settings(deadline=None)
@given(ODD)
def test_both_ways_give_the_same_form_and_every_character_has_its_place(text: str) -> None:
    mapped = normalize_mapped(text)
    assert mapped.text == normalize(text)
    assert mapped.text == mapped.text.strip()
    assert "  " not in mapped.text
    assert "\x00" not in mapped.text
    assert len(mapped.starts) == len(mapped.ends) == len(mapped.text)
    assert all(0 <= start < end <= len(text) for start, end in zip(mapped.starts, mapped.ends, strict=True))
    assert list(mapped.starts) == sorted(mapped.starts)


@settings(deadline=None)
@given(ODD)
def test_composed_and_decomposed_text_look_the_same(text: str) -> None:
    assert normalize(unicodedata.normalize("NFC", text)) == normalize(unicodedata.normalize("NFD", text))


@settings(deadline=None)
@given(st.lists(st.text("ab 您好，Ａé", max_size=8), min_size=1, max_size=4), st.data())
def test_what_is_found_stands_there_in_the_original(turns: list[str], data: st.DataObject) -> None:
    spoken = SpokenText(turns)
    at = data.draw(st.integers(0, len(turns) - 1))
    if not (form := normalize(turns[at])):
        return
    start = data.draw(st.integers(0, len(form) - 1))
    end = data.draw(st.integers(start + 1, len(form)))
    # No phrase begins or ends with a blank.
    assume(form[start] != " " != form[end - 1])
    turn, first, last = spoken.place(spoken.offsets[at] + start, spoken.offsets[at] + end)
    assert turn == at
    assert normalize(turns[at][first:last]) == form[start:end]


def test_accents_and_what_stands_for_several_letters_are_marked_whole() -> None:
    assert SpokenText(["x", "a cafe\u0301, ﬁne"]).place(4, 8) == (1, 2, 7)
    assert normalize_mapped("a ﬁne").span(2, 3) == (2, 3)
    assert closest("anything", "", 60) is None


@pytest.mark.parametrize(
    ("text", "number", "is_said"),
    [
        ("工号八零二一，一位", "8021", True),
        ("工号八零二一为您服务", "8021", True),
        ("工号8 0 2 1", "8021", True),
        ("幺零零八六", "10086", True),
        ("eight oh two one", "8021", True),
        ("This is agent 8021.", "8021", True),
        ("This is A-102", "a102", False),
        ("This is A102", "a102", True),
        ("802155", "8021", False),
        ("工号八零二", "8021", False),
        ("anything", "", False),
    ],
)
def test_agents_say_their_number_in_many_ways(text: str, number: str, is_said: bool) -> None:
    assert says_number(text, number) is is_said


def test_phrases_are_found_as_whole_words_and_in_chinese_everywhere() -> None:
    index = PhraseIndex(["hell", "ok", "保证", "you", ""])
    found = [(each.start, each.phrase) for each in index.find("hello ok\nbook thank you 我们保证ok")]
    assert found == [(6, "ok"), (20, "you"), (26, "保证"), (28, "ok")]
    assert PhraseIndex([]).find("anything") == []


@settings(deadline=None)
@given(st.lists(st.text("ab 您", min_size=1, max_size=4), max_size=5), st.text("ab 您", max_size=20))
def test_the_automaton_finds_what_a_plain_search_finds(raw: list[str], text: str) -> None:
    phrases = {normalize(phrase) for phrase in raw} - {""}
    text = normalize(text)
    plain = {
        (at, phrase)
        for phrase in phrases
        for at in range(len(text))
        if text.startswith(phrase, at) and is_edge(text, at) and is_edge(text, at + len(phrase))
    }
    assert {(each.start, each.phrase) for each in PhraseIndex(phrases).find(text)} == plain


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), max_size=8))
def test_finds_kept_apart_do_not_overlap_and_leave_no_room(spans: list[tuple[int, int]]) -> None:
    found = [Found(start, start + length, "x") for start, length in spans]
    kept = apart(found)
    assert all(a.end <= b.start for a, b in pairwise(kept))
    assert all(any(k.start < f.end and f.start < k.end for k in kept) for f in found)


def best_by_all(phrase: str, text: str) -> float:
    """Look at every stretch of whole words."""
    edges = [at for at in range(len(text) + 1) if is_edge(text, at)]
    return max((fuzz.ratio(phrase, text[a:b]) for a in edges for b in edges if a < b), default=0.0)


@settings(deadline=None)
@given(
    st.text("甲乙丙丁", min_size=4, max_size=10),
    st.text("甲乙丙丁戊己", max_size=25),
    st.integers(0, 9),
    st.integers(70, 95),
)
def test_near_phrases_are_found_and_never_more_like_than_any_stretch(
    phrase: str, around: str, at: int, percent: int
) -> None:
    # One character is missing somewhere in the middle of a longer turn.
    broken = phrase[: at % len(phrase)] + phrase[at % len(phrase) + 1 :]
    text = around[:10] + broken + around[10:]
    found = closest(phrase, text, percent)
    best = best_by_all(phrase, text)
    if found is None:
        assert best < percent + 12 or len(text) <= len(phrase)
    else:
        assert percent / 100 <= found.similarity <= best / 100 + 1e-9
        assert found.similarity == pytest.approx(fuzz.ratio(phrase, text[found.start : found.end]) / 100)


@pytest.mark.parametrize(
    ("phrase", "text", "said"),
    [
        ("thank you for calling", "well thankyou for caling today bye", "thankyou for caling"),
        ("this call is recorded", "hello this call will be recorded for quality", None),
        ("本次通话将被录音", "您好本次通话会被录音请放心", "本次通话会被录音"),
        ("本次通话将被录音", "您好请放心", None),
        ("refund", "ref", None),
        ("ok i agree", "ok", None),
    ],
)
def test_near_phrases(phrase: str, text: str, said: str | None) -> None:
    found = closest(phrase, text, 85)
    assert (found and text[found.start : found.end]) == said


MODULES = "reading speech_text phrases transcripts speech_rules rule_book emotion script_lookup rule_quality"


@pytest.mark.parametrize("name", MODULES.split())
def test_the_docstrings_examples_run(name: str) -> None:
    result = doctest.testmod(import_module(f"qa.calc.{name}"))
    assert (result.attempted > 0, result.failed) == (True, 0)
