"""How stretches of a contract's time stand, also where its queues have different targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from contracts.calc.definition import Kpi, Status
from contracts.calc.targets import TargetTerms
from core.formats import value_text
from core.scope import Scope
from reports.words import UNITS
from sla.calc.kpi import RECIPES, KpiValue, status_together
from sla.calc.query import MAX_CELLS, Dimension, KpiQuery
from sla.selectors import Frame, KpiReport, Row, kpi_report


@dataclass(frozen=True, slots=True)
class Judged:
    """Where each stretch stands and by which rule; ``weighted`` holds those that no shared target judges."""

    kpi: Kpi
    weighted: Mapping[float, Status]
    rule: str

    def of(self, row: Row) -> Status:
        """Return where a row stands."""
        status = row.cell(self.kpi).status
        return self.weighted.get(_moment(row), status) if status is Status.NO_TARGET and self.weighted else status


def judged(*, scope: Scope, frame: Frame, contract_id: int, report: KpiReport, kpi: Kpi) -> Judged:
    """Judge the rows of a contract's report by the target that its queues share, else by what they owe together."""
    targets = {row.cell(kpi).target for row in report.rows}
    weighted: dict[float, Status] = {}
    own = {version.pk for version in frame.versions_of.get(contract_id, ())}
    if None in targets and any(known is kpi and version_id in own for version_id, _queue_id, known in frame.targets):
        parts: dict[float, list[tuple[KpiValue, TargetTerms | None]]] = defaultdict(list)
        for row in _queue_rows(scope, frame, replace(report.query, metrics=(kpi,), group_by=(Dimension.QUEUE,))):
            parts[_moment(row)].append((row.cells[0].result, row.cells[0].target))
        moments = [_moment(row) for row in report.rows if row.cell(kpi).status is Status.NO_TARGET]
        weighted = {moment: status_together(kpi, parts[moment]) for moment in moments}
    return Judged(kpi, weighted, _rule(kpi, {target for target in targets if target}, set(weighted.values())))


def _queue_rows(scope: Scope, frame: Frame, query: KpiQuery) -> Iterator[Row]:
    token: str | None = ""
    while token is not None:
        page = kpi_report(scope=scope, query=replace(query, page_size=MAX_CELLS, next_token=token), frame=frame)
        yield from page.rows
        token = page.next_token


def _rule(kpi: Kpi, targets: set[TargetTerms], weighted: set[Status]) -> str:
    if weighted - {Status.NO_TARGET}:
        return _(
            "The queues have different targets: the colors judge all of them together, each queue's target weighted by "
            "its calls. Choose a queue to see it against its own."
        )
    if len(targets) == 1:
        target, unit = targets.pop(), UNITS[RECIPES[kpi].unit]
        words = {"goal": value_text(target.goal, unit), "minimum": value_text(target.minimum, unit)}
        return _("Colored by the target: goal %(goal)s, minimum %(minimum)s.") % words
    return _("Colored by the target in force on each day.") if targets else _("No target is agreed for it.")


def _moment(row: Row) -> float:
    # Moments of one zone compare by their clocks alone: the two halves of a repeated hour would be one.
    assert isinstance(row.start, datetime)
    return row.start.timestamp()
