"""Alignment, kappa, severity and self-score inflation: the design's vectors, published ones, and plain counting."""

from __future__ import annotations

import doctest
from fractions import Fraction
from itertools import combinations
from math import sqrt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qa.calc.agreement
import qa.calc.intervals
from qa.calc.agreement import (
    Criterion,
    Undefined,
    Weighting,
    alignment_of,
    criteria_of,
    kappa_of,
    kappa_of_graders,
    scale_of,
    score_corrected,
    self_score_inflation,
    severity_of,
    share_within,
)
from qa.calc.forms import Form, form_read
from qa.calc.intervals import degrees_together, gap_of, t_95

POINTS = st.integers(-5, 20).map(Fraction)
GIVEN = st.one_of(st.none(), POINTS)
CRITERIA = st.lists(st.tuples(st.integers(1, 20).map(Fraction), GIVEN, GIVEN), max_size=8).map(
    lambda rows: [Criterion(str(at), *row) for at, row in enumerate(rows)]
)
SCALE = ("bad", "fair", "good", "best")
ANSWERS = st.sampled_from(SCALE)
# Two dermatologists and 88 patients: the table of SAS/STAT's example of PROC FREQ.
SKIN = ((10, 4, 1, 0), (5, 10, 12, 2), (2, 4, 12, 5), (0, 2, 6, 13))


def percent(value: int) -> Fraction:
    return Fraction(value, 100)


def pairs_of(table: tuple[tuple[int, ...], ...]) -> list[tuple[str, str]]:
    cells = [(SCALE[row], SCALE[column], n) for row, line in enumerate(table) for column, n in enumerate(line)]
    return [(one, other) for one, other, n in cells for _again in range(n)]


def question(key: str, *points: int, **more: Any) -> dict[str, Any]:
    choices = [
        {"key": f"{'p' if n >= 0 else 'm'}{abs(n)}", "label": str(n), "points": n, "is_failure": n == min(points)}
        for n in points
    ]
    return {"key": key, "text": key, "kind": "scale", "choices": choices, **more}


def form_of(*sections: tuple[int | None, list[dict[str, Any]]]) -> Form:
    rows = [
        {"key": f"s{at}", "title": f"s{at}", "questions": questions} | ({} if weight is None else {"weight": weight})
        for at, (weight, questions) in enumerate(sections)
    ]
    return form_read({"sections": rows})


@pytest.mark.parametrize("module", [qa.calc.agreement, qa.calc.intervals])
def test_the_docstrings_examples_run(module: Any) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 3
    assert result.failed == 0


def test_ten_against_seven_of_fifteen() -> None:
    """The vector of D12: 80 %, and 15 % of the total at 15 of 80 points."""
    rest = [Criterion(f"rest{n}", Fraction(13), Fraction(13), Fraction(13)) for n in range(5)]
    found = alignment_of([Criterion("asks", Fraction(15), Fraction(10), Fraction(7)), *rest])
    assert found.possible == 80
    assert found.criteria[0].ratio == percent(80)
    assert found.criteria[0].contribution == percent(15)
    assert found.ratio == percent(15) + Fraction(65, 80)


def test_errors_that_cancel_in_the_totals_do_not_cancel_here() -> None:
    swapped = [
        Criterion("one", Fraction(10), Fraction(10), Fraction(0)),
        Criterion("two", Fraction(10), Fraction(0), Fraction(10)),
    ]
    assert alignment_of(swapped).ratio == 0


def test_does_not_apply_is_an_answer() -> None:
    agreed = Criterion("agreed", Fraction(30), Fraction(30), Fraction(30))
    cases = {
        "both": (None, None, None, Fraction(1), 30),
        "one": (None, Fraction(10), Fraction(0), Fraction(3, 4), 40),
        "other": (Fraction(0), None, Fraction(0), Fraction(3, 4), 40),
    }
    for original, benchmark, ratio, total, possible in cases.values():
        found = alignment_of([agreed, Criterion("open", Fraction(10), original, benchmark)])
        assert found.criteria[1].contribution == 0
        assert (found.criteria[1].ratio, found.ratio) == (ratio, total)
        assert found.possible == possible


def test_where_nothing_counts_there_is_no_alignment() -> None:
    worthless = Criterion("worthless", Fraction(0), Fraction(0), Fraction(0))
    found = alignment_of([worthless, Criterion("open", Fraction(9), None, None)])
    assert found.possible == 0
    assert [found.ratio, *(line.ratio for line in found.criteria)] == [None, None, None]


@given(CRITERIA)
def test_an_alignment_is_a_share_its_parts_add_up_and_sides_can_be_swapped(criteria: list[Criterion]) -> None:
    found = alignment_of(criteria)
    other_way = [Criterion(line.key, line.points_most, line.benchmark, line.original) for line in criteria]
    assert alignment_of(other_way) == found
    if found.ratio is None:
        assert all(line.original is None and line.benchmark is None for line in criteria)
        return
    assert 0 <= found.ratio <= 1
    assert sum(line.contribution for line in found.criteria) == found.ratio
    same = all(line.original == line.benchmark for line in criteria)
    assert (found.ratio == 1) == same


def test_points_of_a_form_carry_their_weights() -> None:
    form = form_of(
        (None, [question("asks", 0, 7, 10, 15, weight=2), question("thanks", 0, 5, is_bonus=True)]),
        (None, [question("solves", -10, 0, 50)]),
    )
    original = {"asks": "p10", "solves": "p0"}
    benchmark = {"asks": "p7", "solves": "m10", "thanks": "p5"}
    assert criteria_of(form, original, benchmark) == [
        Criterion("asks", Fraction(30), Fraction(20), Fraction(14)),
        Criterion("thanks", Fraction(5), None, Fraction(5)),
        Criterion("solves", Fraction(50), Fraction(0), Fraction(-10)),
    ]
    with pytest.raises(KeyError):
        criteria_of(form, {"asks": "p8"}, {})


def test_weighted_sections_count_by_their_percent() -> None:
    form = form_of(
        (70, [question("asks", 0, 5, 10), question("tells", 0, 30), question("extra", 0, 4, is_bonus=True)]),
        (30, [question("thanks", 0, 1)]),
    )
    found = criteria_of(form, {"asks": "p5"}, {"asks": "p10"})
    assert [line.points_most for line in found] == [Fraction(35, 2), Fraction(105, 2), 7, 30]
    assert alignment_of(found[:1]).ratio == Fraction(1, 2)
    # A section in which nothing can be earned counts for nothing in a score, its bonus included.
    chat = [question("chat", -1, 0), question("extra", 0, 4, is_bonus=True)]
    worthless = form_of((40, chat), (60, [question("asks", 0, 10)]))
    lines = criteria_of(worthless, {"chat": "m1", "extra": "p4"}, {"chat": "p0", "extra": "p0"})
    assert [line.points_most for line in lines] == [0, 0, 60]


def test_the_line_of_ten_points_belongs_to_agreement() -> None:
    pairs = [
        (percent(80), percent(90)),
        (percent(90), percent(80)),
        (percent(80), percent(91)),
        (percent(0), percent(100)),
    ]
    assert share_within(pairs) == (2, 4)
    assert share_within(pairs, percent(11)) == (3, 4)
    assert share_within([]) == (0, 0)


@pytest.mark.parametrize(
    ("weighting", "kappa", "low", "high"),
    [(Weighting.NONE, 0.3449, 0.2030, 0.4868), (Weighting.LINEAR, 0.5082, 0.3798, 0.6366)],
)
def test_kappa_of_the_published_skin_conditions(weighting: Weighting, kappa: float, low: float, high: float) -> None:
    found = kappa_of(pairs_of(SKIN), SCALE, weighting)
    assert found.interval is not None
    assert (found.items, found.same) == (88, 45)
    assert [found.value, *found.interval] == pytest.approx([kappa, low, high], abs=5e-5)


def plain_kappa(pairs: list[tuple[str, str]], power: int) -> Fraction | None:
    """1 − observed over expected disagreement, where expected pairs everybody with everybody."""
    places = [(SCALE.index(one), SCALE.index(other)) for one, other in pairs]
    seen = Fraction(sum(abs(one - other) ** power for one, other in places), len(places))
    crossed = [abs(one - other) ** power for one, _same in places for _own, other in places]
    expected = Fraction(sum(crossed), len(crossed))
    return None if expected == 0 else 1 - seen / expected


def test_the_interval_of_kappa_is_that_of_its_slopes() -> None:
    """The error again by the delta method: the slopes of kappa in each cell's share, taken numerically."""
    cells = [(row, column) for row in range(4) for column in range(4)]
    shares = {(row, column): SKIN[row][column] / 88 for row, column in cells}

    def kappa(of: dict[tuple[int, int], float]) -> float:
        rows = [sum(of[n, column] for column in range(4)) for n in range(4)]
        columns = [sum(of[row, n] for row in range(4)) for n in range(4)]
        seen = sum(abs(row - column) * of[row, column] for row, column in cells)
        return 1 - seen / sum(abs(row - column) * rows[row] * columns[column] for row, column in cells)

    step = 1e-6
    slopes = {
        cell: (kappa(shares | {cell: shares[cell] + step}) - kappa(shares | {cell: shares[cell] - step})) / (2 * step)
        for cell in cells
    }
    middle = sum(shares[cell] * slopes[cell] for cell in cells)
    error = sqrt((sum(shares[cell] * slopes[cell] ** 2 for cell in cells) - middle**2) / 88)
    found = kappa_of(pairs_of(SKIN), SCALE)
    assert found.interval is not None
    assert (found.interval[1] - found.interval[0]) / 2 == pytest.approx(1.959964 * error, rel=1e-5)


@given(st.lists(st.tuples(ANSWERS, ANSWERS), min_size=2, max_size=30))
@settings(max_examples=60, deadline=None)
def test_kappa_is_as_counted_out_and_blind_to_sides_and_direction(pairs: list[tuple[str, str]]) -> None:
    for weighting, power in ((Weighting.LINEAR, 1), (Weighting.QUADRATIC, 2)):
        exact, found = plain_kappa(pairs, power), kappa_of(pairs, SCALE, weighting)
        swapped = kappa_of([(other, one) for one, other in pairs], SCALE[::-1], weighting)
        assert found.items == len(pairs)
        if exact is None:
            assert (found.value, found.undefined) == (None, Undefined.ONE_ANSWER)
            continue
        assert found.undefined is None
        assert found.value == pytest.approx(float(exact), abs=1e-12)
        assert swapped.value == pytest.approx(float(exact), abs=1e-12)
        if found.interval is not None:
            assert -1 <= found.interval[0] <= float(exact) + 1e-12
            assert float(exact) - 1e-12 <= found.interval[1] <= 1


def test_two_steps_apart_are_worse_than_one_and_unused_answers_hold_their_place() -> None:
    same = [("bad", "bad"), ("best", "best")] * 5
    near, far = [*same, ("bad", "fair")], [*same, ("bad", "good")]
    values = {
        name: [kappa_of(pairs, SCALE, weighting).value or 0 for pairs in (near, far)]
        for name, weighting in (("linear", Weighting.LINEAR), ("none", Weighting.NONE))
    }
    assert values["linear"][0] > values["linear"][1]
    assert values["none"][0] == pytest.approx(values["none"][1])


def test_what_has_no_kappa_says_why() -> None:
    cases = {
        (): Undefined.TOO_FEW,
        (("good", "bad"),): Undefined.TOO_FEW,
        (("good", "bad"), ("na", "good"), ("bad", "na"), ("na", "na")): Undefined.TOO_FEW,
        (("good", "good"),) * 9: Undefined.ONE_ANSWER,
    }
    for pairs, why in cases.items():
        found = kappa_of(pairs, SCALE)
        assert (found.value, found.interval, found.undefined) == (None, None, why)
    assert kappa_of([("good", "good"), ("na", "good")], SCALE).items == 1


def test_full_agreement_and_a_grader_who_always_says_the_same_have_no_interval() -> None:
    full = kappa_of([("good", "good"), ("bad", "bad"), ("best", "best")], SCALE)
    assert (full.value, full.interval, full.same) == (1, None, 3)
    stubborn = kappa_of([("good", "bad"), ("good", "good"), ("good", "best")], SCALE)
    assert stubborn.value == pytest.approx(0)
    assert stubborn.interval is None
    one_each = kappa_of([("good", "bad")] * 3, SCALE)
    assert (one_each.value, one_each.undefined) == (0, None)


@pytest.mark.parametrize("scale", [("good",), ("good", "good"), ("good", "bad")])
def test_answers_off_the_scale_and_scales_that_are_none_are_refused(scale: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="scale"):
        kappa_of([("good", "best"), ("good", "good")], scale)


def test_a_scale_goes_from_the_least_points_to_the_most() -> None:
    form = form_of((None, [question("asks", 10, -5, 0)]))
    assert scale_of(next(form.questions)) == ("m5", "p0", "p10")


def test_several_graders_agree_as_their_pairs_do() -> None:
    answers = {
        "Chen": dict(zip("12345678", ("bad", "bad", "fair", "fair", "good", "good", "best", "best"), strict=True)),
        "Li": dict(zip("12345678", ("bad", "fair", "fair", "good", "good", "best", "best", "na"), strict=True)),
        "Ito": dict(zip("12345", ("best", "good", "good", "fair", "bad"), strict=True)),
        "Rao": {"8": "best"},
    }
    found = kappa_of_graders(answers, SCALE)
    exact = {}
    for one, other in combinations(("Chen", "Ito", "Li"), 2):
        both = [(answers[one][item], answers[other][item]) for item in answers[one] if item in answers[other]]
        exact[one, other] = float(plain_kappa([pair for pair in both if "na" not in pair], 1) or 0)
    assert found.value == pytest.approx(sum(exact.values()) / 3)
    assert (found.pairs, found.pairs_undefined) == (3, 3)
    assert found.lowest == min(exact, key=lambda pair: exact[pair])
    assert (found.same, found.compared) == (4 + 0 + 1 + 1, 7 + 5 + 5 + 1)


def test_two_graders_are_cohen_s_case_and_one_is_none() -> None:
    pairs = pairs_of(SKIN)
    answers = {side: {str(n): pair[at] for n, pair in enumerate(pairs)} for at, side in enumerate(("Li", "Wu"))}
    assert kappa_of_graders(answers, SCALE).value == kappa_of(pairs, SCALE).value
    alone = kappa_of_graders({"Li": {"1": "good"}}, SCALE)
    assert (alone.value, alone.pairs, alone.pairs_undefined, alone.lowest) == (None, 0, 0, None)


def test_a_severe_grader_stands_below_the_consensus() -> None:
    agreed = {"1": percent(80), "2": percent(90), "3": percent(70)}
    given = {
        "severe": {"1": percent(70), "2": percent(86), "3": percent(69), "4": percent(0)},
        "lenient": {"1": percent(85)},
        "absent": {},
    }
    found = severity_of(given, agreed)
    assert (found["severe"].mean, found["severe"].n) == (percent(-5), 3)
    # −10, −4, −1: deviations 5, 1, 4 give a variance of 21 and an error of √7 points; t of 2 is 4.3027.
    assert found["severe"].error == pytest.approx(sqrt(7) / 100)
    assert found["severe"].interval == pytest.approx(
        (-0.05 - 4.30265 * sqrt(7) / 100, -0.05 + 4.30265 * sqrt(7) / 100), abs=1e-6
    )
    assert (found["lenient"].mean, found["lenient"].error, found["lenient"].interval) == (percent(5), None, None)
    assert (found["absent"].mean, found["absent"].n) == (None, 0)


def test_a_correction_takes_the_gap_off_and_keeps_to_the_scale() -> None:
    lenient, severe = gap_of([percent(7)] * 5), gap_of([percent(-10)] * 5)
    assert score_corrected(percent(92), lenient) == percent(85)
    assert score_corrected(percent(3), lenient) == 0
    assert score_corrected(percent(85), severe) == percent(95)
    assert score_corrected(percent(95), severe) == 1
    assert score_corrected(percent(92), gap_of([percent(7)] * 4)) is None
    assert score_corrected(percent(92), gap_of([]), least=0) is None


def test_a_vendor_that_flatters_itself_is_seen_by_pairs() -> None:
    """Gosset's sleep data (1908): ten patients, two drugs; mean difference 1.58, error 0.3890, t 4.0621 (9 degrees)."""
    first = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
    second = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)
    pairs = [(Fraction(str(own)), Fraction(str(client))) for own, client in zip(second, first, strict=True)]
    found = self_score_inflation(pairs)
    assert (found.mean, found.n) == (Fraction(158, 100), 10)
    assert found.interval == pytest.approx((0.7001142, 2.4598858), abs=1e-6)
    assert found.error is not None
    assert 1.58 / found.error == pytest.approx(4.0621, abs=5e-5)


def test_too_few_calls_say_nothing_of_a_vendor() -> None:
    pairs = [(percent(95), percent(80 + n)) for n in range(9)]
    few = self_score_inflation(pairs)
    assert (few.mean, few.interval, few.error, few.n) == (None, None, None, 9)
    enough = self_score_inflation([*pairs, (percent(95), percent(89))])
    assert enough.mean is not None
    assert enough.interval is not None
    assert 0 < enough.interval[0] < enough.mean < enough.interval[1]


def test_degrees_of_freedom_lie_between_the_least_and_the_sum() -> None:
    assert degrees_together([(1, 5), (1, 5)]) == pytest.approx(10)
    assert degrees_together([(1, 5), (0, 1)]) == pytest.approx(5)
    assert degrees_together([(3, 4), (1, 2)]) == pytest.approx(16 / (9 / 4 + 1 / 2))
    assert t_95(degrees_together([(0, 3)])) == pytest.approx(1.959964)
