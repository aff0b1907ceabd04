"""Targets: goal, amber line and minimum of a KPI, which way they must stand, and what queues share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

from contracts.calc.definition import BETTER, Better, Kpi

SECONDS_KPIS = frozenset({Kpi.ASA, Kpi.AHT})
# Volume has no better or worse, and so no target.
TARGET_KPIS = tuple(BETTER)
PLACES = 4


class Terms(Protocol):
    """Whatever has the three lines of a target: the value here, or a stored row."""

    @property
    def goal(self) -> Decimal: ...
    @property
    def amber(self) -> Decimal: ...
    @property
    def minimum(self) -> Decimal: ...


T = TypeVar("T", bound=Terms)


@dataclass(frozen=True, slots=True)
class TargetTerms:
    """The three lines of one KPI.

    Attributes:
        goal: What was promised; a ratio 0..1, or seconds for ASA and AHT.
        amber: From here to the goal the KPI is a warning.
        minimum: The worst value that is no breach; for "lower is better" the highest one.
    """

    goal: Decimal
    amber: Decimal
    minimum: Decimal

    def lines(self) -> dict[str, Decimal]:
        """Return the lines by name."""
        return {"goal": self.goal, "amber": self.amber, "minimum": self.minimum}

    def as_dict(self) -> dict[str, str]:
        """Return the lines as plain decimals without trailing zeros."""
        return {name: f"{value.normalize():f}" for name, value in self.lines().items()}


DEFAULT_TARGETS: dict[Kpi, TargetTerms] = {
    Kpi.SERVICE_LEVEL: TargetTerms(Decimal("0.80"), Decimal("0.78"), Decimal("0.75")),
    Kpi.ASA: TargetTerms(Decimal("15"), Decimal("18"), Decimal("20")),
    Kpi.ABANDONMENT: TargetTerms(Decimal("0.05"), Decimal("0.06"), Decimal("0.07")),
    Kpi.FCR: TargetTerms(Decimal("0.80"), Decimal("0.78"), Decimal("0.75")),
    Kpi.CSAT: TargetTerms(Decimal("0.90"), Decimal("0.88"), Decimal("0.85")),
}


def target_problems(kpi: Kpi, terms: Terms) -> dict[str, str]:
    """Return what is wrong with a target: line to the code of the rule it breaks; empty when it is right.

    Codes: ``no_target`` (the KPI takes none), ``number``, ``ratio`` (not 0..1), ``places`` (more than four
    decimals), ``order`` (goal, amber and minimum do not follow the direction in which the KPI improves).

    >>> target_problems(Kpi.ASA, TargetTerms(Decimal(15), Decimal(12), Decimal(20)))
    {'amber': 'order'}
    """
    if kpi not in BETTER:
        return {"goal": "no_target"}
    highest = Decimal(86_400) if kpi in SECONDS_KPIS else Decimal(1)
    problems = {}
    for name in ("goal", "amber", "minimum"):
        value: Decimal = getattr(terms, name)
        exponent = value.normalize().as_tuple().exponent
        if not isinstance(exponent, int):
            problems[name] = "number"
        elif not 0 <= value <= highest:
            problems[name] = "seconds" if kpi in SECONDS_KPIS else "ratio"
        elif -exponent > PLACES:
            problems[name] = "places"
    if problems:
        return problems
    sign = 1 if BETTER[kpi] is Better.HIGHER else -1
    if sign * terms.goal < sign * terms.amber:
        problems["amber"] = "order"
    if sign * terms.amber < sign * terms.minimum:
        problems["minimum"] = "order"
    return problems


def common_targets(targets: Mapping[tuple[int, str], T], queue_ids: Collection[int]) -> dict[Kpi, T | None]:
    """Return the targets that hold for a contract as a whole: where all its queues agree.

    Args:
        targets: ``(queue, KPI)`` to its target.
        queue_ids: The queues that have terms; one without a target for a KPI does not agree with the others.

    Returns:
        Every KPI that some queue has a target for; None where the queues differ.
    """
    common: dict[Kpi, T | None] = {}
    for kpi in Kpi:
        found = [targets.get((queue_id, kpi)) for queue_id in sorted(queue_ids)]
        present = [terms for terms in found if terms is not None]
        if present:
            lines = {(terms.goal, terms.amber, terms.minimum) for terms in present}
            common[kpi] = present[0] if len(present) == len(found) and len(lines) == 1 else None
    return common
