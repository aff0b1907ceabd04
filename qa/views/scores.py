"""QA scores of agents, teams, queues, contracts and vendors, with what they rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from core.components import Action, Crumb, Tab
from core.filters import address_without, chips_of
from core.http import scope_of
from core.lists import ListPage
from core.scope import Scope
from qa import selectors
from qa.calc.estimates import ACCURACY_TARGETS
from qa.filters.scores import PeriodFilter
from qa.selectors import Asked, Group, Scored
from qa.tables.scores import FEW, ScoreRow, ScoreTable
from qa.wording import ERROR_WORDS

GROUPS = {
    Group.VENDOR: gettext_lazy("By vendor"),
    Group.CONTRACT: gettext_lazy("By contract"),
    Group.QUEUE: gettext_lazy("By queue"),
    Group.TEAM: gettext_lazy("By team"),
    Group.AGENT: gettext_lazy("By agent"),
}
# More groups than these are read in the table.
DOTS_MOST, LINES_MOST = 40, 6


class ScoreFilter(PeriodFilter):
    """Scores of the groups that the page shows."""

    group = Group.VENDOR

    def rows(self, asked: Asked) -> Sequence[ScoreRow]:
        found = selectors.scores_by(
            scope=self.scope,
            group=self.group,
            side=asked.side,
            form_code=asked.form_code,
            first=asked.first,
            last=asked.last,
            vendor_id=asked.vendor_id,
        )
        return [ScoreRow(one, self._address(one)) for one in found]

    def _address(self, one: Scored) -> dict[str, str]:
        return {**self.form.address, self.group.value: one.reference}


class ScorePage(ListPage):
    """Scores by group, the newest four weeks unless asked otherwise."""

    name = "scores"
    title = gettext_lazy("QA scores")
    intro = gettext_lazy(
        "What the drawn samples say of all conversations. Each evaluation counts for the conversations that it stands "
        "for, so that nobody's score depends on how often somebody listened."
    )
    permission = "qa.view"
    crumbs = (Crumb(gettext_lazy("QA scores")),)
    table_class = ScoreTable
    menu = (
        Action(gettext_lazy("Findings of the week"), reverse_lazy("qa:weekly"), "report-analytics", "qa.compare"),
        Action(gettext_lazy("Graders"), reverse_lazy("qa:grader_list"), "users", "qa.compare"),
    )
    template_name = "qa/scores.html"
    is_whole = True
    parameters = frozenset({"by"})
    empty_text = gettext_lazy(
        "Scores appear once drawn conversations are evaluated and submitted; of the other side's once they are "
        "released. Conversations that somebody chose by hand are no sample and count in no score."
    )

    @property
    def group(self) -> Group:
        """What the scores are of; an agent has its own only."""
        scope = scope_of(self.request)
        if scope.agent_id is not None:
            return Group.AGENT
        asked = self.request.GET.get("by", "")
        return Group(asked) if asked in set(Group) else Group.VENDOR if scope.is_client else Group.TEAM

    def filterset_class(self, data: QueryDict, **given: Any) -> ScoreFilter:  # type: ignore[override]
        """Return the filters for the group in view; the page asks them again for its charts."""
        self.filters = ScoreFilter(data, **given)
        self.filters.group = self.group
        return self.filters

    def get_rows(self, scope: Scope) -> Sequence[ScoreRow]:
        return []

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return ["vendor"] if not scope.is_client or self.group is Group.VENDOR else []

    def get_context(self, scope: Scope) -> dict[str, Any]:
        group, form = self.group, self.filters.form
        rows = self.filters.qs if form.is_valid() else []
        rest = address_without(self.request.GET, "by").removeprefix("?")
        tabs = [
            Tab(label, f"?{rest}&by={one.value}".replace("?&", "?"), one is group)
            for one, label in GROUPS.items()
            if scope.is_client or one is not Group.VENDOR
        ]
        return {
            "tabs": [] if scope.agent_id is not None else tabs,
            "dots": self._dots(rows) if 0 < len(rows) <= DOTS_MOST else None,
            "trend": self._trend(scope, form.asked, rows) if rows else None,
            "targets": [(ERROR_WORDS[family], float(target)) for family, target in ACCURACY_TARGETS.items()],
            "chips": [chip for chip in chips_of(form, self.request.GET) if chip.name in self.request.GET]
            if form.is_valid()
            else [],
            "is_filtered": form.has_forms,
        }

    def _dots(self, rows: Sequence[ScoreRow]) -> dict[str, Any]:
        return {
            "name": _("QA score"),
            "row_name": _("Name"),
            "unit": "ratio",
            "rows": [
                {
                    "name": _label(row.scored, self.group, scope_of(self.request)),
                    "value": row.ratio,
                    "low": row.low,
                    "high": row.high,
                    "n": row.scored.score.evaluations,
                    "url": row.url,
                    "is_small": row.scored.score.evaluations < FEW,
                }
                for row in rows
            ],
        }

    def _trend(self, scope: Scope, asked: Asked, rows: Sequence[ScoreRow]) -> dict[str, Any] | None:
        """Return the scores week by week, of the groups with most evaluations."""
        weeks = selectors.scores_by_week(scope=scope, group=self.group, asked=asked)
        if len(weeks) < 2:
            return None
        largest = sorted(rows, key=lambda row: -row.scored.score.evaluations)[:LINES_MOST]
        by_key: dict[tuple[int, Any], dict[date, Scored]] = defaultdict(dict)
        for week, found in weeks.items():
            for one in found:
                by_key[one.vendor_id, one.key][week] = one
        series = []
        for row in largest:
            own = [by_key[row.scored.vendor_id, row.scored.key].get(week) for week in weeks]
            series.append(
                {
                    "name": _label(row.scored, self.group, scope),
                    "values": [
                        None if one is None or one.score.ratio is None else float(one.score.ratio) for one in own
                    ],
                    "n": [None if one is None else one.score.evaluations for one in own],
                }
            )
        return {
            "labels": [formats.day_text(week) for week in weeks],
            "x_name": _("Week from"),
            "y_name": _("QA score"),
            "unit": "ratio",
            "series": series,
        }


def _label(one: Scored, group: Group, scope: Scope) -> str:
    name = one.name or _("(none)")
    return f"{one.vendor_name} · {name}" if scope.is_client and group is not Group.VENDOR else name


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
