"""What the interface tells of confirmations and of lines that fit, and what it takes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from core.http import scope_of
from qa.models import ConfirmationRound


class RoundSerializer(FieldRightsMixin, serializers.ModelSerializer[ConfirmationRound]):
    """Who is asked to confirm a version until when, and how many did."""

    access_object = "confirmation_round"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    script = serializers.UUIDField(source="script.uuid", read_only=True, help_text="The version of the script.")
    teams = serializers.ListField(child=serializers.CharField(), read_only=True, help_text="None means all agents.")
    confirmed = serializers.SerializerMethodField(help_text="Agents who are asked and have confirmed.")
    asked = serializers.SerializerMethodField(help_text="Agents who are asked, as they are now.")
    asked_by = serializers.SerializerMethodField(help_text="To a vendor, the client's people are the client.")

    class Meta:
        model = ConfirmationRound
        fields: tuple[str, ...] = (
            *("id", "vendor", "script", "teams", "due_on", "confirmed", "asked", "asked_at", "asked_by"),
            *("reminded_at", "version"),
        )
        read_only_fields = fields

    def get_confirmed(self, row: ConfirmationRound) -> int:
        return int(self.context["confirmed"][row.pk].confirmed)

    def get_asked(self, row: ConfirmationRound) -> int:
        return int(self.context["confirmed"][row.pk].asked)

    def get_asked_by(self, row: ConfirmationRound) -> str:
        return scope_of(self.context["request"]).called(row.asked_by, row.asked_side)


class AskSerializer(serializers.Serializer[dict[str, Any]]):
    """Which teams are asked, and until when."""

    teams = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, default=list, max_length=200
    )
    due_on = serializers.DateField()


class NothingSerializer(serializers.Serializer[dict[str, Any]]):
    """Nothing more needs to be said."""


class OwnConfirmationSerializer(serializers.Serializer[Any]):
    """When an agent confirmed a version."""

    script = serializers.UUIDField(source="script.uuid")
    confirmed_at = serializers.DateTimeField()


class LineFoundSerializer(serializers.Serializer[Any]):
    """A line of a script in use that may answer what a customer said."""

    reference = serializers.CharField(help_text="CODE#line.")
    script = serializers.UUIDField(source="script.uuid", help_text="The version in use.")
    vendor = serializers.CharField(source="script.vendor.code")
    stage = serializers.CharField(source="line.stage")
    text = serializers.CharField(source="line.text")
    phrase = serializers.CharField(help_text="The phrase of the line that is most like what was said.")
    similarity = serializers.FloatField(help_text="0..1.")
