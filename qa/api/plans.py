"""The interface of samples: plans, draws with their quotas, both lists, and drawing again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from calls.queries import VendorQuery, contracts_named, vendor_named
from core.api import Pages
from core.endpoints import DetailEndpoint, ListEndpoint, unknown
from core.errors import Forbidden
from core.http import scope_of
from core.scope import Scope
from qa import selectors
from qa.models import Draw, Plan
from qa.serializers.plans import DrawCheckSerializer, DrawSerializer, PlanSerializer

TAGS = ["quality"]
CSV = {(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR)}


class PlanPages(Pages):
    """The newest plan first."""

    ordering: Any = ("-made_at", "-pk")


class DrawPages(Pages):
    """The newest day first."""

    ordering: Any = ("-day", "-pk")


class PlanQuery(VendorQuery):
    """What plans are asked for by."""

    contract = serializers.CharField(required=False, max_length=40, help_text="The contract's code or id.")
    state = serializers.ChoiceField(required=False, choices=["live", "paused", "ended"])


class DrawQuery(VendorQuery):
    """What draws are asked for by; days are the contract's own."""

    search = None  # type: ignore[assignment]
    plan = serializers.UUIDField(required=False, help_text="The plan's id.")
    first_day = serializers.DateField(required=False, help_text="This day or later.")
    until_day = serializers.DateField(required=False, help_text="Before this day.")


def leading(scope: Scope) -> Scope:
    """Return the scope; an agent is not told who is listened to how often."""
    scope.require("qa.view")
    if scope.agent_id is not None:
        raise Forbidden
    return scope


@extend_schema_view(get=extend_schema(operation_id="sampling_plans_list", parameters=[PlanQuery], tags=TAGS))
class PlanListView(ListEndpoint):
    """Sampling plans, the newest first."""

    permission = "qa.view"
    serializer_class = PlanSerializer
    query_class = PlanQuery
    pagination_class = PlanPages
    search_fields = ("name", "form_code")

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Plan]:
        rows = selectors.plan_list(scope=leading(scope))
        if "vendor" in query:
            rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
        if "contract" in query:
            rows = rows.filter(contract_id__in=contracts_named(scope=scope, text=query["contract"]).values("pk"))
        return rows.filter(state=query["state"]) if "state" in query else rows


@extend_schema_view(get=extend_schema(operation_id="sampling_plans_get", tags=TAGS))
class PlanDetailView(DetailEndpoint):
    """One sampling plan, with the seed that was fixed when it was made."""

    permission = "qa.view"
    serializer_class = PlanSerializer

    def get_row(self, scope: Scope, uuid: UUID) -> Plan:
        return selectors.plan_get(scope=leading(scope), uuid=uuid)


@extend_schema_view(get=extend_schema(operation_id="draws_list", parameters=[DrawQuery], tags=TAGS))
class DrawListView(ListEndpoint):
    """Draws, the newest day first."""

    permission = "qa.view"
    serializer_class = DrawSerializer
    query_class = DrawQuery
    pagination_class = DrawPages

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Draw]:
        rows = selectors.draw_list(scope=leading(scope))
        if "vendor" in query:
            rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
        if "plan" in query:
            plan = selectors.plan_list(scope=scope).filter(uuid=query["plan"]).first()
            if plan is None:
                raise unknown("plan", str(query["plan"]))
            rows = rows.filter(plan=plan)
        if "first_day" in query:
            rows = rows.filter(day__gte=query["first_day"])
        return rows.filter(day__lt=query["until_day"]) if "until_day" in query else rows


@extend_schema_view(get=extend_schema(operation_id="draws_get", tags=TAGS))
class DrawDetailView(DetailEndpoint):
    """One draw, with all that is needed to repeat it."""

    permission = "qa.view"
    serializer_class = DrawSerializer

    def get_row(self, scope: Scope, uuid: UUID) -> Draw:
        return selectors.draw_get(scope=leading(scope), uuid=uuid)


class DrawView(APIView):
    """Something about one draw."""

    permission = "qa.view"

    def row(self, request: Request, uuid: UUID) -> Draw:
        """Return the draw; raises NotFound."""
        return selectors.draw_get(scope=leading(scope_of(request._request)), uuid=uuid)


class DrawCheckView(DrawView):
    """Drawing again."""

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="draws_check", tags=TAGS, responses=DrawCheckSerializer
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """Draw again from list, quotas and seed alone, and compare with what is evaluated."""
        row = self.row(request, uuid)
        check = selectors.draw_check(scope=scope_of(request._request), draw_row=row)
        return Response(DrawCheckSerializer(check).data)


class DrawPopulationView(DrawView):
    """The list that was drawn from."""

    @extend_schema(operation_id="draws_population", tags=TAGS, responses=CSV)  # type: ignore[untyped-decorator]
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Return the list as CSV (id, person, stratum), byte for byte as its digest was made."""
        return HttpResponse(selectors.population_of(self.row(request, uuid)), content_type="text/csv; charset=utf-8")


class DrawSampleView(DrawView):
    """The sample."""

    @extend_schema(operation_id="draws_sample", tags=TAGS, responses=CSV)  # type: ignore[untyped-decorator]
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Return the sample as CSV: id, person, stratum, lot, and what each stands for."""
        drawn = selectors.drawn_again(self.row(request, uuid))
        return HttpResponse(selectors.drawn_text(drawn), content_type="text/csv; charset=utf-8")
