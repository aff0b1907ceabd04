"""What the interface tells of tickets and their rules, and what it takes; the rights table leaves fields out."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from calls.serializers import MaskedCustomerField
from core.endpoints import MomentField
from core.http import scope_of
from sla.queries import MeasuredSerializer
from tickets.calc.clocks import Clock, Level
from tickets.calc.states import State, Step
from tickets.models import Attachment, Calendar, Channel, Policy, Ticket, TicketClock, TicketEvent
from tickets.selectors import handler_told

CLOCK_NAMES = tuple(clock.value for clock in Clock)
TEXT_MAX = 10_000
OUTCOMES = ("settled", "not_settled", "not_reached")
COMMENTS = ("reply", "note", "asked")


def _code(source: str, what: str) -> serializers.CharField:
    return serializers.CharField(
        source=f"{source}.code", read_only=True, allow_null=True, default=None, help_text=f"The {what}'s code."
    )


class TicketSerializer(FieldRightsMixin, serializers.ModelSerializer[Ticket]):
    """One matter and where it stands."""

    access_object = "ticket"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    contract = serializers.CharField(source="contract.code", read_only=True, help_text="The contract's code.")
    queue = _code("queue", "queue")
    reason = _code("reason", "call reason")
    agent = _code("agent", "agent")
    customer = MaskedCustomerField(read_only=True, help_text="Masked; clear numbers are shown to people only.")
    state = serializers.ChoiceField(choices=[state.value for state in State], read_only=True)
    level = serializers.ChoiceField(choices=[level.value for level in Level], read_only=True)
    next_clock = serializers.ChoiceField(
        choices=["", *CLOCK_NAMES], read_only=True, help_text="What falls due next; empty while every clock stands."
    )
    is_breached = serializers.BooleanField(read_only=True, help_text="Whether what falls due next is overdue.")
    handler_name = serializers.SerializerMethodField(
        help_text="To a vendor, a person of the client is the client and the role."
    )

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = (
            *("id", "number", "vendor", "contract", "subject", "channel", "state", "tier", "level", "queue", "reason"),
            *("agent", "handler_name", "customer", "call_external_id", "call_offered_at", "opened_at", "resolved_at"),
            *("ended_at", "reopened_count", "satisfaction", "next_due_at", "next_clock", "is_breached", "version"),
        )
        read_only_fields = fields

    def get_handler_name(self, ticket: Ticket) -> str:
        scope = scope_of(self.context["request"])
        return handler_told(scope, ticket)


class TicketClockSerializer(FieldRightsMixin, serializers.ModelSerializer[TicketClock]):
    """One cycle of a promise; seconds are business seconds of the policy's calendar."""

    access_object = "ticket_clock"
    clock = serializers.ChoiceField(choices=list(CLOCK_NAMES), read_only=True)
    level = serializers.CharField(read_only=True, help_text="Who held the ticket, for hop; empty otherwise.")
    elapsed_seconds = serializers.IntegerField(read_only=True, help_text="Up to now, or up to the stop.")
    is_met = serializers.BooleanField(
        read_only=True, allow_null=True, help_text="Whether it was kept; null while open, and for what was canceled."
    )
    breach_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="After which it is broken; null while a pause holds it before."
    )
    counted_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="On whose day the KPI counts it; null if on none (yet)."
    )

    class Meta:
        model = TicketClock
        fields: tuple[str, ...] = (
            *("clock", "cycle", "level", "started_at", "stopped_at", "is_canceled", "is_running", "target_seconds"),
            *("elapsed_seconds", "due_at", "breach_at", "is_met", "counted_at", "overrun_seconds"),
        )
        read_only_fields = fields


class CountedClockSerializer(TicketClockSerializer):
    """One promise behind a ticket KPI, and whose it was."""

    ticket = serializers.UUIDField(source="ticket.uuid", read_only=True)
    number = serializers.IntegerField(source="ticket.number", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    contract = serializers.CharField(source="ticket.contract.code", read_only=True, help_text="The contract's code.")

    class Meta(TicketClockSerializer.Meta):
        fields = ("ticket", "number", "vendor", "contract", *TicketClockSerializer.Meta.fields)
        read_only_fields = fields


class TicketEventSerializer(FieldRightsMixin, serializers.ModelSerializer[TicketEvent]):
    """Something that happened to a ticket."""

    access_object = "ticket_event"
    actor = serializers.CharField(
        read_only=True, help_text="Who did it; to a vendor, the client's people are the client."
    )
    facts = serializers.DictField(help_text="What the kind needs beside, such as the requirement of a hand-over.")

    class Meta:
        model = TicketEvent
        fields: tuple[str, ...] = (
            *("sequence", "at", "kind", "state", "level", "deadline", "actor", "side", "is_public", "text", "facts"),
        )
        read_only_fields = fields

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for name in ("state", "level"):
            fields[name] = serializers.CharField(read_only=True, help_text="Empty for kinds that change none.")
        return fields


class AttachmentSerializer(FieldRightsMixin, serializers.ModelSerializer[Attachment]):
    """A file of a ticket."""

    access_object = "attachment"
    id = serializers.UUIDField(source="uuid", read_only=True)
    sha256 = serializers.SerializerMethodField(help_text="Digest of the content, in hexadecimal digits.")
    sequence = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="The event that it was sent with, if with one."
    )

    class Meta:
        model = Attachment
        fields: tuple[str, ...] = (
            *("id", "file_name", "size_bytes", "sha256", "received_at", "received_by", "sequence"),
        )
        read_only_fields = fields

    def get_sha256(self, file: Attachment) -> str:
        return bytes(file.sha256).hex()


class TicketDetailSerializer(TicketSerializer):
    """A ticket with what happened to it and what its clocks read."""

    policy = serializers.SerializerMethodField(help_text="Name of the policy whose promises hold.")
    merged_into = serializers.UUIDField(source="merged_into.uuid", read_only=True, allow_null=True, default=None)
    clocks = TicketClockSerializer(many=True, read_only=True)
    events = TicketEventSerializer(many=True, read_only=True)
    incidents = serializers.ListField(
        child=serializers.UUIDField(), read_only=True, help_text="Ids of the incidents that it comes from."
    )
    attachments = AttachmentSerializer(
        many=True, read_only=True, help_text="The files that the vendor and the client both have."
    )

    class Meta(TicketSerializer.Meta):
        fields = (
            *TicketSerializer.Meta.fields,
            *("text", "policy", "merged_into", "clocks", "events", "incidents", "attachments"),
        )
        read_only_fields = fields

    def get_policy(self, ticket: Ticket) -> str:
        return str(ticket.terms.body["policy"]["name"])


class TicketCalendarSerializer(FieldRightsMixin, serializers.ModelSerializer[Calendar]):
    """When promises are counted: windows of a week in a zone, less public holidays, and days with their own."""

    access_object = "calendar"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    service_hours = serializers.DictField(help_text="Weekday, 0 for Monday, to its windows.")
    exceptions = serializers.DictField(help_text="Day to its name and windows; without windows it is closed.")

    class Meta:
        model = Calendar
        fields = (
            *("id", "vendor", "name", "zone", "service_hours", "country", "subdivision", "exceptions", "version"),
        )
        read_only_fields = fields


@extend_schema_field({"type": "array", "items": {"type": "array", "items": {}}})
class LadderField(serializers.JSONField):
    """Steps: percent of the promise, and who is told; none for the usual ones."""


class TicketPolicySerializer(FieldRightsMixin, serializers.ModelSerializer[Policy]):
    """Which tickets get which promises; the first active one that matches wins. Seconds are business seconds."""

    access_object = "policy"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    calendar = serializers.UUIDField(source="calendar.uuid", read_only=True)
    callback_calendar = serializers.UUIDField(
        source="callback_calendar.uuid",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="Null: around the clock.",
    )
    customers = serializers.SerializerMethodField(help_text="Whose tickets it takes, masked; none for anybody's.")
    ladder = LadderField(read_only=True)

    class Meta:
        model = Policy
        fields = (
            *("id", "vendor", "name", "position", "is_active", "reasons", "queues", "channels", "words"),
            *(
                "customers",
                "only_incidents",
                "tier",
                "calendar",
                "callback_calendar",
                "first_response_seconds",
                "update_seconds",
            ),
            *("resolution_seconds", "callback_seconds", "first_line_seconds", "second_line_seconds"),
            *("technical_seconds", "update_mode", "pausing", "ladder", "warn_lead_seconds", "version"),
        )
        read_only_fields = fields

    def get_customers(self, policy: Policy) -> list[str]:
        return sorted(policy.customers.values())

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for name in ("reasons", "queues", "channels", "words", "pausing"):
            if name in fields:
                fields[name] = serializers.ListField(child=serializers.CharField(), read_only=True)
        return fields


class TicketNewSerializer(serializers.Serializer[Any]):
    """A new matter; its tier and promises follow from the vendor's policies unless one is named."""

    contract = serializers.CharField(max_length=40, help_text="The contract's code or id; decides the vendor.")
    vendor = serializers.CharField(
        required=False, max_length=40, help_text="The vendor's code or id, where contracts of two have the same code."
    )
    subject = serializers.CharField(max_length=200)
    text = serializers.CharField(required=False, default="", allow_blank=True, max_length=TEXT_MAX)
    channel = serializers.ChoiceField(choices=Channel.choices, default=Channel.CALL.value)
    queue = serializers.CharField(required=False, max_length=40, help_text="The queue's code.")
    reason = serializers.CharField(required=False, max_length=40, help_text="The call reason's code.")
    agent = serializers.CharField(required=False, max_length=40, help_text="The agent's code.")
    customer = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=40, help_text="The number, with its country code."
    )
    call = serializers.CharField(
        required=False, max_length=64, help_text="`external_id` of the call; gives what is left out of the above."
    )
    policy = serializers.UUIDField(required=False, help_text="Id of the policy, to choose it by hand.")
    incident = serializers.UUIDField(required=False, help_text="Id of the incident that it comes from.")


class TicketCommentSerializer(serializers.Serializer[Any]):
    """Something said about a ticket."""

    kind = serializers.ChoiceField(
        choices=COMMENTS, help_text="`reply` to the customer, `asked` by the customer, or an internal `note`."
    )
    text = serializers.CharField(max_length=TEXT_MAX)


class TicketStepSerializer(serializers.Serializer[Any]):
    """One step with a ticket; fields beside `step`, `version` and `text` belong to the steps that they name."""

    step = serializers.ChoiceField(choices=[step.value for step in Step if step is not Step.TRANSFER])
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="The ticket's, as you read it.")
    text = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=TEXT_MAX,
        help_text="Why, or how it was solved; needed to let it wait, resolve, reopen and cancel.",
    )
    handler = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="Id of the person: `assign`, `hand_over`."
    )
    level = serializers.ChoiceField(
        required=False, choices=[level.value for level in Level], help_text="Who takes over: `hand_over`."
    )
    requirement = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=TEXT_MAX, help_text="What is asked: `hand_over`."
    )
    deadline = MomentField(
        required=False, allow_null=True, default=None, help_text="Until when; the level's promise else: `hand_over`."
    )
    outcome = serializers.ChoiceField(required=False, choices=OUTCOMES, help_text="`call_back`.")
    satisfaction = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=5, help_text="`call_back`."
    )
    into = serializers.UUIDField(required=False, help_text="Id of the ticket that goes on: `merge`.")


class TicketFileSerializer(serializers.Serializer[Any]):
    """A file for a ticket, at most about 3.5 MB this way."""

    file_name = serializers.CharField(max_length=200, help_text="Its ending must fit what is inside.")
    content = serializers.CharField(help_text="The bytes in base64.")


class TicketIncidentSerializer(serializers.Serializer[Any]):
    """Whether a ticket comes from an incident."""

    incident = serializers.UUIDField(help_text="Id of the incident, of the same vendor.")
    linked = serializers.BooleanField(default=True, help_text="False takes the link back.")


class TicketTransferSerializer(serializers.Serializer[Any]):
    """What another vendor gets of a matter: what stands here and nothing else."""

    contract = serializers.CharField(max_length=40, help_text="Code or id of a contract of the other vendor.")
    vendor = serializers.CharField(
        required=False, max_length=40, help_text="The other vendor's code or id, where the contract's code is no one's."
    )
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="The ticket's, as you read it.")
    subject = serializers.CharField(max_length=200)
    text = serializers.CharField(required=False, default="", allow_blank=True, max_length=TEXT_MAX)
    customer = serializers.BooleanField(default=True, help_text="Whether the other vendor gets the number.")
    start = serializers.ChoiceField(
        choices=["now", "customer"],
        default="now",
        help_text="Its promises count from now, or from the moment that the customer came.",
    )
    note = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=2000, help_text="What the first vendor is told."
    )


class TicketKpiSerializer(MeasuredSerializer):
    """One KPI of one contract: promises kept of all that were kept or broken, and the broken ones in figures."""

    kpi = serializers.CharField()
    numerator = serializers.IntegerField(help_text="Promises kept.")
    denominator = serializers.IntegerField(help_text="Promises kept or broken.")
    breaches = serializers.IntegerField(help_text="Promises broken.")
    breach_ratio = serializers.FloatField()
    breaches_ended = serializers.IntegerField(help_text="Broken promises whose clock has stopped.")
    overrun_seconds = serializers.IntegerField(help_text="By how many business seconds those were over, together.")
    mean_overrun_seconds = serializers.FloatField(allow_null=True, help_text="Null while none has ended.")


class TicketKpisSerializer(serializers.Serializer[Any]):
    """The answer to a question for ticket KPIs."""

    results = TicketKpiSerializer(many=True)
