"""Outbound tasks: campaigns, whom they call, each attempt, and who is not to be called."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from contracts.models import Contract
from core.models import ScopedModel
from qa.models import Script
from tickets.calc.outbound import CampaignState, ContactState, Outcome, Purpose
from tickets.models.work import Ticket
from vendors.models import Agent, Queue

PURPOSES = {
    Purpose.SALES: _("sales"),
    Purpose.NOTICE: _("notice"),
    Purpose.SATISFACTION: _("satisfaction"),
    Purpose.COLLECTION: _("collection"),
    Purpose.CALLBACK: _("callback"),
}
CAMPAIGN_STATES = {
    CampaignState.DRAFT: _("draft"),
    CampaignState.LIVE: _("live"),
    CampaignState.PAUSED: _("paused"),
    CampaignState.ENDED: _("ended"),
}
CONTACT_STATES = {
    ContactState.OPEN: _("to be called"),
    ContactState.DONE: _("done"),
    ContactState.EXHAUSTED: _("not reached"),
    ContactState.BLOCKED: _("not to be called"),
}
ATTEMPT_OUTCOMES = {
    Outcome.SUCCESS: _("success"),
    Outcome.REACHED: _("reached"),
    Outcome.REFUSED: _("refused"),
    Outcome.CALL_LATER: _("call later"),
    Outcome.NO_ANSWER: _("no answer"),
    Outcome.BUSY: _("busy"),
    Outcome.WRONG_NUMBER: _("wrong number"),
    Outcome.DO_NOT_CALL: _("asked not to be called"),
    Outcome.LAPSED: _("no outcome in time"),
}


class Campaign(ScopedModel):
    """Customers are called for one purpose, within windows, so often, by a script that was reviewed (A72)."""

    name = models.CharField(_("name"), max_length=80)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_constraint=False)
    queue = models.ForeignKey(
        Queue, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False, verbose_name=_("queue")
    )
    purpose = models.CharField(_("purpose"), max_length=14, choices=PURPOSES)
    goal = models.CharField(
        _("goal"), max_length=300, blank=True, help_text=_("What counts as a success, in the client’s words.")
    )
    goal_count = models.PositiveIntegerField(_("successes wanted"), null=True, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    script = models.ForeignKey(
        Script, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False, verbose_name=_("script")
    )
    state = models.CharField(_("state"), max_length=8, choices=CAMPAIGN_STATES, default=CampaignState.DRAFT)
    # As contracts.calc.hours stores a week; on the clock of the customer's zone, else of the contract's.
    service_hours = models.JSONField(_("call windows"), default=dict)
    country = models.CharField(_("public holidays of"), max_length=2, blank=True)
    max_attempts = models.PositiveSmallIntegerField(
        _("most attempts"), default=3, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    gap_seconds = models.PositiveIntegerField(_("between two attempts"), default=4 * 3600)
    per_day = models.PositiveSmallIntegerField(
        _("most attempts a day"), default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    hold_seconds = models.PositiveIntegerField(_("time for one contact"), default=1800)
    sample_limit = models.PositiveIntegerField(
        _("most callers chosen at once"), default=200, validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    resurvey_days = models.PositiveSmallIntegerField(
        _("days until somebody is asked again"), default=30, validators=[MaxValueValidator(730)]
    )
    made_at = models.DateTimeField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "name"],
                name="tickets_campaign_name",
                violation_error_message=_("Another campaign has this name."),
            ),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="tickets_campaign_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="tickets_campaign_key"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="tickets_campaign_days",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(state=CampaignState.LIVE) | Q(script__isnull=False), name="tickets_campaign_scripted"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ContactImport(ScopedModel):
    """One list that was added to a campaign, and what became of each of its rows."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="imports", db_constraint=False)
    source = models.CharField(
        _("way in"),
        max_length=8,
        choices=[("page", _("page")), ("api", _("API")), ("callers", _("callers of the last two days"))],
    )
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received"))
    received_by = models.CharField(_("received by"), max_length=150)
    received_side = models.CharField(max_length=6)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    rows_new = models.PositiveIntegerField(_("new"), default=0)
    rows_merged = models.PositiveIntegerField(_("known already"), default=0)
    rows_blocked = models.PositiveIntegerField(_("not to be called"), default=0)
    rows_rejected = models.PositiveIntegerField(_("rejected"), default=0)
    # The first thousand: line, column, rule, masked value.
    problems = models.JSONField(_("rejected rows"), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "uuid"], name="tickets_contactimport_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="tickets_contactimport_key"),
            models.CheckConstraint(
                condition=Q(rows_read=F("rows_new") + F("rows_merged") + F("rows_blocked") + F("rows_rejected")),
                name="tickets_contactimport_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name or self.get_source_display()


class Contact(ScopedModel):
    """Somebody whom a campaign is to call; the number lies with the vendor's callers, encrypted."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="contacts", db_constraint=False)
    added_by = models.ForeignKey(ContactImport, models.PROTECT, related_name="+", db_constraint=False)
    customer_key = models.BigIntegerField(editable=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    reference = models.CharField(_("reference"), max_length=64, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    zone = models.CharField(_("time zone"), max_length=40, blank=True)
    # The call that somebody is asked about.
    call_external_id = models.CharField(_("call"), max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=CONTACT_STATES, default=ContactState.OPEN)
    attempts_count = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("to be called from"), null=True)
    # The customer named the moment: such contacts go first.
    is_promised = models.BooleanField(_("promised"), default=False)
    held_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "campaign", "customer_key"], name="tickets_contact_once"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="tickets_contact_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="tickets_contact_key"),
        ]
        indexes = [
            models.Index(
                fields=["vendor", "campaign", "-is_promised", "due_at", "id"],
                name="tickets_contact_next",
                condition=Q(state=ContactState.OPEN),
            ),
            models.Index(fields=["vendor", "customer_key"], name="tickets_contact_customer"),
        ]

    def __str__(self) -> str:
        return self.reference or str(self.uuid)


class Attempt(ScopedModel):
    """A contact in somebody's hands, and what came of it; an open one has no outcome yet."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="attempts", db_constraint=False)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="attempts", db_constraint=False)
    number = models.PositiveSmallIntegerField(_("attempt"))
    customer_key = models.BigIntegerField(editable=False)
    handed_at = models.DateTimeField(_("handed out"))
    held_until = models.DateTimeField()
    # From then on the customer's telephone may have rung, whether an outcome is entered or not.
    number_shown_at = models.DateTimeField(_("number shown"), null=True, editable=False)
    # A person or a program of the vendor; accounts stand below every tenant table.
    handler_id = models.IntegerField(null=True, editable=False)
    handler_name = models.CharField(_("called by"), max_length=150)
    handler_side = models.CharField(max_length=6)
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", db_constraint=False)
    outcome = models.CharField(_("outcome"), max_length=14, choices=ATTEMPT_OUTCOMES, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    # The contract's local day that it counts on.
    day = models.DateField(_("day"), null=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    follow_up_at = models.DateTimeField(_("call again at"), null=True)
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="+", db_constraint=False)
    # As the phone system names the call; its record may come later, or not at all.
    call_external_id = models.CharField(_("call"), max_length=64, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True)
    # What proves a success, such as the number of the order.
    success_reference = models.CharField(_("proof of the success"), max_length=64, blank=True)
    # Its letters and digits alone, however it was written.
    proof_key = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "contact", "number"], name="tickets_attempt_number"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="tickets_attempt_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="tickets_attempt_key"),
            # One order is one success, whoever is said to have brought it.
            models.UniqueConstraint(
                fields=["vendor", "proof_key"],
                name="tickets_attempt_proof_once",
                condition=~Q(proof_key=""),
                violation_error_message=_("Another success has this proof."),
            ),
            # One contact is in one pair of hands.
            models.UniqueConstraint(
                fields=["vendor", "contact"], name="tickets_attempt_one_open", condition=Q(outcome="")
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)), name="tickets_attempt_satisfied"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True, day__isnull=True)
                | (~Q(outcome="") & Q(ended_at__isnull=False, day__isnull=False)),
                name="tickets_attempt_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["vendor", "campaign", "day"], name="tickets_attempt_day"),
            models.Index(fields=["vendor", "customer_key", "handed_at"], name="tickets_attempt_customer"),
            models.Index(fields=["vendor", "handler_id"], name="tickets_attempt_open", condition=Q(outcome="")),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}.{self.number}"


class DoNotCall(ScopedModel):
    """Somebody who asked not to be called: by this vendor, or by anybody of the house. It does not run out."""

    # The client's own organization has entries too, and is no vendor.
    vendor = models.ForeignKey(  # type: ignore[assignment]
        Organization, models.PROTECT, related_name="+", editable=False, db_index=False
    )
    customer_key = models.BigIntegerField(editable=False)
    number_encrypted = models.BinaryField()
    number_masked = models.CharField(_("number"), max_length=40, editable=False)
    is_for_all = models.BooleanField(_("holds for every vendor"), default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    source = models.CharField(
        _("way in"), max_length=8, choices=[("call", _("call")), ("page", _("page")), ("api", _("API"))]
    )
    added_at = models.DateTimeField(_("since"))
    added_by = models.CharField(_("added by"), max_length=150)
    added_side = models.CharField(max_length=6)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.CharField(_("withdrawn by"), max_length=150, blank=True)
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "customer_key"], name="tickets_donotcall_once", condition=Q(withdrawn_at__isnull=True)
            ),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="tickets_donotcall_uuid"),
        ]
        indexes = [models.Index(fields=["customer_key"], name="tickets_donotcall_customer")]

    def __str__(self) -> str:
        return self.number_masked
