"""Every formula against the worked cases of docs/formulas.md and published figures."""

from __future__ import annotations

import doctest
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sla.calc.grid
import sla.calc.kpi
import sla.calc.service_level
from contracts.calc.definition import BETTER, Formula, Kpi, Status
from contracts.calc.targets import TargetTerms
from sla.calc.kpi import RECIPES, KpiValue, Unit, distance_to_goal, kpi_value, status_of, status_together, wilson
from sla.calc.service_level import Counts, roll_up, service_level

ICMI = Counts(
    answered=1000, answered_in_time=860, abandoned=60, abandoned_in_time=20, abandoned_short=10, flowed_out=40
)


def test_the_handbook_s_examples_run() -> None:
    page = Path(__file__).parents[2] / "docs" / "formulas.md"
    result = doctest.testfile(str(page), module_relative=False)
    assert result.attempted > 20
    assert result.failed == 0


@pytest.mark.parametrize("module", [sla.calc.grid, sla.calc.kpi, sla.calc.service_level])
def test_the_docstrings_examples_run(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("formula", "published"),
    list(zip(Formula, ("83.02%", "86.00%", "81.13%", "82.69%", "82.08%", "81.90%"), strict=True)),
)
def test_the_six_formulas_give_the_published_percentages(formula: Formula, published: str) -> None:
    met, base = service_level(ICMI, formula)
    assert f"{met / base:.2%}" == published


def test_flow_outs_join_the_denominator_only_if_the_definition_says_so() -> None:
    met, base = service_level(ICMI, Formula.SHORT_ABANDONED_LEFT_OUT, count_flow_outs=True)
    assert (met, base) == (860, 1090)


def test_roll_up_adds_and_does_not_average() -> None:
    met, base = roll_up([(725, 1092), (37, 74)])
    assert f"{met / base:.2%}" == "65.35%"


@pytest.mark.parametrize(("met", "base", "low", "high"), [(960, 1200, "77.6%", "82.2%"), (9, 10, "59.6%", "98.2%")])
def test_wilson_intervals(met: int, base: int, low: str, high: str) -> None:
    bounds = wilson(met, base)
    assert (f"{bounds[0]:.1%}", f"{bounds[1]:.1%}") == (low, high)


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_wilson_interval_holds_the_ratio_and_stays_within_bounds(met: int, base: int) -> None:
    met = min(met, base)
    low, high = wilson(met, base)
    assert 0 <= low <= met / base <= high <= 1


@pytest.mark.parametrize("kpi", [kpi for kpi in Kpi if RECIPES[kpi].denominator])
def test_no_cases_are_no_data_not_zero(kpi: Kpi) -> None:
    value = kpi_value(kpi, {})
    assert (value.value, value.denominator) == (None, 0)
    assert value.interval is None
    assert status_of(kpi, value, TargetTerms(Decimal(0), Decimal(0), Decimal(0))) is Status.NO_DATA


def test_waits_of_calls_answered_at_once_count() -> None:
    # 60 at once and 40 after 60 s on average: 24 s, not 60 s.
    assert kpi_value(Kpi.ASA, {"wait_seconds": 2400, "answered": 100}).value == 24


def test_the_mean_answer_stands_beside_the_share_of_satisfied() -> None:
    value = kpi_value(Kpi.CSAT, {"csat_met": 960, "csat_base": 1200, "csat_sum": 5100})
    assert (value.value, value.mean) == (0.8, 4.25)


def test_twenty_nine_cases_are_few_and_thirty_are_not() -> None:
    assert KpiValue(0.5, 14, 29, Unit.RATIO).is_small
    assert not KpiValue(0.5, 15, 30, Unit.RATIO).is_small


TARGET = TargetTerms(Decimal("0.8"), Decimal("0.78"), Decimal("0.75"))
SECONDS = TargetTerms(Decimal(15), Decimal(18), Decimal(20))


@pytest.mark.parametrize(
    ("met", "status"),
    [
        (80_000, Status.GOAL),
        (79_999, Status.AMBER),
        (78_000, Status.AMBER),
        (77_999, Status.BELOW_AMBER),
        (75_000, Status.BELOW_AMBER),
        (74_999, Status.MINIMUM_MISSED),
    ],
)
def test_status_is_exact_at_the_lines(met: int, status: Status) -> None:
    assert status_of(Kpi.SERVICE_LEVEL, KpiValue(met / 100_000, met, 100_000, Unit.RATIO), TARGET) is status


@pytest.mark.parametrize(
    ("seconds", "status"),
    [
        (1500, Status.GOAL),
        (1501, Status.AMBER),
        (1800, Status.AMBER),
        (1801, Status.BELOW_AMBER),
        (2000, Status.BELOW_AMBER),
        (2001, Status.MINIMUM_MISSED),
    ],
)
def test_lower_is_better_for_waits(seconds: int, status: Status) -> None:
    assert status_of(Kpi.ASA, KpiValue(seconds / 100, seconds, 100, Unit.SECONDS), SECONDS) is status


def test_distance_above_zero_is_better_than_promised_either_way() -> None:
    assert distance_to_goal(Kpi.ASA, KpiValue(12.0, 1200, 100, Unit.SECONDS), SECONDS) == 3
    worse = distance_to_goal(Kpi.SERVICE_LEVEL, KpiValue(0.75, 75, 100, Unit.RATIO), TARGET)
    assert worse is not None
    assert worse < 0


def test_a_volume_has_no_target_and_no_interval() -> None:
    value = kpi_value(Kpi.VOLUME, {"offered": 7, "dialed": 3})
    assert (value.value, value.denominator, value.interval) == (10, None, None)
    assert status_of(Kpi.VOLUME, value, TARGET) is Status.NO_TARGET
    assert Kpi.VOLUME not in BETTER


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=20),
    st.integers(1, 19),
)
def test_a_roll_up_of_roll_ups_is_the_roll_up(parts: list[tuple[int, int]], cut: int) -> None:
    assert roll_up([roll_up(parts[:cut]), roll_up(parts[cut:])]) == roll_up(parts)


def test_one_queue_stands_together_with_itself_as_it_stands_alone() -> None:
    terms = TargetTerms(Decimal("0.80"), Decimal("0.78"), Decimal("0.75"))
    for met in range(70, 90):
        value = kpi_value(Kpi.SERVICE_LEVEL, {"service_met": met, "service_base": 100})
        assert status_together(Kpi.SERVICE_LEVEL, [(value, terms)]) is status_of(Kpi.SERVICE_LEVEL, value, terms)


def test_together_a_lower_wait_is_better_and_who_owes_nothing_is_left_out() -> None:
    def wait(seconds: int, calls: int) -> KpiValue:
        return kpi_value(Kpi.ASA, {"wait_seconds": seconds * calls, "answered": calls})

    quick = TargetTerms(Decimal(10), Decimal(12), Decimal(20))
    slow = TargetTerms(Decimal(30), Decimal(36), Decimal(60))
    # 10 calls owe 10 s each, 30 calls 30 s each: 1000 s together.
    assert status_together(Kpi.ASA, [(wait(20, 10), quick), (wait(26, 30), slow)]) is Status.GOAL
    assert status_together(Kpi.ASA, [(wait(22, 10), quick), (wait(26, 30), slow)]) is Status.GOAL
    assert status_together(Kpi.ASA, [(wait(22, 10), quick), (wait(27, 30), slow)]) is Status.AMBER
    assert status_together(Kpi.ASA, [(wait(22, 10), quick), (wait(99, 9000), None)]) is Status.MINIMUM_MISSED
    assert status_together(Kpi.ASA, [(wait(99, 9000), None), (wait(0, 0), slow)]) is Status.NO_TARGET
