"""Precision, recall and F1 of rules, counted by hand and with their intervals."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.calc.rule_book import Verdict
from qa.calc.rule_quality import Judgement, RuleQuality, rule_quality
from sla.calc.kpi import wilson

P, F, N = Verdict.PASSED, Verdict.FAILED, Verdict.NOT_APPLICABLE


def test_by_hand() -> None:
    told = [
        ("b", F, True), ("b", F, True), ("b", F, False), ("b", P, True), ("b", P, False), ("b", P, False),
        ("b", N, True), ("b", N, False), ("b", F, None), ("b", N, None), ("a", P, False),
    ]  # fmt: skip
    found = rule_quality(Judgement(*each) for each in told)
    assert list(found) == ["a", "b"]
    assert found["b"] == RuleQuality(true_failed=2, false_failed=1, missed=1, true_passed=2, left_out=4)
    ratios = [
        (share.numerator, share.denominator) for share in (found["b"].precision, found["b"].recall, found["b"].f1)
    ]
    assert ratios == [(2, 3), (2, 3), (4, 6)]
    assert (found["b"].precision.low, found["b"].precision.high) == wilson(2, 3)


def test_of_nothing_there_is_no_ratio() -> None:
    silent = RuleQuality(true_passed=9)
    for share in (silent.precision, silent.recall, silent.f1):
        assert (share.numerator, share.denominator, share.value, share.low, share.high) == (0, 0, None, None, None)
    wrong = RuleQuality(false_failed=3)
    assert (wrong.precision.value, wrong.recall.value, wrong.f1.value) == (0.0, None, 0.0)


def test_published_interval() -> None:
    """Wilson's interval of 9 of 10 is 59.6 % to 98.2 %."""
    share = RuleQuality(true_failed=9, missed=1).recall
    assert share.low == pytest.approx(0.596, abs=5e-4)
    assert share.high == pytest.approx(0.982, abs=5e-4)


def test_the_interval_of_f1_is_that_of_the_share_of_agreement_carried_over() -> None:
    """8 of 14 have Wilson's bounds 0.3259 and 0.7862; 2J / (1 + J) makes 0.4916 and 0.8803 of them."""
    share = RuleQuality(true_failed=8, false_failed=2, missed=4).f1
    assert share.low == pytest.approx(0.4916, abs=2e-4)
    assert share.high == pytest.approx(0.8803, abs=2e-4)


@settings(deadline=None)
@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_f1_is_the_harmonic_mean_inside_its_interval(true: int, false: int, missed: int) -> None:
    quality = RuleQuality(true, false, missed)
    if true:
        precision, recall = quality.precision.value or 0, quality.recall.value or 0
        assert quality.f1.value == pytest.approx(2 * precision * recall / (precision + recall))
    for share in (quality.precision, quality.recall, quality.f1):
        if share.value is not None and share.low is not None and share.high is not None:
            assert 0 <= share.low <= share.value + 1e-12
            assert share.value <= share.high + 1e-12 <= 1 + 1e-11


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(Verdict), st.sampled_from([True, False, None]))))
def test_everything_is_counted_once(told: list[tuple[str, Verdict, bool | None]]) -> None:
    found = rule_quality(Judgement(*each) for each in told)
    cells = [q.true_failed + q.false_failed + q.missed + q.true_passed + q.left_out for q in found.values()]
    assert sum(cells) == len(told)
