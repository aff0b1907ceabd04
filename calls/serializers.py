"""What the interface tells of calls and imports, and what rows it takes; the rights table leaves fields out."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from calls import selectors
from calls.calc.canonical import (
    BOOLEAN_FIELDS,
    DURATION_FIELDS,
    FIELDS,
    MOMENT_FIELDS,
    REQUIRED_FIELDS,
    AbandonPlace,
    CallDirection,
    Outcome,
)
from calls.models import Batch, BatchState, Call
from calls.wording import COLUMNS, problem_words, rule_remedy, rule_text
from core.endpoints import Query
from core.http import scope_of

ERRORS_TOLD = 100


class WordField(serializers.ChoiceField):
    """A stored code as the word that files use."""

    def __init__(self, words: type[Outcome] | type[CallDirection] | type[AbandonPlace], **kwargs: Any) -> None:
        self.words = words
        super().__init__(choices=[word.name.lower() for word in words if word != Outcome.WITHDRAWN], **kwargs)

    def to_representation(self, value: Any) -> str:
        return self.words(value).name.lower()


@extend_schema_field(OpenApiTypes.STR)
class ContractCodeField(serializers.Field[Any, Any, Any, Any]):
    """The code of a call's contract."""

    def get_attribute(self, instance: Call) -> str:
        code: str = self.context["contracts"][instance.contract_id].code
        return code

    def to_representation(self, value: str) -> str:
        return value


@extend_schema_field({"type": "string", "nullable": True})
class MaskedCustomerField(serializers.Field[Any, Any, Any, Any]):
    """The caller's number as far as it is shown."""

    def get_attribute(self, instance: Any) -> str | None:
        masked: str | None = instance.customer_masked
        return masked

    def to_representation(self, value: str) -> str:
        return value


class CallSerializer(FieldRightsMixin, serializers.ModelSerializer[Call]):
    """The newest revision of a call; ``contract`` and ``external_id`` name it for ever."""

    access_object = "call"
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    contract = ContractCodeField(read_only=True, help_text="The contract's code.")
    queue = serializers.CharField(source="queue.code", read_only=True, help_text="The queue's code.")
    agent = serializers.CharField(source="agent.code", read_only=True, allow_null=True, help_text="The agent's code.")
    reason = serializers.CharField(
        source="reason.code", read_only=True, allow_null=True, help_text="The reason's code."
    )
    direction = WordField(CallDirection, read_only=True)
    outcome = WordField(Outcome, read_only=True)
    abandon_place = WordField(AbandonPlace, read_only=True, allow_null=True)
    customer = MaskedCustomerField(read_only=True, help_text="Masked; clear numbers are shown to people only.")

    class Meta:
        model = Call
        fields = (
            "vendor",
            "contract",
            "external_id",
            "revision",
            "queue",
            "agent",
            "reason",
            "direction",
            "outcome",
            "abandon_place",
            "offered_at",
            "answered_at",
            "ended_at",
            "ring_seconds",
            "wait_seconds",
            "talk_seconds",
            "hold_seconds",
            "wrap_seconds",
            "csat",
            "resolved",
            "success",
            "transferred_from",
            "ivr_path",
            "recording",
            "customer",
        )


class BatchQuery(Query):
    """What imports are asked for by."""

    search = None  # type: ignore[assignment]
    vendor = serializers.CharField(required=False, max_length=40, help_text="The vendor's code or id.")
    state = serializers.ChoiceField(required=False, choices=BatchState.values)


class BatchSerializer(FieldRightsMixin, serializers.ModelSerializer[Batch]):
    """One file or request of rows, and the account of its rows.

    ``rows_read`` is the sum of new, updated, unchanged, superseded, duplicate and rejected once it is loaded.
    """

    access_object = "batch"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    profile = serializers.CharField(
        allow_null=True, read_only=True, help_text="Name and version; null for the canonical columns."
    )
    state = serializers.ChoiceField(choices=BatchState.values, read_only=True)

    class Meta:
        model = Batch
        fields = (
            "id",
            "number",
            "vendor",
            "source",
            "state",
            "profile",
            "file_name",
            "size_bytes",
            "received_at",
            "received_by",
            "finished_at",
            "first_offered_at",
            "last_offered_at",
            "rows_seen",
            "rows_read",
            "rows_new",
            "rows_updated",
            "rows_unchanged",
            "rows_superseded",
            "rows_duplicate",
            "rows_rejected",
            "problem",
        )


class RowErrorSerializer(serializers.Serializer[Any]):
    """Why a row was rejected, in the same shape for a line of a file and for a row of a request."""

    field = serializers.CharField(help_text="Column of the file, or field of the request; empty if the row is meant.")
    code = serializers.CharField(help_text="Stable name of the rule; all of them stand on the page about call files.")
    message = serializers.CharField(help_text="What is wrong.")
    remedy = serializers.CharField(help_text="What to do about it.")
    value = serializers.CharField(
        allow_blank=True, help_text="As it was sent, at most 80 characters; the customer's is masked."
    )


class LineErrorSerializer(RowErrorSerializer):
    """Why a line of a file was rejected."""

    line = serializers.IntegerField(help_text="Line of the file.")
    value = serializers.CharField(allow_blank=True, help_text="At most 80 characters, whatever may be a number masked.")


class SentErrorSerializer(RowErrorSerializer):
    """Why a row of a request was rejected."""

    row = serializers.IntegerField(help_text="Place in the request, from 0.")


@extend_schema_field(LineErrorSerializer(many=True))
class ErrorsField(serializers.Field[Any, Any, Any, Any]):
    """The first rejected cells of an import."""

    def get_attribute(self, instance: Batch) -> list[dict[str, Any]]:
        scope = scope_of(self.context["request"]._request)
        return [
            {
                "line": error.line,
                "field": error.column,
                "code": error.rule,
                "message": rule_text(rule=error.rule, column=error.column, value=error.value),
                "remedy": rule_remedy(rule=error.rule),
                "value": error.value,
            }
            for error in selectors.row_errors(scope=scope, batch=instance)[:ERRORS_TOLD]
        ]

    def to_representation(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return value


@extend_schema_field(OpenApiTypes.STR)
class MessageField(serializers.Field[Any, Any, Any, Any]):
    """Why nothing of an import was taken, in words; empty otherwise."""

    def get_attribute(self, instance: Batch) -> str:
        if not instance.problem:
            return ""
        details = {"read": instance.rows_read} | instance.problem_details
        return " ".join(problem_words(code=instance.problem, details=details)).strip()

    def to_representation(self, value: str) -> str:
        return value


class BatchDetailSerializer(BatchSerializer):
    """One import with its first rejected cells."""

    message = MessageField(read_only=True, help_text="Why nothing of it was taken, and what to do; empty otherwise.")
    errors = ErrorsField(  # type: ignore[assignment]
        read_only=True, help_text=f"The first {ERRORS_TOLD} rejected cells."
    )

    class Meta(BatchSerializer.Meta):
        fields = (*BatchSerializer.Meta.fields, "message", "errors")  # type: ignore[assignment]


class RowsQuery(Query):
    """Whose rows they are and whether good ones may be stored without the others."""

    search = None  # type: ignore[assignment]
    vendor = serializers.CharField(
        required=False,
        max_length=40,
        help_text="The vendor's code or id; needed with a token of the client, follows from a vendor's own token.",
    )
    partial = serializers.BooleanField(  # type: ignore[assignment]
        default=False, help_text="Store the good rows although others are rejected; otherwise all or none."
    )


class CallRowSerializer(serializers.Serializer[Any]):
    """A call in canonical columns, checked by the same rules as a line of a file."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {name: _row_field(name) for name in FIELDS}


def _row_field(name: str) -> serializers.Field[Any, Any, Any, Any]:
    common: dict[str, Any] = {"help_text": str(COLUMNS[name]), "required": name in REQUIRED_FIELDS}
    words: dict[str, type[Outcome] | type[CallDirection] | type[AbandonPlace]] = {
        "outcome": Outcome,
        "direction": CallDirection,
        "abandon_place": AbandonPlace,
    }
    common["allow_null"] = not common["required"]
    if name in words:
        return serializers.ChoiceField(choices=[word.name.lower() for word in words[name]], **common)
    if name in MOMENT_FIELDS:
        return serializers.DateTimeField(**common)
    if name in DURATION_FIELDS or name in ("revision", "csat"):
        return serializers.IntegerField(min_value=0, **common)
    if name in BOOLEAN_FIELDS:
        return serializers.BooleanField(**common)
    return serializers.CharField(**common)


class CallRowsSerializer(serializers.Serializer[Any]):
    """Up to 1,000 calls."""

    rows = serializers.ListField(child=CallRowSerializer(), min_length=1, max_length=1000)


class AccountSerializer(serializers.Serializer[Any]):
    """``read`` is the sum of the others."""

    read = serializers.IntegerField()
    new = serializers.IntegerField()
    updated = serializers.IntegerField(help_text="A higher revision replaced what was stored.")
    unchanged = serializers.IntegerField(help_text="Stored already, word for word.")
    superseded = serializers.IntegerField(help_text="A newer revision was there first.")
    duplicate = serializers.IntegerField(help_text="The same call stood in the request twice.")
    rejected = serializers.IntegerField()


class RowAnswerSerializer(serializers.Serializer[Any]):
    """What became of one row."""

    index = serializers.IntegerField(help_text="Place in the request, from 0.")
    external_id = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=["accepted", "rejected"])
    result = serializers.ChoiceField(
        choices=["new", "updated", "unchanged", "superseded", "duplicate", "rejected"],
        help_text="Under which word of the account the row counts.",
    )
    errors = SentErrorSerializer(many=True)  # type: ignore[assignment]


class RowRefusedSerializer(serializers.Serializer[Any]):
    """What is to be said of one row of a request of which nothing was stored."""

    index = serializers.IntegerField(help_text="Place in the request, from 0.")
    external_id = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=["valid", "rejected"])
    errors = SentErrorSerializer(many=True)  # type: ignore[assignment]


class RowsRefusedSerializer(serializers.Serializer[Any]):
    """The answer to a request of which nothing was stored: every row, the good ones too."""

    error = inline_serializer(
        "RowsRefusal",
        {
            "code": serializers.ChoiceField(choices=["rows_rejected"]),
            "message": serializers.CharField(),
            "details": inline_serializer("RowsRefusalDetails", {"rows": RowRefusedSerializer(many=True)}),
        },
    )


class RowsAnswerSerializer(serializers.Serializer[Any]):
    """The answer to a bulk request; the same key gets the same answer for seven days."""

    batch = serializers.UUIDField(help_text="The import that the rows make.")
    number = serializers.IntegerField()
    account = AccountSerializer()
    same_revision = serializers.IntegerField(
        help_text="Rows with the revision of a call that was there already, but other content; which of the two counts "
        "does not depend on their order. Send corrections with a higher revision."
    )
    rows = RowAnswerSerializer(many=True)
