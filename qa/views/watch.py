"""The watch over graders: who is severe, and which vendor scores itself higher than the client does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.components import Crumb, Tab
from core.filters import address_without, chips_of
from core.lists import ListPage
from core.scope import VENDOR, Scope
from qa import selectors
from qa.calc.agreement import INFLATION_CALLS_MIN, SEVERITY_ITEMS_MIN
from qa.filters.scores import PeriodFilter
from qa.selectors import Asked
from qa.tables.watch import WatchRow, WatchTable
from qa.views.calibration import CALIBRATIONS

DAYS = 91


class WatchFilter(PeriodFilter):
    """Graders of a form and some days."""

    has_side = False
    days = DAYS
    by_house = False

    def rows(self, asked: Asked) -> Sequence[WatchRow]:
        found = selectors.watch_list(scope=self.scope, asked=asked, by_house=self.by_house)
        return [WatchRow(one, {**self.form.address, "side": VENDOR}) for one in found]


class WatchPage(ListPage):
    """Every grader that calibration or double scoring says something about."""

    name = "graders"
    title = gettext_lazy("Graders")
    intro = gettext_lazy(
        "Severity comes from calibration sessions; the gap from calls that the vendor and the client scored "
        "independently. Above 0 a vendor scores itself higher than the client does."
    )
    permission = "qa.compare"
    crumbs = (CALIBRATIONS, Crumb(gettext_lazy("Graders")))
    table_class = WatchTable
    template_name = "qa/watch.html"
    is_whole = True
    parameters = frozenset({"by"})
    empty_text = gettext_lazy(
        "Graders appear here after a complete calibration session, or once a plan lets both sides score the same calls."
    )

    @property
    def by_house(self) -> bool:
        """Whether the graders of a house are taken together."""
        return self.request.GET.get("by") == "house"

    def filterset_class(self, data: QueryDict, **given: Any) -> WatchFilter:  # type: ignore[override]
        """Return the filters; the page asks them again for its chart."""
        self.filters = WatchFilter(data, **given)
        self.filters.by_house = self.by_house
        return self.filters

    def get_rows(self, scope: Scope) -> Sequence[WatchRow]:
        return []

    def forbidden_columns(self, scope: Scope) -> list[str]:
        house = ["organization"] if self.by_house or not scope.is_client else []
        kpis = [] if scope.can("kpis.view") else ["csat", "again", "satisfied", "answers", "repeated", "judged"]
        return [*house, *kpis, *([] if scope.can("complaints.view") else ["complaints", "complained"])]

    def get_context(self, scope: Scope) -> dict[str, Any]:
        form = self.filters.form
        rows = self.filters.qs if form.is_valid() else []
        rest = address_without(self.request.GET, "by").removeprefix("?")
        chips = chips_of(form, self.request.GET) if form.is_valid() else []
        return {
            "tabs": [
                Tab(_("By grader"), f"?{rest}", not self.by_house),
                Tab(_("By house"), f"?{rest}&by=house".replace("?&", "?"), self.by_house),
            ],
            "dots": self._dots(rows),
            "items_min": SEVERITY_ITEMS_MIN,
            "calls_min": INFLATION_CALLS_MIN,
            "chips": [chip for chip in chips if chip.name in self.request.GET],
            "is_filtered": form.has_forms,
        }

    def _dots(self, rows: Sequence[WatchRow]) -> dict[str, Any] | None:
        known = [row for row in rows if row.gap is not None]
        if not known:
            return None
        bounds = [row.watch.watched.gap.interval or (None, None) for row in known]
        return {
            "name": _("Own score less the client’s"),
            "row_name": _("Grader"),
            "unit": "ratio",
            "rows": [
                {"name": row.name, "value": row.gap, "low": low, "high": high, "n": row.watch.watched.gap.n}
                for row, (low, high) in zip(known, bounds, strict=True)
            ],
        }
