"""The columns of the lists of outbound tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.columns import BadgeColumn, CountColumn, DayColumn, HouseTable, MomentColumn, RatioColumn, TruthColumn
from core.http import scope_of
from tickets.calc.contact_rows import LENGTHS
from tickets.calc.outbound import REACHED, CampaignState, ContactState, Outcome
from tickets.models import Attempt, Campaign, Contact, ContactImport, DoNotCall
from tickets.tables.work import DASH, NAME

CAMPAIGN_TONES = {
    CampaignState.DRAFT: "neutral",
    CampaignState.LIVE: "good",
    CampaignState.PAUSED: "warning",
    CampaignState.ENDED: "neutral",
}
CONTACT_TONES = {
    ContactState.OPEN: "info",
    ContactState.DONE: "good",
    ContactState.EXHAUSTED: "warning",
    ContactState.BLOCKED: "bad",
}
OUTCOME_TONES = {
    **dict.fromkeys(REACHED, "info"),
    Outcome.SUCCESS: "good",
    Outcome.DO_NOT_CALL: "bad",
    Outcome.WRONG_NUMBER: "warning",
}
# What is wrong with a row of a list, and how it is mended.
REMEDIES: Mapping[str, Any] = {
    "missing": gettext_lazy("The number is missing; fill it in."),
    "phone_short": gettext_lazy("This is a service or internal number; give the customer’s own."),
    "phone_invalid": gettext_lazy("This is no telephone number; write it with its country code, as text."),
    "phone_withheld": gettext_lazy("The number is hidden; give the clear one."),
    "zone_unknown": gettext_lazy("This time zone is unknown; write one such as Asia/Shanghai, or leave it empty."),
    "zone_missing": gettext_lazy(
        "The number is of another country, which has several time zones; write the customer’s."
    ),
    "zone_abroad": gettext_lazy("The number is of another country than this time zone; leave the zone empty."),
    "too_many": gettext_lazy("The line has more cells than the heading; look for a separator inside a cell."),
    "too_long": gettext_lazy("This is too long; at most %(most)s characters."),
}
TEXT = {"td": {"class": "ticket-subject"}}


def campaign_url(record: Campaign) -> str:
    """Return a campaign's page."""
    return reverse("tickets:campaign_detail", args=[record.uuid])


def remedy(rule: str, column: str) -> str:
    """Return what is wrong with a cell and what to do."""
    return str(REMEDIES[rule]) % {"most": LENGTHS.get(column, "")} if rule == "too_long" else str(REMEDIES[rule])


class CampaignTable(HouseTable):
    """Campaigns and how far they are; ratios are of attempts."""

    name = tables.Column(linkify=campaign_url, attrs={"td": {"class": "ticket-subject"}})
    state = BadgeColumn(tones=CAMPAIGN_TONES)
    purpose = tables.Column()
    vendor = tables.Column(accessor="vendor__name", verbose_name=gettext_lazy("Vendor"), attrs=NAME)
    contract = tables.Column(
        accessor="contract__name", verbose_name=gettext_lazy("Contract"), attrs=NAME, visible=False
    )
    starts_on = DayColumn(visible=False)
    ends_on = DayColumn()
    contact_count = CountColumn(verbose_name=gettext_lazy("Contacts"))
    open_count = CountColumn(verbose_name=gettext_lazy("To be called"))
    attempt_count = CountColumn(verbose_name=gettext_lazy("Attempts"))
    reached_count = CountColumn(verbose_name=gettext_lazy("Reached (n)"), visible=False)
    reached_ratio = RatioColumn(verbose_name=gettext_lazy("Reached"))
    success_count = CountColumn(verbose_name=gettext_lazy("Successes"))
    success_ratio = RatioColumn(verbose_name=gettext_lazy("Success of reached"))

    class Meta:
        model = Campaign
        fields: tuple[str, ...] = ()


class ContactTable(HouseTable):
    """Whom a campaign calls."""

    reference = tables.Column(default=DASH, attrs=NAME)
    name = tables.Column(default=DASH, attrs=NAME)
    customer = tables.Column(
        accessor="customer_masked", verbose_name=gettext_lazy("Customer"), orderable=False, default=DASH,
        attrs={"td": {"class": "text-nowrap"}},
    )  # fmt: skip
    state = BadgeColumn(tones=CONTACT_TONES)
    attempts_count = CountColumn()
    due_at = MomentColumn(default=DASH)
    is_promised = TruthColumn(visible=False)
    zone = tables.Column(default=DASH, visible=False)
    call_external_id = tables.Column(default=DASH, visible=False)
    note = tables.Column(default=DASH, orderable=False, visible=False, attrs=TEXT)

    class Meta:
        model = Contact
        fields: tuple[str, ...] = ()


class AttemptTable(HouseTable):
    """Attempts, the newest first."""

    handed_at = MomentColumn(verbose_name=gettext_lazy("Handed out"))
    campaign = tables.Column(accessor="campaign__name", verbose_name=gettext_lazy("Campaign"), attrs=NAME)
    vendor = tables.Column(
        accessor="vendor__name", verbose_name=gettext_lazy("Vendor"), orderable=False, attrs=NAME, visible=False
    )
    customer = tables.Column(
        accessor="customer_masked", verbose_name=gettext_lazy("Customer"), orderable=False, default=DASH,
        attrs={"td": {"class": "text-nowrap"}},
    )  # fmt: skip
    reference = tables.Column(
        accessor="contact__reference", verbose_name=gettext_lazy("Reference"), orderable=False, default=DASH
    )
    handler_name = tables.Column(orderable=False, attrs=NAME)
    outcome = BadgeColumn(tones=OUTCOME_TONES, empty_values=())
    ended_at = MomentColumn(default=DASH, visible=False)
    day = DayColumn(default=DASH, visible=False)
    satisfaction = CountColumn(default=DASH)
    success_reference = tables.Column(default=DASH, orderable=False)
    call_external_id = tables.Column(default=DASH, orderable=False)
    has_call = TruthColumn(
        verbose_name=gettext_lazy("Call record"), yes=gettext_lazy("is here"), no=gettext_lazy("not here"),
        orderable=False, visible=False,
    )  # fmt: skip
    ticket = tables.Column(verbose_name=gettext_lazy("Ticket"), default=DASH, orderable=False)
    follow_up_at = MomentColumn(default=DASH, visible=False)
    note = tables.Column(default=DASH, orderable=False, visible=False, attrs=TEXT)

    class Meta:
        model = Attempt
        fields: tuple[str, ...] = ()

    def render_outcome(self, record: Attempt) -> Any:
        if not record.outcome:
            return _("in hands")
        return BadgeColumn(tones=OUTCOME_TONES).render(record.get_outcome_display(), record, self.columns["outcome"])

    def value_outcome(self, record: Attempt) -> str:
        return record.get_outcome_display() if record.outcome else _("in hands")

    def render_handler_name(self, record: Attempt) -> str:
        return scope_of(self.request).called(record.handler_name, record.handler_side)

    value_handler_name = render_handler_name

    def render_call_external_id(self, record: Attempt) -> Any:
        listed: Any = record
        if not (listed.has_call and scope_of(self.request).can("calls.view")):
            return record.call_external_id
        url = reverse("calls:detail", args=[record.campaign.contract.uuid, record.call_external_id])
        return format_html('<a href="{}">{}</a>', url, record.call_external_id)

    def value_call_external_id(self, value: str) -> str:
        return value

    def render_ticket(self, record: Attempt) -> Any:
        if record.ticket is None or not scope_of(self.request).can("tickets.view"):
            return str(record.ticket or DASH)
        return format_html(
            '<a href="{}">{}</a>', reverse("tickets:ticket_detail", args=[record.ticket.uuid]), record.ticket
        )

    def value_ticket(self, record: Attempt) -> str:
        return str(record.ticket)


class ImportTable(HouseTable):
    """The lists that were added."""

    received_at = MomentColumn()
    source = tables.Column(attrs=NAME)
    file_name = tables.Column(default=DASH, attrs=NAME)
    campaign = tables.Column(accessor="campaign__name", verbose_name=gettext_lazy("Campaign"), attrs=NAME)
    vendor = tables.Column(accessor="vendor__name", verbose_name=gettext_lazy("Vendor"), attrs=NAME)
    rows_read = CountColumn()
    rows_new = CountColumn()
    rows_merged = CountColumn()
    rows_blocked = CountColumn()
    rows_rejected = CountColumn()
    received_by = tables.Column(orderable=False, attrs=NAME)

    class Meta:
        model = ContactImport
        fields: tuple[str, ...] = ()

    def render_received_at(self, record: ContactImport, table: Any, bound_column: Any) -> Any:
        moment = bound_column.column.render(record.received_at, table)
        return format_html('<a href="{}">{}</a>', reverse("tickets:import_detail", args=[record.uuid]), moment)

    def render_received_by(self, record: ContactImport) -> str:
        return scope_of(self.request).called(record.received_by, record.received_side)

    value_received_by = render_received_by


class ProblemTable(HouseTable):
    """What is wrong with the rows of a list, and how it is mended."""

    line = CountColumn(verbose_name=gettext_lazy("Line"))
    column = tables.Column(verbose_name=gettext_lazy("Column"))
    value = tables.Column(verbose_name=gettext_lazy("Value"), default=DASH, orderable=False)
    rule = tables.Column(verbose_name=gettext_lazy("What is wrong"), orderable=False)

    def render_rule(self, record: Mapping[str, Any]) -> str:
        return remedy(record["rule"], record["column"])

    value_rule = render_rule


class DoNotCallTable(HouseTable):
    """Who is not to be called."""

    number_masked = tables.Column(orderable=False, attrs={"td": {"class": "text-nowrap"}})
    state = tables.Column(accessor="withdrawn_at", verbose_name=gettext_lazy("State"), empty_values=(), orderable=False)
    vendor = tables.Column(
        accessor="vendor__name", verbose_name=gettext_lazy("Entered for"), orderable=False, attrs=NAME
    )
    is_for_all = TruthColumn(
        verbose_name=gettext_lazy("Holds for"), yes=gettext_lazy("every vendor"), no=gettext_lazy("this vendor")
    )
    reason = tables.Column(default=DASH, orderable=False, attrs=TEXT)
    source = tables.Column()
    added_at = MomentColumn()
    added_by = tables.Column(orderable=False, attrs=NAME)
    withdrawn_at = MomentColumn(default=DASH, visible=False)
    withdrawn_reason = tables.Column(default=DASH, orderable=False, visible=False, attrs=TEXT)

    class Meta:
        model = DoNotCall
        fields: tuple[str, ...] = ()

    def render_state(self, record: DoNotCall) -> Any:
        if record.withdrawn_at is not None:
            return _("withdrawn")
        if not scope_of(self.request).can("dnc.edit"):
            return _("in force")
        url = reverse("tickets:do_not_call_withdraw", args=[record.uuid])
        return format_html('{} <a class="btn btn-sm" href="{}">{}</a>', _("in force"), url, _("Withdraw"))

    def value_state(self, record: DoNotCall) -> str:
        return _("withdrawn") if record.withdrawn_at is not None else _("in force")

    def render_added_by(self, record: DoNotCall) -> str:
        return scope_of(self.request).called(record.added_by, record.added_side)

    value_added_by = render_added_by
