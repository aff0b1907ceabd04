"""Calls in progress that were flagged, and who came to help (A104)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedModel
from qa.calc.live import Intervention, LiveOutcome, LiveReason, LiveSource, LiveState
from vendors.models import Agent, Queue

LIVE_REASONS = {
    LiveReason.HELP: _("asked for help"),
    LiveReason.RISKY_WORDS: _("risky words"),
    LiveReason.SILENCE: _("long silence"),
    LiveReason.LONG_TALK: _("long call"),
    LiveReason.OTHER: _("other"),
}
LIVE_SOURCES = {
    LiveSource.SWITCH: _("phone system"),
    LiveSource.AGENT: _("agent"),
    LiveSource.PERSON: _("lead or quality assurance"),
}
LIVE_STATES = {
    LiveState.OPEN: _("waits"),
    LiveState.TAKEN: _("somebody helps"),
    LiveState.CLOSED: _("closed"),
    LiveState.LAPSED: _("nobody came"),
}
INTERVENTIONS = {
    Intervention.LISTENED: _("listened in"),
    Intervention.WHISPERED: _("whispered to the agent"),
    Intervention.TOOK_OVER: _("took the call over"),
    Intervention.TALKED_AFTER: _("talked with the agent after the call"),
}
LIVE_OUTCOMES = {
    LiveOutcome.SOLVED: _("solved on the call"),
    LiveOutcome.CALMED: _("customer calmed down"),
    LiveOutcome.FOLLOW_UP: _("something is left to do"),
    LiveOutcome.CUSTOMER_LEFT: _("customer hung up"),
    LiveOutcome.FALSE_ALARM: _("nothing was wrong"),
}


class LiveCall(ScopedModel):
    """A call in progress that somebody should look at."""

    number = models.PositiveIntegerField(_("number"), editable=False)
    reason = models.CharField(_("reason"), max_length=12, choices=LIVE_REASONS)
    detail = models.CharField(_("what is going on"), max_length=300, blank=True)
    # The phone system's id of the call, by which its record is found once it is imported.
    external_id = models.CharField(_("call id"), max_length=100, blank=True)
    queue = models.ForeignKey(
        Queue, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False, verbose_name=_("queue")
    )
    agent = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False, verbose_name=_("agent")
    )
    began_at = models.DateTimeField(_("call began"), null=True, blank=True)
    source = models.CharField(_("flagged by"), max_length=8, choices=LIVE_SOURCES, editable=False)
    flagged_at = models.DateTimeField(_("flagged"), editable=False)
    flagged_by_id = models.IntegerField(null=True, editable=False)
    flagged_by = models.CharField(_("flagged by whom"), max_length=150, editable=False)
    flagged_side = models.CharField(max_length=6, editable=False)
    lapses_at = models.DateTimeField(editable=False)
    state = models.CharField(_("state"), max_length=8, choices=LIVE_STATES, default=LiveState.OPEN, editable=False)
    taken_at = models.DateTimeField(_("taken"), null=True, editable=False)
    taken_by_id = models.IntegerField(null=True, editable=False)
    taken_by = models.CharField(_("taken by"), max_length=150, blank=True, editable=False)
    taken_side = models.CharField(max_length=6, blank=True, editable=False)
    intervention = models.CharField(_("what was done"), max_length=12, choices=INTERVENTIONS, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=14, choices=LIVE_OUTCOMES, blank=True)
    note = models.TextField(_("what was said"), max_length=2000, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_live_uuid"),
            models.UniqueConstraint(fields=["vendor", "number"], name="qa_live_number"),
            models.UniqueConstraint(
                fields=["vendor", "external_id"],
                condition=Q(state__in=[LiveState.OPEN, LiveState.TAKEN]) & ~Q(external_id=""),
                name="qa_live_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[LiveState.OPEN, LiveState.LAPSED]) | Q(taken_at__isnull=False),
                name="qa_live_taken",
            ),
        ]
        indexes = [models.Index(fields=["vendor", "-flagged_at"], name="qa_live_newest")]

    def __str__(self) -> str:
        return f"L-{self.number}"

    @property
    def wait_seconds(self) -> float | None:
        """Seconds until somebody took it; None if nobody did."""
        return None if self.taken_at is None else (self.taken_at - self.flagged_at).total_seconds()
