"""Plan, do, check, act: what blocks what; differences by published and hand-counted cases; consistency."""

from __future__ import annotations

import doctest
from datetime import date
from fractions import Fraction
from itertools import product
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qa.calc.improvement
from qa.calc.improvement import (
    EDGES,
    Moments,
    Reply,
    State,
    Step,
    consistency_index,
    effect_of_moments,
    effect_of_ratios,
    effect_of_units,
    next_state,
    steps_from,
    window_is_complete,
    window_last_day,
)
from qa.calc.intervals import t_95
from sla.calc.kpi import wilson

VALUES = st.lists(st.integers(-1000, 1000), min_size=2, max_size=12)


def moments(mean: str, error: str, n: int) -> Moments:
    """The moments of n values of which mean and standard error were published."""
    total = Fraction(mean) * n
    return Moments(n, total, Fraction(error) ** 2 * n * (n - 1) + total * total / n)


def test_the_docstrings_examples_run() -> None:
    result = doctest.testmod(qa.calc.improvement)
    assert result.attempted > 12
    assert result.failed == 0


def test_nothing_is_acted_on_before_it_was_checked() -> None:
    for state, step in product(State, (Step.ROLL_OUT, Step.SEND_BACK)):
        assert next_state(state, step, is_checked=False) is None
    assert next_state(State.CHECK, Step.ROLL_OUT, is_checked=True) is State.ROLLED_OUT
    assert next_state(State.CHECK, Step.SEND_BACK, is_checked=True) is State.REDO
    assert steps_from(State.CHECK, is_checked=False) == []
    assert steps_from(State.CHECK, is_checked=True) == [Step.ROLL_OUT, Step.SEND_BACK]


def test_a_check_opens_no_edge_that_is_not_there() -> None:
    edges = {(state, step) for state, step in product(State, Step) if next_state(state, step, is_checked=True)}
    assert edges == set(EDGES)
    assert next_state(State.DO, Step.ROLL_OUT, is_checked=True) is None
    assert next_state(State.PLAN, Step.CLOSE, is_checked=True) is None


def test_every_way_to_the_end_goes_through_a_check() -> None:
    """Without an act nobody leaves the round; with one every state is reached."""

    def reached(*, is_checked: bool) -> set[State]:
        found = {State.PLAN}
        while (
            more := {
                target
                for state, step in product(found, Step)
                if (target := next_state(state, step, is_checked=is_checked)) is not None
            }
            - found
        ):
            found |= more
        return found

    assert reached(is_checked=False) == {State.PLAN, State.DO, State.CHECK}
    assert reached(is_checked=True) == set(State)
    assert steps_from(State.CLOSED, is_checked=True) == []


def test_a_window_is_over_when_its_last_day_is_final() -> None:
    start = date(2026, 2, 20)
    assert window_last_day(start) == date(2026, 3, 5)
    assert [window_is_complete(start, date(2026, 3, day)) for day in (4, 5, 6)] == [False, True, True]
    assert not window_is_complete(start, None)
    assert window_is_complete(start, start, days=1)


def test_card_and_krueger_s_restaurants() -> None:
    """Table 3 of 1994: jobs at New Jersey's (20.44 → 21.03) and Pennsylvania's (23.33 → 21.17) restaurants: +2.76."""
    pilot = moments("20.44", "0.51", 321), moments("21.03", "0.52", 319)
    control = moments("23.33", "1.35", 77), moments("21.17", "0.94", 77)
    found = effect_of_moments(*pilot, *control, is_complete=True)
    assert found is not None
    assert float(found.value) == pytest.approx(2.76, abs=0.011)
    assert found.error == pytest.approx(sqrt(0.51**2 + 0.52**2 + 1.35**2 + 0.94**2))
    # Rows 1 and 2: the difference before, with an error of 1.44, and after, with 1.07, are parts of the same sum.
    assert found.error == pytest.approx(sqrt(1.44**2 + 1.07**2), abs=0.01)


def test_each_unit_is_its_own_yardstick() -> None:
    """Card and Krueger's row 3: changes of 0.59 (0.54) and −2.16 (1.25) differ with an error of 1.36, not 1.80."""
    pilot = [(Fraction(0), Fraction("0.59") + sign * Fraction("0.54")) for sign in (-1, 1)]
    control = [(Fraction(5), 5 - Fraction("2.16") + sign * Fraction("1.25")) for sign in (-1, 1)]
    found = effect_of_units(pilot, control, is_complete=True)
    assert found is not None
    assert found.value == Fraction("2.75")
    assert found.error == pytest.approx(1.36, abs=0.005)
    # Changes that are all alike leave nothing to chance, however different the units.
    equal = effect_of_units([(10, 15), (80, 85)], [(20, 22), (60, 62)], is_complete=True)
    assert equal is not None
    assert (equal.value, equal.error, equal.interval) == (Fraction(3), 0, (3.0, 3.0))


def test_four_means_counted_by_hand() -> None:
    """Means 10 → 6 and 10 → 10; variances 4, 4, 2 and 8 over 3, 3, 2 and 2 values: 4/3 + 4/3 + 1 + 4 = 23/3."""
    cells = [Moments.of(values) for values in ([8, 10, 12], [4, 6, 8], [9, 11], [8, 12])]
    found = effect_of_moments(*cells, is_complete=True)
    assert found is not None
    assert found.interval is not None
    assert found.value == -4
    assert found.error == pytest.approx(sqrt(23 / 3))
    degrees = (23 / 3) ** 2 / ((4 / 3) ** 2 / 2 + (4 / 3) ** 2 / 2 + 1 + 16)
    assert found.interval == pytest.approx((-4 - t_95(degrees) * sqrt(23 / 3), -4 + t_95(degrees) * sqrt(23 / 3)))


@given(VALUES, VALUES, VALUES, VALUES, st.integers(-50, 50), st.integers(-50, 50))
def test_what_moves_both_sides_and_where_a_side_stands_changes_nothing(
    one: list[int], two: list[int], three: list[int], four: list[int], common: int, level: int
) -> None:
    plain = effect_of_moments(*map(Moments.of, (one, two, three, four)), is_complete=False)
    moved = [
        [value + level for value in one],
        [value + level + common for value in two],
        three,
        [value + common for value in four],
    ]
    assert effect_of_moments(*map(Moments.of, moved), is_complete=False) == plain
    swapped = effect_of_moments(*map(Moments.of, (three, four, one, two)), is_complete=False)
    assert plain is not None
    assert swapped is not None
    assert swapped.value == -plain.value
    assert swapped.error == pytest.approx(plain.error)


def test_groups_without_values_have_no_effect_and_single_ones_no_error() -> None:
    some, one, none = Moments.of([1, 2]), Moments.of([4]), Moments.of([])
    assert effect_of_moments(some, some, some, none, is_complete=True) is None
    assert effect_of_units([], [(1, 2)], is_complete=True) is None
    found = effect_of_moments(some, one, some, some, is_complete=True)
    assert found is not None
    assert (found.value, found.error, found.interval) == (Fraction(5, 2), None, None)
    assert not found.is_beyond_chance


def test_shares_counted_by_hand() -> None:
    """First-call resolution 80 → 90 % against 80 → 81 %: +9 points; by Wilson intervals from −0.4 to +18.4."""
    found = effect_of_ratios((160, 200), (180, 200), (240, 300), (243, 300), is_complete=True)
    assert found is not None
    assert found.interval is not None
    assert found.value == Fraction(9, 100)
    assert found.error == pytest.approx(sqrt(0.16 / 200 + 0.09 / 200 + 0.16 / 300 + 0.81 * 0.19 / 300))
    bounds = {cell: wilson(*cell) for cell in ((160, 200), (180, 200), (240, 300), (243, 300))}
    down = (0.9 - bounds[180, 200][0], bounds[160, 200][1] - 0.8, bounds[243, 300][1] - 0.81, 0.8 - bounds[240, 300][0])
    up = (bounds[180, 200][1] - 0.9, 0.8 - bounds[160, 200][0], 0.81 - bounds[243, 300][0], bounds[240, 300][1] - 0.8)
    assert found.interval[0] == pytest.approx(0.09 - sqrt(sum(part**2 for part in down)))
    assert found.interval[1] == pytest.approx(0.09 + sqrt(sum(part**2 for part in up)))
    assert not found.is_beyond_chance


def test_two_shares_are_newcombe_s_published_difference() -> None:
    """Newcombe 1998, table II, method 10: 56/70 − 48/80 is 0.2 with 0.0524 to 0.3339. A sure control adds nothing."""
    many = 10**12
    found = effect_of_ratios((48, 80), (56, 70), (many, many), (many, many), is_complete=True)
    assert found is not None
    assert found.value == Fraction(1, 5)
    assert found.interval == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found.is_beyond_chance


def test_shares_where_all_met_are_not_certain() -> None:
    found = effect_of_ratios((5, 5), (5, 5), (5, 5), (5, 5), is_complete=True)
    assert found is not None
    assert found.interval is not None
    assert (found.value, found.error) == (Fraction(0), 0)
    assert found.interval[0] < -0.5
    assert found.interval[1] > 0.5


@pytest.mark.parametrize("wrong", [(6, 5), (-1, 5)])
def test_what_is_no_share_is_refused(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="share"):
        effect_of_ratios((1, 5), (1, 5), wrong, (1, 5), is_complete=True)


def test_no_cases_are_no_effect() -> None:
    assert effect_of_ratios((0, 0), (1, 5), (1, 5), (1, 5), is_complete=True) is None


def test_nothing_is_beyond_chance_before_the_window_is_over() -> None:
    cells = [(500, 1000), (700, 1000), (500, 1000), (500, 1000)]
    found = [effect_of_ratios(*cells, is_complete=is_complete) for is_complete in (False, True)]
    assert [each.is_beyond_chance for each in found if each] == [False, True]
    worse = effect_of_ratios(*cells[1::-1], *cells[2:], is_complete=True)
    assert worse is not None
    assert worse.is_beyond_chance
    assert worse.value < 0


def test_only_the_same_right_answer_is_consistent() -> None:
    rows = {
        "same": [("A", "7 days", True), ("B", "7 days", True), ("C", "7 days", True)],
        "wrong": [("A", "7 days", True), ("B", "9 days", False)],
        "same and wrong": [("A", "9 days", False), ("B", "9 days", False)],
        "two that are right": [("A", "by post", True), ("B", "by courier", True)],
        "one vendor differs from itself": [("A", "yes", True), ("A", "no", False), ("B", "yes", True)],
        "one vendor only": [("A", "yes", True), ("A", "yes", True)],
    }
    replies = [Reply(question, *row) for question, found in rows.items() for row in found]
    found = consistency_index(replies)
    assert (found.numerator, found.denominator) == (1, 5)
    assert found.differing == (
        "one vendor differs from itself",
        "same and wrong",
        "two that are right",
        "wrong",
    )
    assert found.interval == wilson(1, 5)
    assert consistency_index(replies, least=3).denominator == 1
    assert consistency_index(replies, least=1).denominator == 6
    nothing = consistency_index([])
    assert (nothing.denominator, nothing.interval) == (0, None)
