"""What the interface tells of scripts, of the client's own remarks and of kept views, and what it takes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from core.http import scope_of
from tickets.calc.outbound import ScriptState
from tickets.models import ClientRemark, Script, TicketView
from tickets.serializers.work import TEXT_MAX
from tickets.tables import person_shown


class ScriptSerializer(FieldRightsMixin, serializers.ModelSerializer[Script]):
    """One version of what is said on the line, and how its review stands."""

    access_object = "script"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    number = serializers.IntegerField(read_only=True, help_text="Another text under the name is another version.")
    state = serializers.ChoiceField(
        choices=[state.value for state in ScriptState],
        read_only=True,
        help_text="Campaigns go live with approved versions only.",
    )
    written_by = serializers.SerializerMethodField(help_text="To a vendor, the client's people are the client.")

    # Not marked as read only here: the document would then promise it to vendors, to whom it does not exist.
    reviewed_by = serializers.CharField(required=False, help_text="To the client only.")

    class Meta:
        model = Script
        fields: tuple[str, ...] = (
            *("id", "vendor", "name", "number", "text", "state", "written_at", "written_by", "written_side"),
            *("reviewed_at", "reviewed_by", "review_note", "version"),
        )
        read_only_fields = fields

    def get_written_by(self, script: Script) -> str:
        return person_shown(scope_of(self.context["request"]), script.written_by, script.written_side)


class ScriptNewSerializer(serializers.Serializer[dict[str, Any]]):
    """A script, or another version of the one that has the name."""

    name = serializers.CharField(max_length=80)
    text = serializers.CharField(max_length=8000)
    vendor = serializers.CharField(
        required=False, max_length=40, help_text="The vendor's code or id; the client must name it."
    )


class ScriptReviewSerializer(serializers.Serializer[dict[str, Any]]):
    """What a second person says of a version."""

    is_approved = serializers.BooleanField(help_text="False sends it back.")
    review_note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=1000, help_text="Needed where it is sent back."
    )
    version = serializers.IntegerField(min_value=1, help_text="The version of the row that the caller saw.")


class ClientRemarkSerializer(FieldRightsMixin, serializers.ModelSerializer[ClientRemark]):
    """What somebody of the client noted of a ticket for the client only."""

    access_object = "client_remark"
    id = serializers.UUIDField(source="uuid", read_only=True)

    class Meta:
        model = ClientRemark
        fields: tuple[str, ...] = ("id", "at", "actor", "text")
        read_only_fields = fields


class ClientRemarkNewSerializer(serializers.Serializer[dict[str, Any]]):
    """A note that no vendor reads."""

    text = serializers.CharField(max_length=TEXT_MAX)


class TicketViewSerializer(FieldRightsMixin, serializers.ModelSerializer[TicketView]):
    """A view of the list of tickets that is kept under a name."""

    access_object = "ticket_view"
    id = serializers.UUIDField(source="uuid", read_only=True)
    query = serializers.CharField(read_only=True, help_text="Parameters of the page of tickets, as its address says.")

    class Meta:
        model = TicketView
        fields: tuple[str, ...] = ("id", "name", "query", "is_shared")
        read_only_fields = fields
