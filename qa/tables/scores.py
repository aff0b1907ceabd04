"""The columns of the list of scores: each number with its parts, and a way to the evaluations that it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from core.columns import CountColumn, HouseTable, RatioColumn
from core.templatetags import ui
from qa.calc.estimates import ACCURACY_TARGETS, Accuracy
from qa.calc.forms import Family
from qa.selectors import Scored

NAME = {"td": {"class": "ticket-name"}}
# Long words over short figures take two lines.
NARROW_HEAD = {"td": {"class": "text-end"}, "th": {"class": "text-end th-narrow"}}
# Below so many evaluations a score says little.
FEW = 5


def evaluations_url(**names: str) -> str:
    """Return the list of evaluations with these filters; empty where there is no such page."""
    try:
        return f"{reverse('qa:evaluation_list')}?{urlencode({name: value for name, value in names.items() if value})}"
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One line of the list: the score, and what leads to its evaluations."""

    scored: Scored
    address: Mapping[str, str]

    @property
    def name(self) -> str:
        """What the group is called."""
        return self.scored.name or _("(none)")

    @property
    def url(self) -> str:
        """The evaluations that count."""
        return evaluations_url(**self.address)

    @property
    def ratio(self) -> float | None:
        """The score."""
        return None if self.scored.score.ratio is None else float(self.scored.score.ratio)

    @property
    def naive(self) -> float | None:
        """The plain mean of the evaluations."""
        return None if self.scored.score.naive is None else float(self.scored.score.naive)

    @property
    def numerator(self) -> float:
        """Scores, each times the conversations that it stands for."""
        return float(self.scored.score.numerator)

    @property
    def denominator(self) -> float:
        """The conversations that the evaluations stand for."""
        return float(self.scored.score.denominator)

    @property
    def low(self) -> float | None:
        """Lower end of the interval."""
        return self.scored.score.interval[0] if self.scored.score.interval else None

    @property
    def high(self) -> float | None:
        """Upper end of the interval."""
        return self.scored.score.interval[1] if self.scored.score.interval else None

    def accuracy(self, family: Family) -> Accuracy | None:
        """Return the critical-error accuracy of a family; None where no question of it applied."""
        return self.scored.accuracy.get(family)


class AccuracyColumn(RatioColumn):
    """The share of evaluations without an error of a family, with its parts and what it should be."""

    def __init__(self, family: Family, **kwargs: Any) -> None:
        super().__init__(empty_values=(), orderable=False, attrs=NARROW_HEAD, **kwargs)
        self.family = family

    def render(self, value: Any, record: Any = None) -> SafeString:
        found = record.accuracy(self.family)
        if found is None:
            return ui.missing()
        parts = f"{formats.count_text(found.numerator)} / {formats.count_text(found.denominator)}"
        is_met = found.ratio >= ACCURACY_TARGETS[self.family]
        word = ui.badge("good", _("goal met")) if is_met else ui.badge("serious", _("goal missed"))
        return format_html(
            '{}<br><span class="text-secondary small">{}</span><br>{}', ui.ratio(float(found.ratio)), parts, word
        )

    def value(self, value: Any, record: Any = None) -> Any:
        found = record.accuracy(self.family)
        return None if found is None else float(found.ratio)


class ScoreTable(HouseTable):
    """Groups with their scores."""

    name = tables.Column(verbose_name=gettext_lazy("Name"), attrs=NAME)
    vendor = tables.Column(accessor="scored__vendor_name", verbose_name=gettext_lazy("Vendor"), attrs=NAME)
    ratio = RatioColumn(verbose_name=gettext_lazy("QA score"))
    low = RatioColumn(verbose_name=gettext_lazy("Interval from"), visible=False)
    high = RatioColumn(verbose_name=gettext_lazy("Interval to"), visible=False)
    numerator = CountColumn(verbose_name=gettext_lazy("Numerator"), visible=False)
    denominator = CountColumn(
        verbose_name=gettext_lazy("Stands for conversations"),
        attrs=NARROW_HEAD,
    )
    evaluations = CountColumn(accessor="scored__score__evaluations", verbose_name=gettext_lazy("Evaluations"))
    naive = RatioColumn(verbose_name=gettext_lazy("Plain mean"))
    customer = AccuracyColumn(Family.CUSTOMER, verbose_name=gettext_lazy("Free of customer errors"))
    business = AccuracyColumn(Family.BUSINESS, verbose_name=gettext_lazy("Free of business errors"))
    compliance = AccuracyColumn(Family.COMPLIANCE, verbose_name=gettext_lazy("Free of compliance errors"))
    failed = CountColumn(accessor="scored__failed", verbose_name=gettext_lazy("Failed"))

    def render_ratio(self, value: float, record: ScoreRow) -> SafeString:
        score = record.scored.score
        parts = f"{formats.count_text(round(record.numerator, 1))} / {formats.count_text(round(record.denominator, 1))}"
        if score.interval is None:
            span = _("no interval: too few evaluations")
        else:
            low, high = (formats.ratio_text(bound) for bound in score.interval)
            span = f"{low} – {high}"
        return format_html(
            '<strong>{}</strong><br><span class="small">{}</span><br><span class="text-secondary small">{}</span>',
            ui.ratio(value), span, parts,
        )  # fmt: skip

    def value_ratio(self, value: float) -> float:
        return value

    def render_evaluations(self, value: int, record: ScoreRow) -> SafeString:
        return _linked(ui.count(value), record.url)

    def value_evaluations(self, value: int) -> int:
        return value

    def render_failed(self, value: int, record: ScoreRow) -> SafeString:
        url = evaluations_url(**record.address, score="failed") if value else ""
        return _linked(ui.count(value), url)

    def value_failed(self, value: int) -> int:
        return value

    def render_naive(self, value: float, record: ScoreRow) -> SafeString:
        gap = (record.ratio or 0.0) - value
        return format_html(
            '{}<br><span class="text-secondary small">{}</span>', ui.ratio(value), formats.points_text(-gap)
        )

    def value_naive(self, value: float) -> float:
        return value


def _linked(text: SafeString, url: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, text) if url else text
