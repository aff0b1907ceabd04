"""What the interface tells and takes of improvement actions, the question bank, ideas and exceptional service."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from calls.queries import PeriodQuery, VendorQuery
from core.http import scope_of
from qa.calc.improvement import Step, Verdict
from qa.models import (
    LANGUAGES,
    AskedBy,
    BankQuestion,
    BankReply,
    CaseState,
    GroupBy,
    Idea,
    IdeaState,
    IdeaTopic,
    Improvement,
    ImprovementCheck,
    ImprovementState,
    Kind,
    Metric,
    ServiceCase,
)
from qa.models.evaluations import SIDE_NAMES
from qa.services.pilots import CELLS

VERSION_MOST = 2**31 - 1
STEPS = [step.value for step in Step]
SPOKEN = [code for code, _name in LANGUAGES]
VERDICTS = [verdict.value for verdict in Verdict]


def _code(source: str, what: str) -> serializers.CharField:
    return serializers.CharField(
        source=f"{source}.code", read_only=True, allow_null=True, default=None, help_text=f"The {what}'s code."
    )


def _version() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=VERSION_MOST, help_text="As you read it.")


class _NamedMixin:
    """Tells a vendor of the client’s people only that they are the client’s; field to the one of its side."""

    sides: dict[str, str] = {}

    def to_representation(self, instance: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(instance)  # type: ignore[misc]
        scope = scope_of(self.context["request"]._request)  # type: ignore[attr-defined]
        for name, side in self.sides.items():
            if told.get(name):
                told[name] = scope.called(told[name], getattr(instance, side, side))
        return told


class ImprovementSerializer(_NamedMixin, FieldRightsMixin, serializers.ModelSerializer[Improvement]):
    """One improvement action."""

    access_object = "improvement"
    sides = {"owner_name": "owner_side", "made_by": "made_side"}
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = _code("vendor", "vendor")
    contract = _code("contract", "contract")
    target = serializers.FloatField(read_only=True, help_text="A ratio 0..1, or seconds for `asa` and `aht`.")
    baseline_numerator = serializers.FloatField(read_only=True, allow_null=True)
    baseline_denominator = serializers.FloatField(read_only=True, allow_null=True)
    state = serializers.ChoiceField(choices=ImprovementState.values, read_only=True)
    owner_side = serializers.ChoiceField(choices=["", *SIDE_NAMES], read_only=True)
    evaluated_by = serializers.ChoiceField(choices=SIDE_NAMES, read_only=True)

    class Meta:
        model = Improvement
        fields = (
            *("id", "number", "vendor", "contract", "title", "problem", "cause", "measure", "origin"),
            *("origin_reference", "owner_name", "owner_side", "metric", "metric_name", "form_code", "evaluated_by"),
            *("direction", "target", "group_by", "pilot", "control", "baseline_first", "baseline_last"),
            *("baseline_numerator", "baseline_denominator", "baseline_source", "starts_on", "check_days", "round"),
            *("state", "due_on", "made_at", "made_by", "closed_at", "version"),
        )
        read_only_fields = fields


class ImprovementCheckSerializer(_NamedMixin, FieldRightsMixin, serializers.ModelSerializer[ImprovementCheck]):
    """A kept check: what the pilot changed more than the control, with all that went into it."""

    access_object = "improvement_check"
    sides = {"by": "side"}
    id = serializers.UUIDField(source="uuid", read_only=True)
    effect = serializers.FloatField(
        read_only=True, allow_null=True, help_text="In the unit of the metric; null where a group has no figures."
    )
    verdict = serializers.ChoiceField(choices=VERDICTS, read_only=True)

    class Meta:
        model = ImprovementCheck
        fields = (
            *("id", "round", "at", "by", "before_first", "before_last", "after_first", "after_last", "method"),
            *("effect", "error", "low", "high", "verdict", "figures", "source"),
        )
        read_only_fields = fields


class ImprovementNewSerializer(serializers.Serializer[Any]):
    """An action as it is planned."""

    contract = serializers.CharField(max_length=40, help_text="The contract's code or id; decides the vendor.")
    title = serializers.CharField(max_length=120)
    problem = serializers.CharField(max_length=3000)
    cause = serializers.CharField(max_length=3000, required=False, allow_blank=True)
    measure = serializers.CharField(max_length=3000, required=False, allow_blank=True)
    metric = serializers.ChoiceField(choices=Metric.values)
    form_code = serializers.CharField(max_length=40, required=False, help_text="For `qa_score`.")
    metric_name = serializers.CharField(max_length=80, required=False, help_text="For `other`.")
    target = serializers.DecimalField(
        max_digits=12, decimal_places=6, min_value=0, help_text="A ratio 0..1, or seconds for `asa` and `aht`."
    )
    group_by = serializers.ChoiceField(choices=GroupBy.values, default=GroupBy.AGENT.value)
    pilot = serializers.ListField(child=serializers.CharField(max_length=80), max_length=200, required=False)
    control = serializers.ListField(child=serializers.CharField(max_length=80), max_length=200, required=False)
    check_days = serializers.IntegerField(min_value=7, max_value=92, required=False)


class ImprovementStepSerializer(serializers.Serializer[Any]):
    """One step; `roll_out` and `send_back` are refused (409, `not_checked`) until the check of the round ran."""

    step = serializers.ChoiceField(choices=STEPS)
    version = _version()
    text = serializers.CharField(
        max_length=3000,
        required=False,
        default="",
        allow_blank=True,
        help_text="Why: `roll_out`, `send_back`, `close`.",
    )
    starts_on = serializers.DateField(required=False, allow_null=True, default=None, help_text="`start_pilot`.")


class ImprovementRunSerializer(serializers.Serializer[Any]):
    """The check; figures are sent only for a share that the system does not count itself."""

    cells = serializers.DictField(
        child=serializers.ListField(
            child=serializers.IntegerField(min_value=0, max_value=10**9), min_length=2, max_length=2
        ),
        required=False,
        help_text=f"Met and all cases of each of {', '.join(CELLS)}.",
    )
    source = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)  # type: ignore[assignment]


class ImprovementQuery(VendorQuery):
    """What actions are asked for by."""

    state = serializers.ChoiceField(choices=ImprovementState.values, required=False)
    metric = serializers.ChoiceField(choices=Metric.values, required=False)


class BankQuestionSerializer(FieldRightsMixin, serializers.ModelSerializer[BankQuestion]):
    """One revision of a question; the client's alone."""

    access_object = "bank_question"
    id = serializers.UUIDField(source="uuid", read_only=True)
    language = serializers.ChoiceField(choices=SPOKEN, read_only=True)

    class Meta:
        model = BankQuestion
        fields = (
            "id",
            "code",
            "revision",
            "text",
            "accepted",
            "topic",
            "language",
            "valid_from",
            "valid_to",
            "version",
        )
        read_only_fields = fields


class BankReplySerializer(FieldRightsMixin, serializers.ModelSerializer[BankReply]):
    """What was answered; the group, which tells what others say, does not exist for vendors."""

    access_object = "bank_reply"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = _code("vendor", "vendor")
    agent = _code("agent", "agent")
    asked_by = serializers.ChoiceField(choices=AskedBy.values, read_only=True)
    language = serializers.ChoiceField(choices=SPOKEN, read_only=True)

    class Meta:
        model = BankReply
        fields = (
            *("id", "number", "vendor", "agent", "asked_by", "asked_on", "call_external_id", "question_code"),
            *("question_revision", "question_text", "topic", "language", "answer", "is_correct", "answer_group"),
            *("withdrawn_at", "withdrawn_reason", "version"),
        )
        read_only_fields = fields


class BankReplyQuery(VendorQuery):
    """What answers are asked for by."""

    code = serializers.CharField(max_length=40, required=False, help_text="Code of the question.")
    is_correct = serializers.BooleanField(required=False, allow_null=True, default=None)


class ConsistencyQuery(PeriodQuery):
    """Which days are asked for."""

    vendor = None  # type: ignore[assignment]
    contract = None  # type: ignore[assignment]
    language = serializers.ChoiceField(choices=SPOKEN, required=False)


class IndexSerializer(serializers.Serializer[Any]):
    """Questions that get the same right answer, of those that two vendors or more were asked."""

    vendors = serializers.ListField(child=serializers.CharField(), help_text="Codes; empty for all together.")
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class ConsistencyShareSerializer(serializers.Serializer[Any]):
    """How much of what a vendor was asked it answered right."""

    vendor = serializers.CharField()
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class ConsistencySerializer(serializers.Serializer[Any]):
    """Index and shares; a vendor gets no index and its own share only."""

    index = IndexSerializer(many=True)
    shares = ConsistencyShareSerializer(many=True)


class IdeaSerializer(_NamedMixin, FieldRightsMixin, serializers.ModelSerializer[Idea]):
    """An idea with its decision."""

    access_object = "idea"
    sides = {"decided_by": "decided_side"}
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = _code("vendor", "vendor")
    agent = _code("agent", "agent")
    state = serializers.ChoiceField(choices=IdeaState.values, read_only=True)

    class Meta:
        model = Idea
        fields = (
            *("id", "number", "vendor", "agent", "author_name", "topic", "title", "text", "sent_at", "state"),
            *("decided_at", "decided_by", "decision", "adopted_on", "effect", "version"),
        )
        read_only_fields = fields


class IdeaNewSerializer(serializers.Serializer[Any]):
    """An idea as it is sent."""

    topic = serializers.ChoiceField(choices=IdeaTopic.values)
    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=3000)


class IdeaDecisionSerializer(serializers.Serializer[Any]):
    """A decision on an idea; never of whoever sent it."""

    state = serializers.ChoiceField(choices=[IdeaState.ACCEPTED, IdeaState.ADOPTED, IdeaState.DECLINED])
    version = _version()
    decision = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    adopted_on = serializers.DateField(required=False, allow_null=True, default=None, help_text="`adopted`.")
    effect = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class IdeaQuery(VendorQuery):
    """What ideas are asked for by."""

    state = serializers.ChoiceField(choices=IdeaState.values, required=False)


class ServiceCaseSerializer(_NamedMixin, FieldRightsMixin, serializers.ModelSerializer[ServiceCase]):
    """A case of exceptional service."""

    access_object = "service_case"
    sides = {"proposed_by": "proposed_side", "decided_by": "client"}
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = _code("vendor", "vendor")
    contract = _code("contract", "contract")
    agent = _code("agent", "agent")
    kind = serializers.ChoiceField(choices=Kind.values, read_only=True)
    state = serializers.ChoiceField(choices=CaseState.values, read_only=True)

    class Meta:
        model = ServiceCase
        fields = (
            *("id", "number", "vendor", "contract", "agent", "kind", "reference", "happened_on", "title", "text"),
            *("proposed_at", "proposed_by", "state", "decided_at", "decided_by", "decision", "version"),
        )
        read_only_fields = fields


class ServiceCaseQuery(VendorQuery):
    """What cases are asked for by."""

    state = serializers.ChoiceField(choices=CaseState.values, required=False)
