"""What the interface tells of flagged calls, and what it takes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from core.endpoints import MomentField
from core.http import scope_of
from qa.calc.live import Intervention, LiveOutcome, LiveReason, LiveSource, LiveState
from qa.models import LiveCall


class LiveSerializer(FieldRightsMixin, serializers.ModelSerializer[LiveCall]):
    """A call in progress that was flagged, and who came to help."""

    access_object = "live_call"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    reason = serializers.ChoiceField(choices=[each.value for each in LiveReason], read_only=True)
    agent = serializers.CharField(source="agent.code", read_only=True, default=None, allow_null=True)
    queue = serializers.CharField(source="queue.code", read_only=True, default=None, allow_null=True)
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=[each.value for each in LiveSource], read_only=True
    )
    state = serializers.ChoiceField(choices=[each.value for each in LiveState], read_only=True)
    wait_seconds = serializers.FloatField(read_only=True, allow_null=True, help_text="Until somebody came.")
    intervention = serializers.ChoiceField(choices=["", *(each.value for each in Intervention)], read_only=True)
    outcome = serializers.ChoiceField(choices=["", *(each.value for each in LiveOutcome)], read_only=True)
    # Not marked as read only here: the document would then promise them to agents, to whom they do not exist.
    flagged_by = serializers.SerializerMethodField(help_text="To a vendor, the client's people are the client.")
    taken_by = serializers.SerializerMethodField(help_text="To a vendor, the client's people are the client.")

    class Meta:
        model = LiveCall
        fields: tuple[str, ...] = (
            *("id", "vendor", "number", "reason", "detail", "external_id", "agent", "queue", "began_at", "source"),
            *("state", "flagged_at", "flagged_by", "taken_at", "taken_by", "wait_seconds", "intervention", "outcome"),
            *("note", "closed_at", "version"),
        )
        read_only_fields = fields

    def get_flagged_by(self, live: LiveCall) -> str:
        return scope_of(self.context["request"]).called(live.flagged_by, live.flagged_side)

    def get_taken_by(self, live: LiveCall) -> str:
        return scope_of(self.context["request"]).called(live.taken_by, live.taken_side)


class FlagSerializer(serializers.Serializer[dict[str, Any]]):
    """A call in progress that somebody should look at."""

    reason = serializers.ChoiceField(choices=[each.value for each in LiveReason])
    detail = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
    call = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=100,
        help_text="The phone system's id of the call. Flagged again while it goes on, it is the same flag.",
    )  # fmt: skip
    agent = serializers.CharField(required=False, max_length=40, help_text="The agent's code.")
    queue = serializers.CharField(required=False, max_length=40, help_text="The queue's code.")
    began_at = MomentField(required=False)
    by_switch = serializers.BooleanField(
        required=False, default=True, help_text="Whether the phone system found it, rather than a person."
    )
    vendor = serializers.CharField(
        required=False, max_length=40, help_text="The vendor's code or id; the client must name it."
    )


class LiveTakeSerializer(serializers.Serializer[dict[str, Any]]):
    """Going to help."""

    version = serializers.IntegerField(min_value=1, help_text="The version of the row that the caller saw.")


class LiveCloseSerializer(serializers.Serializer[dict[str, Any]]):
    """What was done, and what came of it."""

    intervention = serializers.ChoiceField(choices=[each.value for each in Intervention])
    outcome = serializers.ChoiceField(choices=[each.value for each in LiveOutcome])
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=2000, help_text="Needed unless nothing was wrong."
    )
    call = serializers.CharField(required=False, allow_blank=True, default="", max_length=100)
    version = serializers.IntegerField(min_value=1, help_text="The version of the row that the caller saw.")


class LiveFiguresSerializer(serializers.Serializer[Any]):
    """How soon help came; each figure beside its numerator and denominator."""

    flagged = serializers.IntegerField(help_text="Flags that were taken or lapsed; those that still wait are left out.")
    taken = serializers.IntegerField()
    lapsed = serializers.IntegerField(help_text="Nobody came within 30 minutes.")
    quick = serializers.IntegerField(help_text="Taken within 60 s.")
    wait_seconds = serializers.FloatField(help_text="Until somebody came, added up over those taken.")
    taken_ratio = serializers.FloatField(allow_null=True, help_text="taken / flagged.")
    quick_ratio = serializers.FloatField(allow_null=True, help_text="quick / flagged.")
    mean_wait_seconds = serializers.FloatField(allow_null=True, help_text="wait_seconds / taken.")
