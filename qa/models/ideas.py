"""What agents suggest, and service that went beyond what was asked (A83, A84)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract
from core.models import ScopedModel
from qa.models.evaluations import SIDES
from qa.models.plans import Kind
from vendors.models import Agent


class IdeaTopic(models.TextChoices):
    """What an idea is about."""

    PROCESS = "process", _("process")
    SCRIPT = "script", _("script")
    SYSTEM = "system", _("system")
    TRAINING = "training", _("training")
    PRODUCT = "product", _("product")
    OTHER = "other", _("something else")


class IdeaState(models.TextChoices):
    """How far an idea is."""

    SENT = "sent", _("waits for a decision")
    ACCEPTED = "accepted", _("accepted")
    ADOPTED = "adopted", _("adopted")
    DECLINED = "declined", _("declined")


class CaseState(models.TextChoices):
    """How far an exceptional-service case is."""

    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("declined")


class Idea(ScopedModel):
    """A suggestion of somebody at a vendor; what was adopted counts in the month from which it is used."""

    number = models.PositiveIntegerField(_("number"), editable=False)
    # None: of somebody who answers no calls, such as a supervisor.
    agent = models.ForeignKey(
        Agent, models.PROTECT, null=True, related_name="+", db_constraint=False, verbose_name=_("agent")
    )
    author_id = models.IntegerField(editable=False)
    author_name = models.CharField(_("author"), max_length=150, editable=False)
    topic = models.CharField(_("about"), max_length=8, choices=IdeaTopic.choices, default=IdeaTopic.PROCESS)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("idea"), max_length=3000)
    sent_at = models.DateTimeField(_("sent"), editable=False)
    state = models.CharField(_("state"), max_length=8, choices=IdeaState.choices, default=IdeaState.SENT)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True, editable=False)
    decided_side = models.CharField(max_length=6, choices=SIDES, blank=True, editable=False)
    decision = models.TextField(_("reason of the decision"), max_length=2000, blank=True)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    effect = models.TextField(_("effect"), max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "number"], name="qa_idea_number"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_idea_uuid"),
            models.CheckConstraint(
                condition=Q(state=IdeaState.ADOPTED.value, adopted_on__isnull=False)
                | (~Q(state=IdeaState.ADOPTED.value) & Q(adopted_on__isnull=True)),
                name="qa_idea_adopted_on",
            ),
        ]
        indexes = [
            models.Index(fields=["vendor", "-sent_at"], name="qa_idea_sent"),
            models.Index(fields=["vendor", "agent"], name="qa_idea_agent"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class ServiceCase(ScopedModel):
    """A conversation in which somebody did more than was asked, proposed with what proves it."""

    number = models.PositiveIntegerField(_("number"), editable=False)
    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("contract")
    )
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("agent"))
    kind = models.CharField(_("proved by"), max_length=6, choices=Kind.choices, default=Kind.CALL)
    reference = models.CharField(_("call or ticket"), max_length=100)
    happened_on = models.DateField(_("day"))
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("what was exceptional"), max_length=3000)
    proposed_at = models.DateTimeField(_("proposed"), editable=False)
    proposed_by = models.CharField(_("proposed by"), max_length=150, editable=False)
    proposed_by_id = models.IntegerField(null=True, editable=False)
    proposed_side = models.CharField(max_length=6, choices=SIDES, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=CaseState.choices, default=CaseState.PROPOSED)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True, editable=False)
    decision = models.TextField(_("reason of the decision"), max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "number"], name="qa_servicecase_number"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_servicecase_uuid"),
            models.UniqueConstraint(
                fields=["vendor", "contract", "kind", "reference", "agent"],
                name="qa_servicecase_once",
                violation_error_message=_("This conversation was proposed already."),
            ),
        ]
        indexes = [models.Index(fields=["vendor", "-proposed_at"], name="qa_servicecase_proposed")]

    def __str__(self) -> str:
        return f"#{self.number}"
