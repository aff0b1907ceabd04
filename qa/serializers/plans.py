"""What the interface tells of sampling plans and draws."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from qa.models import Draw, Plan


class PlanSerializer(FieldRightsMixin, serializers.ModelSerializer[Plan]):
    """One sampling plan."""

    access_object = "sampling_plan"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    contract = serializers.CharField(source="contract.code", read_only=True, help_text="The contract's code.")
    queue = serializers.CharField(
        source="queue.code", read_only=True, allow_null=True, default=None, help_text="The queue's code; null for all."
    )

    class Meta:
        model = Plan
        fields: tuple[str, ...] = (
            *("id", "vendor", "contract", "name", "kind", "queue", "form_code", "side", "state", "method"),
            *("rate_percent", "least", "most", "base", "high", "high_percent", "low_percent", "new_days"),
            *("talk_seconds_least", "starts_on", "ends_on", "first_seed", "made_at", "version"),
        )
        read_only_fields = fields


class DrawSerializer(FieldRightsMixin, serializers.ModelSerializer[Draw]):
    """One day of a plan, with all that is needed to repeat it."""

    access_object = "draw"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    plan = serializers.UUIDField(source="plan.uuid", read_only=True, help_text="The plan's id.")
    form = serializers.UUIDField(source="form.uuid", read_only=True, help_text="The id of the form's version.")
    rules = serializers.DictField(read_only=True, help_text="What the plan said on that day.")
    excluded = serializers.DictField(
        child=serializers.IntegerField(), read_only=True, help_text="How many conversations each rule left out."
    )
    quotas = serializers.DictField(
        read_only=True, help_text="Agent's code to standing, population, whether it is new, and quota."
    )

    class Meta:
        model = Draw
        fields: tuple[str, ...] = (
            *("id", "vendor", "plan", "form", "number", "day", "seed", "algorithm", "rules", "excluded", "quotas"),
            *("population_sha256", "population_count", "sampled_count", "placed_count", "drawn_at"),
        )
        read_only_fields = fields


class DrawnSerializer(serializers.Serializer[Any]):
    """A conversation that the lot gives."""

    id = serializers.CharField(source="item.id", help_text="As its room calls it: a call its id, a ticket its number.")
    person = serializers.CharField(source="item.person", help_text="The agent's code.")
    stratum = serializers.CharField(source="item.stratum")
    ticket = serializers.CharField(help_text="Its lot, 64 hexadecimal digits.")
    stratum_count = serializers.IntegerField(help_text="How many of the agent's stratum were drawn.")
    stratum_population = serializers.IntegerField(help_text="How many there were.")


class DrawCheckSerializer(serializers.Serializer[Any]):
    """What comes of drawing again."""

    is_right = serializers.BooleanField(help_text="Whether everything agrees.")
    is_seed_fixed = serializers.BooleanField(help_text="The seed is the one that the draw before had fixed.")
    is_list_whole = serializers.BooleanField(help_text="The list has the digest that was told.")
    drawn = DrawnSerializer(many=True, help_text="What the lot gives.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="Drawn, and not evaluated.")
    beyond = serializers.ListField(child=serializers.CharField(), help_text="Evaluated as drawn, and not drawn.")
