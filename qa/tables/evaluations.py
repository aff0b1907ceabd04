"""The columns of the lists of evaluations and of coaching."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from core.columns import BadgeColumn, DayColumn, HouseTable, MomentColumn, RatioColumn, TruthColumn
from core.http import scope_of
from core.periods import local_day
from core.templatetags import ui
from qa.calc.states import State
from qa.models import CoachingTask, Evaluation
from qa.selectors import person_told
from qa.wording.evaluations import STATE_TONES

DASH = "—"
NAME = {"td": {"class": "cell-name"}}


def evaluation_url(record: Evaluation) -> str:
    """Return an evaluation's page."""
    return reverse("qa:evaluation", args=[record.uuid])


def coaching_url(record: CoachingTask) -> str:
    """Return a coaching task's page."""
    return reverse("qa:coaching", args=[record.uuid])


def score_shown(evaluation: Any) -> SafeString:
    """Show a score with its points, and that a fatal error failed it."""
    if evaluation.earned is None or not evaluation.possible:
        return ui.missing(_("no score yet") if evaluation.earned is None else _("nothing applied"))
    parts = f"{formats.count_text(evaluation.earned)}/{formats.count_text(evaluation.possible)}"
    failed = ui.badge("bad", _("failed")) if evaluation.is_failed else ""
    ratio = formats.ratio_text(evaluation.earned / evaluation.possible)
    return format_html('<span class="text-nowrap">{} <span class="text-secondary small">{}</span></span> {}',
                       ratio, parts, failed)  # fmt: skip


class ScoreColumn(RatioColumn):
    """A score with its points; the bare ratio to an export."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_values=(), **kwargs)

    def render(self, value: Any, record: Any = None) -> SafeString:
        return format_html("{}", DASH) if record.earned is None else score_shown(record)


class EvaluationTable(HouseTable):
    """Evaluations, what waits for the reader first."""

    number = tables.Column(
        verbose_name=gettext_lazy("No."), linkify=evaluation_url, attrs={"td": {"class": "text-nowrap"}}
    )
    reference = tables.Column(linkify=evaluation_url, orderable=False, attrs={"td": {"class": "text-nowrap"}})
    agent = tables.Column(accessor="agent__name", verbose_name=gettext_lazy("Agent"), default=DASH, attrs=NAME)
    state = BadgeColumn(tones=STATE_TONES)
    ratio = ScoreColumn(accessor="ratio", verbose_name=gettext_lazy("Score"))
    side = tables.Column(orderable=False, attrs=NAME)
    evaluator_name = tables.Column(verbose_name=gettext_lazy("Evaluator"), orderable=False, empty_values=(), attrs=NAME)
    is_risky = TruthColumn(yes=gettext_lazy("risky"), no=gettext_lazy("not risky"), orderable=False)
    vendor = tables.Column(accessor="vendor__name", verbose_name=gettext_lazy("Vendor"), orderable=False, attrs=NAME)
    queue = tables.Column(
        accessor="queue__name",
        verbose_name=gettext_lazy("Queue"),
        orderable=False,
        default=DASH,
        visible=False,
        attrs=NAME,
    )
    form = tables.Column(accessor="form", verbose_name=gettext_lazy("Form"), orderable=False, visible=False, attrs=NAME)
    day = DayColumn(verbose_name=gettext_lazy("Day"))
    origin = tables.Column(orderable=False, visible=False)
    kind = tables.Column(orderable=False, visible=False)
    reason = tables.Column(
        accessor="reason__name", verbose_name=gettext_lazy("Reason"), orderable=False, default=DASH, visible=False,
        attrs=NAME,
    )  # fmt: skip
    contract = tables.Column(
        accessor="contract__name", verbose_name=gettext_lazy("Contract"), orderable=False, visible=False, attrs=NAME
    )
    submitted_at = MomentColumn(visible=False, default=DASH)
    released_at = MomentColumn(visible=False, default=DASH)
    dispute_until = MomentColumn(visible=False, default=DASH)
    final_at = MomentColumn(visible=False, default=DASH)

    class Meta:
        model = Evaluation
        fields: tuple[str, ...] = ()

    def render_number(self, value: int) -> str:
        return f"#{value}"

    def value_number(self, value: int) -> int:
        return value

    def render_is_risky(self, value: bool) -> SafeString:
        return ui.badge("warning", _("risky"), "alert-triangle") if value else format_html("{}", DASH)

    def render_evaluator_name(self, value: str, record: Evaluation) -> SafeString:
        name = person_told(scope_of(self.request), value or "", record.side)
        if not name:
            return format_html("{}", DASH)
        scope = scope_of(self.request)
        held = record.held_until if record.state == State.DRAFT else None
        if held is None or held <= scope.at or record.evaluator_id == scope.user_id:
            return format_html("{}", name)
        until = _("until %(moment)s") % {"moment": formats.moment_text(held, self.zone)}
        return format_html('{}<br><span class="text-secondary small">{}</span>', name, until)

    def value_evaluator_name(self, value: str, record: Evaluation) -> str:
        return person_told(scope_of(self.request), value or "", record.side)


class CoachingTable(HouseTable):
    """Coaching tasks, what is due first."""

    agent = tables.Column(accessor="agent__name", verbose_name=gettext_lazy("Agent"), linkify=coaching_url, attrs=NAME)
    text = tables.Column(linkify=coaching_url, orderable=False, attrs={"td": {"class": "ticket-subject"}})
    due_on = DayColumn()
    state = tables.Column(verbose_name=gettext_lazy("State"), empty_values=(), orderable=False, accessor="done_at")
    evaluation = tables.Column(
        accessor="evaluation__number", verbose_name=gettext_lazy("Evaluation"), orderable=False,
        linkify=lambda record: evaluation_url(record.evaluation),
    )  # fmt: skip
    vendor = tables.Column(accessor="vendor__name", verbose_name=gettext_lazy("Vendor"), orderable=False, attrs=NAME)
    made_by = tables.Column(orderable=False, attrs=NAME)
    made_at = MomentColumn(visible=False)
    done_at = MomentColumn(visible=False, default=DASH)
    outcome = tables.Column(orderable=False, default=DASH, visible=False)

    class Meta:
        model = CoachingTask
        fields: tuple[str, ...] = ()

    def render_state(self, record: CoachingTask) -> SafeString:
        if record.done_at is not None:
            return ui.badge("good", _("ended"))
        today = local_day(scope_of(self.request).at, self.zone or "UTC")
        return ui.badge("bad", _("overdue")) if record.due_on < today else ui.badge("info", _("to be done"))

    def value_state(self, record: CoachingTask) -> str:
        return _("ended") if record.done_at is not None else _("to be done")

    def render_evaluation(self, value: int) -> str:
        return f"#{value}"

    def value_evaluation(self, value: int) -> int:
        return value

    def render_made_by(self, value: str, record: CoachingTask) -> str:
        return person_told(scope_of(self.request), value, record.made_side)

    value_made_by = render_made_by
