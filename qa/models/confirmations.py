"""Read and confirmed: which agents were asked to read a version, and who did."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import ScopedModel, TenantModel
from qa.models.scripts import Script
from vendors.models import Agent


class ConfirmationRound(ScopedModel):
    """Agents of some teams are asked to confirm a version until a day; a later version asks again."""

    script = models.ForeignKey(Script, models.PROTECT, related_name="+", db_constraint=False)
    # Names of teams; none means all agents.
    teams = models.JSONField(_("teams"), default=list, blank=True)
    due_on = models.DateField(_("until"))
    asked_at = models.DateTimeField(_("asked"), editable=False)
    asked_by = models.CharField(_("asked by"), max_length=150, editable=False)
    asked_side = models.CharField(max_length=6, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "script"], name="qa_round_once"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_round_uuid"),
        ]

    def __str__(self) -> str:
        return str(self.script)


class Confirmation(TenantModel):
    """An agent has read a version and confirmed it; never taken back."""

    script = models.ForeignKey(Script, models.PROTECT, related_name="+", db_constraint=False)
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+", db_constraint=False)
    confirmed_at = models.DateTimeField(_("confirmed"), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "script", "agent"], name="qa_confirmation_once")]
