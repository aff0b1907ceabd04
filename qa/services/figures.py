"""Counting the KPIs of quality assurance by contract and day, and bringing them down to where figures are kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core import sql
from core.faults import crash_point
from core.scope import Scope, activate
from qa import selectors
from qa.calc.forms import Family
from qa.calc.kpis import QaKpi, accuracy_kpi, in_parts, score_kpi
from qa.models import Evaluation, ScoreMark
from qa.models.evaluations import SIDES
from sla import services as sla
from sla.services import Measured

COUNT_LOCK = 7015
# So many days of contracts are counted in one transaction.
SLICE = 100


def score_marks_add(*, scope: Scope, days: Iterable[tuple[int, int, date]]) -> None:
    """Mark days whose scores change with the caller's transaction.

    Args:
        scope: Who changes them.
        days: Vendor, contract and its local day.
    """
    rows = [ScoreMark(vendor_id=vendor, contract_id=contract, day=day) for vendor, contract, day in sorted(set(days))]
    ScoreMark.objects.visible_to(scope).bulk_create(rows)


def score_mark_of(scope: Scope, evaluation: Evaluation) -> None:
    """Mark the day of an evaluation that counts, or may hide the other side's that does."""
    if evaluation.draw_id is not None:
        score_marks_add(scope=scope, days=[(evaluation.vendor_id, evaluation.contract_id, evaluation.day)])


def score_days_count(*, scope: Scope) -> int:
    """Count some marked days anew.

    One worker counts at a time; others leave at once. What changes while it counts is marked again by its own
    transaction, so nothing is missed.

    Returns:
        Number of days counted; 0 when none is marked, or somebody else is counting.
    """
    with activate(scope):
        if not sql.try_lock(COUNT_LOCK):
            return 0
        marked = sql.rows("qa/score_marks_take", {"most": SLICE, "vendor_ids": list(scope.vendor_ids)})
        if not marked:
            return 0
        crash_point("after_score_marks_taken")
        keys = {(row["contract_id"], row["day"]): row["vendor_id"] for row in marked}
        figures = selectors.day_figures(scope=scope, keys=keys.keys())
        values: list[Measured] = []
        for (contract_id, day), vendor_id in keys.items():
            for side, _words in SIDES:
                found = figures.get((contract_id, day, side))
                own = (vendor_id, contract_id, day)
                parts = (0, 0) if found is None else (found.score.numerator, found.score.denominator)
                values.append(Measured(*own, score_kpi(side).value, *(in_parts(part) for part in parts)))  # type: ignore[arg-type]
                for family in Family:
                    share = None if found is None else found.accuracy.get(family)
                    counts = (share.numerator, share.denominator) if share else (0, 0)
                    values.append(Measured(*own, accuracy_kpi(family, side).value, *counts))
        sla.measured_put(scope=scope, values=values)
    return len(marked)


def score_days_mark(*, scope: Scope) -> int:
    """Mark every day that has QA KPIs or drawn evaluations, so that all are counted anew."""
    with activate(scope):
        return sql.execute(
            "qa/score_days_mark", {"kpis": [kpi.value for kpi in QaKpi], "vendor_ids": list(scope.vendor_ids)}
        )
