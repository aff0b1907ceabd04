"""The columns of automatic checks, rules and transcripts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from core.columns import BadgeColumn, CountColumn, DayColumn, HouseTable, MomentColumn, RatioColumn, TruthColumn
from core.http import scope_of
from core.scope import CLIENT
from core.templatetags import ui
from qa import selectors
from qa.calc.rule_quality import Share
from qa.models import Check, RuleSet, Transcript, TranscriptImport
from qa.selectors import Pair, QualityCell, RuleFigure
from qa.wording import transcript_problem
from qa.wording.speech import RULE_KINDS, VERDICT_TONES, VERDICTS

NAME = {"td": {"class": "ticket-name"}}
DASH = "—"
TITLES_SHOWN = 3


def results_url(address: Mapping[str, str], **more: str) -> str:
    """Return the list of results of some calls."""
    return f"{reverse('qa:check_list')}?{urlencode({**address, **more})}"


def transcript_url(record: Transcript) -> str:
    """Return the page of a transcript."""
    return reverse("qa:transcript_detail", args=[record.uuid])


def parts_text(numerator: int, denominator: int) -> str:
    """Return what a share is made of."""
    return f"{formats.count_text(numerator)} / {formats.count_text(denominator)}"


class FigureTable(HouseTable):
    """How often each rule fails; each number leads to its calls."""

    title = tables.Column(accessor="rule__title", verbose_name=gettext_lazy("Rule"), orderable=False, attrs=NAME)
    kind = tables.Column(accessor="rule__kind", verbose_name=gettext_lazy("What it asks"), orderable=False)
    ratio = RatioColumn(verbose_name=gettext_lazy("Calls that fail it"), empty_values=(), orderable=False)
    failed = CountColumn(verbose_name=gettext_lazy("Failed"), orderable=False)
    applied = CountColumn(verbose_name=gettext_lazy("Could be judged"), orderable=False)
    left_out = CountColumn(verbose_name=gettext_lazy("Could not be judged"), orderable=False)

    # Set by the page: the parameters that the list of results is asked by.
    address: Mapping[str, str] = {}

    def render_title(self, value: str, record: RuleFigure) -> SafeString:
        risk = ui.badge("warning", _("risk")) if record.rule.is_risky else ""
        return format_html("{} {}", value, risk)

    def value_title(self, value: str) -> str:
        return value

    def render_kind(self, value: str) -> str:
        return str(RULE_KINDS[value])

    value_kind = render_kind

    def render_ratio(self, record: RuleFigure) -> SafeString:
        if not record.applied:
            return ui.missing()
        return format_html(
            '<strong>{}</strong><br><span class="text-secondary small">{}</span>',
            ui.ratio(record.failed / record.applied), parts_text(record.failed, record.applied),
        )  # fmt: skip

    def value_ratio(self, record: RuleFigure) -> float | None:
        return record.failed / record.applied if record.applied else None

    def _linked(self, record: RuleFigure, count: int, **verdict: str) -> SafeString:
        if not count or "verdict" not in verdict:
            return ui.count(count)
        url = results_url(self.address, rule=record.rule.key, **verdict)
        return format_html('<a href="{}">{}</a>', url, ui.count(count))

    def render_failed(self, value: int, record: RuleFigure) -> SafeString:
        return self._linked(record, value, verdict="failed")

    def value_failed(self, value: int) -> int:
        return value

    def render_left_out(self, value: int, record: RuleFigure) -> SafeString:
        return self._linked(record, value, verdict="not_applicable")

    def value_left_out(self, value: int) -> int:
        return value


class CheckTable(HouseTable):
    """What the rules say of each call."""

    call = tables.Column(
        accessor="transcript__external_id", verbose_name=gettext_lazy("Call"), attrs={"td": {"class": "text-nowrap"}}
    )
    day = DayColumn()
    is_risky = TruthColumn(verbose_name=gettext_lazy("Risk"), yes=gettext_lazy("with a risk"), no=gettext_lazy("none"))
    failed = tables.Column(verbose_name=gettext_lazy("Fails"), orderable=False, empty_values=(None,), attrs=NAME)
    failed_count = CountColumn(verbose_name=gettext_lazy("Failed"), empty_values=(), orderable=False, visible=False)
    judged_count = CountColumn(
        verbose_name=gettext_lazy("Rules judged"), empty_values=(), orderable=False, visible=False
    )
    agent = tables.Column(
        accessor="transcript__agent__name", verbose_name=gettext_lazy("Agent"), default=DASH, attrs=NAME
    )
    queue = tables.Column(accessor="transcript__queue__name", verbose_name=gettext_lazy("Queue"), attrs=NAME)
    vendor = tables.Column(accessor="vendor__name", verbose_name=gettext_lazy("Vendor"), attrs=NAME)
    contract = tables.Column(
        accessor="transcript__contract__name", verbose_name=gettext_lazy("Contract"), attrs=NAME, visible=False
    )
    rule_set = tables.Column(verbose_name=gettext_lazy("Rules"), orderable=False, attrs=NAME)
    checked_at = MomentColumn(visible=False)

    class Meta:
        model = Check
        fields: tuple[str, ...] = ()

    @cached_property
    def titles(self) -> dict[int, dict[str, str]]:
        """Version to the titles of its rules; read once a table."""
        rows = selectors.rule_set_list(scope=scope_of(self.request)).filter(kind="rules")
        return {row.pk: {rule["key"]: rule["title"] for rule in row.body["rules"]} for row in rows}

    def render_call(self, value: str, record: Check) -> Any:
        if not scope_of(self.request).can("transcripts.view"):
            return value
        return format_html('<a href="{}">{}</a>', transcript_url(record.transcript), value)

    def value_call(self, value: str) -> str:
        return value

    def render_is_risky(self, value: bool) -> Any:
        return ui.badge("warning", _("with a risk")) if value else DASH

    def render_failed(self, value: list[str], record: Check) -> Any:
        named = [self.titles[record.rule_set_id].get(key, key) for key in value]
        if not named:
            return ui.badge("good", _("nothing"))
        shown = format_html_join("; ", "{}", ((name,) for name in named[:TITLES_SHOWN]))
        rest = len(named) - TITLES_SHOWN
        return shown if rest <= 0 else format_html("{} {}", shown, _("and %(count)s more") % {"count": rest})

    def value_failed(self, value: list[str], record: Check) -> str:
        return "; ".join(self.titles[record.rule_set_id].get(key, key) for key in value)

    def render_failed_count(self, record: Check) -> SafeString:
        return ui.count(len(record.failed))

    def value_failed_count(self, record: Check) -> int:
        return len(record.failed)

    def render_judged_count(self, record: Check) -> SafeString:
        return ui.count(len(record.failed) + len(record.passed))

    def value_judged_count(self, record: Check) -> int:
        return len(record.failed) + len(record.passed)


class ShareColumn(RatioColumn):
    """A share with its parts and its interval."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(accessor=f"quality__{name}", orderable=False, **kwargs)

    def render(self, value: Share) -> SafeString:
        if value.value is None or value.low is None or value.high is None:
            return ui.missing()
        span = f"{formats.ratio_text(value.low)} – {formats.ratio_text(value.high)}"
        return format_html(
            '<strong>{}</strong> <span class="text-secondary small">{}</span><br><span class="small">{}</span>',
            ui.ratio(value.value), parts_text(value.numerator, value.denominator), span,
        )  # fmt: skip

    def value(self, value: Share) -> float | None:
        return value.value


class CellColumn(CountColumn):
    """One of the four counts; it leads to its calls."""

    def __init__(self, cell: QualityCell, **kwargs: Any) -> None:
        super().__init__(accessor=f"quality__{cell.value}", orderable=False, **kwargs)
        self.cell = cell

    def render(self, value: int, record: Any = None, table: Any = None) -> SafeString:
        if not value:
            return ui.count(value)
        address = {**table.address, "rule": record.rule.key, "cell": self.cell.value}
        return format_html('<a href="{}?{}">{}</a>', reverse("qa:quality_calls"), urlencode(address), ui.count(value))


class QualityTable(HouseTable):
    """How far each rule is to be believed."""

    title = tables.Column(accessor="rule__title", verbose_name=gettext_lazy("Rule"), orderable=False, attrs=NAME)
    question = tables.Column(
        verbose_name=gettext_lazy("Measured against"), orderable=False, default=gettext_lazy("no question"), attrs=NAME
    )
    precision = ShareColumn("precision", verbose_name=gettext_lazy("Precision"))
    recall = ShareColumn("recall", verbose_name=gettext_lazy("Recall"))
    true_failed = CellColumn(QualityCell.TRUE_FAILED, verbose_name=gettext_lazy("Both found it"))
    false_failed = CellColumn(QualityCell.FALSE_FAILED, verbose_name=gettext_lazy("Only the rule"))
    missed = CellColumn(QualityCell.MISSED, verbose_name=gettext_lazy("Only people"))
    true_passed = CellColumn(QualityCell.TRUE_PASSED, verbose_name=gettext_lazy("Neither"))
    left_out = CellColumn(QualityCell.LEFT_OUT, verbose_name=gettext_lazy("Left out"), visible=False)

    # Set by the page: what it was asked by.
    address: Mapping[str, str] = {}


class PairTable(HouseTable):
    """The calls that both a rule and a person judged."""

    call = tables.Column(
        accessor="check__transcript__external_id", verbose_name=gettext_lazy("Call"), orderable=False, attrs=NAME
    )
    day = DayColumn(accessor="check__day", verbose_name=gettext_lazy("Day"), orderable=False)
    title = tables.Column(accessor="rule__title", verbose_name=gettext_lazy("Rule"), orderable=False, attrs=NAME)
    verdict = tables.Column(verbose_name=gettext_lazy("The rule"), orderable=False)
    answer = tables.Column(
        verbose_name=gettext_lazy("People"), orderable=False, default=gettext_lazy("not applicable"), attrs=NAME
    )
    evaluation = tables.Column(
        verbose_name=gettext_lazy("Evaluation"),
        orderable=False,
        linkify=lambda record: reverse("qa:evaluation", args=[record.evaluation.uuid]),
    )
    vendor = tables.Column(accessor="check__vendor__name", verbose_name=gettext_lazy("Vendor"), orderable=False)

    def render_call(self, value: str, record: Pair) -> Any:
        if not scope_of(self.request).can("transcripts.view"):
            return value
        return format_html('<a href="{}">{}</a>', transcript_url(record.check.transcript), value)

    def value_call(self, value: str) -> str:
        return value

    def render_verdict(self, value: str) -> SafeString:
        return ui.badge(VERDICT_TONES[value], VERDICTS[value])

    def value_verdict(self, value: str) -> str:
        return str(VERDICTS[value])


class TranscriptTable(HouseTable):
    """Transcripts, the newest call first."""

    external_id = tables.Column(linkify=transcript_url, attrs={"td": {"class": "text-nowrap"}})
    offered_at = MomentColumn()
    agent = tables.Column(accessor="agent__name", verbose_name=gettext_lazy("Agent"), default=DASH, attrs=NAME)
    queue = tables.Column(accessor="queue__name", verbose_name=gettext_lazy("Queue"), attrs=NAME)
    reason = tables.Column(accessor="reason__name", verbose_name=gettext_lazy("Reason"), default=DASH, attrs=NAME)
    vendor = tables.Column(accessor="vendor__name", verbose_name=gettext_lazy("Vendor"), attrs=NAME)
    language = tables.Column(default=DASH)
    turns_count = CountColumn()
    received_at = MomentColumn(visible=False)
    is_waiting = TruthColumn(verbose_name=gettext_lazy("Judged"), yes=gettext_lazy("waits"), no=gettext_lazy("judged"))

    class Meta:
        model = Transcript
        fields: tuple[str, ...] = ()

    def render_is_waiting(self, value: bool) -> SafeString:
        return ui.badge("neutral", _("waits")) if value else ui.badge("good", _("judged"))


class TranscriptImportTable(HouseTable):
    """What was sent, the newest first."""

    received_at = MomentColumn()
    file_name = tables.Column(default=DASH, attrs=NAME)
    source = tables.Column()
    state = BadgeColumn(tones={"reading": "info", "done": "good"})
    contract = tables.Column(accessor="contract__name", verbose_name=gettext_lazy("Contract"), attrs=NAME)
    vendor = tables.Column(accessor="vendor__name", verbose_name=gettext_lazy("Vendor"), attrs=NAME)
    rows_sent = CountColumn(visible=False)
    rows_read = CountColumn()
    rows_new = CountColumn()
    rows_changed = CountColumn()
    rows_unchanged = CountColumn()
    rows_rejected = CountColumn()
    received_by = tables.Column(orderable=False, attrs=NAME)

    class Meta:
        model = TranscriptImport
        fields: tuple[str, ...] = ()

    def render_received_at(self, record: TranscriptImport, table: Any, bound_column: Any) -> Any:
        moment = bound_column.column.render(record.received_at, table)
        url = reverse("qa:transcript_import", args=[record.uuid])
        return format_html('<a href="{}">{}</a>', url, moment)

    def render_received_by(self, record: TranscriptImport) -> str:
        return received_by(record, is_client=scope_of(self.request).is_client)

    value_received_by = render_received_by


def received_by(account: TranscriptImport, *, is_client: bool) -> str:
    """Return who sent transcripts; to a vendor, the client's people are the client."""
    return _("the client") if account.received_side == CLIENT and not is_client else account.received_by


class TranscriptProblemTable(HouseTable):
    """What is wrong with rows that were rejected, and how it is mended."""

    name = tables.Column(verbose_name=gettext_lazy("Row"), attrs=NAME)
    place = tables.Column(verbose_name=gettext_lazy("Where in it"), default=DASH, orderable=False)
    rule = tables.Column(verbose_name=gettext_lazy("What is wrong"), orderable=False, attrs=NAME)

    def render_rule(self, record: Mapping[str, Any]) -> str:
        return transcript_problem("", record["rule"], record["allowed"])

    value_rule = render_rule


def rule_set_url(record: RuleSet) -> str:
    """Return the page of a published version."""
    return reverse("qa:rule_set", args=[record.uuid])


class RuleSetTable(HouseTable):
    """Published rules and lexicons."""

    name = tables.Column(linkify=rule_set_url, attrs=NAME)
    kind = tables.Column()
    number = CountColumn()
    is_live = TruthColumn(verbose_name=gettext_lazy("State"), yes=gettext_lazy("in use"), no=gettext_lazy("out of use"))
    vendor = tables.Column(accessor="vendor__name", verbose_name=gettext_lazy("Vendor"), attrs=NAME)
    rule_count = CountColumn(verbose_name=gettext_lazy("Rules"), empty_values=(), orderable=False)
    side = tables.Column(visible=False)
    published_at = MomentColumn()

    class Meta:
        model = RuleSet
        fields: tuple[str, ...] = ()

    def render_rule_count(self, record: RuleSet) -> SafeString:
        return ui.count(self.value_rule_count(record))

    def value_rule_count(self, record: RuleSet) -> int:
        return len(record.body.get("rules", record.body.get("weights", ())))
