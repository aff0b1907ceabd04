"""What the interface tells of contracts and their terms; the rights table leaves fields out."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from contracts.calc.definition import DEFINITION_FIELDS, Formula, Operator
from contracts.models import Contract, Coverage, QueueDefinition, Target, Version
from core.endpoints import Query


class CoverageSerializer(FieldRightsMixin, serializers.ModelSerializer[Coverage]):
    """From when to when a queue is covered; ``ends_on`` is the last day, null while it is open."""

    access_object = "coverage"
    queue = serializers.CharField(source="queue.code", read_only=True, help_text="The queue's code.")

    class Meta:
        model = Coverage
        fields = ("queue", "starts_on", "ends_on")


class DefinitionSerializer(FieldRightsMixin, serializers.ModelSerializer[QueueDefinition]):
    """How one queue's KPIs are counted."""

    access_object = "definition"
    queue = serializers.CharField(source="queue.code", read_only=True, help_text="The queue's code.")
    formula = serializers.ChoiceField(
        choices=[formula.value for formula in Formula], help_text="Service-level formula; see docs/formulas.md."
    )
    operator = serializers.ChoiceField(choices=[operator.value for operator in Operator])

    class Meta:
        model = QueueDefinition
        fields = ("queue", *DEFINITION_FIELDS)


class TargetTermsSerializer(FieldRightsMixin, serializers.ModelSerializer[Target]):
    """The lines of one KPI of one queue: ratios 0..1, seconds for ``asa`` and ``aht``."""

    access_object = "target"
    queue = serializers.CharField(source="queue.code", read_only=True, help_text="The queue's code.")

    class Meta:
        model = Target
        fields = ("queue", "kpi", "goal", "amber", "minimum")


@extend_schema_field(serializers.CharField)
class DigestField(serializers.Field[bytes, bytes, str, bytes]):
    """A digest in hex."""

    def to_representation(self, value: bytes) -> str:
        return bytes(value).hex()


class VersionSerializer(FieldRightsMixin, serializers.ModelSerializer[Version]):
    """The terms from one day on; ``ends_on`` is the contract's last day as this version says, null while open."""

    access_object = "version"
    id = serializers.UUIDField(source="uuid", read_only=True)
    service_hours = serializers.DictField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.CharField())),
        help_text='Weekday "0" (Monday) to "6" to windows such as ["09:00", "18:00"]; a day left out is closed.',
    )
    document_hash = DigestField(
        read_only=True, allow_null=True, help_text="SHA-256 of the signed document, in hex; null until it is signed."
    )
    definitions = DefinitionSerializer(many=True, read_only=True)
    targets = TargetTermsSerializer(many=True, read_only=True)

    class Meta:
        model = Version
        fields = (
            "id",
            "number",
            "state",
            "effective_from",
            "ends_on",
            "service_hours",
            "incident_locate_minutes",
            "incident_restore_minutes",
            "change_note",
            "signed_at",
            "document_hash",
            "definitions",
            "targets",
        )


class ContractSerializer(FieldRightsMixin, serializers.ModelSerializer[Contract]):
    """A contract; ``ends_on`` is the last day, null while it is open."""

    access_object = "contract"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    coverage = CoverageSerializer(many=True, read_only=True)

    class Meta:
        model = Contract
        fields: tuple[str, ...] = (
            "id",
            "vendor",
            "code",
            "name",
            "zone",
            "currency",
            "starts_on",
            "ends_on",
            "note",
            "coverage",
        )


class ContractDetailSerializer(ContractSerializer):
    """A contract with the versions that exist for the caller, newest first."""

    versions = VersionSerializer(many=True, read_only=True)

    class Meta(ContractSerializer.Meta):
        fields = (*ContractSerializer.Meta.fields, "versions")


class ContractQuery(Query):
    """What contracts are asked for by."""

    vendor = serializers.CharField(required=False, max_length=40, help_text="The vendor's code or id.")
    active_on = serializers.DateField(required=False, help_text="Only contracts whose term holds this day.")
