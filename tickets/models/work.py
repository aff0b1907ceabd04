"""Tickets, what is promised about them, what happened to them, and what their clocks read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models import CallReason
from contracts.models import Contract
from core.models import ScopedModel, TenantModel
from tickets.calc.clocks import Clock, Level, UpdateMode
from tickets.calc.states import State
from vendors.models import Agent, Queue

STATES = {
    State.NEW: _("new"),
    State.ASSIGNED: _("assigned"),
    State.IN_PROGRESS: _("in progress"),
    State.PENDING_CUSTOMER: _("waits for the customer"),
    State.PENDING_THIRD_PARTY: _("waits for a third party"),
    State.RESOLVED: _("resolved"),
    State.CALLBACK_DUE: _("callback due"),
    State.ARCHIVED: _("archived"),
    State.MERGED: _("merged"),
    State.CANCELED: _("canceled"),
    State.TRANSFERRED: _("taken over by the client"),
}
CLOCKS = {
    Clock.FIRST_RESPONSE: _("first response"),
    Clock.UPDATE: _("next update"),
    Clock.RESOLUTION: _("resolution"),
    Clock.HOP: _("hand-over"),
    Clock.CALLBACK: _("callback"),
}
LEVELS = {
    Level.FIRST_LINE: _("first line"),
    Level.SECOND_LINE: _("second line"),
    Level.TECHNICAL: _("technical department"),
}
UPDATE_MODES = {
    UpdateMode.AFTER_CUSTOMER: _("after the customer wrote"),
    UpdateMode.BETWEEN_UPDATES: _("between two updates"),
}


class Tier(models.TextChoices):
    """How much a matter presses (A85)."""

    URGENT = "urgent", _("urgent")
    NORMAL = "normal", _("normal")
    CONSULTATION = "consultation", _("consultation")


class Channel(models.TextChoices):
    """How a matter came in."""

    CALL = "call", _("call")
    APP = "app", _("app")
    SMS = "sms", _("SMS")
    WEB = "web", _("web")
    INTERNAL = "internal", _("internal")


class Calendar(ScopedModel):
    """When promises are counted: windows of a week, less holidays, plus days that have their own windows."""

    name = models.CharField(_("name"), max_length=80)
    zone = models.CharField(_("time zone"), max_length=40)
    # As contracts.calc.hours stores a week.
    service_hours = models.JSONField(_("windows"), default=dict)
    country = models.CharField(
        _("public holidays of"), max_length=2, blank=True, help_text=_("Empty for none but your own.")
    )
    subdivision = models.CharField(_("region"), max_length=10, blank=True)
    # ISO date to {"name": …, "windows": [["09:00", "12:00"]]}; no windows closes the day. They win over the holidays.
    exceptions = models.JSONField(_("own days"), default=dict, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "name"],
                name="tickets_calendar_name",
                violation_error_message=_("Another calendar has this name."),
            ),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="tickets_calendar_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="tickets_calendar_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Policy(ScopedModel):
    """Which tickets get which promises; the first active one that matches wins."""

    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"))
    is_active = models.BooleanField(_("active"), default=True)
    # Conditions, all of which must hold; empty lists ask for nothing. Codes, words, and whether an incident is linked.
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    queues = models.JSONField(_("queues"), default=list, blank=True)
    channels = models.JSONField(_("channels"), default=list, blank=True)
    words = models.JSONField(_("words"), default=list, blank=True, help_text=_("Any of them in subject or text."))
    # Key of a customer to the masked number that is shown of it.
    customers = models.JSONField(_("customers"), default=dict, blank=True)
    only_incidents = models.BooleanField(_("only tickets of an incident"), default=False)
    # What they get.
    tier = models.CharField(_("tier"), max_length=12, choices=Tier.choices)
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+", db_constraint=False)
    # None counts callbacks by the wall clock.
    callback_calendar = models.ForeignKey(
        Calendar, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    first_response_seconds = models.PositiveIntegerField(_("first response"), null=True, blank=True)
    update_seconds = models.PositiveIntegerField(_("next update"), null=True, blank=True)
    resolution_seconds = models.PositiveIntegerField(_("resolution"), null=True, blank=True)
    callback_seconds = models.PositiveIntegerField(_("callback"), null=True, blank=True)
    first_line_seconds = models.PositiveIntegerField(_("first line records"), null=True, blank=True)
    second_line_seconds = models.PositiveIntegerField(_("second line answers"), null=True, blank=True)
    technical_seconds = models.PositiveIntegerField(_("technical department answers"), null=True, blank=True)
    update_mode = models.CharField(
        _("updates are owed"), max_length=20, choices=UPDATE_MODES, default=UpdateMode.AFTER_CUSTOMER
    )
    pausing = models.JSONField(_("states that pause"), default=list, blank=True)
    # Steps of the ladder: [percent of the promise, [who is told]].
    ladder = models.JSONField(_("who is told"), default=list, blank=True)
    warn_lead_seconds = models.PositiveIntegerField(_("warn before"), default=900)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "name"],
                name="tickets_policy_name",
                violation_error_message=_("Another policy has this name."),
            ),
            models.UniqueConstraint(
                fields=["vendor", "position"], name="tickets_policy_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="tickets_policy_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="tickets_policy_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Terms(TenantModel):
    """What a policy and its calendars said at a moment, word for word; shared by all tickets that got it."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+", db_constraint=False)
    digest = models.BinaryField(max_length=32)
    body = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "digest"], name="tickets_terms_digest"),
            models.UniqueConstraint(fields=["vendor", "id"], name="tickets_terms_key"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Ticket(ScopedModel):
    """One matter; what is computed from its events stands here too, for lists."""

    number = models.PositiveIntegerField(_("number"), editable=False)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_constraint=False)
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, related_name="+", db_constraint=False)
    reason = models.ForeignKey(CallReason, models.PROTECT, null=True, related_name="+", db_constraint=False)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("what is the matter"), blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.CALL)
    customer_key = models.BigIntegerField(null=True, blank=True, editable=False)
    # The call that it came from; calls have no surrogate key.
    call_external_id = models.CharField(_("call"), max_length=64, blank=True)
    call_offered_at = models.DateTimeField(null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=STATES, default=State.NEW)
    tier = models.CharField(_("tier"), max_length=12, choices=Tier.choices)
    level = models.CharField(_("held by"), max_length=12, choices=LEVELS, default=Level.FIRST_LINE)
    # A person of the vendor or of the client; accounts stand below every tenant table.
    handler_id = models.IntegerField(null=True, blank=True, editable=False)
    handler_name = models.CharField(max_length=150, blank=True, editable=False)
    # The role of a person of the client, whom a vendor knows by it and not by name.
    handler_role = models.CharField(max_length=20, blank=True, editable=False)
    # Whose record it goes on, as at the contact, whoever has it later (E25).
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", db_constraint=False)
    terms = models.ForeignKey(Terms, models.PROTECT, related_name="+", db_constraint=False)
    # A tier that somebody chose is not changed by the rules again.
    policy_pinned = models.BooleanField(default=False, editable=False)
    # Then it stands only as long as the client's rules promise no more.
    pinned_by_vendor = models.BooleanField(default=False, editable=False)
    opened_at = models.DateTimeField(_("opened"))
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    reopened_count = models.PositiveSmallIntegerField(_("reopened"), default=0, editable=False)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_constraint=False)
    # The promise that falls due next; None while every clock stands still.
    next_due_at = models.DateTimeField(_("due"), null=True, blank=True, editable=False)
    next_clock = models.CharField(max_length=16, blank=True, choices=CLOCKS, editable=False)
    is_breached = models.BooleanField(_("overdue"), default=False, editable=False)
    # Set when a policy or calendar changed; the job that recomputes clears it.
    is_stale = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "number"], name="tickets_ticket_number"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="tickets_ticket_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="tickets_ticket_key"),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)), name="tickets_ticket_satisfied"
            ),
        ]
        indexes = [
            # The list's own order, of one vendor and of all: what is due first is read off its beginning.
            models.Index(
                fields=["vendor", "next_due_at", "-ended_at", "opened_at", "id"],
                name="tickets_ticket_due",
                condition=Q(ended_at__isnull=True),
            ),
            models.Index(
                fields=["next_due_at", "-ended_at", "opened_at", "id"],
                name="tickets_ticket_pressing",
                condition=Q(ended_at__isnull=True),
            ),
            models.Index(fields=["vendor", "customer_key", "opened_at"], name="tickets_ticket_customer"),
            models.Index(fields=["vendor", "opened_at"], name="tickets_ticket_opened"),
            # The first page of all vendors' tickets is read off its end instead of being sorted.
            models.Index(fields=["-opened_at", "-id"], name="tickets_ticket_newest"),
            models.Index(fields=["vendor", "id"], name="tickets_ticket_stale", condition=Q(is_stale=True)),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class TicketEvent(TenantModel):
    """Something that happened to a ticket; rows are only ever added. The clocks are a function of them."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events", db_constraint=False)
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    # Kinds of tickets.calc.clocks, and those that no clock hears (note, assigned, linked, merged, rated …).
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=20, blank=True, choices=STATES)
    level = models.CharField(max_length=12, blank=True, choices=LEVELS)
    deadline = models.DateTimeField(null=True)
    terms = models.ForeignKey(Terms, models.PROTECT, null=True, related_name="+", db_constraint=False)
    actor_id = models.IntegerField(null=True)
    actor = models.CharField(max_length=150, blank=True)
    side = models.CharField(max_length=6, blank=True)
    # Whether it passed between us and the customer: an answer, a question, a callback, what the customer said.
    is_public = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    # What the kind needs beside: requirement of a hand-over, outcome of a callback, number of a linked ticket.
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "ticket", "sequence"], name="tickets_event_sequence"),
        ]
        indexes = [models.Index(fields=["vendor", "at"], name="tickets_event_at")]

    def __str__(self) -> str:
        return f"{self.ticket_id}.{self.sequence} {self.kind}"


class TicketClock(TenantModel):
    """One cycle of one clock as computed from the ticket's events; the sweep reads ``alert_at``."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="clocks", db_constraint=False)
    clock = models.CharField(max_length=16, choices=CLOCKS)
    cycle = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=12, blank=True, choices=LEVELS)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    is_canceled = models.BooleanField(default=False)
    is_running = models.BooleanField(default=True)
    target_seconds = models.PositiveIntegerField(null=True)
    # Business seconds that had counted when the row was last computed; final once stopped.
    elapsed_seconds = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    is_met = models.BooleanField(null=True)
    # When it breaks, the moment that its KPI counts on, and by how many business seconds it was over once stopped.
    breach_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    overrun_seconds = models.PositiveIntegerField(default=0)
    # The next threshold that nobody was told of yet, and when it is reached.
    alert_at = models.DateTimeField(null=True)
    alert_threshold = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "ticket", "clock", "cycle"], name="tickets_clock_cycle"),
            models.UniqueConstraint(fields=["vendor", "id"], name="tickets_clock_key"),
        ]
        indexes = [
            models.Index(fields=["alert_at"], name="tickets_clock_alert", condition=Q(alert_at__isnull=False)),
            models.Index(
                fields=["breach_at"],
                name="tickets_clock_breach",
                condition=Q(stopped_at__isnull=True, counted_at__isnull=True, breach_at__isnull=False),
            ),
            models.Index(
                fields=["vendor", "counted_at"], name="tickets_clock_counted", condition=Q(counted_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.clock} {self.cycle}"


class TicketAlert(TenantModel):
    """That a threshold of a clock was reached and told; the key makes it once (R13)."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="alerts", db_constraint=False)
    clock = models.CharField(max_length=16, choices=CLOCKS)
    cycle = models.PositiveSmallIntegerField()
    threshold = models.CharField(max_length=16)
    # How often the promise had changed: a later one is told of anew.
    round = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "ticket", "clock", "cycle", "threshold", "round"], name="tickets_alert_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.clock} {self.threshold}"


class TicketLink(TenantModel):
    """That two tickets belong together; kept once, the smaller id first."""

    first = models.ForeignKey(Ticket, models.CASCADE, related_name="+", db_constraint=False)
    second = models.ForeignKey(Ticket, models.CASCADE, related_name="+", db_constraint=False)
    linked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "first", "second"], name="tickets_link_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="tickets_link_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"


class QuickReply(ScopedModel):
    """A text that people put in instead of writing it again; vendor, customer and number can be named in it."""

    name = models.CharField(_("name"), max_length=80)
    text = models.TextField(_("text"))
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "name"],
                name="tickets_quickreply_name",
                violation_error_message=_("Another quick reply has this name."),
            ),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="tickets_quickreply_uuid"),
        ]

    def __str__(self) -> str:
        return self.name
