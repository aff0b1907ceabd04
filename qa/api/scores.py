"""The interface of QA scores, and of the KPIs that are kept of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from calls.queries import period_of, vendor_named
from core.endpoints import unknown
from core.http import scope_of
from qa import selectors
from qa.calc.estimates import ACCURACY_TARGETS
from qa.calc.kpis import QaKpi
from qa.selectors import Group, Scored
from qa.serializers.scores import QaKpiQuery, QaKpisSerializer, ScoreQuery, ScoresSerializer
from sla.queries import measured_asked


class ScoresView(APIView):
    """QA scores of groups."""

    permission = "qa.view"

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="qa_scores", tags=["quality"], parameters=[ScoreQuery], responses=ScoresSerializer
    )
    def get(self, request: Request) -> Response:
        """Return QA scores by vendor, contract, queue, team or agent for the conversations of some days.

        Each evaluation counts for the conversations that it stands for. Only what was drawn counts; of the other side's
        evaluations what is released.
        """
        scope, query = scope_of(request._request), ScoreQuery.read(request.query_params)
        scope.require("qa.view")
        first, until = period_of(query)
        vendor = vendor_named(scope=scope, text=query["vendor"]) if "vendor" in query else None
        if query["form"] not in selectors.form_codes(scope=scope):
            raise unknown("form", query["form"])
        found = selectors.scores_by(
            scope=scope,
            group=Group(query["by"]),
            side=query["side"],
            form_code=query["form"],
            first=first,
            last=until - timedelta(days=1),
            vendor_id=vendor.pk if vendor else None,
        )
        return Response(ScoresSerializer({"results": [_told(one) for one in found]}).data)


def _told(one: Scored) -> dict[str, Any]:
    score = one.score
    return {
        "vendor": one.vendor_name,
        "name": one.name,
        "id": one.reference,
        "evaluations": score.evaluations,
        "numerator": float(score.numerator),
        "denominator": float(score.denominator),
        "value": float(score.ratio or 0),
        "interval": score.interval,
        "plain_mean": float(score.naive or 0),
        "failed": one.failed,
        "accuracy": {
            family.value: {
                "numerator": share.numerator,
                "denominator": share.denominator,
                "ratio": float(share.ratio),
                "interval": share.interval,
                "target": float(ACCURACY_TARGETS[family]),
            }
            for family, share in one.accuracy.items()
        },
    }


class QaKpisView(APIView):
    """What is kept of the scores by contract and day."""

    permission = "kpis.view"

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="qa_kpis", tags=["quality"], parameters=[QaKpiQuery], responses=QaKpisSerializer
    )
    def get(self, request: Request) -> Response:
        """Return by contract the QA scores and the critical-error accuracies of both sides.

        A conversation counts on its own local day, once its evaluation is released and the other side has none open.
        """
        scope, query = scope_of(request._request), QaKpiQuery.read(request.query_params)
        scope.require("kpis.view")
        kpis = [query["kpi"]] if "kpi" in query else [kpi.value for kpi in QaKpi]
        results = measured_asked(scope=scope, query=query, kpis=kpis)
        return Response(QaKpisSerializer({"results": results}).data)
