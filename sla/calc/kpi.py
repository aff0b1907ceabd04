"""Every KPI of record from summed measures: value, both parts, interval, and how it stands (docs/formulas.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

from contracts.calc.definition import BETTER, Better, Kpi, Status
from contracts.calc.targets import TargetTerms

# Below so many cases a ratio or a mean says little; it is shown, but marked.
MINIMUM_N = 30
# Two-sided 95 % of the normal distribution.
Z_95 = 1.959963984540054
# Targets have four decimals; comparing whole numbers leaves no rounding at the line.
TARGET_SCALE = 10_000
# Worst last.
SEVERITY = (
    Status.NOT_APPLICABLE,
    Status.NO_DATA,
    Status.NO_TARGET,
    Status.GOAL,
    Status.AMBER,
    Status.BELOW_AMBER,
    Status.MINIMUM_MISSED,
)


class Unit(StrEnum):
    """What a value is counted in."""

    RATIO = "ratio"
    SECONDS = "seconds"
    CALLS = "calls"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which measures make a KPI.

    Attributes:
        numerator: Measures that add up to the numerator.
        denominator: Measure below the line; None for a plain count.
        unit: Unit of the value.
        by_agent: Whether it means anything for one agent; who hung up before an answer had no agent yet.
    """

    numerator: tuple[str, ...]
    denominator: str | None
    unit: Unit
    by_agent: bool = True

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that the KPI reads."""
        return self.numerator if self.denominator is None else (*self.numerator, self.denominator)


RECIPES: dict[Kpi, Recipe] = {
    Kpi.SERVICE_LEVEL: Recipe(("service_met",), "service_base", Unit.RATIO, by_agent=False),
    Kpi.CONNECT_RATE: Recipe(("connect_met",), "connect_base", Unit.RATIO, by_agent=False),
    Kpi.ASA: Recipe(("wait_seconds",), "answered", Unit.SECONDS),
    Kpi.ABANDONMENT: Recipe(("abandonment_met",), "abandonment_base", Unit.RATIO, by_agent=False),
    Kpi.AHT: Recipe(("talk_seconds", "hold_seconds", "wrap_seconds"), "handled", Unit.SECONDS),
    Kpi.FCR: Recipe(("fcr_met",), "fcr_base", Unit.RATIO),
    Kpi.CSAT: Recipe(("csat_met",), "csat_base", Unit.RATIO),
    Kpi.TRANSFER_RATE: Recipe(("transferred",), "handled", Unit.RATIO),
    Kpi.VOLUME: Recipe(("offered", "dialed"), None, Unit.CALLS, by_agent=False),
}


class KpiValue(NamedTuple):
    """One KPI of one group and period.

    Attributes:
        value: Numerator over denominator, unrounded; the count itself for a volume; None where there is no data.
        numerator: Sum above the line.
        denominator: Sum below the line; None for a plain count.
        unit: Unit of the value.
        mean: Mean answer of the survey, for CSAT only.
    """

    value: float | None
    numerator: int
    denominator: int | None
    unit: Unit
    mean: float | None = None

    @property
    def is_small(self) -> bool:
        """Whether too few cases stand behind the value to judge by it."""
        return self.value is not None and self.denominator is not None and self.denominator < MINIMUM_N

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of a ratio; None for everything else."""
        if self.unit is not Unit.RATIO or not self.denominator:
            return None
        return wilson(self.numerator, self.denominator)


def kpi_measures(kpi: Kpi) -> tuple[str, ...]:
    """Return the names of the measures that a KPI and its mean read."""
    extra = ("csat_sum",) if kpi is Kpi.CSAT else ()
    return RECIPES[kpi].measures + extra


def kpi_value(kpi: Kpi, measures: Mapping[str, int]) -> KpiValue:
    """Return a KPI from summed measures.

    Args:
        kpi: Which one.
        measures: Sums over the group and period, by the names of the rollups; 0 where a name is missing.

    Returns:
        Ratios 0..1 and means of seconds, unrounded; ``value`` is None when the denominator is 0.

    Source:
        docs/formulas.md, one heading for each KPI.

    >>> kpi_value(Kpi.ASA, {"wait_seconds": 2400, "answered": 100}).value
    24.0
    """
    recipe = RECIPES[kpi]
    numerator = 0
    for name in recipe.numerator:
        numerator += measures.get(name, 0)
    if recipe.denominator is None:
        return KpiValue(float(numerator), numerator, None, recipe.unit)
    denominator = measures.get(recipe.denominator, 0)
    if not denominator:
        return KpiValue(None, numerator, denominator, recipe.unit)
    mean = measures.get("csat_sum", 0) / denominator if kpi is Kpi.CSAT else None
    return KpiValue(numerator / denominator, numerator, denominator, recipe.unit, mean)


def wilson(numerator: int, denominator: int, z: float = Z_95) -> tuple[float, float]:
    """Return the Wilson interval of a proportion.

    Args:
        numerator: Cases that met, 0..denominator.
        denominator: All cases, above 0.
        z: Quantile of the normal distribution; 95 % two-sided unless told.

    Returns:
        Lower and upper bound, 0..1.

    Source:
        Wilson 1927; docs/formulas.md, "Interval of a ratio".

    >>> "{:.1%} {:.1%}".format(*wilson(960, 1200))
    '77.6% 82.2%'
    """
    share = numerator / denominator
    scale = 1 + z * z / denominator
    center = share + z * z / (2 * denominator)
    spread = z * sqrt(share * (1 - share) / denominator + z * z / (4 * denominator * denominator))
    # At 0 and at all cases the bound is exact; rounding may miss it by the last bit.
    low = 0.0 if numerator == 0 else (center - spread) / scale
    high = 1.0 if numerator == denominator else (center + spread) / scale
    return low, high


@lru_cache(maxsize=1024)
def _scaled(target: TargetTerms) -> tuple[int, int, int]:
    goal, amber, minimum = (int(line * TARGET_SCALE) for line in (target.goal, target.amber, target.minimum))
    return goal, amber, minimum


def status_of(kpi: Kpi, value: KpiValue, target: TargetTerms | None) -> Status:
    """Return how a value stands against its target, exactly at the lines.

    Source:
        docs/formulas.md, "Status against a target".
    """
    if value.value is None:
        return Status.NO_DATA
    if target is None or kpi not in BETTER:
        return Status.NO_TARGET
    return _standing(kpi, [(value, target)])


def status_together(kpi: Kpi, parts: Iterable[tuple[KpiValue, TargetTerms | None]]) -> Status:
    """Return how queues with targets of their own stand together: their total against what they owe together.

    Every queue owes its own target for its own cases, so each line of the total is the queues' lines weighted by
    their cases. Queues without a target or without cases are left out.

    Source:
        docs/formulas.md, "Status of queues with different targets".
    """
    judged = [(value, target) for value, target in parts if target is not None and value.value is not None]
    return _standing(kpi, judged) if judged and kpi in BETTER else Status.NO_TARGET


def _standing(kpi: Kpi, parts: Sequence[tuple[KpiValue, TargetTerms]]) -> Status:
    sign = -1 if BETTER[kpi] is Better.LOWER else 1
    actual = sign * TARGET_SCALE * sum(value.numerator for value, _target in parts)
    owed = [(value.denominator or 1, _scaled(target)) for value, target in parts]
    goal, amber, minimum = (sign * sum(cases * lines[n] for cases, lines in owed) for n in range(3))
    if actual >= goal:
        return Status.GOAL
    if actual >= amber:
        return Status.AMBER
    return Status.BELOW_AMBER if actual >= minimum else Status.MINIMUM_MISSED


def distance_to_goal(kpi: Kpi, value: KpiValue, target: TargetTerms | None) -> float | None:
    """Return how far a value lies from its goal in the KPI's unit; above 0 is better than promised."""
    if value.value is None or target is None or kpi not in BETTER:
        return None
    distance = value.value - float(target.goal)
    return distance if BETTER[kpi] is Better.HIGHER else -distance
