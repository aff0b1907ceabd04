"""A contract and its dated versions; a signed version never changes."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from contracts.calc.definition import Bucketing, Definition, Formula, Kpi, Operator
from contracts.calc.targets import TargetTerms
from core.models import ScopedModel, TenantModel
from vendors.models import Queue


class DateRange(Func):
    """A half-open range of days; an open end is unbounded."""

    function = "daterange"
    arity = 3


class State(models.TextChoices):
    """The life of a version."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    SIGNED = "signed", _("signed")


class Contract(ScopedModel):
    """What one vendor promised for some queues; its zone and currency hold for all its versions."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    zone = models.CharField(_("time zone"), max_length=40, help_text=_("Days and half-hours are this zone's."))
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    starts_on = models.DateField(_("in effect from"))
    ends_on = models.DateField(_("in effect until"), null=True, blank=True, help_text=_("Last day; empty if open."))
    # The client's own remark; no vendor ever reads it.
    note = models.TextField(_("internal note"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "code"],
                name="contracts_contract_code",
                violation_error_message=_("Another contract of this vendor has this code."),
            ),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="contracts_contract_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="contracts_contract_key"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="contracts_contract_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Coverage(TenantModel):
    """From when to when a contract covers a queue; a queue is covered by one contract at a time."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="coverage", db_constraint=False)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="coverage", db_constraint=False)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "contract", "queue"],
                name="contracts_coverage_queue",
                violation_error_message=_("The contract covers this queue already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="contracts_coverage_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            ExclusionConstraint(
                name="contracts_coverage_one_contract",
                violation_error_message=_("Another contract covers this queue in that time."),
                expressions=[
                    ("vendor", RangeOperators.EQUAL),
                    ("queue", RangeOperators.EQUAL),
                    (DateRange(F("starts_on"), F("ends_on"), Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.queue_id}"


class Rebooking(TenantModel):
    """That a contract's zone or coverage changed and calls are to be booked anew: work to do, done by ``calls``."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    # Its days begin at other moments, or some of its calls are covered no more: all its days are counted anew.
    is_whole = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["vendor", "id"], name="contracts_rebooking_open", condition=Q(done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.at}"


class Version(ScopedModel):
    """The terms from one day on: service hours, definitions and targets, frozen by signing."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="versions", db_constraint=False)
    number = models.PositiveIntegerField(_("number"))
    effective_from = models.DateField(_("effective from"))
    # An amendment moves the contract's end, and the contract follows when it is signed.
    ends_on = models.DateField(_("contract's last day"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    # Weekday "0".."6" (Monday first) to a list of ["09:00", "18:00"] windows; "24:00" ends a day.
    service_hours = models.JSONField(_("service hours"), default=dict)
    # How long an incident may take, day and night from the moment it is raised (A91).
    incident_locate_minutes = models.PositiveIntegerField(
        _("incidents located within (min)"), default=60, db_default=60
    )
    incident_restore_minutes = models.PositiveIntegerField(
        _("incidents restored within (min)"), default=240, db_default=240
    )
    change_note = models.TextField(_("what changes and why"), blank=True)
    # Why the reviewer sent it back; gone with the next submission.
    return_note = models.TextField(_("why it was returned"), blank=True, editable=False)
    drafted_by_id = models.BigIntegerField(null=True, editable=False)
    submitted_by_id = models.BigIntegerField(null=True, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    signed_by_id = models.BigIntegerField(null=True, editable=False)
    signed_at = models.DateTimeField(null=True, editable=False)
    # What was signed, word for word, and its SHA-256.
    document = models.JSONField(null=True, editable=False)
    document_hash = models.BinaryField(max_length=32, null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "contract", "number"], name="contracts_version_number"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="contracts_version_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="contracts_version_key"),
            models.UniqueConstraint(
                fields=["vendor", "contract", "effective_from"],
                condition=Q(state="signed"),
                name="contracts_version_one_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | (Q(signed_by_id__isnull=False) & ~Q(signed_by_id=F("submitted_by_id"))),
                name="contracts_version_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class QueueDefinition(TenantModel):
    """One queue's KPI recipe in one version."""

    contract_version = models.ForeignKey(Version, models.CASCADE, related_name="definitions", db_constraint=False)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+", db_constraint=False)
    formula = models.PositiveSmallIntegerField(
        _("service-level formula"),
        choices=[(f.value, f"{f.value}") for f in Formula],
        default=Formula.SHORT_ABANDONED_LEFT_OUT.value,
    )
    threshold_seconds = models.PositiveIntegerField(_("threshold (s)"), default=20)
    operator = models.CharField(
        _("comparison"), max_length=2, choices=[(o.value, o.value) for o in Operator], default=Operator.WITHIN.value
    )
    short_abandon_seconds = models.PositiveIntegerField(_("short abandon up to (s)"), default=5)
    count_flow_outs = models.BooleanField(_("count flow-outs"), default=False)
    connect_excludes_short = models.BooleanField(_("connect rate without short abandons"), default=False)
    abandonment_excludes_short = models.BooleanField(_("abandonment without short abandons"), default=False)
    bucketing = models.CharField(
        _("booked in the half-hour of"),
        max_length=8,
        choices=[(Bucketing.ARRIVAL.value, _("arrival")), (Bucketing.ANSWER.value, _("answer"))],
        default=Bucketing.ARRIVAL.value,
    )
    fcr_window_hours = models.PositiveIntegerField(_("FCR window (h)"), default=168)
    fcr_same_reason = models.BooleanField(_("repeat only for the same reason"), default=True)
    fcr_forward_minutes = models.PositiveIntegerField(_("forward up to (min)"), default=0)
    csat_top_from = models.PositiveSmallIntegerField(_("satisfied from answer"), default=4)
    csat_best = models.PositiveSmallIntegerField(_("best answer"), default=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "contract_version", "queue"], name="contracts_definition_queue"),
            models.CheckConstraint(
                condition=Q(formula__gte=1, formula__lte=6)
                & Q(threshold_seconds__lte=3600)
                & Q(short_abandon_seconds__lte=300)
                & Q(fcr_window_hours__gte=1, fcr_window_hours__lte=720)
                & Q(fcr_forward_minutes__lte=60)
                & Q(csat_best__gte=1, csat_best__lte=10)
                & Q(csat_top_from__gte=1)
                & Q(csat_top_from__lte=F("csat_best"))
                & Q(operator__in=["<=", "<"])
                & Q(bucketing__in=["arrival", "answer"]),
                name="contracts_definition_ranges",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_version_id}: {self.queue_id}"

    @property
    def definition(self) -> Definition:
        """The recipe as a value."""
        return Definition(
            formula=Formula(self.formula),
            threshold_seconds=self.threshold_seconds,
            operator=Operator(self.operator),
            short_abandon_seconds=self.short_abandon_seconds,
            count_flow_outs=self.count_flow_outs,
            connect_excludes_short=self.connect_excludes_short,
            abandonment_excludes_short=self.abandonment_excludes_short,
            bucketing=Bucketing(self.bucketing),
            fcr_window_hours=self.fcr_window_hours,
            fcr_same_reason=self.fcr_same_reason,
            fcr_forward_minutes=self.fcr_forward_minutes,
            csat_top_from=self.csat_top_from,
            csat_best=self.csat_best,
        )


class Target(TenantModel):
    """Goal, amber line and minimum of one KPI for one queue in one version.

    Ratios 0..1, seconds for ASA and AHT; for a KPI where lower is better the minimum is the highest value allowed.
    """

    contract_version = models.ForeignKey(Version, models.CASCADE, related_name="targets", db_constraint=False)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+", db_constraint=False)
    kpi = models.CharField(_("KPI"), max_length=20, choices=[(k.value, k.value) for k in Kpi])
    goal = models.DecimalField(_("goal"), max_digits=10, decimal_places=4)
    amber = models.DecimalField(_("amber from"), max_digits=10, decimal_places=4)
    minimum = models.DecimalField(_("minimum"), max_digits=10, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "contract_version", "queue", "kpi"], name="contracts_target_kpi"),
            models.CheckConstraint(
                condition=Q(goal__gte=0) & Q(amber__gte=0) & Q(minimum__gte=0), name="contracts_target_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.goal}"

    @property
    def terms(self) -> TargetTerms:
        """The three lines as a value."""
        return TargetTerms(self.goal, self.amber, self.minimum)
