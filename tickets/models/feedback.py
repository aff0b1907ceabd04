"""What customers say of the service: ratings, messages and complaints, and the loop back to them (A94, A95, A116)."""

from __future__ import annotations

from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calls.models import CallReason
from contracts.models import Contract
from core.models import ScopedModel
from tickets.calc.feedback import Routing, State, Step, routing_of, steps_from
from tickets.models.work import Ticket
from vendors.models import Agent, Queue


class FeedbackSource(models.TextChoices):
    """How a voice came in; answers of different ways are never mixed unweighted (D8)."""

    RATING = "rating", _("rating after the call")
    SMS = "sms", _("SMS")
    APP = "app", _("app")
    WEB = "web", _("web")
    CALL = "call", _("call")
    OUTBOUND = "outbound", _("call by us")


class FeedbackKind(models.TextChoices):
    """What it is about."""

    PROCESS = "process", _("process")
    PRODUCT = "product", _("product")
    ATTITUDE = "attitude", _("attitude")


class FeedbackState(models.TextChoices):
    """How far the loop is; a satisfied rating without a word is only noted."""

    NOTED = "noted", _("noted")
    REGISTERED = "registered", _("registered")
    ROUTED = "routed", _("with the department")
    ANSWERED = "answered", _("answered by the department")
    CLOSED = "closed", _("loop closed")


class Feedback(ScopedModel):
    """One voice of a customer, from hearing it to telling the customer what came of it."""

    number = models.PositiveIntegerField(_("number"), editable=False)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_constraint=False)
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, related_name="+", db_constraint=False)
    reason = models.ForeignKey(CallReason, models.PROTECT, null=True, related_name="+", db_constraint=False)
    # Whose contact it was, as at the contact, whatever happens to the ticket later (E25).
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", db_constraint=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="+", db_constraint=False)
    source = models.CharField(_("came by"), max_length=10, choices=FeedbackSource.choices)
    is_complaint = models.BooleanField(_("complaint"), default=False)
    kind = models.CharField(_("class"), max_length=10, choices=FeedbackKind.choices, blank=True)
    text = models.TextField(_("what the customer says"), blank=True)
    rating = models.PositiveSmallIntegerField(
        _("rating"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("1 to 5."),
    )
    customer_key = models.BigIntegerField(null=True, blank=True, editable=False)
    call_external_id = models.CharField(_("call"), max_length=64, blank=True)
    # The sender's own id, so that a program may send it twice.
    external_id = models.CharField(_("id at the source"), max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=FeedbackState.choices, default=FeedbackState.REGISTERED)
    department = models.CharField(_("owning department"), max_length=80, blank=True)
    answer = models.TextField(_("what came of it"), blank=True)
    outcome = models.TextField(_("what the customer was told"), blank=True)
    received_at = models.DateTimeField(_("received"))
    # None: there is nothing that a department must hear of.
    route_due_at = models.DateTimeField(_("to be passed on by"), null=True, editable=False)
    routed_at = models.DateTimeField(_("passed on"), null=True, blank=True, editable=False)
    # When somebody was told that it was not passed on in time; once.
    late_at = models.DateTimeField(_("reported as late"), null=True, editable=False)
    answered_at = models.DateTimeField(_("answered by the department"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("loop closed"), null=True, blank=True, editable=False)
    customer_told = models.BooleanField(_("customer told"), null=True, editable=False)
    told_at = models.DateTimeField(_("customer told on"), null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(_("reopened"), default=0, editable=False)
    reopen_reason = models.TextField(_("why it was reopened"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "number"], name="tickets_feedback_number"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="tickets_feedback_uuid"),
            models.UniqueConstraint(
                fields=["vendor", "source", "external_id"],
                name="tickets_feedback_external_id",
                condition=~Q(external_id=""),
                violation_error_message=_("This was received already."),
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)),
                name="tickets_feedback_rating",
            ),
            models.CheckConstraint(
                condition=Q(routed_at__isnull=True) | Q(routed_at__gte=F("received_at")),
                name="tickets_feedback_routed_after",
            ),
        ]
        indexes = [
            models.Index(fields=["vendor", "received_at"], name="tickets_feedback_received"),
            models.Index(fields=["vendor", "route_due_at"], name="tickets_feedback_due"),
            models.Index(fields=["vendor", "routed_at"], name="tickets_feedback_passed"),
            # Small: what is late and was not told of yet is soon told of.
            models.Index(
                fields=["route_due_at"],
                name="tickets_feedback_waits",
                condition=Q(routed_at__isnull=True, closed_at__isnull=True, late_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    def routing(self, at: datetime) -> Routing:
        """Return how the way to the department stands."""
        return routing_of(due_at=self.route_due_at, routed_at=self.routed_at, closed_at=self.closed_at, at=at)

    def steps(self, *, is_client: bool) -> tuple[Step, ...]:
        """Return what may be done next, the step forward first."""
        is_answered = self.answered_at is not None
        return steps_from(
            State(self.state), is_complaint=self.is_complaint, is_answered=is_answered, is_client=is_client
        )


class VoiceSignal(ScopedModel):
    """A reason whose callers became more and unhappier, told of once in a week, with the numbers that it rests on."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_constraint=False)
    reason = models.ForeignKey(CallReason, models.PROTECT, related_name="+", db_constraint=False)
    # The Monday of the week in which the last day lies: what makes it the same news.
    week = models.DateField(_("week"))
    last_day = models.DateField(_("last day"))
    days = models.PositiveSmallIntegerField(_("days"))
    calls = models.IntegerField(_("calls"))
    satisfied = models.IntegerField(_("satisfied"))
    answers = models.IntegerField(_("answers"))
    days_before = models.PositiveSmallIntegerField(_("days before"))
    calls_before = models.IntegerField(_("calls before"))
    satisfied_before = models.IntegerField(_("satisfied before"))
    answers_before = models.IntegerField(_("answers before"))
    rise_probability = models.FloatField(_("chance of such a rise"))
    fall_probability = models.FloatField(_("chance of such a fall"))
    raised_at = models.DateTimeField(_("reported"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "contract", "reason", "week"], name="tickets_voicesignal_once"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="tickets_voicesignal_uuid"),
        ]

    def __str__(self) -> str:
        return f"{self.reason_id} {self.week}"
