"""What deserves a look: targets that are missed, data that does not come, figures that moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contracts.calc.definition import BETTER, Better, Status
from core.formats import count_text, day_text, difference_text, ratio_text, seconds_text
from core.periods import Period
from core.scope import Scope
from core.templatetags.ui import TONE_ICONS
from reports.addresses import address, with_query
from reports.periods import month_text
from sla.calc.kpi import Unit
from sla.selectors import VendorFreshness

if TYPE_CHECKING:
    from reports.selectors.home import HomeCell, HomeRow

CHANGES_MAX = 3
FIGURES_MAX = 6


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to look at: how grave, what, and where it leads."""

    tone: str
    text: Any
    detail: Any = ""
    url: str = ""
    verb: Any = ""

    @property
    def icon(self) -> str:
        """The icon of its tone."""
        return TONE_ICONS[self.tone]


# How a level is told, and the line that the figure stands below.
TOLD: dict[Status, tuple[str, str, Any]] = {
    Status.MINIMUM_MISSED: ("bad", "minimum", gettext_lazy("%(contract)s misses the minimum")),
    Status.BELOW_AMBER: ("serious", "goal", gettext_lazy("%(contract)s misses the goal")),
    Status.AMBER: ("warning", "goal", gettext_lazy("%(contract)s is just below the goal")),
}


def target_notices(rows: Sequence[HomeRow], statuses: Iterable[Status]) -> list[Notice]:
    """Return what stands on some levels, in their order: a line for each contract, with its queues that stand worse."""
    found = []
    for status in statuses:
        tone, line, text = TOLD[status]
        for row in rows:
            figures = [figure for cell in row.cells for figure in _figures(cell, status, line)]
            if figures:
                shown = figures[:FIGURES_MAX] + ([f"+{len(figures) - FIGURES_MAX}"] if figures[FIGURES_MAX:] else [])
                words = text % {"contract": row.contract.name}
                found.append(Notice(tone, words, _line(row.vendor_name, *shown), row.url, _("See why")))
    return found


def _figures(cell: HomeCell, status: Status, line: str) -> Iterator[str]:
    """Yield the figures of a contract and of its queues that stand on a level, each beside the line that it misses."""
    whole = [(cell.name, cell.cell)]
    parts = [(_("%(kpi)s in %(queue)s") % {"kpi": cell.name, "queue": q.queue.name}, q.cell) for q in cell.queues]
    for name, figure in whole + parts:
        if figure.status is status and figure.target is not None:
            value, limit = _apart(figure.result.value, float(getattr(figure.target, line)), cell.unit)
            yield _("%(kpi)s %(value)s (%(line)s)") % {"kpi": name, "value": value, "line": limit}


def _apart(value: float | None, line: float, unit: str) -> tuple[str, str]:
    """Return a value and the line it misses with as many places as tell them apart: not “80.0% (80.0%)”."""
    text = {"ratio": ratio_text, "seconds": seconds_text}[unit]
    texts = text(value), text(line)
    for places in (2, 3, 4):
        if texts[0] != texts[1]:
            break
        texts = text(value, places), text(line, places)
    return texts


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def data_notices(*, scope: Scope, fresh: Sequence[VendorFreshness]) -> list[Notice]:
    """Return what keeps the figures from being up to date."""
    found = []
    for vendor in fresh:
        for contract in vendor.contracts:
            if contract.days_missing and contract.last_day:
                text = ngettext(
                    "%(contract)s: no calls since %(day)s, %(count)s day is missing",
                    "%(contract)s: no calls since %(day)s, %(count)s days are missing",
                    contract.days_missing,
                ) % {
                    "contract": contract.contract.name,
                    "day": day_text(contract.last_day),
                    "count": count_text(contract.days_missing),
                }
                found.append(
                    Notice("warning", text, vendor.vendor.name if len(fresh) > 1 else "", *_import_link(scope))
                )
        if vendor.batches_to_confirm and scope.can("imports.view"):
            text = ngettext(
                "%(vendor)s: %(count)s file waits to be confirmed",
                "%(vendor)s: %(count)s files wait to be confirmed",
                vendor.batches_to_confirm,
            ) % {"vendor": vendor.vendor.name, "count": count_text(vendor.batches_to_confirm)}
            url = address("calls:imports")
            url = with_query(url, [("state", "checked"), ("vendor", vendor.vendor.code)]) if url else ""
            found.append(Notice("info", text, "", url, _("Look at them")))
        if vendor.days_waiting:
            text = ngettext(
                "%(vendor)s: %(count)s day is being computed",
                "%(vendor)s: %(count)s days are being computed",
                vendor.days_waiting,
            ) % {"vendor": vendor.vendor.name, "count": count_text(vendor.days_waiting)}
            found.append(Notice("info", text, _("The figures follow by themselves.")))
    return found


def changes(rows: Iterable[HomeRow], former: Period) -> list[Notice]:
    """Return the ratios that moved more than chance explains: whose 95 % intervals lie apart."""
    moved: list[tuple[float, Notice]] = []
    for row in rows:
        for cell in row.cells:
            now, before = cell.cell.result, cell.former.result if cell.former else None
            if before is None or now.unit is not Unit.RATIO or now.is_small or before.is_small:
                continue
            if now.interval is None or before.interval is None or now.value is None or before.value is None:
                continue
            if now.interval[0] <= before.interval[1] and before.interval[0] <= now.interval[1]:
                continue
            change = now.value - before.value
            is_better = (change > 0) is (BETTER[cell.cell.kpi] is Better.HIGHER)
            text = _("%(contract)s: %(kpi)s %(change)s against %(month)s") % {
                "contract": row.contract.name,
                "kpi": cell.name,
                "change": difference_text(change, "ratio"),
                "month": month_text(former.first),
            }
            detail = _line(row.vendor_name, f"{ratio_text(before.value)} → {ratio_text(now.value)}")
            tone = "good" if is_better else "warning"
            moved.append((abs(change), Notice(tone, text, detail, row.url, _("Look closer"))))
    moved.sort(key=lambda pair: -pair[0])
    return [notice for _size, notice in moved[:CHANGES_MAX]]


def _import_link(scope: Scope) -> tuple[str, str]:
    if scope.can("calls.import"):
        return address("calls:import_new"), _("Import calls")
    return (address("calls:imports"), _("See the imports")) if scope.can("imports.view") else ("", "")
