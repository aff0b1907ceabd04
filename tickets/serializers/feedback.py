"""What the interface tells and takes of feedback; the rights table leaves fields out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from calls.serializers import MaskedCustomerField
from core.endpoints import MomentField
from sla.queries import MeasuredSerializer
from tickets.calc.feedback import Step
from tickets.calc.kpis import FeedbackKpi
from tickets.models import Feedback, FeedbackKind, FeedbackSource, FeedbackState
from tickets.serializers.work import TEXT_MAX


def _code(source: str, what: str) -> serializers.CharField:
    return serializers.CharField(
        source=f"{source}.code", read_only=True, allow_null=True, default=None, help_text=f"The {what}'s code."
    )


class FeedbackSerializer(FieldRightsMixin, serializers.ModelSerializer[Feedback]):
    """One voice of a customer and how far its loop is."""

    access_object = "feedback"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    contract = serializers.CharField(source="contract.code", read_only=True, help_text="The contract's code.")
    queue = _code("queue", "queue")
    reason = _code("reason", "call reason")
    agent = _code("agent", "agent")
    ticket = serializers.UUIDField(
        source="ticket.uuid", read_only=True, allow_null=True, default=None, help_text="Id of the ticket it is about."
    )
    customer = MaskedCustomerField(read_only=True, help_text="Masked; clear numbers are shown to people only.")
    source = serializers.ChoiceField(choices=FeedbackSource.values, read_only=True)  # type: ignore[assignment]
    kind = serializers.ChoiceField(choices=["", *FeedbackKind.values], read_only=True, help_text="Empty: not said yet.")
    state = serializers.ChoiceField(
        choices=FeedbackState.values,
        read_only=True,
        help_text="`noted`: a satisfied rating without a word, which nobody has to act on.",
    )
    route_due_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="By when a department must hear of it; null for what is only noted."
    )
    late_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When people were told that it was not passed on in time."
    )

    class Meta:
        model = Feedback
        fields = (
            *("id", "number", "vendor", "contract", "queue", "reason", "agent", "ticket", "source", "is_complaint"),
            *("kind", "text", "rating", "customer", "call_external_id", "external_id", "state", "department", "answer"),
            *("outcome", "received_at", "route_due_at", "routed_at", "late_at", "answered_at", "customer_told"),
            *("told_at", "closed_at", "reopened_count", "reopen_reason", "version"),
        )
        read_only_fields = fields


class FeedbackNewSerializer(serializers.Serializer[Any]):
    """A rating, a message or a complaint, as a channel sends it; a text or a rating is needed."""

    contract = serializers.CharField(max_length=40, help_text="The contract's code or id; decides the vendor.")
    vendor = serializers.CharField(
        required=False, max_length=40, help_text="The vendor's code or id, where contracts of two have the same code."
    )
    source = serializers.ChoiceField(choices=FeedbackSource.values)  # type: ignore[assignment]
    text = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=TEXT_MAX, help_text="In the customer's words."
    )
    rating = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=5)
    is_complaint = serializers.BooleanField(default=False)
    kind = serializers.ChoiceField(required=False, choices=FeedbackKind.values, help_text="What it is about, if known.")
    external_id = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=64, help_text="The id at the source; told once."
    )
    queue = serializers.CharField(required=False, max_length=40, help_text="The queue's code.")
    reason = serializers.CharField(required=False, max_length=40, help_text="The call reason's code.")
    agent = serializers.CharField(required=False, max_length=40, help_text="The agent's code, as at the contact.")
    customer = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=40, help_text="The number, with its country code."
    )
    call = serializers.CharField(
        required=False, max_length=64, help_text="`external_id` of the call; gives what is left out of the above."
    )
    ticket = serializers.UUIDField(required=False, help_text="Id of the ticket that it is about.")


class FeedbackStepSerializer(serializers.Serializer[Any]):
    """One step; fields beside `step` and `version` belong to the steps that they name."""

    step = serializers.ChoiceField(choices=[step.value for step in Step])
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="The feedback's, as you read it.")
    kind = serializers.ChoiceField(required=False, choices=FeedbackKind.values, help_text="`classify`, `route`.")
    is_complaint = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="`classify`.")
    department = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=80, help_text="The department's name: `route`."
    )
    text = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=TEXT_MAX,
        help_text="What came of it (`answer`), what the customer was told or why not (`close`), why (`reopen`).",
    )
    customer_told = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Whether the customer knows: `close`."
    )
    told_at = MomentField(
        required=False, allow_null=True, default=None, help_text="When the customer was told; now if left out: `close`."
    )


class FeedbackKpiSerializer(MeasuredSerializer):
    """One KPI of one contract."""

    kpi = serializers.ChoiceField(choices=[kpi.value for kpi in FeedbackKpi])
    numerator = serializers.IntegerField(help_text="Passed on in time; told back to the customer.")
    denominator = serializers.IntegerField(help_text="Passed on in time or late; heard on the days.")


class FeedbackKpisSerializer(serializers.Serializer[Any]):
    """The answer to a question for KPIs of feedback."""

    results = FeedbackKpiSerializer(many=True)


class StretchSerializer(serializers.Serializer[Any]):
    """What came in about a reason in some days."""

    days = serializers.IntegerField(help_text="Days of the contract with calls.")
    calls = serializers.IntegerField(help_text="Offered calls.")
    satisfied = serializers.IntegerField(help_text="Answers in the top boxes: the numerator of CSAT.")
    answers = serializers.IntegerField(help_text="Valid answers: its denominator.")


class VoiceSerializer(serializers.Serializer[Any]):
    """One reason of one contract, now and before."""

    vendor = serializers.CharField(help_text="The vendor's code.")
    contract = serializers.CharField(help_text="The contract's code.")
    reason = serializers.CharField(help_text="The call reason's code.")
    queue = serializers.CharField(allow_null=True, help_text="The queue's code; null unless queues are told apart.")
    first_day = serializers.DateField(help_text="First day looked at, in the contract's zone.")
    last_day = serializers.DateField(help_text="Last day looked at.")
    now = StretchSerializer()
    before = StretchSerializer()
    is_enough = serializers.BooleanField()
    rise_probability = serializers.FloatField(allow_null=True, help_text="Of such a rise by chance.")
    fall_probability = serializers.FloatField(allow_null=True, help_text="Of such a fall of CSAT by chance.")
    signal = serializers.BooleanField()


class VoicesSerializer(serializers.Serializer[Any]):
    """The answer to a question for the voice of the customer."""

    results = VoiceSerializer(many=True)
