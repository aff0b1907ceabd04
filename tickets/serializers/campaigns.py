"""What the interface tells of outbound tasks, and what it takes; the rights table leaves fields out."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from calls.serializers import MaskedCustomerField
from core.endpoints import MomentField
from tickets.calc.contact_rows import LENGTHS
from tickets.calc.outbound import ENTERED, CampaignState, CampaignStep, Outcome, Purpose
from tickets.models import Attempt, Campaign, ContactImport, DoNotCall
from tickets.serializers.work import _code
from tickets.services import Turn
from tickets.tables import remedy

ROWS_AT_ONCE = 1000
OUTCOMES = [outcome.value for outcome in Outcome]


class CampaignSerializer(FieldRightsMixin, serializers.ModelSerializer[Campaign]):
    """One campaign and how far it is."""

    access_object = "campaign"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    contract = serializers.CharField(source="contract.code", read_only=True, help_text="The contract's code.")
    queue = _code("queue", "queue")
    script = serializers.UUIDField(
        source="script.uuid", read_only=True, allow_null=True, default=None, help_text="The version of the script."
    )
    purpose = serializers.ChoiceField(choices=[purpose.value for purpose in Purpose], read_only=True)
    state = serializers.ChoiceField(choices=[state.value for state in CampaignState], read_only=True)
    service_hours = serializers.DictField(
        read_only=True, help_text="Call windows: weekday, 0 for Monday, to pairs of times on the customer's clock."
    )
    contact_count = serializers.IntegerField(read_only=True)
    open_count = serializers.IntegerField(read_only=True, help_text="Contacts that are still to be called.")
    attempt_count = serializers.IntegerField(read_only=True, help_text="Denominator of the share reached.")
    reached_count = serializers.IntegerField(
        read_only=True, help_text="Numerator of the share reached, denominator of the share of successes."
    )
    success_count = serializers.IntegerField(read_only=True, help_text="Numerator of the share of successes.")

    class Meta:
        model = Campaign
        fields: tuple[str, ...] = (
            *("id", "vendor", "contract", "name", "purpose", "goal", "goal_count", "queue", "script", "state"),
            *("starts_on", "ends_on", "service_hours", "country", "max_attempts", "per_day", "gap_seconds"),
            *("hold_seconds", "sample_limit", "resurvey_days", "contact_count", "open_count", "attempt_count"),
            *("reached_count", "success_count", "made_at", "version"),
        )
        read_only_fields = fields


class CampaignNewSerializer(serializers.Serializer[dict[str, Any]]):
    """What a new campaign says of itself."""

    contract = serializers.CharField(max_length=40, help_text="The contract's code or id; decides vendor and zone.")
    vendor = serializers.CharField(required=False, max_length=40, help_text="Where two vendors have such a code.")
    name = serializers.CharField(max_length=80)
    purpose = serializers.ChoiceField(choices=[purpose.value for purpose in Purpose])
    goal = serializers.CharField(required=False, max_length=300)
    goal_count = serializers.IntegerField(required=False, min_value=1, max_value=2_000_000_000)
    queue = serializers.CharField(required=False, max_length=40, help_text="The queue's code.")
    script = serializers.UUIDField(required=False, help_text="A version of a script.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    service_hours = serializers.DictField(
        required=False, help_text="Call windows; 9 to 12 and 14 to 20 from Monday to Saturday if left out."
    )
    country = serializers.CharField(required=False, max_length=2, help_text="On its public holidays nobody is called.")
    max_attempts = serializers.IntegerField(required=False, min_value=1, max_value=20)
    per_day = serializers.IntegerField(required=False, min_value=1, max_value=10)
    gap_seconds = serializers.IntegerField(required=False, min_value=600, max_value=5_184_000)
    hold_seconds = serializers.IntegerField(required=False, min_value=60, max_value=28_800)
    sample_limit = serializers.IntegerField(required=False, min_value=1, max_value=10_000)
    resurvey_days = serializers.IntegerField(required=False, min_value=0, max_value=730)


class CampaignStepSerializer(serializers.Serializer[dict[str, Any]]):
    """Where a campaign goes."""

    step = serializers.ChoiceField(choices=[step.value for step in CampaignStep])
    version = serializers.IntegerField(min_value=1, help_text="The version that the caller saw.")


class ContactRowSerializer(serializers.Serializer[dict[str, Any]]):
    """Somebody to be called, as a file's row would say it."""

    # One that is missing is told with its row, beside those that are wrong; the others of the list come in.
    phone = serializers.CharField(
        allow_blank=True, max_length=200, help_text="With its country code, or as in the vendor's country."
    )
    name = serializers.CharField(required=False, allow_blank=True, max_length=500)
    reference = serializers.CharField(
        required=False, allow_blank=True, max_length=500, help_text="Your own id; attempts tell it, never the number."
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    zone = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="IANA name, if not the contract's."
    )


class ContactsNewSerializer(serializers.Serializer[dict[str, Any]]):
    """Some contacts for a campaign."""

    rows = serializers.ListField(child=ContactRowSerializer(), min_length=1, max_length=ROWS_AT_ONCE)


class RowProblemSerializer(serializers.Serializer[dict[str, Any]]):
    """Why a row was rejected."""

    line = serializers.IntegerField(help_text="Its place in the list, from 1 on.")
    column = serializers.ChoiceField(choices=list(LENGTHS))
    code = serializers.CharField(help_text="Stable name of the rule.")
    message = serializers.CharField(help_text="What is wrong and how to mend it.")
    value = serializers.CharField(help_text="Masked.")


class ContactImportSerializer(FieldRightsMixin, serializers.ModelSerializer[ContactImport]):
    """The account of a list: read = new + merged + blocked + rejected."""

    access_object = "contact_import"
    id = serializers.UUIDField(source="uuid", read_only=True)
    campaign = serializers.UUIDField(source="campaign.uuid", read_only=True)
    problems = serializers.SerializerMethodField(help_text="Of the first thousand rejected rows.")

    class Meta:
        model = ContactImport
        fields: tuple[str, ...] = (
            *("id", "campaign", "received_at", "rows_read", "rows_new", "rows_merged", "rows_blocked"),
            *("rows_rejected", "problems"),
        )
        read_only_fields = fields

    @extend_schema_field(RowProblemSerializer(many=True))  # type: ignore[untyped-decorator]
    def get_problems(self, account: ContactImport) -> list[dict[str, Any]]:
        return [
            {
                "line": problem["line"],
                "column": problem["column"],
                "code": problem["rule"],
                "message": remedy(problem["rule"], problem["column"]),
                "value": problem["value"],
            }
            for problem in account.problems
        ]


class AttemptSerializer(FieldRightsMixin, serializers.ModelSerializer[Attempt]):
    """A contact in somebody's hands, and what came of it."""

    access_object = "attempt"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    campaign = serializers.UUIDField(source="campaign.uuid", read_only=True)
    contact = serializers.UUIDField(source="contact.uuid", read_only=True)
    reference = serializers.CharField(source="contact.reference", read_only=True, help_text="The sender's own id.")
    customer = MaskedCustomerField(
        read_only=True, help_text="Masked; dial by your own id, or show the number on the page."
    )
    agent = _code("agent", "agent")
    outcome = serializers.ChoiceField(
        choices=["", *OUTCOMES], read_only=True, help_text="Empty while somebody has the contact in hands."
    )
    ticket = serializers.UUIDField(source="ticket.uuid", read_only=True, allow_null=True, default=None)
    has_call = serializers.BooleanField(read_only=True, help_text="Whether the record of the call has come.")

    class Meta:
        model = Attempt
        fields: tuple[str, ...] = (
            *("id", "vendor", "campaign", "contact", "number", "reference", "customer", "agent", "handed_at"),
            *(
                "held_until",
                "number_shown_at",
                "outcome",
                "ended_at",
                "day",
                "note",
                "follow_up_at",
                "ticket",
                "call_external_id",
            ),
            *("has_call", "satisfaction", "success_reference"),
        )
        read_only_fields = fields


class TurnSerializer(serializers.Serializer[Turn]):
    """What somebody gets who asks for the next contact."""

    attempt = serializers.SerializerMethodField(help_text="Null if nobody can be called now.")
    again_at = serializers.DateTimeField(
        allow_null=True, help_text="When somebody can be called again; null if nobody is left or all are in hands."
    )

    @extend_schema_field(AttemptSerializer(allow_null=True))  # type: ignore[untyped-decorator]
    def get_attempt(self, turn: Turn) -> dict[str, Any] | None:
        return dict(AttemptSerializer(turn.attempt, context=self.context).data) if turn.attempt else None


class OutcomeSerializer(serializers.Serializer[dict[str, Any]]):
    """What came of an attempt."""

    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in ENTERED])
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)
    follow_up_at = MomentField(
        required=False, allow_null=True, default=None, help_text="For call_later: a moment inside the call windows."
    )
    call_external_id = serializers.CharField(required=False, allow_blank=True, default="", max_length=64)
    satisfaction = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=5)
    success_reference = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=64, help_text="Needed for the success of a sale."
    )
    ticket_subject = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=200, help_text="Opens a ticket; the note is its text."
    )
    is_for_all = serializers.BooleanField(
        required=False, default=True, help_text="For do_not_call: whether it holds for every vendor of the house."
    )


class DoNotCallSerializer(FieldRightsMixin, serializers.ModelSerializer[DoNotCall]):
    """Somebody who is not to be called."""

    access_object = "do_not_call"
    id = serializers.UUIDField(source="uuid", read_only=True)
    number = serializers.CharField(source="number_masked", read_only=True, help_text="Masked.")

    class Meta:
        model = DoNotCall
        fields: tuple[str, ...] = (
            *("id", "number", "is_for_all", "reason", "source", "added_at", "withdrawn_at", "withdrawn_reason"),
        )
        read_only_fields = fields


class DoNotCallNewSerializer(serializers.Serializer[dict[str, Any]]):
    """Somebody who asked not to be called."""

    number = serializers.CharField(max_length=60, help_text="With its country code.")
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    is_for_all = serializers.BooleanField(
        required=False, default=False, help_text="Whether a vendor's entry holds for every vendor of the house."
    )
    vendor = serializers.CharField(
        required=False, max_length=40, help_text="The client names one vendor, or none: then nobody may call."
    )
