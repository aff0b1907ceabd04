"""What a form asks, what is wrong with one, and what its answers are worth (D11)."""

from __future__ import annotations

import contextlib
import copy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.calc.forms import Family, FormError, form_read
from qa.calc.scoring import answers_missing, score_of


def line(key: str, points: tuple[int, ...] = (10, 0), **more: Any) -> dict[str, Any]:
    """Return a question with answers a, b, c … of these points; the last one is a failure."""
    choices = [
        {"key": "abcdef"[at], "label": f"Answer {at}", "points": worth, "is_failure": at == len(points) - 1}
        for at, worth in enumerate(points)
    ]
    return {"key": key, "text": f"About {key}", "kind": "choice", "choices": choices, **more}


def body(*sections: tuple[int | None, list[dict[str, Any]]], **more: Any) -> dict[str, Any]:
    """Return a stored form of sections with their weight."""
    rows = [
        {"key": f"s{at}", "title": f"Section {at}", "weight": weight, "questions": lines}
        for at, (weight, lines) in enumerate(sections)
    ]
    return {"sections": rows, **more}


# Hand-counted: weight 2 x 10 points, weight 1 x 5, weight 3 x 4.
POINTS = body(
    (None, [line("greets", weight=2), line("listens", (5, 3, 0))]), (None, [line("solves", (4, 0), weight=3)])
)
# 30 % compliance, 70 % attitude.
PERCENT = body((30, [line("consent"), line("identity")]), (70, [line("tone", (5, 3, 0)), line("thanks", (1, 0))]))


@pytest.mark.parametrize(
    ("stored", "answers", "earned", "possible"),
    [
        (POINTS, {"greets": "a", "listens": "b", "solves": "b"}, 23, 37),
        (POINTS, {"greets": "a", "listens": "na", "solves": "b"}, 20, 32),
        (POINTS, {"greets": "na", "listens": "b"}, 3, 5),
        (POINTS, {}, 0, 0),
        # 30 x 10/20 + 70 x 4/6.
        (PERCENT, {"consent": "a", "identity": "b", "tone": "b", "thanks": "a"}, 15 + Fraction(70 * 4, 6), 100),
        # Nothing of compliance applied: attitude is the whole.
        (PERCENT, {"consent": "na", "identity": "na", "tone": "b", "thanks": "b"}, Fraction(70 * 3, 6), 70),
    ],
)
def test_points_and_percents_count_what_applied(
    stored: dict[str, Any], answers: dict[str, str], earned: Fraction, possible: int
) -> None:
    score = score_of(form_read(stored), answers)
    assert score.earned == Fraction(earned)
    assert score.possible == Fraction(possible)
    assert score.ratio == (Fraction(earned) / possible if possible else None)


def test_a_fatal_answer_fails_the_whole_and_keeps_the_score_where_the_form_says_so() -> None:
    lines = [line("promise", severity="fatal", family="compliance"), line("tone")]
    answers = {"promise": "b", "tone": "a"}
    for rule, earned in (("zero", 0), ("keep", 10)):
        score = score_of(form_read(body((None, lines), fatal_rule=rule)), answers)
        assert (score.is_failed, score.earned, score.possible) == (True, Fraction(earned), Fraction(20))
    assert not score_of(form_read(body((None, lines))), {"promise": "na", "tone": "a"}).is_failed


def test_errors_are_counted_by_family_where_a_question_of_it_applied() -> None:
    lines = [
        line("price", severity="critical", family="business"),
        line("data", severity="critical", family="compliance"),
        line("advice", severity="critical", family="customer"),
        line("polite", family="customer"),
    ]
    score = score_of(form_read(body((None, lines))), {"price": "b", "data": "a", "advice": "na", "polite": "b"})
    assert score.families == {Family.BUSINESS: True, Family.COMPLIANCE: False}
    assert (score.failed, score.lost) == (("price", "polite"), ("price", "polite"))


def test_a_bonus_is_on_top_and_never_above_the_whole() -> None:
    form = form_read(body((None, [line("tone", (10, 5, 0)), line("extra", (3, 0), is_bonus=True)])))
    assert score_of(form, {"tone": "b", "extra": "a"}).earned == 8
    full = score_of(form, {"tone": "a", "extra": "a"})
    assert (full.earned, full.possible, len(full.lost)) == (Fraction(10), Fraction(10), 0)
    assert score_of(form, {"tone": "b", "extra": "b"}).lost == ("tone",)


def test_points_may_be_taken_away_but_nobody_falls_below_nothing() -> None:
    form = form_read(body((None, [line("tone", (10, 0)), line("rude", (0, -50))])))
    assert score_of(form, {"tone": "a", "rude": "b"}).earned == 0


def test_what_does_not_apply_must_be_allowed_not_to() -> None:
    form = form_read(body((None, [line("consent", allows_na=False), line("tone")])))
    assert answers_missing(form, {"consent": "na", "tone": "na"}) == ["consent"]
    assert answers_missing(form, {"consent": "a"}) == ["tone"]
    with pytest.raises(KeyError):
        score_of(form, {"consent": "z"})


@pytest.mark.parametrize(
    ("change", "place", "rule"),
    [
        (lambda b: b.pop("sections"), "sections", "rows"),
        (lambda b: b.update(colour=1), "colour", "unknown"),
        (lambda b: b["sections"][0].update(weight=50), "sections", "weights"),
        (lambda b: b["sections"][1].update(key="s0"), "sections.1.key", "twice"),
        (lambda b: b["sections"][0]["questions"][1].update(key="consent"), "sections.0.questions.1.key", "twice"),
        (lambda b: b["sections"][0]["questions"][0].update(key="na"), "sections.0.questions.0.key", "key"),
        (lambda b: b["sections"][0]["questions"][0].update(weight=101), "sections.0.questions.0.weight", "number"),
        (lambda b: b["sections"][0]["questions"][0].update(weight=True), "sections.0.questions.0.weight", "number"),
        (
            lambda b: b["sections"][0]["questions"][0].update(severity="grave"),
            "sections.0.questions.0.severity",
            "word",
        ),
        (lambda b: b["sections"][0]["questions"][0].update(severity="fatal"), "sections.0.questions.0.family", "word"),
        (lambda b: b["sections"][0]["questions"][0]["choices"].pop(), "sections.0.questions.0.choices", "rows"),
        (
            lambda b: b["sections"][0]["questions"][0]["choices"][0].update(is_failure=True),
            "sections.0.questions.0.choices",
            "all_failures",
        ),
        (lambda b: b["sections"][0]["questions"][0].update(text=" "), "sections.0.questions.0.text", "text"),
        (lambda b: b.update(pass_percent=101), "pass_percent", "number"),
    ],
)
def test_what_is_wrong_with_a_form_is_told_by_place(change: Any, place: str, rule: str) -> None:
    stored = copy.deepcopy(PERCENT)
    change(stored)
    with pytest.raises(FormError) as refusal:
        form_read(stored)
    assert (place, rule) in [(found, why) for found, why, _allowed in refusal.value.problems]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    stored = copy.deepcopy(PERCENT)
    stored["sections"][0]["questions"][0].update(weight=-1, text="")
    stored["pass_percent"] = "many"
    with pytest.raises(FormError) as refusal:
        form_read(stored)
    assert len(refusal.value.problems) == 3


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["sections", "questions", "choices", "key", "text", "weight"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_whatever_is_sent_as_a_form_is_read_or_refused(stored: Any) -> None:
    with contextlib.suppress(FormError):
        form_read(stored)


@given(st.dictionaries(st.sampled_from(["consent", "identity", "tone", "thanks"]), st.sampled_from(["a", "b", "na"])))
def test_a_score_lies_between_nothing_and_all_and_what_does_not_apply_changes_nothing(answers: dict[str, str]) -> None:
    for stored in (POINTS, PERCENT):
        form = form_read(stored)
        own = {key: value for key, value in answers.items() if key in {q.key for q in form.questions}}
        score = score_of(form, own)
        assert 0 <= score.earned <= score.possible
        assert score == score_of(form, {key: value for key, value in own.items() if value != "na"})


def test_a_failed_fatal_question_cost_the_whole_and_can_be_disputed_though_it_carries_no_points() -> None:
    form = form_read(body((None, [line("greets"), line("promises", (0, 0), severity="fatal", family="compliance")])))
    score = score_of(form, {"greets": "a", "promises": "b"})
    assert score.earned == 0
    assert score.is_failed
    assert score.lost == ("promises",)


def test_a_failed_bonus_question_can_be_disputed_where_it_took_something() -> None:
    bonus = [
        line("a"),
        line("b", (5, 0, -5), is_bonus=True),
        line("c", is_bonus=True, severity="fatal", family="customer"),
    ]
    form = form_read(body((None, bonus)))
    assert score_of(form, {"a": "a", "b": "b", "c": "a"}).lost == ()
    assert score_of(form, {"a": "a", "b": "c", "c": "a"}).lost == ("b",)
    assert score_of(form, {"a": "a", "b": "a", "c": "b"}).lost == ("c",)
