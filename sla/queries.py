"""How the KPIs that other rooms measure are asked for, and the rows that answer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rest_framework import serializers

from calls.queries import DAYS_MAX, PeriodQuery, contracts_asked, period_of
from core.scope import Scope
from sla.selectors import INTERVALS, measured_sums


class MeasuredQuery(PeriodQuery):
    """What measured KPIs are asked for by; whoever measures them says which there are."""

    interval = serializers.ChoiceField(
        default="total",
        choices=INTERVALS,
        help_text=f"One row for each; at most {DAYS_MAX['day']} days by day, {DAYS_MAX['total']} else.",
    )


class MeasuredSerializer(serializers.Serializer[Any]):
    """One KPI of one contract."""

    vendor = serializers.CharField(help_text="The vendor's code.")
    contract = serializers.CharField(help_text="The contract's code.")
    start = serializers.DateField(help_text="First day of the interval, in the contract's zone.")
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    value = serializers.FloatField(help_text="Their ratio.")


def measured_asked(*, scope: Scope, query: dict[str, Any], kpis: Collection[str]) -> list[dict[str, Any]]:
    """Return a row for each interval, contract and KPI that the parameters ask for and that has a denominator.

    Raises:
        BadParameter: A parameter names nothing that exists for the caller, or more days than are told at once.
        Forbidden: The role may not see KPIs.
    """
    first, until = period_of(query, interval=query["interval"])
    named = {contract.pk: contract for contract in contracts_asked(scope=scope, query=query)}
    rows = measured_sums(
        scope=scope, kpis=kpis, first=first, until=until, interval=query["interval"], contract_ids=list(named)
    )
    return [
        {
            "vendor": named[row.contract_id].vendor.code,
            "contract": named[row.contract_id].code,
            "kpi": row.kpi,
            "start": row.start,
            "numerator": row.numerator,
            "denominator": row.denominator,
            "value": row.numerator / row.denominator,
        }
        for row in rows
    ]
