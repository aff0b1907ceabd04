"""The columns of the list of feedback, and of the reasons that customers call for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from core.columns import BadgeColumn, CountColumn, DayColumn, HouseTable, MomentColumn, RatioColumn, TruthColumn
from core.http import scope_of
from core.templatetags import ui
from tickets.calc.signals import Stretch
from tickets.models import Feedback
from tickets.selectors import Voice
from tickets.tables.work import DASH, NAME
from tickets.wording import FEEDBACK_TONES, routing_badge

SHOWN_CHARACTERS = 120


def feedback_url(record: Feedback) -> str:
    """Return the page of one voice."""
    return reverse("tickets:feedback_detail", args=[record.uuid])


class RoutingColumn(MomentColumn):
    """How the way to the department stands, with its deadline under it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_values=(), **kwargs)

    def render(self, value: Any, table: Any, record: Any = None) -> SafeString:
        if value is None:
            return format_html("{}", DASH)
        badge = routing_badge(record.routing(scope_of(table.request).at)) or DASH
        moment = formats.moment_text(value, self.zone_in(table))
        return format_html('{}<br><time class="small" datetime="{}">{}</time>', badge, value.isoformat(), moment)

    def value(self, value: Any) -> Any:
        return value


class FeedbackTable(HouseTable):
    """What customers said, what waits longest for its department first."""

    number = tables.Column(
        verbose_name=gettext_lazy("No."), linkify=feedback_url, attrs={"td": {"class": "text-nowrap"}}
    )
    text = tables.Column(
        verbose_name=gettext_lazy("What the customer says"), linkify=feedback_url, orderable=False, empty_values=(),
        attrs={"td": {"class": "ticket-subject"}},
    )  # fmt: skip
    route_due_at = RoutingColumn(verbose_name=gettext_lazy("To the department"))
    state = BadgeColumn(tones=FEEDBACK_TONES)
    is_complaint = TruthColumn(yes=gettext_lazy("complaint"), no=gettext_lazy("feedback"), orderable=False)
    kind = tables.Column(orderable=False, default=DASH, attrs=NAME)
    rating = CountColumn(default=DASH, visible=False)
    source = tables.Column(orderable=False, attrs=NAME)
    department = tables.Column(orderable=False, default=DASH, attrs=NAME)
    vendor = tables.Column(accessor="vendor__name", verbose_name=gettext_lazy("Vendor"), orderable=False, attrs=NAME)
    queue = tables.Column(
        accessor="queue__name", verbose_name=gettext_lazy("Queue"), orderable=False, default=DASH, visible=False,
        attrs=NAME,
    )  # fmt: skip
    received_at = MomentColumn()
    reason = tables.Column(
        accessor="reason__name", verbose_name=gettext_lazy("Reason"), orderable=False, default=DASH, visible=False,
        attrs=NAME,
    )  # fmt: skip
    contract = tables.Column(
        accessor="contract__name", verbose_name=gettext_lazy("Contract"), orderable=False, visible=False, attrs=NAME
    )
    agent = tables.Column(
        accessor="agent__name", verbose_name=gettext_lazy("Agent"), orderable=False, default=DASH, visible=False,
        attrs=NAME,
    )  # fmt: skip
    customer = tables.Column(
        accessor="customer_masked", verbose_name=gettext_lazy("Customer"), orderable=False, default=DASH, visible=False,
        attrs={"td": {"class": "text-nowrap"}},
    )  # fmt: skip
    answer = tables.Column(orderable=False, default=DASH, visible=False)
    outcome = tables.Column(orderable=False, default=DASH, visible=False)
    customer_told = TruthColumn(visible=False, orderable=False)
    routed_at = MomentColumn(visible=False, default=DASH)
    answered_at = MomentColumn(visible=False, default=DASH)
    told_at = MomentColumn(visible=False, default=DASH)
    closed_at = MomentColumn(visible=False, default=DASH)
    reopened_count = CountColumn(visible=False, orderable=False)

    class Meta:
        model = Feedback
        fields: tuple[str, ...] = ()

    def render_number(self, value: int) -> str:
        return f"#{value}"

    def value_number(self, value: int) -> int:
        return value

    def render_text(self, value: str, record: Feedback) -> str:
        if value:
            return Truncator(value).chars(SHOWN_CHARACTERS)
        return _("(only a rating: %(number)s of 5)") % {"number": record.rating}

    def value_text(self, value: str) -> str:
        return value

    def render_is_complaint(self, value: bool) -> SafeString | str:
        return ui.badge("bad" if value else "neutral", _("complaint") if value else _("feedback"))

    def value_is_complaint(self, value: bool) -> bool:
        return value


class VoiceTable(HouseTable):
    """Reasons with their calls and their callers' satisfaction, now and before."""

    reason = tables.Column(accessor="reason__name", verbose_name=gettext_lazy("Reason"), attrs=NAME)
    verdict = tables.Column(verbose_name=gettext_lazy("Verdict"), orderable=False, empty_values=(), accessor="voice")
    contract = tables.Column(accessor="contract__name", verbose_name=gettext_lazy("Contract"), attrs=NAME)
    vendor = tables.Column(accessor="vendor__name", verbose_name=gettext_lazy("Vendor"), attrs=NAME, visible=False)
    queue = tables.Column(accessor="queue__name", verbose_name=gettext_lazy("Queue"), default=DASH, attrs=NAME)
    calls = CountColumn(accessor="voice__now__calls", verbose_name=gettext_lazy("Calls, 7 days"))
    calls_before = CountColumn(accessor="voice__before__calls", verbose_name=gettext_lazy("Calls, 28 days before"))
    rise = RatioColumn(accessor="rise", verbose_name=gettext_lazy("Calls a day, change"))
    satisfied = RatioColumn(accessor="csat", verbose_name=gettext_lazy("CSAT"))
    satisfied_before = RatioColumn(accessor="csat_before", verbose_name=gettext_lazy("CSAT before"))
    answers = CountColumn(accessor="voice__now__answers", verbose_name=gettext_lazy("Answers"), visible=False)
    answers_before = CountColumn(
        accessor="voice__before__answers", verbose_name=gettext_lazy("Answers before"), visible=False
    )
    rise_probability = tables.Column(
        accessor="voice__rise_probability", verbose_name=gettext_lazy("p of the rise"), default=DASH
    )
    fall_probability = tables.Column(
        accessor="voice__fall_probability", verbose_name=gettext_lazy("p of the fall"), default=DASH
    )
    last_day = DayColumn(accessor="voice__last_day", verbose_name=gettext_lazy("Last day"), visible=False)
    days = CountColumn(accessor="voice__now__days", verbose_name=gettext_lazy("Days with calls"), visible=False)
    days_before = CountColumn(
        accessor="voice__before__days", verbose_name=gettext_lazy("Days with calls before"), visible=False
    )
    links = tables.Column(
        verbose_name=gettext_lazy("Behind it"), orderable=False, empty_values=(), exclude_from_export=True,
        accessor="voice",
    )  # fmt: skip

    def render_verdict(self, value: Voice) -> SafeString:
        if value.signal is not None:
            return ui.badge("bad", _("signal"), "trending-up")
        return ui.badge("neutral", _("quiet") if value.is_enough else _("too few cases"))

    def value_verdict(self, value: Voice) -> str:
        return _("signal") if value.signal else _("quiet") if value.is_enough else _("too few cases")

    def render_contract(self, value: str, record: Any) -> SafeString | str:
        if not scope_of(self.request).is_client:
            return value
        return format_html('{}<br><span class="text-secondary small">{}</span>', value, record.vendor.name)

    def value_contract(self, value: str) -> str:
        return value

    def render_calls(self, value: int, record: Any) -> SafeString:
        return _a_day(value, record.voice.now)

    def value_calls(self, value: int) -> int:
        return value

    def render_calls_before(self, value: int, record: Any) -> SafeString:
        return _a_day(value, record.voice.before)

    value_calls_before = value_calls

    def render_satisfied(self, value: float, record: Any) -> SafeString:
        return _of_answers(value, record.voice.now)

    def value_satisfied(self, value: float) -> float:
        return value

    def render_satisfied_before(self, value: float, record: Any) -> SafeString:
        return _of_answers(value, record.voice.before)

    value_satisfied_before = value_satisfied

    def render_rise(self, value: float) -> str:
        return f"{value:+.1%}"

    def value_rise(self, value: float) -> float:
        return value

    def render_rise_probability(self, value: float) -> str:
        return probability_text(value)

    def value_rise_probability(self, value: float) -> float:
        return value

    render_fall_probability, value_fall_probability = render_rise_probability, value_rise_probability

    def render_links(self, record: Any) -> SafeString:
        scope, names = scope_of(self.request), {"contract": record.contract.uuid, "reason": record.reason.uuid}
        if record.queue is not None:
            names["queue"] = record.queue.uuid
        days = {"from": record.voice.first_day.isoformat(), "to": record.voice.last_day.isoformat()}
        heard = {"state": "all", "received_after": days["from"]}
        links = [(f"{reverse('tickets:feedback_list')}?{urlencode(names | heard)}", _("feedback"))]
        if scope.can("calls.view"):
            links.insert(0, (f"{reverse('calls:list')}?{urlencode(names | days)}", _("calls")))
        if scope.can("complaints.edit"):
            product = names | {"kind": "product"}
            links.append((f"{reverse('tickets:feedback_create')}?{urlencode(product)}", _("pass on")))
        return format_html_join(" · ", '<a href="{}">{}</a>', links)


def _a_day(calls: int, stretch: Stretch) -> SafeString:
    """Show calls with their mean a day under them."""
    mean = _("%(calls)s a day") % {"calls": f"{calls / stretch.days:,.1f}"}
    return format_html('{}<br><span class="text-secondary small">{}</span>', ui.count(calls), mean)


def _of_answers(csat: float, stretch: Stretch) -> SafeString:
    """Show a satisfied share with its numerator and denominator under it."""
    parts = f"{stretch.satisfied:,} / {stretch.answers:,}"
    return format_html('{}<br><span class="text-secondary small">{}</span>', ui.ratio(csat), parts)


def probability_text(value: float) -> str:
    """Return a probability as people read it: very small ones as a bound."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
