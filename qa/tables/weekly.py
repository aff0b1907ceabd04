"""The columns of the questions that failed in a week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from core.columns import CountColumn, HouseTable, RatioColumn
from core.templatetags import ui
from qa.calc.weekly import WEEKS_STUCK
from qa.selectors import Problem
from qa.tables.scores import NAME, evaluations_url

CAUSES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One question, with what leads to the evaluations that failed it."""

    problem: Problem
    address: Mapping[str, str]

    @property
    def share(self) -> float | None:
        """Failures of the answers in the period."""
        return self.problem.failed / self.problem.answers if self.problem.answers else None

    @property
    def share_before(self) -> float | None:
        """Failures of the answers in the week before."""
        failed, answers = self.problem.weeks[-2]
        return failed / answers if answers else None

    @property
    def causes(self) -> str:
        """The most frequent causes with their numbers."""
        shown = list(self.problem.causes.items())[:CAUSES_SHOWN]
        return " · ".join(f"{cause} ({count})" for cause, count in shown)

    @property
    def trend(self) -> list[float | None]:
        """Shares week by week."""
        return [failed / answers if answers else None for failed, answers in self.problem.weeks]


class ProblemTable(HouseTable):
    """Questions, those that fail most first."""

    text = tables.Column(accessor="problem__text", verbose_name=gettext_lazy("Question"), attrs=NAME)
    failed = CountColumn(accessor="problem__failed", verbose_name=gettext_lazy("Failed"))
    answers = CountColumn(accessor="problem__answers", verbose_name=gettext_lazy("Answers"))
    share = RatioColumn(verbose_name=gettext_lazy("Share"))
    share_before = RatioColumn(verbose_name=gettext_lazy("Week before"))
    trend = tables.Column(
        verbose_name=gettext_lazy("Nine weeks"), orderable=False, exclude_from_export=True, empty_values=()
    )
    stuck = CountColumn(accessor="problem__stuck", verbose_name=gettext_lazy("Weeks without getting better"))
    causes = tables.Column(verbose_name=gettext_lazy("What it came from"), orderable=False, default="—")

    def render_failed(self, value: int, record: ProblemRow) -> SafeString:
        url = evaluations_url(**record.address) if value else ""
        return format_html('<a href="{}">{}</a>', url, ui.count(value)) if url else ui.count(value)

    def value_failed(self, value: int) -> int:
        return value

    def render_trend(self, value: Any, record: ProblemRow) -> SafeString:
        return ui.sparkline(value, _("share of failures, week by week"))

    def render_stuck(self, value: int) -> SafeString:
        if value < WEEKS_STUCK:
            return ui.count(value)
        return ui.badge("bad", _("stuck for %(weeks)s weeks") % {"weeks": formats.count_text(value)})

    def value_stuck(self, value: int) -> int:
        return value
