"""The signal of A116: more calls and less satisfaction together, beyond chance."""

from __future__ import annotations

import random
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.calc.signals import Stretch, fall_probability, rise_probability, signals_of


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 9), st.integers(1, 9))
def test_a_rise_is_as_likely_as_counted_out(calls: int, before: int, days: int, days_before: int) -> None:
    share, total = Fraction(days, days + days_before), calls + before
    exact = sum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(calls, total + 1))
    found = rise_probability(Stretch(days, calls, 0, 0), Stretch(days_before, before, 0, 0))
    assert found == pytest.approx(float(exact), rel=1e-9)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_a_fall_is_as_likely_as_counted_out(yes: int, no: int, yes_before: int, no_before: int) -> None:
    now, whole, satisfied = yes + no, yes + no + yes_before + no_before, yes + yes_before
    ways = sum(comb(satisfied, k) * comb(whole - satisfied, now - k) for k in range(yes + 1))
    found = fall_probability(Stretch(1, 0, yes, now), Stretch(1, 0, yes_before, yes_before + no_before))
    assert found == pytest.approx(float(Fraction(ways, comb(whole, now))), rel=1e-9)


def test_both_must_hold_and_few_cases_say_nothing() -> None:
    usual = Stretch(28, 1120, 450, 500)
    found = signals_of(
        {
            "design fault": (Stretch(7, 480, 150, 230), usual),
            "promotion": (Stretch(7, 480, 207, 230), usual),
            "grumbling": (Stretch(7, 280, 80, 130), usual),
            "three calls": (Stretch(7, 3, 0, 3), usual),
            "new": (Stretch(7, 480, 150, 230), Stretch(28, 0, 0, 0)),
        }
    )
    assert set(found) == {"design fault"}
    assert found["design fault"].rise == pytest.approx(480 / 7 / 40)


def test_noise_raises_hardly_any_alarm() -> None:
    """2,000 quiet reasons in 100 weeks: chance alone gives next to none."""
    pick, alarms = random.Random(116), 0
    for _week in range(100):
        pairs = {}
        for reason in range(20):
            calls = sum(pick.random() < 0.5 for _ in range(560))
            answers = calls // 2
            satisfied = sum(pick.random() < 0.9 for _ in range(answers))
            pairs[reason] = (Stretch(7, calls, satisfied, answers), Stretch(28, 1120, 504, 560))
        alarms += len(signals_of(pairs))
    assert alarms <= 5
