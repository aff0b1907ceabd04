"""What the interface asks and tells of evaluations, disputes and coaching, and what it takes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from calls.queries import VendorQuery
from core.http import scope_of
from qa.calc.forms import QUESTIONS_MOST
from qa.calc.states import State, Step
from qa.models import ORIGINS, CoachingTask, Dispute, Evaluation, EvaluationEvent, Kind
from qa.models.evaluations import SIDE_NAMES
from qa.selectors import person_told
from qa.services.steps import TEXT_MOST

PLAIN_STEPS = [step.value for step in (Step.TAKE, Step.GIVE_BACK, Step.REOPEN, Step.RELEASE, Step.DROP,
                                       Step.ACKNOWLEDGE)]  # fmt: skip
_KEY_MOST = 40


class EvaluationQuery(VendorQuery):
    """What evaluations are asked for by."""

    state = serializers.ChoiceField(
        required=False, choices=["waiting", *(state.value for state in State)], help_text="waiting: for the caller."
    )
    side = serializers.ChoiceField(required=False, choices=SIDE_NAMES, help_text="Who evaluates.")
    contract = serializers.CharField(required=False, max_length=40, help_text="The contract's code or id.")
    form = serializers.CharField(required=False, max_length=40, help_text="The form's code, whatever its version.")
    agent = serializers.CharField(required=False, max_length=40, help_text="The agent's code.")
    origin = serializers.ChoiceField(required=False, choices=[name for name, _words in ORIGINS])
    day_from = serializers.DateField(required=False, help_text="First local day of the conversations.")
    day_to = serializers.DateField(required=False, help_text="The day after the last.")


class CoachingQuery(VendorQuery):
    """What coaching tasks are asked for by."""

    is_open = serializers.BooleanField(required=False, help_text="true: not ended yet.")


def _code(source: str, what: str) -> serializers.CharField:
    return serializers.CharField(
        source=f"{source}.code", read_only=True, allow_null=True, default=None, help_text=f"The {what}'s code."
    )


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class WordsField(serializers.JSONField):
    """Question to a word or a text."""


class EvaluationSerializer(FieldRightsMixin, serializers.ModelSerializer[Evaluation]):
    """One side's view of one conversation, and where it stands."""

    access_object = "evaluation"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    contract = serializers.CharField(source="contract.code", read_only=True, help_text="The contract's code.")
    queue = _code("queue", "queue")
    agent = _code("agent", "agent")
    reason = _code("reason", "call reason")
    form = serializers.CharField(source="form.code", read_only=True, help_text="The form's code.")
    kind = serializers.ChoiceField(choices=Kind.values, read_only=True)
    state = serializers.ChoiceField(choices=[state.value for state in State], read_only=True)
    side = serializers.ChoiceField(choices=SIDE_NAMES, read_only=True, help_text="Who evaluates.")
    origin = serializers.ChoiceField(choices=[name for name, _words in ORIGINS], read_only=True)
    ratio = serializers.FloatField(read_only=True, allow_null=True, help_text="earned / possible; null without one.")
    evaluator_name = serializers.SerializerMethodField(help_text="To a vendor, the client's people are the client.")

    class Meta:
        model = Evaluation
        fields: tuple[str, ...] = (
            *("id", "number", "vendor", "contract", "queue", "agent", "reason", "form", "kind", "reference", "day"),
            *("offered_at", "side", "origin", "is_risky", "state", "earned", "possible", "ratio", "is_failed"),
            *("evaluator_name", "submitted_at", "released_at", "dispute_until", "acknowledged_at", "final_at"),
            "version",
        )
        read_only_fields = fields

    def get_evaluator_name(self, evaluation: Evaluation) -> str:
        return person_told(scope_of(self.context["request"]), evaluation.evaluator_name, evaluation.side)


class EvaluationEventSerializer(serializers.Serializer[EvaluationEvent]):
    """Something that happened to an evaluation."""

    at = serializers.DateTimeField(read_only=True)
    kind = serializers.ChoiceField(choices=[step.value for step in Step], read_only=True)
    actor = serializers.SerializerMethodField(help_text="To a vendor, the client's people are the client.")
    side = serializers.ChoiceField(choices=SIDE_NAMES, read_only=True)
    text = serializers.CharField(read_only=True)

    def get_actor(self, event: EvaluationEvent) -> str:
        return person_told(scope_of(self.context["request"]), event.actor, event.side)


class DisputeSerializer(FieldRightsMixin, serializers.ModelSerializer[Dispute]):
    """What is held against an evaluation, and what was decided."""

    access_object = "dispute"
    lines = WordsField(read_only=True, help_text="Question to what is held against its answer.")
    opened_by = serializers.SerializerMethodField()
    decided_by = serializers.SerializerMethodField(help_text="To a vendor, the client's people are the client.")

    class Meta:
        model = Dispute
        fields: tuple[str, ...] = ("opened_at", "opened_by", "lines", "decided_at", "decided_by", "decision")
        read_only_fields = fields

    def get_opened_by(self, dispute: Dispute) -> str:
        return person_told(scope_of(self.context["request"]), dispute.opened_by, "vendor")

    def get_decided_by(self, dispute: Dispute) -> str:
        return person_told(scope_of(self.context["request"]), dispute.decided_by, dispute.evaluation.side)


class EvaluationDetailSerializer(EvaluationSerializer):
    """An evaluation with its answers, what happened to it, and what is held against it."""

    answers = WordsField(read_only=True, help_text="Question to the key of its answer, or na.")
    causes = WordsField(read_only=True, help_text="Failed question to what it came from.")
    remarks = WordsField(read_only=True)
    families = serializers.DictField(
        child=serializers.BooleanField(), read_only=True, help_text="Family of errors to whether one was made."
    )
    form_number = serializers.IntegerField(source="form.number", read_only=True, help_text="The form's version.")
    events = EvaluationEventSerializer(many=True, read_only=True)
    dispute = DisputeSerializer(read_only=True, allow_null=True)
    others = serializers.ListField(
        child=serializers.UUIDField(), read_only=True,
        help_text="Ids of the other evaluations of the same conversation that the caller may know.",
    )  # fmt: skip

    class Meta(EvaluationSerializer.Meta):
        fields = (
            *EvaluationSerializer.Meta.fields,
            *("form_number", "answers", "causes", "remarks", "comment", "families", "stratum", "stratum_count"),
            *("stratum_population", "events", "dispute", "others"),
        )
        read_only_fields = fields


class SheetSerializer(serializers.Serializer[dict[str, Any]]):
    """What an evaluator fills in; the whole each time."""

    answers = serializers.DictField(
        child=serializers.CharField(max_length=_KEY_MOST), default=dict, help_text="Question to the key of its answer."
    )
    causes = serializers.DictField(child=serializers.CharField(max_length=120, allow_blank=True), default=dict)
    remarks = serializers.DictField(child=serializers.CharField(max_length=TEXT_MOST, allow_blank=True), default=dict)
    comment = serializers.CharField(default="", allow_blank=True, max_length=TEXT_MOST)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in ("answers", "causes", "remarks"):
            if len(attrs[name]) > QUESTIONS_MOST:
                raise serializers.ValidationError({name: f"At most {QUESTIONS_MOST}."})
        return attrs


class EvaluationStepSerializer(serializers.Serializer[dict[str, Any]]):
    """A step that needs nothing but, some of them, a text."""

    step = serializers.ChoiceField(choices=PLAIN_STEPS)
    text = serializers.CharField(
        default="", allow_blank=True, max_length=TEXT_MOST, help_text="Needed to drop; may come with acknowledge."
    )


class DisputeNewSerializer(serializers.Serializer[dict[str, Any]]):
    """What is held against which answers."""

    lines = serializers.DictField(
        child=serializers.CharField(max_length=TEXT_MOST), help_text="Question that lost points to why."
    )


class DecisionSerializer(serializers.Serializer[dict[str, Any]]):
    """What is decided: other answers revise, none decline."""

    text = serializers.CharField(max_length=TEXT_MOST, help_text="Why.")
    answers = serializers.DictField(
        child=serializers.CharField(max_length=_KEY_MOST),
        default=dict,
        help_text="Disputed question to its new answer.",
    )


class EvaluationNewSerializer(serializers.Serializer[dict[str, Any]]):
    """A conversation that somebody chose."""

    contract = serializers.CharField(max_length=40, help_text="The code or id of the call's contract.")
    vendor = serializers.CharField(
        required=False, max_length=40, help_text="The vendor's code or id, where contracts of two have the same code."
    )
    call = serializers.CharField(max_length=100, help_text="The call's external id.")
    form = serializers.CharField(max_length=40, help_text="Code of a form that is in use at the vendor.")
    coaching = serializers.UUIDField(required=False, help_text="The coaching task that it shows the outcome of.")


class EvaluationNextSerializer(serializers.Serializer[dict[str, Any]]):
    """Which of what waits is taken."""

    vendor = serializers.UUIDField(required=False, help_text="Only of this vendor, by its id.")
    queue = serializers.UUIDField(required=False, help_text="Only of this queue, by its id.")


class CoachingSerializer(FieldRightsMixin, serializers.ModelSerializer[CoachingTask]):
    """What an agent practices, and what came of it."""

    access_object = "coaching_task"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    agent = serializers.CharField(source="agent.code", read_only=True, help_text="The agent's code.")
    evaluation = serializers.UUIDField(source="evaluation.uuid", read_only=True)
    again = serializers.UUIDField(
        source="again.uuid", read_only=True, allow_null=True, default=None, help_text="The later evaluation."
    )
    questions = serializers.ListField(child=serializers.CharField(), read_only=True)
    made_by = serializers.SerializerMethodField(help_text="To a vendor, the client's people are the client.")
    done_by = serializers.SerializerMethodField()

    class Meta:
        model = CoachingTask
        fields: tuple[str, ...] = (
            *("id", "vendor", "agent", "evaluation", "questions", "text", "due_on", "made_at", "made_by", "done_at"),
            *("done_by", "outcome", "again", "version"),
        )
        read_only_fields = fields

    def get_made_by(self, task: CoachingTask) -> str:
        return person_told(scope_of(self.context["request"]), task.made_by, task.made_side)

    def get_done_by(self, task: CoachingTask) -> str:
        return person_told(scope_of(self.context["request"]), task.done_by, task.done_side)


class CoachingNewSerializer(serializers.Serializer[dict[str, Any]]):
    """A task for the agent of a released evaluation."""

    evaluation = serializers.UUIDField()
    text = serializers.CharField(max_length=2000, help_text="What is practiced.")
    due_on = serializers.DateField()
    questions = serializers.ListField(
        child=serializers.CharField(max_length=_KEY_MOST), default=list, max_length=QUESTIONS_MOST,
        help_text="Questions that lost points; none for all of them.",
    )  # fmt: skip


class CoachingEndSerializer(serializers.Serializer[dict[str, Any]]):
    """What came of a task."""

    version = serializers.IntegerField(min_value=1, help_text="As it was read.")
    outcome = serializers.CharField(max_length=2000)
