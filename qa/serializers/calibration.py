"""What the interface tells and takes of calibration sessions; the rights table leaves fields out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from core.endpoints import Query
from qa.models import Calibration, CalibrationState

TEXT_MOST = 3072


class CalibrationQuery(Query):
    """What sessions are asked for by."""

    search = None  # type: ignore[assignment]
    state = serializers.ChoiceField(required=False, choices=CalibrationState.values)


class CalibrationSerializer(FieldRightsMixin, serializers.ModelSerializer[Calibration]):
    """One session as the caller's own house has it."""

    access_object = "calibration"
    id = serializers.UUIDField(source="uuid", read_only=True)
    state = serializers.ChoiceField(choices=CalibrationState.values, read_only=True)
    results = serializers.JSONField(read_only=True, help_text="Empty before the session is revealed.")

    class Meta:
        model = Calibration
        fields = (
            *("id", "part", "number", "name", "form_code", "form_name", "form_number", "deadline_at"),
            *("reveals_early", "made_at", "state", "revealed_at", "agreed_at", "results", "version"),
        )
        read_only_fields = fields


class CaseSerializer(serializers.Serializer[Any]):
    """One case of a session, with what the caller itself scored."""

    position = serializers.IntegerField()
    reference = serializers.CharField(help_text="The call's id; empty where the call is not yours.")
    text = serializers.CharField()
    consensus = serializers.DictField(child=serializers.CharField())
    consensus_remarks = serializers.DictField(child=serializers.CharField())
    answers = serializers.DictField(child=serializers.CharField(), help_text="Your own.")
    is_scored = serializers.BooleanField(help_text="Whether your own answers count.")


class CasesSerializer(serializers.Serializer[Any]):
    """The cases of a session and what is asked about each."""

    questions = serializers.JSONField(help_text="The form, as it was when the session began.")
    results = CaseSerializer(many=True)


class CalibrationScoreSerializer(serializers.Serializer[Any]):
    """What a grader answers about a case."""

    position = serializers.IntegerField(min_value=1, max_value=99, help_text="Which case.")
    answers = serializers.DictField(
        child=serializers.CharField(max_length=40), help_text="Question to the key of its answer, or `na`."
    )
    remarks = serializers.DictField(child=serializers.CharField(max_length=TEXT_MOST), required=False)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=TEXT_MOST)
    is_final = serializers.BooleanField(default=True, help_text="False keeps it without counting it.")
