"""What the interface tells of incidents, and what it takes; the rights table leaves fields out."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from core.endpoints import MomentField, Query
from core.http import scope_of
from core.scope import CLIENT, VENDOR
from sla import selectors
from sla.calc.incidents import Clock, Severity, State, Step
from sla.calc.readiness import System
from sla.models import Cause, Incident


class ReadingSerializer(serializers.Serializer[Any]):
    """How a clock stands at the moment of the answer."""

    verdict = serializers.CharField(help_text="running, near, overdue, met or missed.")
    is_met = serializers.BooleanField(allow_null=True, help_text="null while that is open.")
    elapsed_seconds = serializers.FloatField()
    limit_seconds = serializers.IntegerField()
    due_at = serializers.DateTimeField()


class IncidentSerializer(FieldRightsMixin, serializers.ModelSerializer[Incident]):
    """An incident; moments are UTC."""

    access_object = "incident"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    severity = serializers.IntegerField(read_only=True, help_text="1 critical, 2 major, 3 minor.")
    state = serializers.ChoiceField(choices=[state.value for state in State], read_only=True)
    systems = serializers.ListField(child=serializers.ChoiceField(choices=[s.value for s in System]), read_only=True)
    raised_side = serializers.ChoiceField(choices=[CLIENT, VENDOR], read_only=True)
    cause_class = serializers.CharField(
        read_only=True, help_text=f"Empty until it is located, then one of {', '.join(Cause.values)}."
    )
    queues = serializers.SerializerMethodField(help_text="Codes of the queues whose callers feel it.")
    locate = serializers.SerializerMethodField()
    restore = serializers.SerializerMethodField()

    class Meta:
        model = Incident
        fields = (
            "id", "vendor", "number", "title", "severity", "state", "systems", "queues", "raised_side", "raised_at",
            "acknowledged_at", "located_at", "restored_at", "closed_at", "reviewed_at", "locate", "restore",
            "cause_class", "cause", "affected_from", "affected_until", "counts_for_relief", "relief_reason",
            "review", "actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))  # type: ignore[untyped-decorator]
    def get_queues(self, incident: Incident) -> list[str]:
        return [queue.code for queue in selectors.queues_of(incident)]

    @extend_schema_field(ReadingSerializer)  # type: ignore[untyped-decorator]
    def get_locate(self, incident: Incident) -> dict[str, Any]:
        return self._reading(incident, Clock.LOCATE)

    @extend_schema_field(ReadingSerializer)  # type: ignore[untyped-decorator]
    def get_restore(self, incident: Incident) -> dict[str, Any]:
        return self._reading(incident, Clock.RESTORE)

    def _reading(self, incident: Incident, clock: Clock) -> dict[str, Any]:
        at = self.context["scope"].at if "scope" in self.context else scope_of(self.context["request"]._request).at
        return dict(ReadingSerializer(incident.reading(clock, at)).data)


class IncidentQuery(Query):
    """What incidents are asked for by."""

    vendor = serializers.CharField(required=False, max_length=40, help_text="The vendor's code or id.")
    state = serializers.ChoiceField(required=False, choices=[state.value for state in State])
    open = serializers.BooleanField(required=False, help_text="Only those not restored yet, or only the others.")


class StrictSerializer(serializers.Serializer[dict[str, Any]]):
    """A body of which every name must be known."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({str(name)[:60]: ["There is no such field."] for name in unknown})
        return super().to_internal_value(data)


class RaiseSerializer(StrictSerializer):
    """A new incident."""

    vendor = serializers.CharField(
        required=False, max_length=40, help_text="Code or id; the client names it, a vendor's token stands for its own."
    )
    title = serializers.CharField(max_length=160)
    severity = serializers.ChoiceField(choices=[s.value for s in Severity], default=Severity.MAJOR.value)
    systems = serializers.ListField(child=serializers.ChoiceField(choices=[s.value for s in System]), default=list)
    queues = serializers.ListField(
        child=serializers.CharField(max_length=40), default=list, max_length=500, help_text="Codes of the queues."
    )
    affected_from = MomentField(
        required=False, allow_null=True, default=None, help_text="Since when callers feel it; now if left out."
    )


class StepSerializer(StrictSerializer):
    """A step and what it tells; `locate` needs `cause_class`, `review` needs `review`."""

    step = serializers.ChoiceField(choices=[step.value for step in Step])
    cause_class = serializers.ChoiceField(required=False, choices=Cause.values)
    cause = serializers.CharField(required=False, max_length=2000)
    review = serializers.CharField(required=False, max_length=4000)
    actions = serializers.CharField(required=False, max_length=4000)
    note = serializers.CharField(required=False, max_length=1000, default="")
