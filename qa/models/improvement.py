"""Improvement actions (plan, do, check, act), what happened to them, and every check that was kept."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract
from core.models import ScopedModel, TenantModel
from qa.calc.improvement import CHECK_DAYS, State
from qa.models.evaluations import SIDES


class ImprovementState(models.TextChoices):
    """Where an action stands; the same names as in the rules."""

    PLAN = State.PLAN.value, _("plan")
    DO = State.DO.value, _("do: pilot runs")
    CHECK = State.CHECK.value, _("check")
    ROLLED_OUT = State.ROLLED_OUT.value, _("act: rolled out")
    REDO = State.REDO.value, _("act: redo")
    CLOSED = State.CLOSED.value, _("closed")


class ImprovementOrigin(models.TextChoices):
    """What an action begins from."""

    MANUAL = "manual", _("an idea of somebody")
    QUESTION = "question", _("a question that fails often")
    EVALUATION = "evaluation", _("an evaluation")
    INCIDENT = "incident", _("an incident")
    KPI = "kpi", _("a missed KPI")


class Metric(models.TextChoices):
    """What an action is measured by; the values of all but the last are the system's own."""

    QA_SCORE = "qa_score", _("QA score")
    SERVICE_LEVEL = "service_level", _("service level")
    CONNECT_RATE = "connect_rate", _("connect rate")
    ABANDONMENT = "abandonment", _("abandonment")
    ASA = "asa", _("ASA")
    AHT = "aht", _("AHT")
    FCR = "fcr", _("FCR")
    CSAT = "csat", _("CSAT")
    TRANSFER_RATE = "transfer_rate", _("transfer rate")
    OTHER = "other", _("another share of cases")


class GroupBy(models.TextChoices):
    """What pilot and control are made of."""

    AGENT = "agent", _("agents")
    TEAM = "team", _("teams")
    QUEUE = "queue", _("queues")


DIRECTIONS = [("higher", _("higher is better")), ("lower", _("lower is better"))]
TEXT_MOST = 3000


class Improvement(ScopedModel):
    """Something that a vendor does otherwise: tried with some, compared with others, then kept or dropped."""

    number = models.PositiveIntegerField(_("number"), editable=False)
    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("contract")
    )
    title = models.CharField(_("title"), max_length=120)
    problem = models.TextField(_("problem"), max_length=TEXT_MOST)
    cause = models.TextField(_("root cause"), max_length=TEXT_MOST, blank=True)
    measure = models.TextField(_("measure"), max_length=TEXT_MOST, blank=True)
    origin = models.CharField(
        _("begins from"), max_length=10, choices=ImprovementOrigin.choices, default=ImprovementOrigin.MANUAL
    )
    origin_reference = models.CharField(_("which one"), max_length=100, blank=True)
    owner_id = models.IntegerField(null=True, editable=False)
    owner_name = models.CharField(_("owner"), max_length=150, blank=True)
    owner_side = models.CharField(_("side of the owner"), max_length=6, choices=SIDES, blank=True)
    # What it is measured by.
    metric = models.CharField(_("metric"), max_length=20, choices=Metric.choices, default=Metric.QA_SCORE)
    metric_name = models.CharField(_("name of the metric"), max_length=80, blank=True)
    form_code = models.CharField(_("evaluation form"), max_length=40, blank=True)
    evaluated_by = models.CharField(_("evaluated by"), max_length=6, choices=SIDES, default=SIDES[0][0])
    direction = models.CharField(_("direction"), max_length=6, choices=DIRECTIONS, default="higher")
    # In the unit of the metric: a ratio 0..1, or seconds.
    target = models.DecimalField(_("target"), max_digits=12, decimal_places=6)
    group_by = models.CharField(_("groups of"), max_length=5, choices=GroupBy.choices, default=GroupBy.AGENT)
    # Codes of agents or queues, names of teams.
    pilot = models.JSONField(_("pilot group"), default=list, blank=True)
    control = models.JSONField(_("control group"), default=list, blank=True)
    baseline_first = models.DateField(_("baseline from"), null=True, blank=True)
    baseline_last = models.DateField(_("baseline to"), null=True, blank=True)
    baseline_numerator = models.DecimalField(
        _("baseline, numerator"), max_digits=24, decimal_places=6, null=True, blank=True
    )
    baseline_denominator = models.DecimalField(
        _("baseline, denominator"), max_digits=24, decimal_places=6, null=True, blank=True
    )
    # Empty: the system counted it.
    baseline_source = models.CharField(_("source of the baseline"), max_length=200, blank=True)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    check_days = models.PositiveSmallIntegerField(
        _("check window (days)"), default=CHECK_DAYS, validators=[MinValueValidator(7), MaxValueValidator(92)]
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1, editable=False)
    state = models.CharField(
        _("state"), max_length=12, choices=ImprovementState.choices, default=ImprovementState.PLAN, editable=False
    )
    # By when the next step is due, and when somebody was told that it is not taken.
    due_on = models.DateField(_("due"), null=True, blank=True)
    told_at = models.DateTimeField(null=True, editable=False)
    made_at = models.DateTimeField(_("begun"), editable=False)
    made_by = models.CharField(_("begun by"), max_length=150, editable=False)
    made_side = models.CharField(max_length=6, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "number"], name="qa_improvement_number"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_improvement_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="qa_improvement_key"),
            models.CheckConstraint(
                condition=Q(baseline_first__isnull=True, baseline_last__isnull=True)
                | Q(baseline_last__gte=F("baseline_first")),
                name="qa_improvement_baseline_last",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(baseline_last__isnull=True)
                | Q(baseline_last__lt=F("starts_on")),
                name="qa_improvement_starts_on",
                violation_error_message=_("The baseline ends before the pilot starts."),
            ),
            # Nothing runs without a start.
            models.CheckConstraint(
                condition=Q(state=State.PLAN.value) | Q(starts_on__isnull=False), name="qa_improvement_started"
            ),
        ]
        indexes = [
            models.Index(fields=["vendor", "state", "due_on"], name="qa_improvement_state"),
            models.Index(
                fields=["due_on"],
                name="qa_improvement_waits",
                condition=Q(told_at__isnull=True, closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class ImprovementEvent(TenantModel):
    """Something that happened to an action, or was said about it; only ever added."""

    improvement = models.ForeignKey(Improvement, models.PROTECT, related_name="events", db_constraint=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=12)
    actor = models.CharField(max_length=150, blank=True)
    side = models.CharField(max_length=6)
    round = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["vendor", "improvement", "id"], name="qa_improvementevent_of")]

    def __str__(self) -> str:
        return f"{self.improvement_id}: {self.kind}"


class ImprovementCheck(ScopedModel):
    """What a check found over a complete window, with all that went into it; it is never made again."""

    improvement = models.ForeignKey(Improvement, models.PROTECT, related_name="checks", db_constraint=False)
    round = models.PositiveSmallIntegerField(_("round"))
    at = models.DateTimeField(_("checked"))
    by = models.CharField(_("checked by"), max_length=150)
    side = models.CharField(max_length=6)
    before_first = models.DateField(_("before, from"))
    before_last = models.DateField(_("before, to"))
    after_first = models.DateField(_("after, from"))
    after_last = models.DateField(_("after, to"))
    # How it was computed: units, moments, ratios.
    method = models.CharField(_("method"), max_length=10)
    # In the unit of the metric; none where one of the groups has no figures.
    effect = models.FloatField(_("effect"), null=True)
    error = models.FloatField(_("standard error"), null=True)
    low = models.FloatField(_("interval from"), null=True)
    high = models.FloatField(_("interval to"), null=True)
    verdict = models.CharField(_("verdict"), max_length=12)
    # The four cells and each unit, with numerators and denominators.
    figures = models.JSONField(_("figures"), default=dict)
    # Who typed the figures and from where; empty: the system counted them.
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_improvementcheck_uuid"),
            models.CheckConstraint(
                condition=Q(after_first__gt=F("before_last")), name="qa_improvementcheck_after_before"
            ),
        ]
        indexes = [models.Index(fields=["vendor", "improvement", "-id"], name="qa_improvementcheck_of")]

    def __str__(self) -> str:
        return f"{self.improvement_id}/{self.round}"
