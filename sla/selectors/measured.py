"""Reading KPIs that were measured elsewhere, added up over days; the caller divides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from core.errors import Forbidden
from core.scope import Scope
from sla.models import MeasuredDay

BY_DAY, BY_MONTH, TOTAL = INTERVALS = ("day", "month", "total")


@dataclass(frozen=True, slots=True)
class MeasuredSum:
    """Numerator and denominator of one KPI of one contract over a stretch of its local days.

    Attributes:
        start: The day, the first day of the month (of which the period may hold a part), or the period's first day.
    """

    contract_id: int
    kpi: str
    start: date
    numerator: int
    denominator: int


def measured_sums(
    *,
    scope: Scope,
    kpis: Collection[str],
    first: date,
    until: date,
    interval: str = TOTAL,
    contract_ids: Collection[int] | None = None,
) -> list[MeasuredSum]:
    """Return sums by start, contract and KPI; what has no denominator is absent.

    Args:
        scope: Who asks.
        kpis: Names.
        first: First local day of each contract.
        until: The day after the last.
        interval: One of :data:`INTERVALS`.
        contract_ids: Only these; None for all in scope.

    Raises:
        Forbidden: The role may not see KPIs, or is an agent's: these figures are whole contracts'.
    """
    scope.require("kpis.view")
    if scope.agent_id is not None:
        raise Forbidden
    rows = MeasuredDay.objects.visible_to(scope).filter(kpi__in=kpis, day__gte=first, day__lt=until)
    if contract_ids is not None:
        rows = rows.filter(contract_id__in=contract_ids)
    sums: dict[tuple[date, int, str], list[int]] = defaultdict(lambda: [0, 0])
    for contract_id, kpi, day, numerator, denominator in rows.values_list(
        "contract_id", "kpi", "day", "numerator", "denominator"
    ):
        start = {BY_DAY: day, BY_MONTH: day.replace(day=1), TOTAL: first}[interval]
        parts = sums[start, contract_id, kpi]
        parts[0] += numerator
        parts[1] += denominator
    return [MeasuredSum(contract_id, kpi, start, *parts) for (start, contract_id, kpi), parts in sorted(sums.items())]
