"""The interface of calibration sessions: one's own house's, with one's own scores."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from calls.deeds import Deed
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint
from core.errors import NotFound
from core.http import scope_of
from core.scope import Scope
from qa import selectors, services
from qa.models import Calibration
from qa.serializers.calibration import (
    CalibrationQuery,
    CalibrationScoreSerializer,
    CalibrationSerializer,
    CasesSerializer,
)
from qa.services import Sheet


class CalibrationPages(Pages):
    """The newest first."""

    ordering: Any = ("-pk",)


@extend_schema_view(
    get=extend_schema(operation_id="calibrations_list", parameters=[CalibrationQuery], tags=["quality"])
)
class CalibrationListView(ListEndpoint):
    """Calibration sessions, the newest first."""

    permission = "qa.compare"
    serializer_class = CalibrationSerializer
    query_class = CalibrationQuery
    pagination_class = CalibrationPages
    search_fields = ()

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Calibration]:
        rows = selectors.calibration_list(scope=scope)
        return rows.filter(state=query["state"]) if "state" in query else rows


@extend_schema_view(get=extend_schema(operation_id="calibrations_retrieve", tags=["quality"]))
class CalibrationDetailView(DetailEndpoint):
    """One calibration session."""

    permission = "qa.compare"
    serializer_class = CalibrationSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Calibration:
        return selectors.calibration_get(scope=scope, uuid=uuid)


def cases_told(scope: Scope, calibration: Calibration) -> dict[str, Any]:
    """Return the cases of a session with what the caller scored."""
    sheets = selectors.sheet_list(scope=scope, calibration=calibration).filter(seat__user_id=scope.user_id or 0)
    own = {sheet.case_id: sheet for sheet in sheets}
    rows = [
        {
            "position": case.position,
            "reference": case.reference,
            "text": case.text,
            "consensus": case.consensus,
            "consensus_remarks": case.consensus_remarks,
            "answers": own[case.pk].answers if case.pk in own else {},
            "is_scored": case.pk in own and own[case.pk].submitted_at is not None,
        }
        for case in selectors.case_list(scope=scope, calibration=calibration)
    ]
    return dict(CasesSerializer({"questions": calibration.body, "results": rows}).data)


class CalibrationCasesView(Deed, APIView):
    """The cases of a session: read, and scored."""

    permission = "qa.compare"
    body_class = CalibrationScoreSerializer

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="calibration_cases", tags=["quality"], responses=CasesSerializer
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """Return the cases of a session, with what is asked and what you answered; nobody else's answers."""
        scope = scope_of(request._request)
        scope.require("qa.compare")
        return Response(cases_told(scope, selectors.calibration_get(scope=scope, uuid=uuid)))

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="calibration_score",
        tags=["quality"],
        summary="Score a case blind",
        parameters=[IDEMPOTENCY_KEY],
        request=CalibrationScoreSerializer,
        responses={200: CasesSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Keep what you answer about a case; it can be changed until the session is revealed."""
        scope = scope_of(request._request)
        scope.require("qa.evaluate")
        calibration = selectors.calibration_get(scope=scope, uuid=uuid)

        def score(body: dict[str, Any]) -> Calibration:
            cases = selectors.case_list(scope=scope, calibration=calibration)
            case = cases.filter(position=body["position"]).first()
            if case is None:
                raise NotFound
            sheet = Sheet(body["answers"], {}, body.get("remarks", {}), body.get("comment", ""))
            services.calibration_score(scope=scope, uuid=uuid, case=case.uuid, sheet=sheet, is_final=body["is_final"])
            return calibration

        # The answers of deeds are kept by vendor; the client's are kept with the vendor of the calls.
        return self.done_once(request, calibration.owner_id or calibration.vendor_id, score)

    def told(self, scope: Scope, row: Calibration, request: Request) -> dict[str, Any]:
        return cases_told(scope, row)
