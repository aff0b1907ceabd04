"""What the interface asks and tells of scores and of the KPIs that are kept of them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from calls.queries import PeriodQuery
from qa.calc.kpis import PARTS_OF_ONE, QaKpi
from qa.models.evaluations import SIDE_NAMES
from qa.selectors import Group
from sla.queries import MeasuredQuery, MeasuredSerializer


class ScoreQuery(PeriodQuery):
    """What scores are asked for by."""

    contract = None  # type: ignore[assignment]
    form = serializers.CharField(max_length=40, help_text="The form's code, whatever its version.")
    side = serializers.ChoiceField(default="client", choices=SIDE_NAMES, help_text="Whose evaluations.")
    by = serializers.ChoiceField(default="vendor", choices=[group.value for group in Group])


class QaKpiQuery(MeasuredQuery):
    """What QA KPIs are asked for by."""

    kpi = serializers.ChoiceField(required=False, choices=[kpi.value for kpi in QaKpi], help_text="Only this one.")


class AccuracySerializer(serializers.Serializer[Any]):
    """A share with its parts."""

    numerator = serializers.IntegerField(help_text="Evaluations without an error of the family.")
    denominator = serializers.IntegerField(help_text="Evaluations in which a question of the family applied.")
    value = serializers.FloatField(source="ratio")
    interval = serializers.ListField(child=serializers.FloatField(), help_text="95 % after Wilson.")
    target = serializers.FloatField()


class ScoreSerializer(serializers.Serializer[Any]):
    """The score of one group."""

    vendor = serializers.CharField(help_text="The vendor's name.")
    name = serializers.CharField(help_text="What the group is called.")
    id = serializers.CharField(help_text="Its id; the name of a team.")
    evaluations = serializers.IntegerField()
    numerator = serializers.FloatField(help_text="Scores, each times the conversations that it stands for.")
    denominator = serializers.FloatField(help_text="The conversations that the evaluations stand for.")
    value = serializers.FloatField(help_text="Their ratio, 0..1.")
    interval = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="95 %; null where nothing tells the spread."
    )
    plain_mean = serializers.FloatField(help_text="Of the evaluations as they are; adaptive samples pull it down.")
    failed = serializers.IntegerField(help_text="Evaluations that failed as a whole.")
    accuracy = serializers.DictField(
        child=AccuracySerializer(), help_text="By family: customer, business, compliance; absent where none applied."
    )


class ScoresSerializer(serializers.Serializer[Any]):
    """The answer to a question for scores."""

    results = ScoreSerializer(many=True)


class QaKpiSerializer(MeasuredSerializer):
    """One KPI of one contract."""

    kpi = serializers.ChoiceField(choices=[kpi.value for kpi in QaKpi])
    numerator = serializers.IntegerField(
        help_text=f"Scores: in 1/{PARTS_OF_ONE} of a conversation; accuracies: evaluations without an error."
    )
    denominator = serializers.IntegerField(help_text="In the same unit.")


class QaKpisSerializer(serializers.Serializer[Any]):
    """The answer to a question for QA KPIs."""

    results = QaKpiSerializer(many=True)
