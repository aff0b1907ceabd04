"""QA scores of groups: unbiased by enumeration where the naive mean is not, and intervals that hold what they say."""

from __future__ import annotations

import doctest
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qa.calc.estimates
from qa.calc.estimates import Evaluated, GroupScore, critical_accuracy, group_score
from qa.calc.forms import Family
from qa.calc.intervals import t_95
from qa.calc.sampling import Item, Person, Standing, draw, quotas_adaptive
from sla.calc.kpi import wilson

# Person and stratum to the scores of all conversations, in percent.
Population = Mapping[tuple[str, str], Sequence[int]]
TINY: Population = {
    ("high", "day"): (95, 99, 100),
    ("high", "night"): (88, 90, 97),
    ("low", "day"): (40, 70, 75, 95),
    ("low", "night"): (10, 60, 65),
}


def percent(value: int) -> Fraction:
    return Fraction(value, 100)


def true_mean(population: Population) -> Fraction:
    scores = [score for scores in population.values() for score in scores]
    return Fraction(sum(scores), 100 * len(scores))


def every_sample(population: Population, counts: Mapping[tuple[str, str], int]) -> Iterator[list[Evaluated]]:
    """All samples that a draw can give; each is as likely as any other."""
    keys = list(counts)
    for picks in product(*(combinations(population[key], counts[key]) for key in keys)):
        yield [
            Evaluated(*key, percent(score), counts[key], len(population[key]))
            for key, scores in zip(keys, picks, strict=True)
            for score in scores
        ]


def mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def scores_of(population: Population, counts: Mapping[tuple[str, str], int]) -> list[GroupScore]:
    return [group_score(sample) for sample in every_sample(population, counts)]


def ratios(found: Sequence[GroupScore]) -> list[Fraction]:
    return [score.ratio for score in found if score.ratio is not None]


def errors_squared(found: Sequence[GroupScore]) -> float:
    return sum(score.error**2 for score in found if score.error is not None) / len(found)


def true_variance(found: Sequence[GroupScore]) -> float:
    values = ratios(found)
    middle = mean(values)
    return float(mean([(value - middle) ** 2 for value in values]))


def test_the_docstrings_examples_run() -> None:
    result = doctest.testmod(qa.calc.estimates)
    assert result.attempted > 5
    assert result.failed == 0


def test_over_all_samples_the_weighted_mean_is_the_truth_and_the_naive_one_is_not() -> None:
    counts = dict(zip(TINY, (1, 1, 2, 2), strict=True))
    found = scores_of(TINY, counts)
    assert len(found) == 3 * 3 * 6 * 3
    assert mean(ratios(found)) == true_mean(TINY)
    naive = mean([score.naive for score in found if score.naive is not None])
    assert true_mean(TINY) - naive > percent(4)
    assert {score.denominator for score in found} == {13}


def test_over_all_samples_the_squared_error_is_the_variance() -> None:
    found = scores_of(TINY, dict(zip(TINY, (2, 2, 2, 2), strict=True)))
    assert errors_squared(found) == pytest.approx(true_variance(found), rel=1e-12)


def test_lonely_draws_err_to_the_wide_side() -> None:
    found = scores_of(TINY, dict(zip(TINY, (1, 1, 1, 1), strict=True)))
    assert all(score.error is not None for score in found)
    assert errors_squared(found) > true_variance(found)


def test_a_lonely_draw_takes_the_variance_of_its_person() -> None:
    """By hand: strata of 10 and 30, scores 60 | 80, 90; the three have a variance of 233.33 square points.

    Another person's two conversations were both evaluated: they add nothing to be unsure of, however they differ.
    """
    one = [Evaluated("Li", "night", percent(60), 1, 10)]
    two = [Evaluated("Li", "day", percent(score), 2, 30) for score in (80, 90)]
    other = [Evaluated("Wu", "day", percent(score), 2, 2) for score in (0, 100)]
    found = group_score(one + two + other)
    middle = (10 * 60 + 30 * 85 + 2 * 50) / 42
    gaps = [60 - middle, 80 - middle, 90 - middle]
    own = (sum(gap**2 for gap in gaps) - sum(gaps) ** 2 / 3) / 2
    assert own == pytest.approx(233.3333, abs=1e-3)
    night, day = 10 * 9 / 1 * own, 30 * 28 / 2 * 50
    variance = (night + day) / 42**2 / 10_000
    assert found.error == pytest.approx(variance**0.5)
    assert found.interval is not None
    degrees = (night + day) ** 2 / (night**2 / 2 + day**2 / 1)
    assert found.interval[0] == pytest.approx(middle / 100 - t_95(degrees) * variance**0.5)


def test_a_person_with_one_draw_takes_the_variance_of_the_group() -> None:
    people = [Evaluated(name, "all", percent(score), 1, 20) for name, score in (("a", 70), ("b", 80), ("c", 90))]
    # As one stratum of 60 from which three came: variance 100, finite correction 1 − 3/60 (here 1 − 1/20, the same).
    assert group_score(people).error == pytest.approx((100 * (1 - 3 / 60) / 3) ** 0.5 / 100)


def test_one_draw_says_how_good_but_not_how_sure_unless_it_is_everything() -> None:
    one = group_score([Evaluated("a", "all", percent(70), 1, 20)])
    assert (one.ratio, one.error, one.interval) == (percent(70), None, None)
    whole = group_score([Evaluated("a", "all", percent(70), 1, 1)])
    assert (whole.ratio, whole.error, whole.interval) == (percent(70), 0, (0.7, 0.7))


def test_a_census_is_certain() -> None:
    everything = group_score(next(every_sample(TINY, {key: len(scores) for key, scores in TINY.items()})))
    assert (everything.ratio, everything.error) == (true_mean(TINY), 0)
    assert everything.ratio == everything.naive


def test_nothing_evaluated_is_no_data() -> None:
    found = group_score([])
    assert found.denominator == 0
    assert [found.ratio, found.naive, found.error, found.interval] == [None] * 4


def test_intervals_stay_within_the_scale() -> None:
    found = group_score(Evaluated("a", "all", percent(score), 3, 500) for score in (100, 100, 90))
    assert found.interval is not None
    assert found.interval[1] == 1
    assert found.interval[0] > 0
    found = group_score(Evaluated("a", "all", percent(score), 3, 500) for score in (0, 0, 10))
    assert found.interval is not None
    assert found.interval[0] == 0


def test_undrawn_strata_are_stood_for_by_the_person_s_others() -> None:
    """Two as busy agents; of one the small strata were not drawn. Each must weigh as much as the other."""
    half = [Evaluated("a", "day", percent(60), 1, 100)]
    whole = [Evaluated("b", name, percent(90), 1, 100) for name in ("day", "night")]
    assert group_score(half + whole).ratio == percent(80)
    found = group_score(half + whole, {"a": 200, "b": 200})
    assert (found.ratio, found.denominator) == (percent(75), Fraction(400))


def test_a_queue_takes_its_part_of_a_stratum() -> None:
    """By hand: four of 40 drawn, two for the queue. They stand for 20; the error counts the other two as drawn."""
    found = group_score(Evaluated("a", "day", percent(score), 4, 40) for score in (60, 80))
    assert (found.ratio, found.denominator) == (percent(70), Fraction(20))
    variance = 40 * 36 / 4 * (0.02 / 3) / 20**2
    assert found.error == pytest.approx(variance**0.5)
    assert found.interval is not None
    assert found.interval[1] == pytest.approx(min(0.7 + t_95(3) * variance**0.5, 1))


@pytest.mark.parametrize(
    ("rows", "populations"),
    [
        ([("a", 1, 9), ("a", 2, 9)], None),
        ([("a", 1, 9), ("a", 1, 9)], None),
        ([("a", 3, 2)], None),
        ([("a", 1, 9)], {"a": 8}),
    ],
)
def test_counts_that_contradict_each_other_are_refused(
    rows: list[tuple[str, int, int]], populations: dict[str, int] | None
) -> None:
    with pytest.raises(ValueError, match=r"contradict|fewer"):
        group_score([Evaluated(person, "day", percent(50), *size) for person, *size in rows], populations)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 100)), min_size=1))
def test_equal_shares_make_both_means_one_and_sums_add_up(rows: list[tuple[str, str, int]]) -> None:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for person, stratum, _score in rows:
        counts[person, stratum] += 1
    sample = [Evaluated(p, s, percent(score), counts[p, s], 5 * counts[p, s]) for p, s, score in rows]
    found = group_score(sample)
    assert found.ratio == found.naive
    apart = [group_score(each for each in sample if each.person == person) for person in "abc"]
    assert sum(part.numerator for part in apart) == found.numerator
    assert sum(part.denominator for part in apart) == found.denominator
    assert found.ratio is not None
    if found.interval is not None:
        assert 0 <= found.interval[0] <= float(found.ratio) + 1e-12
        assert float(found.ratio) - 1e-12 <= found.interval[1] <= 1


def test_under_ten_six_fourteen_the_naive_mean_is_biased_and_the_weighted_one_is_not() -> None:
    """A vendor of 20 agents, drawn 300 times as the product draws: 6 of the high, 10 of the middle, 14 of the low."""
    pick = random.Random(107)
    level = {Standing.HIGH: 95, Standing.MIDDLE: 85, Standing.LOW: 60}
    standings = [Standing.HIGH] * 6 + [Standing.MIDDLE] * 8 + [Standing.LOW] * 6
    people = [Person(f"{n:02}", standing, 60) for n, standing in enumerate(standings)]
    scores: dict[str, int] = {}
    items = []
    for person in people:
        for n in range(person.population):
            stratum, harder = ("refund", 8) if n % 3 == 0 else ("status", 0)
            item = Item(f"{person.key}-{n}", person.key, stratum)
            scores[item.id] = max(min(round(pick.gauss(level[person.standing] - harder, 6)), 100), 0)
            items.append(item)
    quotas = quotas_adaptive(people)
    assert sorted(set(quotas.values())) == [6, 10, 14]
    truth = sum(scores.values()) / len(scores) / 100
    weighted, naive, held = [], [], 0
    for turn in range(300):
        drawn = draw(items, quotas, turn.to_bytes(32, "big"))
        found = group_score(
            Evaluated(
                each.item.person,
                each.item.stratum,
                percent(scores[each.item.id]),
                each.stratum_count,
                each.stratum_population,
            )
            for each in drawn
        )
        assert found.ratio is not None
        assert found.naive is not None
        assert found.interval is not None
        assert (found.evaluations, found.denominator) == (200, Fraction(1200))
        weighted.append(float(found.ratio))
        naive.append(float(found.naive))
        held += found.interval[0] <= truth <= found.interval[1]
    assert abs(sum(weighted) / 300 - truth) < 0.001
    assert truth - sum(naive) / 300 > 0.035
    # 95 % of 300 are 285; five standard deviations are 19.
    assert 266 <= held <= 300


def test_accuracy_counts_where_a_family_was_asked() -> None:
    evaluations = [{Family.CUSTOMER: True, Family.BUSINESS: False}, {Family.CUSTOMER: False}, {}]
    found = critical_accuracy(evaluations + [{Family.CUSTOMER: False}] * 8)
    assert [(f, each.numerator, each.denominator) for f, each in found.items()] == [
        (Family.CUSTOMER, 9, 10),
        (Family.BUSINESS, 1, 1),
    ]
    assert found[Family.CUSTOMER].interval == pytest.approx((0.596, 0.982), abs=5e-4)
    assert found[Family.BUSINESS].interval == wilson(1, 1)
    assert critical_accuracy([]) == {}
