"""The columns of the watch over graders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from core.columns import CountColumn, HouseTable, RatioColumn
from core.http import scope_of
from core.templatetags import ui
from qa.calc.agreement import INFLATION_CALLS_MIN
from qa.calc.intervals import Gap
from qa.calc.watch import Heard
from qa.selectors import GraderWatch
from qa.tables.scores import NAME, NARROW_HEAD, evaluations_url


@dataclass(frozen=True, slots=True)
class WatchRow:
    """One line of the list."""

    watch: GraderWatch
    address: Mapping[str, str]

    @property
    def name(self) -> str:
        """What the grader is called."""
        return self.watch.name or self.watch.organization

    @property
    def severity(self) -> float | None:
        """Mean gap to the benchmark of calibration."""
        return _float(self.watch.watched.severity.mean)

    @property
    def gap(self) -> float | None:
        """Mean gap to the client's scores."""
        return _float(self.watch.watched.gap.mean)

    @property
    def gap_corrected(self) -> float | None:
        """The gap at the benchmark's severity."""
        return _float(self.watch.watched.gap_corrected)

    @property
    def own_mean(self) -> float | None:
        """Mean of the own scores."""
        return _float(self.watch.watched.own_mean)

    @property
    def client_mean(self) -> float | None:
        """Mean of the client's."""
        return _float(self.watch.watched.client_mean)


class GapColumn(RatioColumn):
    """A signed gap with its interval under it."""

    def __init__(self, gap_of: str, **kwargs: Any) -> None:
        super().__init__(attrs=NARROW_HEAD, **kwargs)
        self.gap_of = gap_of

    def render(self, value: Any, record: Any = None) -> SafeString:
        gap: Gap | None = getattr(record.watch.watched, self.gap_of, None) if self.gap_of else None
        lines = []
        if self.gap_of == "gap":
            lines.append(f"{formats.ratio_text(record.own_mean)} − {formats.ratio_text(record.client_mean)}")
        if self.gap_of == "gap" and record.gap_corrected is not None:
            lines.append(_("corrected %(gap)s") % {"gap": formats.points_text(record.gap_corrected)})
        if gap is not None and gap.interval is not None:
            lines.append(" … ".join(formats.points_text(min(max(bound, -1.0), 1.0)) for bound in gap.interval))
        under = format_html_join(
            "", '<br><span class="text-secondary small text-nowrap">{}</span>', [(x,) for x in lines]
        )
        return format_html("{}{}", formats.points_text(value), under)


class HeardColumn(RatioColumn):
    """A share of the calls that both sides scored, with its parts."""

    def __init__(self, part: str, whole: str, **kwargs: Any) -> None:
        super().__init__(accessor="watch__heard", orderable=False, attrs=NARROW_HEAD, **kwargs)
        self.part, self.whole = part, whole

    def render(self, value: Heard) -> SafeString:
        share, of = getattr(value, self.part), getattr(value, self.whole)
        if share is None or not of:
            return ui.missing()
        parts = f"{formats.count_text(share)} / {formats.count_text(of)}"
        return format_html('{}<br><span class="text-secondary small">{}</span>', ui.ratio(share / of), parts)

    def value(self, value: Heard) -> float | None:
        share, of = getattr(value, self.part), getattr(value, self.whole)
        return None if share is None or not of else share / of


class WatchTable(HouseTable):
    """Graders with what is known of them."""

    name = tables.Column(verbose_name=gettext_lazy("Grader"), attrs=NAME)
    organization = tables.Column(
        accessor="watch__organization", verbose_name=gettext_lazy("House"), visible=False, attrs=NAME
    )
    verdict = tables.Column(
        verbose_name=gettext_lazy("Verdict"), accessor="watch", orderable=False, empty_values=(), attrs=NAME
    )
    severity = GapColumn("severity", verbose_name=gettext_lazy("Severity"))
    items = CountColumn(accessor="watch__watched__severity__n", verbose_name=gettext_lazy("Cases"), visible=False)
    own_mean = RatioColumn(verbose_name=gettext_lazy("Own scores"), visible=False)
    client_mean = RatioColumn(verbose_name=gettext_lazy("The client’s"), visible=False)
    gap = GapColumn("gap", verbose_name=gettext_lazy("Gap"))
    calls = CountColumn(accessor="watch__watched__gap__n", verbose_name=gettext_lazy("Both scored"), attrs=NARROW_HEAD)
    gap_corrected = GapColumn("", verbose_name=gettext_lazy("Corrected gap"), visible=False)
    csat = HeardColumn("satisfied", "answers", verbose_name=gettext_lazy("CSAT of these calls"))
    again = HeardColumn("again", "judged", verbose_name=gettext_lazy("Called again"))
    complaints = HeardColumn("complained", "calls", verbose_name=gettext_lazy("Complained about"))
    satisfied = CountColumn(
        accessor="watch__heard__satisfied", verbose_name=gettext_lazy("Satisfied answers"), visible=False
    )
    answers = CountColumn(accessor="watch__heard__answers", verbose_name=gettext_lazy("Answers"), visible=False)
    repeated = CountColumn(
        accessor="watch__heard__again", verbose_name=gettext_lazy("Calls with a repeat"), visible=False
    )
    judged = CountColumn(
        accessor="watch__heard__judged", verbose_name=gettext_lazy("Calls judged for repeats"), visible=False
    )
    complained = CountColumn(
        accessor="watch__heard__complained", verbose_name=gettext_lazy("Calls complained about"), visible=False
    )

    def render_name(self, value: str, record: WatchRow) -> SafeString:
        house = record.watch.organization
        if value == house or not scope_of(self.request).is_client:
            return format_html("{}", value)
        return format_html('{}<br><span class="text-secondary small">{}</span>', value, house)

    def value_name(self, value: str) -> str:
        return value

    def render_verdict(self, value: GraderWatch) -> SafeString:
        tone, word = _verdict(value)
        return ui.badge(tone, word)

    def value_verdict(self, value: GraderWatch) -> str:
        return str(_verdict(value)[1])

    def render_calls(self, value: int, record: WatchRow) -> SafeString:
        url = evaluations_url(**record.address) if value else ""
        return format_html('<a href="{}">{}</a>', url, ui.count(value)) if url else ui.count(value)

    def value_calls(self, value: int) -> int:
        return value


def _verdict(one: GraderWatch) -> tuple[str, str]:
    gap, severity = one.watched.gap, one.watched.severity
    higher, lower = ("bad", _("scores itself higher")), ("info", _("scores itself lower"))
    if gap.interval is not None:
        return _by_interval(gap, higher, lower) or ("good", _("no difference beyond chance"))
    found = _by_interval(severity, ("warning", _("lenient")), ("warning", _("severe")))
    if found is None and gap.n:
        words = _("too few calls: %(number)s of %(least)s")
        return "neutral", words % {"number": gap.n, "least": INFLATION_CALLS_MIN}
    return found or ("neutral", _("nothing stands out"))


def _by_interval(gap: Gap, above: tuple[str, str], below: tuple[str, str]) -> tuple[str, str] | None:
    if gap.interval is None:
        return None
    return above if gap.interval[0] > 0 else below if gap.interval[1] < 0 else None


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
