"""Evaluations: one side's view of one conversation, what happened to it, and what follows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models import CallReason
from contracts.models import Contract
from core.models import ScopedModel, TenantModel
from core.scope import CLIENT, VENDOR
from qa.calc.states import OPEN, State
from qa.models.forms import Form
from qa.models.plans import Draw, Kind
from vendors.models import Agent, Queue

SIDES = [(CLIENT, _("the client")), (VENDOR, _("the vendor"))]
SIDE_NAMES = [side for side, _words in SIDES]
EVALUATION_STATES = {
    State.SAMPLED: _("to be evaluated"),
    State.DRAFT: _("being evaluated"),
    State.SUBMITTED: _("submitted"),
    State.RELEASED: _("released"),
    State.ACKNOWLEDGED: _("acknowledged"),
    State.DISPUTED: _("disputed"),
    State.FINAL: _("final"),
    State.DROPPED: _("dropped"),
}


class Origin(models.TextChoices):
    """Why a conversation is evaluated. Only what was drawn counts for the figures of groups."""

    DRAWN = "drawn", _("drawn")
    CHOSEN = "chosen", _("chosen by hand")
    COACHING = "coaching", _("after coaching")
    RISK = "risk", _("a rule found a risk")


ORIGINS = Origin.choices


class Evaluation(ScopedModel):
    """A conversation and the form that one side fills in about it."""

    number = models.PositiveIntegerField(_("number"))
    side = models.CharField(_("evaluated by"), max_length=6, choices=SIDES)
    form = models.ForeignKey(Form, models.PROTECT, related_name="+", db_constraint=False)
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, related_name="evaluations", db_constraint=False)
    origin = models.CharField(_("why"), max_length=8, choices=ORIGINS)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_constraint=False)
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, related_name="+", db_constraint=False)
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", db_constraint=False)
    reason = models.ForeignKey(CallReason, models.PROTECT, null=True, related_name="+", db_constraint=False)
    # What was said where, and what that room calls it: a call its id, a ticket its number.
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.CALL)
    reference = models.CharField(_("conversation"), max_length=100)
    offered_at = models.DateTimeField(_("conversation of"))
    # The contract's local day of the conversation.
    day = models.DateField(_("day"))
    # A rule found something in it: such conversations are listened to first.
    is_risky = models.BooleanField(_("risky"), default=False)
    # What it stands for: so many were drawn of so many of the stratum (C7).
    stratum = models.CharField(max_length=200, blank=True)
    stratum_count = models.PositiveIntegerField(null=True, blank=True)
    stratum_population = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=list(EVALUATION_STATES.items()), default=State.SAMPLED)
    # Who has it in hands, and until when nobody else takes it.
    evaluator_id = models.IntegerField(null=True, editable=False)
    evaluator_name = models.CharField(_("evaluator"), max_length=150, blank=True)
    held_until = models.DateTimeField(null=True, blank=True, editable=False)
    # Question to the key of its answer, to the cause of a failure, to a remark.
    answers = models.JSONField(default=dict, blank=True)
    causes = models.JSONField(default=dict, blank=True)
    remarks = models.JSONField(default=dict, blank=True)
    comment = models.TextField(_("comment"), max_length=3072, blank=True)
    # Weighted points; percent of the whole where the form's sections are weighted.
    earned = models.DecimalField(_("points"), max_digits=12, decimal_places=4, null=True, blank=True)
    possible = models.DecimalField(_("possible points"), max_digits=12, decimal_places=4, null=True, blank=True)
    is_failed = models.BooleanField(_("failed"), default=False)
    # Family to whether an error of it was made.
    families = models.JSONField(default=dict, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    dispute_until = models.DateTimeField(_("to be disputed until"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledged_by = models.CharField(_("acknowledged by"), max_length=150, blank=True)
    final_at = models.DateTimeField(_("final since"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "number"], name="qa_evaluation_number"),
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_evaluation_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="qa_evaluation_key"),
            # A side has one opinion of a conversation by one form, however often it was drawn.
            models.UniqueConstraint(
                fields=["vendor", "contract", "kind", "reference", "side", "form"],
                name="qa_evaluation_once",
                condition=~Q(state=State.DROPPED) & ~Q(origin=Origin.COACHING),
                violation_error_message=_("This conversation is evaluated by this form already."),
            ),
            models.CheckConstraint(
                condition=Q(earned__isnull=True) | Q(earned__gte=0, possible__gte=models.F("earned")),
                name="qa_evaluation_points",
            ),
        ]
        indexes = [
            models.Index(fields=["vendor", "-day", "-id"], name="qa_evaluation_day"),
            models.Index(
                fields=["vendor", "side", "-is_risky", "day", "id"],
                name="qa_evaluation_open",
                condition=Q(state__in=sorted(OPEN)),
            ),
            models.Index(fields=["vendor", "agent", "day"], name="qa_evaluation_agent"),
            models.Index(fields=["vendor", "contract", "kind", "reference"], name="qa_evaluation_call"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class EvaluationEvent(TenantModel):
    """Something that happened to an evaluation; only ever added."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="events", db_constraint=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=12)
    actor = models.CharField(max_length=150, blank=True)
    side = models.CharField(max_length=6)
    text = models.TextField(blank=True)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["vendor", "evaluation", "id"], name="qa_event_of")]

    def __str__(self) -> str:
        return f"{self.evaluation_id}: {self.kind}"


class Dispute(ScopedModel):
    """What the evaluated side holds against an evaluation, question by question, and what was decided."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="disputes", db_constraint=False)
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.CharField(_("opened by"), max_length=150)
    # Question to what is held against its answer.
    lines = models.JSONField()
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by_id = models.IntegerField(null=True, editable=False)
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)
    decision = models.TextField(_("decision"), max_length=3072, blank=True)
    # The answers and the points that were disputed, as they stood.
    former = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_dispute_uuid"),
            models.UniqueConstraint(fields=["vendor", "evaluation"], name="qa_dispute_once"),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id}"


class CoachingTask(ScopedModel):
    """What somebody learns from an evaluation, until when, and the evaluation that shows it."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="coaching", db_constraint=False)
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+", db_constraint=False)
    questions = models.JSONField(default=list, blank=True)
    text = models.TextField(_("what is practiced"), max_length=2000)
    due_on = models.DateField(_("until"))
    made_at = models.DateTimeField(_("given"))
    made_by = models.CharField(_("given by"), max_length=150)
    made_side = models.CharField(max_length=6)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.CharField(_("done by"), max_length=150, blank=True)
    done_side = models.CharField(max_length=6, blank=True)
    outcome = models.TextField(_("what came of it"), max_length=2000, blank=True)
    again = models.ForeignKey(Evaluation, models.PROTECT, null=True, related_name="+", db_constraint=False)
    # When people were told that its day has passed.
    reminded_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "uuid"], name="qa_coaching_uuid"),
            models.UniqueConstraint(fields=["vendor", "id"], name="qa_coaching_key"),
        ]
        indexes = [models.Index(fields=["vendor", "agent", "due_on"], name="qa_coaching_agent")]

    def __str__(self) -> str:
        return f"{self.agent_id}: {self.due_on}"
