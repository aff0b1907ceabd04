"""What the interface tells of scripts, and what it takes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from core.http import scope_of
from qa.calc.scripts import TEXT_MOST, ScriptKind, ScriptState, Stage
from qa.models import SCRIPT_LANGUAGES, Script

KINDS = [kind.value for kind in ScriptKind]


class LineSerializer(serializers.Serializer[dict[str, Any]]):
    """One line of a script."""

    key = serializers.CharField(
        required=False, max_length=40, help_text="Names the line in every version; made of the stage if left out."
    )
    stage = serializers.ChoiceField(choices=[stage.value for stage in Stage])
    text = serializers.CharField(max_length=TEXT_MOST)
    triggers = serializers.ListField(
        child=serializers.CharField(max_length=120),
        required=False,
        max_length=20,
        help_text="What the customer says when the line fits.",
    )


class ScriptSerializer(FieldRightsMixin, serializers.ModelSerializer[Script]):
    """One version of what is said on the line, and how its review stands."""

    access_object = "script"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    number = serializers.IntegerField(read_only=True, help_text="Another text under the code is another version.")
    kind = serializers.ChoiceField(choices=KINDS, read_only=True)
    language = serializers.ChoiceField(choices=list(SCRIPT_LANGUAGES), read_only=True)
    reasons = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="Codes of call reasons; none for all calls."
    )
    parts = LineSerializer(many=True, read_only=True, help_text="The lines in the order in which they are said.")
    text = serializers.CharField(read_only=True, help_text="What the lines say, one under the other.")
    state = serializers.ChoiceField(
        choices=[state.value for state in ScriptState],
        read_only=True,
        help_text="The approved version is said until it expires; one version of a code is approved at a time.",
    )
    written_by = serializers.SerializerMethodField(help_text="To a vendor, the client's people are the client.")

    # Not marked as read only here: the document would then promise it to vendors, to whom it does not exist.
    reviewed_by = serializers.CharField(required=False, help_text="To the client only.")

    class Meta:
        model = Script
        fields: tuple[str, ...] = (
            *("id", "vendor", "code", "name", "number", "kind", "language", "reasons", "parts", "text", "state"),
            *("live_until", "expires_at", "change_note", "written_at", "written_by", "written_side"),
            *("reviewed_at", "reviewed_by", "review_note", "withdrawn_reason", "version"),
        )
        read_only_fields = fields

    def get_written_by(self, script: Script) -> str:
        return scope_of(self.context["request"]).called(script.written_by, script.written_side)


class ScriptNewSerializer(serializers.Serializer[dict[str, Any]]):
    """A script, or another version of the one that has the code."""

    name = serializers.CharField(max_length=80)
    code = serializers.RegexField(
        r"^[A-Z0-9][A-Z0-9-]{0,39}$", required=False, help_text="Made of the name if left out."
    )
    parts = LineSerializer(many=True, allow_empty=False)
    kind = serializers.ChoiceField(choices=KINDS, required=False)
    language = serializers.ChoiceField(choices=list(SCRIPT_LANGUAGES), required=False)
    reasons = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=200)
    live_until = serializers.DateField(required=False, allow_null=True, help_text="The last day of use.")
    change_note = serializers.CharField(required=False, allow_blank=True, max_length=300)
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


class ScriptWithdrawSerializer(serializers.Serializer[dict[str, Any]]):
    """Why a version is taken out of use."""

    reason = serializers.CharField(max_length=300)
    version = serializers.IntegerField(min_value=1, help_text="The version of the row that the caller saw.")
