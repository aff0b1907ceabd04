"""What customers say of the service: ratings, messages and complaints, and the loop back to them (A94, A95)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calls.models import CallReason
from contracts.models import Contract
from core.models import ScopedModel
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
    """How far the loop is."""

    REGISTERED = "registered", _("registered")
    ROUTED = "routed", _("with the department")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")


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
    kind = models.CharField(_("about"), max_length=10, choices=FeedbackKind.choices, blank=True)
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
    route_due_at = models.DateTimeField(_("to be passed on by"), editable=False)
    routed_at = models.DateTimeField(_("passed on"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    customer_told = models.BooleanField(_("customer told"), null=True, editable=False)
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
            models.Index(
                fields=["vendor", "route_due_at"], name="tickets_feedback_waits", condition=Q(routed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"
