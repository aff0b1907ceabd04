"""The columns of ideas, of cases of exceptional service, of the question bank and of its answers."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.columns import BadgeColumn, CountColumn, DayColumn, HouseTable, MomentColumn
from core.http import scope_of
from core.templatetags import ui
from qa.models import BankQuestion, BankReply, Idea, ServiceCase
from qa.tables.improvement import DASH, NAME
from qa.wording.improvement import CASE_TONES, IDEA_TONES, PROOFS

NARROW = {"td": {"class": "text-nowrap"}}
WIDE = {"td": {"class": "action-title"}}


def idea_url(record: Idea) -> str:
    """Return the page of an idea."""
    return reverse("qa:idea_detail", args=[record.uuid])


def case_url(record: ServiceCase) -> str:
    """Return the page of a case."""
    return reverse("qa:case_detail", args=[record.uuid])


def answers_url(record: BankQuestion) -> str:
    """Return where answers to a question are entered."""
    return reverse("qa:bank_answers", args=[record.uuid])


class _Numbered(HouseTable):
    """Rows that people call by their number."""

    def render_number(self, value: int) -> str:
        return f"#{value}"

    def value_number(self, value: int) -> int:
        return value


class IdeaTable(_Numbered):
    """Ideas, the newest first."""

    number = tables.Column(verbose_name=_("No."), linkify=idea_url, attrs=NARROW)
    title = tables.Column(linkify=idea_url, orderable=False, attrs=WIDE)
    state = BadgeColumn(tones=IDEA_TONES)
    topic = tables.Column(orderable=False)
    author_name = tables.Column(verbose_name=_("Author"), orderable=False, attrs=NAME)
    vendor = tables.Column(accessor="vendor__name", verbose_name=_("Vendor"), orderable=False, attrs=NAME)
    sent_at = MomentColumn()
    adopted_on = DayColumn(default=DASH)
    agent = tables.Column(accessor="agent__code", verbose_name=_("Agent"), default=DASH, visible=False)
    decision = tables.Column(orderable=False, default=DASH, visible=False)
    effect = tables.Column(orderable=False, default=DASH, visible=False)
    text = tables.Column(orderable=False, visible=False)

    class Meta:
        model = Idea
        fields: tuple[str, ...] = ()


class ServiceCaseTable(_Numbered):
    """Cases of exceptional service, the newest first."""

    number = tables.Column(verbose_name=_("No."), linkify=case_url, attrs=NARROW)
    title = tables.Column(linkify=case_url, orderable=False, attrs=WIDE)
    state = BadgeColumn(tones=CASE_TONES)
    agent = tables.Column(accessor="agent__name", verbose_name=_("Agent"), orderable=False, attrs=NAME)
    happened_on = DayColumn()
    kind = tables.Column(orderable=False)
    reference = tables.Column(orderable=False, attrs=NARROW)
    vendor = tables.Column(accessor="vendor__name", verbose_name=_("Vendor"), orderable=False, attrs=NAME)
    proposed_by = tables.Column(orderable=False, visible=False, attrs=NAME)
    proposed_at = MomentColumn(visible=False)
    decision = tables.Column(orderable=False, default=DASH, visible=False)

    class Meta:
        model = ServiceCase
        fields: tuple[str, ...] = ()

    def render_kind(self, record: ServiceCase) -> Any:
        return PROOFS[record.kind]

    value_kind = render_kind

    def render_proposed_by(self, record: ServiceCase) -> str:
        return scope_of(self.request).called(record.proposed_by, record.proposed_side)

    def value_proposed_by(self, record: ServiceCase) -> str:
        return self.render_proposed_by(record)


class IdeaCountTable(HouseTable):
    """What each agent brought in each month."""

    agent_name = tables.Column(verbose_name=_("Agent"), attrs=NAME)
    agent_code = tables.Column(verbose_name=_("Code"), attrs=NARROW)
    month = tables.DateColumn(verbose_name=_("Month"), format="Y-m", attrs=NARROW)
    sent = CountColumn(verbose_name=_("Ideas sent"))
    adopted = CountColumn(verbose_name=_("Ideas adopted"))
    approved_cases = CountColumn(verbose_name=_("Cases approved"))

    def render_adopted(self, value: int, record: Any) -> SafeString:
        return _linked("qa:idea_list", record, value, "adopted_on", "state=adopted")

    def render_approved_cases(self, value: int, record: Any) -> SafeString:
        return _linked("qa:case_list", record, value, "happened_on", "state=approved")


def _linked(name: str, record: Any, value: int, day: str, more: str) -> SafeString:
    if not value:
        return ui.count(value)
    last = (record.month.replace(day=28) + 4 * (record.month.replace(day=2) - record.month)).replace(day=1)
    last -= record.month.replace(day=2) - record.month
    query = f"?{more}&agent={record.agent_code}&{day}_after={record.month}&{day}_before={last}"
    return format_html('<a href="{}{}">{}</a>', reverse(name), query, value)


class BankQuestionTable(HouseTable):
    """Questions of the bank by their code."""

    code = tables.Column(linkify=answers_url, attrs=NARROW)
    text = tables.Column(linkify=answers_url, orderable=False, attrs=WIDE)
    accepted = tables.Column(orderable=False)
    topic = tables.Column(verbose_name=_("Reason of calls"), default=DASH, attrs=NAME)
    language = tables.Column(orderable=False)
    revision = CountColumn()
    valid_from = DayColumn()
    valid_to = DayColumn(default=DASH)
    made_by = tables.Column(orderable=False, visible=False, attrs=NAME)

    class Meta:
        model = BankQuestion
        fields: tuple[str, ...] = ()

    def render_accepted(self, value: list[str]) -> str:
        return " / ".join(value)

    value_accepted = render_accepted


class BankReplyTable(_Numbered):
    """What was answered, the newest first."""

    number = tables.Column(verbose_name=_("No."), attrs=NARROW)
    question_text = tables.Column(orderable=False, attrs=WIDE)
    answer = tables.Column(orderable=False, attrs=WIDE)
    is_correct = tables.BooleanColumn(orderable=False)
    answer_group = tables.Column(orderable=False, attrs=NAME)
    vendor = tables.Column(accessor="vendor__name", verbose_name=_("Vendor"), orderable=False, attrs=NAME)
    agent = tables.Column(accessor="agent__name", verbose_name=_("Agent"), orderable=False, default=DASH, attrs=NAME)
    asked_on = DayColumn()
    asked_by = tables.Column(orderable=False)
    question_code = tables.Column(orderable=False, visible=False)
    question_revision = CountColumn(visible=False, orderable=False)
    topic = tables.Column(verbose_name=_("Reason of calls"), orderable=False, visible=False, default=DASH)
    language = tables.Column(orderable=False, visible=False)
    call_external_id = tables.Column(orderable=False, visible=False, default=DASH)
    withdrawn_reason = tables.Column(orderable=False, visible=False, default=DASH)

    class Meta:
        model = BankReply
        fields: tuple[str, ...] = ()

    def render_number(self, value: int, record: Any = None) -> Any:
        if record is not None and scope_of(self.request).can("consistency.edit"):
            return format_html('<a href="{}">#{}</a>', reverse("qa:bank_judge", args=[record.uuid]), value)
        return f"#{value}"

    def render_is_correct(self, value: bool, record: Any) -> SafeString:
        if record.withdrawn_at is not None:
            return ui.badge("neutral", _("withdrawn"))
        return ui.badge("good" if value else "bad", _("right") if value else _("wrong"))

    def value_is_correct(self, value: bool) -> bool:
        return value
