"""What the interface tells of transcripts, rules and what they say, and what it takes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from core.http import scope_of
from qa.calc.transcript_rows import CALL_MOST
from qa.models import Check, RuleSet, Transcript, TranscriptImport
from qa.wording import transcript_problem

ROWS_AT_ONCE = 200
_CODE: dict[str, Any] = {"read_only": True, "allow_null": True, "default": None}


class TranscriptTurnSerializer(serializers.Serializer[dict[str, Any]]):
    """What somebody said at a stretch."""

    speaker = serializers.CharField(help_text="agent, customer or system, or as recognizers call them (坐席, 客户).")
    text = serializers.CharField()
    start_seconds = serializers.FloatField(required=False, allow_null=True, help_text="After the connection.")
    end_seconds = serializers.FloatField(required=False, allow_null=True)


class TranscriptSerializer(FieldRightsMixin, serializers.ModelSerializer[Transcript]):
    """One call in writing; long numbers in it are covered."""

    access_object = "transcript"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    contract = serializers.CharField(source="contract.code", read_only=True, help_text="The contract's code.")
    call = serializers.CharField(source="external_id", read_only=True, help_text="The call's id.")
    queue = serializers.CharField(source="queue.code", **_CODE)
    agent = serializers.CharField(source="agent.code", **_CODE)
    reason = serializers.CharField(source="reason.code", **_CODE)
    language = serializers.CharField(read_only=True, help_text="zh, en, or empty where there are no words.")
    is_waiting = serializers.BooleanField(read_only=True, help_text="Not judged yet as it reads now.")

    class Meta:
        model = Transcript
        fields: tuple[str, ...] = (
            *("id", "vendor", "contract", "call", "queue", "agent", "reason", "offered_at", "day", "language"),
            *("turns_count", "received_at", "is_waiting"),
        )
        read_only_fields = fields


class TranscriptWordsSerializer(TranscriptSerializer):
    """One call in writing, with its words."""

    turns = serializers.SerializerMethodField(source="*")

    class Meta(TranscriptSerializer.Meta):
        fields = (*TranscriptSerializer.Meta.fields, "turns")
        read_only_fields = fields

    @extend_schema_field(TranscriptTurnSerializer(many=True))  # type: ignore[untyped-decorator]
    def get_turns(self, row: Transcript) -> list[dict[str, Any]]:
        """Return the turns in order."""
        turns: list[dict[str, Any]] = row.body["turns"]
        return turns


class TranscriptRowSerializer(serializers.Serializer[dict[str, Any]]):
    """One call, as a line of a file would say it; what is wrong in it is told in the account."""

    call = serializers.CharField(allow_blank=True, max_length=5 * CALL_MOST, help_text="The call's id.")
    text = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, help_text="One turn a line; or else `turns`."
    )
    turns = serializers.ListField(child=serializers.DictField(), required=False, help_text="Or else `text`.")
    starts_at_connect = serializers.BooleanField(
        required=False, help_text="False: nobody knows how long after the connection the first turn begins."
    )


class TranscriptsNewSerializer(serializers.Serializer[dict[str, Any]]):
    """Some transcripts of one contract."""

    contract = serializers.CharField(max_length=40, help_text="The contract's code or id.")
    vendor = serializers.CharField(required=False, max_length=40, help_text="Where two vendors have such a code.")
    rows = serializers.ListField(child=TranscriptRowSerializer(), min_length=1, max_length=ROWS_AT_ONCE)


class TranscriptProblemSerializer(serializers.Serializer[dict[str, Any]]):
    """What is wrong with a row."""

    row = serializers.CharField(help_text="Such as rows.3.")
    place = serializers.CharField(help_text="Such as turns.2.text or line 7.")
    code = serializers.CharField(help_text="Stable name of the rule.")
    message = serializers.CharField(help_text="What is wrong and how to mend it.")


class TranscriptImportSerializer(FieldRightsMixin, serializers.ModelSerializer[TranscriptImport]):
    """The account of what was sent; once it is done, read = new + changed + unchanged + rejected."""

    access_object = "transcript_import"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    contract = serializers.CharField(source="contract.code", read_only=True, help_text="The contract's code.")
    received_by = serializers.SerializerMethodField(help_text="To a vendor, the client's people are the client.")
    problems = serializers.SerializerMethodField()

    class Meta:
        model = TranscriptImport
        fields: tuple[str, ...] = (
            *("id", "vendor", "contract", "source", "file_name", "received_at", "received_by", "state", "rows_sent"),
            *("rows_read", "rows_new", "rows_changed", "rows_unchanged", "rows_rejected", "problems", "finished_at"),
        )
        read_only_fields = fields

    def get_received_by(self, row: TranscriptImport) -> str:
        """Return who sent them."""
        scope = scope_of(self.context["request"]._request)
        return scope.called(row.received_by, row.received_side)

    @extend_schema_field(TranscriptProblemSerializer(many=True))  # type: ignore[untyped-decorator]
    def get_problems(self, row: TranscriptImport) -> list[dict[str, str]]:
        """Return the first thousand problems."""
        return [
            {
                "row": each["name"],
                "place": each["place"],
                "code": each["rule"],
                "message": transcript_problem("", each["rule"], each["allowed"]),
            }
            for each in row.problems
        ]


class RuleSetSerializer(FieldRightsMixin, serializers.ModelSerializer[RuleSet]):
    """A published version of rules or of a lexicon; it never changes."""

    access_object = "rule_set"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    side = serializers.CharField(read_only=True, help_text="Whose queue a call with a risk enters first.")
    form_code = serializers.CharField(read_only=True, help_text="The form by which it is evaluated there.")
    links = serializers.DictField(
        read_only=True, help_text="Key of a rule to the question that it is measured against."
    )
    body = serializers.DictField(read_only=True, help_text="`rules`, or `weights` and `level` of a lexicon.")

    class Meta:
        model = RuleSet
        fields: tuple[str, ...] = (
            *("id", "vendor", "kind", "code", "name", "number", "is_live", "side", "form_code", "links", "digest"),
            *("published_at", "body"),
        )
        read_only_fields = fields


class HitSerializer(serializers.Serializer[dict[str, Any]]):
    """A place that a rule speaks of."""

    turn = serializers.IntegerField(help_text="From 0.")
    start = serializers.IntegerField(help_text="First character.")
    end = serializers.IntegerField(help_text="Last character, exclusive.")
    phrase = serializers.CharField(required=False)
    similarity = serializers.FloatField(required=False)
    seconds = serializers.FloatField(required=False)
    step = serializers.IntegerField(required=False)


class ResultSerializer(serializers.Serializer[dict[str, Any]]):
    """What a rule says of a call."""

    key = serializers.CharField()
    verdict = serializers.CharField(help_text="failed, passed or not_applicable.")
    reason = serializers.CharField(required=False)
    hits = HitSerializer(many=True, required=False)
    numerator = serializers.IntegerField(required=False, help_text="Talk ratio: milliseconds of the agent.")
    denominator = serializers.IntegerField(required=False, help_text="Milliseconds of agent and customer.")


class CheckSerializer(FieldRightsMixin, serializers.ModelSerializer[Check]):
    """What one version of the rules says of one call; no person's score."""

    access_object = "check"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    contract = serializers.CharField(source="transcript.contract.code", read_only=True)
    call = serializers.CharField(source="transcript.external_id", read_only=True, help_text="The call's id.")
    agent = serializers.CharField(source="transcript.agent.code", **_CODE)
    queue = serializers.CharField(source="transcript.queue.code", **_CODE)
    rule_set = serializers.UUIDField(source="rule_set.uuid", read_only=True)
    rules = serializers.CharField(source="rule_set.code", read_only=True, help_text="The rule set's code.")
    failed = serializers.ListField(child=serializers.CharField(), read_only=True)
    passed = serializers.ListField(child=serializers.CharField(), read_only=True)
    results = ResultSerializer(many=True, read_only=True)

    class Meta:
        model = Check
        fields: tuple[str, ...] = (
            *("id", "vendor", "contract", "call", "agent", "queue", "day", "rule_set", "rules", "checked_at"),
            *("is_risky", "failed", "passed", "results"),
        )
        read_only_fields = fields
