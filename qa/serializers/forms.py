"""What the interface tells of forms, and what it takes of drafts."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from qa.models import Form, FormDraft

BODY = (
    "Sections with questions and answers: `sections` of `key`, `title`, `weight` (percent; all sections or none) and "
    "`questions` of `key`, `text`, `kind` (yes_no, scale, choice), `choices` (`key`, `label`, `points`, `is_failure`, "
    "`example`), `weight`, `allows_na`, `severity` (normal, critical, fatal), `family` (customer, business, "
    "compliance), `is_bonus`, `guidance`, `causes`; beside them `pass_percent` and `fatal_rule` (zero, keep)."
)


class FormSerializer(FieldRightsMixin, serializers.ModelSerializer[Form]):
    """One published version of a form."""

    access_object = "form"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    body = serializers.DictField(read_only=True, help_text=BODY)

    class Meta:
        model = Form
        fields: tuple[str, ...] = (
            *("id", "vendor", "code", "name", "number", "body", "digest", "is_live", "published_at", "published_by"),
        )
        read_only_fields = fields


class DraftSerializer(FieldRightsMixin, serializers.ModelSerializer[FormDraft]):
    """A form as it is being written."""

    access_object = "form_draft"
    id = serializers.UUIDField(source="uuid", read_only=True)
    body = serializers.DictField(read_only=True, help_text=BODY)

    class Meta:
        model = FormDraft
        fields: tuple[str, ...] = ("id", "code", "name", "body", "changed_at", "changed_by", "version")
        read_only_fields = fields


class DraftNewSerializer(serializers.Serializer[dict[str, Any]]):
    """What a new draft says."""

    code = serializers.CharField(max_length=40, help_text="Capital letters, digits and hyphens.")
    name = serializers.CharField(max_length=120)
    body = serializers.DictField(help_text=BODY)


class DraftChangeSerializer(serializers.Serializer[dict[str, Any]]):
    """What of a draft is changed."""

    version = serializers.IntegerField(min_value=1, help_text="As last read; another one is refused with 409.")
    code = serializers.CharField(required=False, max_length=40)
    name = serializers.CharField(required=False, max_length=120)
    body = serializers.DictField(required=False, help_text=BODY)


class DraftPublishSerializer(serializers.Serializer[dict[str, Any]]):
    """Where a draft comes to use."""

    version = serializers.IntegerField(min_value=1, help_text="As last read; another one is refused with 409.")
    vendors = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=200, help_text="Their codes or ids."
    )


class PublishedSerializer(serializers.Serializer[dict[str, Any]]):
    """The forms that are in use now."""

    results = FormSerializer(many=True)
