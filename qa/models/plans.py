"""Sampling plans, and each draw with all that is needed to repeat it."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract
from core.models import ScopedModel
from vendors.models import Queue


class Side(models.TextChoices):
    """Who evaluates what a plan draws."""

    CLIENT = "client", _("the client")
    VENDOR = "vendor", _("the vendor")
    BOTH = "both", _("both, each for itself")


class Kind(models.TextChoices):
    """What conversations are drawn from."""

    CALL = "call", _("calls")
    TICKET = "ticket", _("tickets")


METHODS = [("rate", _("a share of all conversations")), ("adaptive", _("more of low performers, less of high ones"))]
PLAN_STATES = [("live", _("draws")), ("paused", _("paused")), ("ended", _("ended"))]


class Plan(ScopedModel):
    """Which conversations of a contract are evaluated, by whom, how many and how they are drawn."""

    name = models.CharField(_("name"), max_length=80)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_constraint=False)
    queue = models.ForeignKey(
        Queue, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False, verbose_name=_("queue")
    )
    kind = models.CharField(_("drawn from"), max_length=6, choices=Kind.choices, default=Kind.CALL)
    # The form that is in use at the vendor on the day of the draw.
    form_code = models.CharField(_("form"), max_length=40)
    side = models.CharField(_("evaluated by"), max_length=6, choices=Side.choices, default=Side.CLIENT)
    method = models.CharField(_("how many"), max_length=8, choices=METHODS, default="rate")
    rate_percent = models.PositiveSmallIntegerField(
        _("share (%)"), default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    least = models.PositiveSmallIntegerField(_("least an agent"), default=1)
    most = models.PositiveSmallIntegerField(_("most an agent"), null=True, blank=True)
    base = models.PositiveSmallIntegerField(_("usual number an agent"), default=10, validators=[MaxValueValidator(200)])
    high = models.PositiveSmallIntegerField(_("of high performers"), default=6)
    high_percent = models.PositiveSmallIntegerField(
        _("high from a score of (%)"), default=95, validators=[MaxValueValidator(100)]
    )
    low_percent = models.PositiveSmallIntegerField(
        _("low below a score of (%)"), default=80, validators=[MaxValueValidator(100)]
    )
    new_days = models.PositiveSmallIntegerField(
        _("all conversations in the first days"), default=0, validators=[MaxValueValidator(90)]
    )
    talk_seconds_least = models.PositiveIntegerField(_("talk of at least (s)"), default=20)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=6, choices=PLAN_STATES, default="live")
    # Seeds: the chain ends with the secret; its beginning is told when the plan is made.
    secret_encrypted = models.BinaryField(editable=False)
    chain_length = models.PositiveSmallIntegerField(editable=False)
    first_seed = models.CharField(_("fixed seed"), max_length=64, editable=False)
    made_at = models.DateTimeField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "name"],
                name="qa_plan_name",
                violation_error_message=_("Another plan has this name."),
            ),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_plan_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="qa_plan_key"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="qa_plan_ends_on",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(high__lte=F("base")),
                name="qa_plan_high",
                violation_error_message=_("High performers have at most the usual number."),
            ),
            models.CheckConstraint(
                condition=Q(low_percent__lte=F("high_percent")),
                name="qa_plan_low_percent",
                violation_error_message=_("What is low lies below what is high."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Draw(ScopedModel):
    """One day of a plan: the seed, all that could be drawn, how many of whom; it is never made again."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="draws", db_constraint=False)
    form = models.ForeignKey("qa.Form", models.PROTECT, related_name="+", db_constraint=False)
    number = models.PositiveSmallIntegerField(_("draw"))
    day = models.DateField(_("day"))
    seed = models.CharField(_("seed"), max_length=64)
    algorithm = models.CharField(max_length=20)
    # What the plan said on that day, and how many conversations each rule left out.
    rules = models.JSONField(default=dict, blank=True)
    excluded = models.JSONField(default=dict, blank=True)
    # Person to standing, population and quota.
    quotas = models.JSONField(default=dict, blank=True)
    # CSV of id, person, stratum, in the order of the ids, compressed with gzip.
    population_list = models.BinaryField()
    population_sha256 = models.CharField(_("digest of the list"), max_length=64)
    population_count = models.PositiveIntegerField(_("conversations"))
    sampled_count = models.PositiveIntegerField(_("drawn"))
    # How many of them stand as evaluations; fewer while the work goes on.
    placed_count = models.PositiveIntegerField(_("placed"), default=0)
    drawn_at = models.DateTimeField(_("drawn on"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "plan", "day"], name="qa_draw_day"),
            models.UniqueConstraint(fields=["vendor", "plan", "number"], name="qa_draw_number"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_draw_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="qa_draw_key"),
            models.CheckConstraint(condition=Q(placed_count__lte=F("sampled_count")), name="qa_draw_placed"),
        ]
        indexes = [
            models.Index(fields=["vendor", "id"], name="qa_draw_open", condition=Q(placed_count__lt=F("sampled_count")))
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.number}"
