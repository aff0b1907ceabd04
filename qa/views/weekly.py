"""The findings of a week on one page: frequent problems, stuck points, weak groups (A117)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.components import Crumb
from core.filters import chips_of
from core.http import zone_of
from core.lists import ListPage
from core.periods import local_day
from core.scope import Scope
from qa import selectors
from qa.calc.weekly import ANSWERS_LEAST, SHARE_LEAST, WEEKS_STUCK
from qa.filters.scores import PeriodFilter
from qa.selectors import Asked, Group, WeakGroup
from qa.selectors.weekly import GROUP_DAYS, GROUP_LEAST
from qa.tables.scores import evaluations_url
from qa.tables.weekly import ProblemRow, ProblemTable

WEAK_SHOWN, BARS_MOST = 20, 12


def last_week(scope: Scope) -> tuple[date, date]:
    """Return Monday and Sunday of the last whole week."""
    today = local_day(scope.at, zone_of(scope))
    monday = today - timedelta(days=today.weekday() + 7)
    return monday, monday + timedelta(days=6)


class WeeklyFilter(PeriodFilter):
    """Questions of a form and a week."""

    def usual_days(self) -> tuple[date, date]:
        return last_week(self.scope)

    def rows(self, asked: Asked) -> Sequence[ProblemRow]:
        found = selectors.problems_of(scope=self.scope, asked=asked)
        # Chosen by hand or drawn: what failed is a finding.
        address = {name: value for name, value in self.form.address.items() if name != "state"}
        return [ProblemRow(one, {**address, "state": "all", "question": one.key}) for one in found]


class WeeklyPage(ListPage):
    """The last whole week unless asked otherwise."""

    name = "weekly"
    title = gettext_lazy("Findings of the week")
    intro = gettext_lazy(
        "What failed most, what has not become better for weeks, and who needs help first. Bring it to the weekly "
        "meeting; every number leads to its evaluations."
    )
    permission = "qa.compare"
    crumbs = (Crumb(gettext_lazy("Findings of the week")),)
    table_class = ProblemTable
    template_name = "qa/weekly.html"
    is_whole = True
    empty_text = gettext_lazy("Questions appear here once conversations of that week are evaluated and submitted.")

    def filterset_class(self, data: QueryDict, **given: Any) -> WeeklyFilter:  # type: ignore[override]
        """Return the filters; the page asks them again for what stands above the list."""
        self.filters = WeeklyFilter(data, **given)
        return self.filters

    def get_rows(self, scope: Scope) -> Sequence[ProblemRow]:
        return []

    def get_context(self, scope: Scope) -> dict[str, Any]:
        form = self.filters.form
        is_valid = form.is_valid() and bool(form.cleaned_data["form"])
        rows = self.filters.qs if is_valid else []
        weak = selectors.weak_groups(scope=scope, asked=form.asked) if is_valid else []
        chips = chips_of(form, self.request.GET) if is_valid else []
        return {
            "under_filter": "qa/_weekly.html",
            "stuck": [row for row in rows if row.problem.stuck >= WEEKS_STUCK],
            "weak": [(one, self._url(one, form.asked)) for one in weak[:WEAK_SHOWN]],
            "pareto": self._pareto(rows),
            "rules": {
                "weeks": WEEKS_STUCK,
                "share": SHARE_LEAST,
                "answers": ANSWERS_LEAST,
                "days": GROUP_DAYS,
                "least": GROUP_LEAST,
            },
            "words": {Group.TEAM: _("team"), Group.AGENT: _("agent")},
            "is_valid": is_valid,
            "chips": [chip for chip in chips if chip.name in self.request.GET],
            "is_filtered": form.has_forms,
        }

    def _url(self, one: WeakGroup, asked: Asked) -> str:
        first = asked.last - timedelta(days=GROUP_DAYS - 1)
        days = {"day_after": first.isoformat(), "day_before": asked.last.isoformat()}
        return evaluations_url(**{**self.filters.form.address, **days, one.group.value: one.scored.reference})

    def _pareto(self, rows: Sequence[ProblemRow]) -> dict[str, Any] | None:
        failed = [row for row in rows if row.problem.failed][:BARS_MOST]
        if not failed:
            return None
        return {
            "name": _("Failed"),
            "row_name": _("Question"),
            "unit": "count",
            "rows": [
                {
                    "name": row.problem.text,
                    "value": row.problem.failed,
                    "url": evaluations_url(**row.address),
                }
                for row in failed
            ],
        }
