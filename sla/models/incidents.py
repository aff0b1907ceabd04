"""Incidents: what broke, when it was located and restored, and what was told of it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedModel, TenantModel
from core.scope import CLIENT, VENDOR
from sla.calc.incidents import THRESHOLDS, Clock, Reading, Severity, State, clock_read
from sla.calc.readiness import System
from sla.models.readiness import ContingencyPlan
from vendors.models import Queue

STATE_LABELS = {
    State.RAISED: _("raised"),
    State.ACKNOWLEDGED: _("acknowledged"),
    State.LOCATED: _("located"),
    State.RESTORED: _("restored"),
    State.CLOSED: _("closed"),
    State.REVIEWED: _("reviewed"),
}
SEVERITY_LABELS = {
    Severity.CRITICAL: _("critical: customers cannot reach us"),
    Severity.MAJOR: _("major: part of the service is gone"),
    Severity.MINOR: _("minor: work goes on with a detour"),
}
SYSTEM_LABELS = {
    System.CRM: _("CRM"),
    System.WFM: _("workforce system"),
    System.CALL_SYSTEM: _("call system"),
    System.ACCESS_NUMBER: _("access number"),
    System.NETWORK: _("network"),
    System.OTHER: _("other"),
}


class Cause(models.TextChoices):
    """Where the cause lay; the client weighs relief by it."""

    CLIENT_SYSTEM = "client_system", _("a system of the client")
    VENDOR_SYSTEM = "vendor_system", _("a system of the vendor")
    CARRIER = "carrier", _("the carrier or the network")
    SUPPLIER = "supplier", _("another supplier")
    POWER = "power", _("power or the building")
    PEOPLE = "people", _("a mistake at work")
    OTHER = "other", _("something else")


class Incident(ScopedModel):
    """One failure of the service at one vendor; its clocks start when it is raised."""

    number = models.PositiveIntegerField(_("number"), editable=False)
    title = models.CharField(_("what happened"), max_length=160)
    severity = models.PositiveSmallIntegerField(
        _("severity"), choices=[(s.value, label) for s, label in SEVERITY_LABELS.items()], default=Severity.MAJOR.value
    )
    systems = ArrayField(
        models.CharField(max_length=16, choices=[(s.value, label) for s, label in SYSTEM_LABELS.items()]),
        verbose_name=_("systems affected"),
        default=list,
        blank=True,
    )
    state = models.CharField(
        _("state"), max_length=12, choices=[(s.value, label) for s, label in STATE_LABELS.items()], default="raised"
    )
    raised_at = models.DateTimeField(_("raised"), editable=False)
    raised_side = models.CharField(
        _("raised by"), max_length=6, choices=[(CLIENT, _("the client")), (VENDOR, _("the vendor"))], editable=False
    )
    raised_by = models.CharField(_("raised by"), max_length=150, editable=False)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, editable=False)
    located_at = models.DateTimeField(_("located"), null=True, editable=False)
    restored_at = models.DateTimeField(_("restored"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, editable=False)
    # The limits that held when it was raised, so that a new default judges no old incident.
    locate_limit_seconds = models.PositiveIntegerField(_("limit to locate"), editable=False)
    restore_limit_seconds = models.PositiveIntegerField(_("limit to restore"), editable=False)
    cause_class = models.CharField(_("cause"), max_length=16, choices=Cause.choices, blank=True)
    cause = models.TextField(_("cause in words"), max_length=2000, blank=True)
    plan = models.ForeignKey(
        ContingencyPlan, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False,
        verbose_name=_("plan used"),
    )  # fmt: skip
    # When callers felt it: from raised to restored, unless the client corrects it and says why.
    affected_from = models.DateTimeField(_("callers affected from"))
    affected_until = models.DateTimeField(_("callers affected until"), null=True, blank=True)
    affected_reason = models.TextField(_("why the time was corrected"), max_length=1000, blank=True)
    # Whether its half-hours relieve the vendor of the service level; None until the client has decided.
    counts_for_relief = models.BooleanField(_("counts for relief"), null=True, blank=True)
    relief_reason = models.TextField(_("why it counts or not"), max_length=1000, blank=True)
    judged_at = models.DateTimeField(_("decided"), null=True, editable=False)
    review = models.TextField(_("what we learned"), max_length=4000, blank=True)
    actions = models.TextField(_("what will be done, by whom, by when"), max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "number"], name="sla_incident_number"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="sla_incident_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="sla_incident_key"),
            models.CheckConstraint(
                condition=Q(affected_until__isnull=True) | Q(affected_until__gt=F("affected_from")),
                name="sla_incident_affected_order",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(
                condition=(Q(state="raised") | Q(acknowledged_at__isnull=False))
                & (Q(state__in=["raised", "acknowledged"]) | Q(located_at__isnull=False))
                & (Q(state__in=["raised", "acknowledged", "located"]) | Q(restored_at__isnull=False))
                & (~Q(state__in=["closed", "reviewed"]) | Q(closed_at__isnull=False)),
                name="sla_incident_moments",
            ),
            models.CheckConstraint(
                condition=Q(counts_for_relief__isnull=True) | ~Q(relief_reason=""), name="sla_incident_relief_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["vendor", "raised_at"], name="sla_incident_raised"),
            # What the ticks look at: clocks that may still run.
            models.Index(fields=["vendor"], condition=Q(restored_at__isnull=True), name="sla_incident_running"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"

    def reading(self, clock: Clock, at: datetime) -> Reading:
        """Return how one of the two clocks stands at a moment."""
        stopped_at, limit = (
            (self.located_at, self.locate_limit_seconds)
            if clock is Clock.LOCATE
            else (self.restored_at, self.restore_limit_seconds)
        )
        return clock_read(clock, raised_at=self.raised_at, stopped_at=stopped_at, limit_seconds=limit, at=at)


class IncidentQueue(TenantModel):
    """That an incident affects a queue."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="affected", db_constraint=False)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+", db_constraint=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "incident", "queue"], name="sla_incidentqueue_queue")]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.queue_id}"


class IncidentEntry(TenantModel):
    """One line of an incident's log: who did or said what, when; never changed afterwards."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="entries", db_constraint=False)
    at = models.DateTimeField(_("when"))
    actor = models.CharField(_("who"), max_length=150)
    side = models.CharField(_("side"), max_length=6, choices=[(CLIENT, _("the client")), (VENDOR, _("the vendor"))])
    # A step, or raised, note, affected, window, relief, alert.
    kind = models.CharField(_("what"), max_length=16)
    text = models.TextField(_("text"), max_length=4000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["vendor", "incident", "at"], name="sla_incidententry_order")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind}"


class IncidentAlert(TenantModel):
    """That a clock reached a threshold and somebody was told, once."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="alerts", db_constraint=False)
    clock = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Clock])
    percent = models.PositiveSmallIntegerField(choices=[(p, f"{p} %") for p in THRESHOLDS])
    reached_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "incident", "clock", "percent"], name="sla_incidentalert_once")
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.clock} {self.percent} %"
