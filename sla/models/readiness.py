"""Contingency plans and the proof that they work: drills, daily inspections, monthly evidence."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedModel
from sla.calc.readiness import CHECKLISTS, WARN_RATIO, is_early_warning

WEB = [URLValidator(schemes=["https", "http"])]


class PlanKind(models.TextChoices):
    """What a plan is for (domain A92)."""

    SYSTEM_FAILURE = "system_failure", _("system failure")
    VOLUME_SURGE = "volume_surge", _("volume surge")
    MAJOR_COMPLAINT = "major_complaint", _("major complaint")


class ContingencyPlan(ScopedModel):
    """What to do when it happens, kept so that a shift leader can follow it at three in the morning."""

    kind = models.CharField(_("for"), max_length=16, choices=PlanKind.choices)
    title = models.CharField(_("title"), max_length=120)
    steps = models.TextField(_("steps"), max_length=8000, help_text=_("One step a line, in the order to take them."))
    offline_script = models.CharField(
        _("offline script"), max_length=200, blank=True, help_text=_("Where the paper or file lies that agents use.")
    )
    standby_server = models.CharField(_("standby server"), max_length=200, blank=True)
    owner = models.CharField(_("owner"), max_length=120, help_text=_("Who keeps the plan right."))
    in_force_from = models.DateField(_("in force from"))
    review_on = models.DateField(_("review on"))
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "uuid"], name="sla_contingencyplan_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="sla_contingencyplan_key"),
            models.UniqueConstraint(
                fields=["vendor", "title"],
                name="sla_contingencyplan_title",
                violation_error_message=_("Another plan of this vendor has this title."),
            ),
            models.CheckConstraint(
                condition=Q(review_on__gte=F("in_force_from")),
                name="sla_contingencyplan_dates",
                violation_error_message=_("The review lies before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EvidenceFile(ScopedModel):
    """A small file that proves something; it lies outside the web root under a name of ours."""

    file_name = models.CharField(_("file"), max_length=200)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.BinaryField(max_length=32)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "uuid"], name="sla_evidencefile_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="sla_evidencefile_key"),
        ]

    def __str__(self) -> str:
        return self.file_name


class DrillResult(models.TextChoices):
    """How a drill went."""

    PASSED = "passed", _("passed")
    PARTLY = "partly", _("passed with findings")
    FAILED = "failed", _("failed")


class Drill(ScopedModel):
    """One exercise of a plan, planned and then held."""

    plan = models.ForeignKey(
        ContingencyPlan, models.PROTECT, related_name="drills", db_constraint=False, verbose_name=_("plan")
    )
    planned_on = models.DateField(_("planned on"))
    held_on = models.DateField(_("held on"), null=True, blank=True)
    participants = models.CharField(_("who took part"), max_length=500, blank=True)
    result = models.CharField(_("result"), max_length=8, choices=DrillResult.choices, blank=True)
    findings = models.TextField(_("findings"), max_length=4000, blank=True)
    link = models.CharField(_("link to the evidence"), max_length=500, blank=True, validators=WEB)
    file = models.ForeignKey(
        EvidenceFile, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False,
        verbose_name=_("evidence"),
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "uuid"], name="sla_drill_uuid"),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True) | ~Q(result=""),
                name="sla_drill_result",
                violation_error_message=_("Say how the drill went."),
            ),
        ]
        indexes = [models.Index(fields=["vendor", "plan", "planned_on"], name="sla_drill_plan")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.planned_on}"


INSPECTED_LABELS = {"crm": _("CRM"), "wfm": _("workforce system"), "call_system": _("call system")}


class Inspection(ScopedModel):
    """The daily look at one system (domain A93): what worked, and how near to its limits it ran."""

    day = models.DateField(_("day"))
    system = models.CharField(
        _("system"), max_length=16, choices=[(s.value, INSPECTED_LABELS[s.value]) for s in CHECKLISTS]
    )
    # Item of the checklist to whether it was in order.
    items = models.JSONField(_("checklist"), default=dict)
    load_ratio = models.DecimalField(
        _("load"), max_digits=5, decimal_places=4, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )  # fmt: skip
    bandwidth_ratio = models.DecimalField(
        _("bandwidth used"), max_digits=5, decimal_places=4, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )  # fmt: skip
    warn_ratio = models.DecimalField(
        _("early warning from"), max_digits=5, decimal_places=4, default=WARN_RATIO,
        validators=[MinValueValidator(Decimal("0.1")), MaxValueValidator(Decimal(1))],
    )  # fmt: skip
    note = models.TextField(_("remark"), max_length=2000, blank=True)
    checked_at = models.DateTimeField(_("entered"), editable=False)
    checked_by = models.CharField(_("checked by"), max_length=150, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "uuid"], name="sla_inspection_uuid"),
            models.UniqueConstraint(
                fields=["vendor", "system", "day"],
                name="sla_inspection_day",
                violation_error_message=_("This system was inspected on that day already."),
            ),
        ]
        indexes = [models.Index(fields=["vendor", "day"], name="sla_inspection_by_day")]

    def __str__(self) -> str:
        return f"{self.system} {self.day}"

    @property
    def failed_items(self) -> list[str]:
        """The items of the checklist that were not in order."""
        return [item for item, is_fine in self.items.items() if not is_fine]

    @property
    def is_early_warning(self) -> bool:
        """Whether load or bandwidth came near its limit."""
        return is_early_warning(readings=(self.load_ratio, self.bandwidth_ratio), warn_ratio=self.warn_ratio)


class EvidenceKind(models.TextChoices):
    """What is proved once a month."""

    BACKUP = "backup", _("backup restored on trial")
    SCAN = "scan", _("vulnerability scan")


class MonthlyEvidence(ScopedModel):
    """The month's proof that backups work and weaknesses were looked for."""

    kind = models.CharField(_("kind"), max_length=8, choices=EvidenceKind.choices)
    month = models.DateField(_("month"), help_text=_("Any day of it."))
    finding_count = models.PositiveIntegerField(_("findings"), default=0)
    note = models.TextField(_("remark"), max_length=2000, blank=True)
    link = models.CharField(_("link to the evidence"), max_length=500, blank=True, validators=WEB)
    file = models.ForeignKey(
        EvidenceFile, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False,
        verbose_name=_("evidence"),
    )  # fmt: skip
    recorded_at = models.DateTimeField(_("entered"), editable=False)
    recorded_by = models.CharField(_("entered by"), max_length=150, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "uuid"], name="sla_monthlyevidence_uuid"),
            models.UniqueConstraint(
                fields=["vendor", "kind", "month"],
                name="sla_monthlyevidence_month",
                violation_error_message=_("The evidence of that month is there already."),
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) | ~Q(link=""),
                name="sla_monthlyevidence_proof",
                violation_error_message=_("Add a file or a link that proves it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.month:%Y-%m}"
