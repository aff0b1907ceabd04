"""What deserves a look: targets that are missed, data that does not come, figures that moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.calc.definition import BETTER, Better, Status
from core.formats import count_text, day_text, difference_text, ratio_text, value_text
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


def target_notices(rows: Iterable[HomeRow]) -> list[Notice]:
    """Return what misses its minimum first, then what misses its goal, one line for each contract."""
    minimum: list[Notice] = []
    goal: list[Notice] = []
    for row in rows:
        below, short = [], []
        for cell in row.cells:
            if cell.cell.status is Status.MINIMUM_MISSED:
                below.append(_figure(cell, "minimum"))
            elif cell.queue is not None and cell.queue_level == "minimum":
                below.append(_("%(kpi)s in %(queue)s") % {"kpi": cell.name, "queue": cell.queue.name})
            elif cell.cell.status is Status.BELOW_AMBER:
                short.append(_figure(cell, "goal"))
        for found, notices, tone, text in (
            (below, minimum, "bad", _("%(contract)s misses the minimum")),
            (short, goal, "serious", _("%(contract)s misses the goal")),
        ):
            if found:
                words = text % {"contract": row.contract.name}
                notices.append(Notice(tone, words, " · ".join(found), row.url, _("See why")))
    return minimum + goal


def _figure(cell: HomeCell, line: str) -> str:
    """Return a figure beside the line that it misses."""
    target = cell.cell.target
    assert target is not None
    return _("%(kpi)s %(value)s (%(line)s)") % {
        "kpi": cell.name,
        "value": value_text(cell.cell.result.value, cell.unit),
        "line": value_text(float(getattr(target, line)), cell.unit),
    }


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
                found.append(Notice("warning", text, "", *_import_link(scope)))
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
            detail = f"{ratio_text(before.value)} → {ratio_text(now.value)}"
            tone = "good" if is_better else "warning"
            moved.append((abs(change), Notice(tone, text, detail, row.url, _("Look closer"))))
    moved.sort(key=lambda pair: -pair[0])
    return [notice for _size, notice in moved[:CHANGES_MAX]]


def _import_link(scope: Scope) -> tuple[str, str]:
    if scope.can("calls.import"):
        return address("calls:import_new"), _("Import calls")
    return (address("calls:imports"), _("See the imports")) if scope.can("imports.view") else ("", "")
