"""The interface of improvement actions: planning, steps and checks, with the same refusals as the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from calls.deeds import Deed
from calls.queries import contracts_named, vendor_named
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint
from core.http import scope_of
from core.scope import Scope
from qa import selectors, services
from qa.api.evaluations import TAGS
from qa.calc.improvement import Step
from qa.models import Improvement, ImprovementCheck
from qa.serializers.improvement import (
    ImprovementCheckSerializer,
    ImprovementNewSerializer,
    ImprovementQuery,
    ImprovementRunSerializer,
    ImprovementSerializer,
    ImprovementStepSerializer,
)


class ImprovementPages(Pages):
    """The newest first."""

    ordering: Any = ("-made_at", "-pk")


class ImprovementDeed(Deed):
    """Something that a program does with an action, answered with it."""

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        """Return what the caller is told of the row that it changed."""
        action = selectors.improvement_get(scope=scope, uuid=row.uuid)
        return dict(ImprovementSerializer(action, context={"request": request}).data)


@extend_schema_view(get=extend_schema(operation_id="improvement_list", parameters=[ImprovementQuery], tags=TAGS))
class ImprovementListView(ListEndpoint, ImprovementDeed):
    """Improvement actions, the newest first."""

    permission = "improvements.view"
    serializer_class = ImprovementSerializer
    query_class = ImprovementQuery
    pagination_class = ImprovementPages
    search_fields = ("title", "problem", "cause", "measure")
    body_class, status = ImprovementNewSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Improvement]:
        rows = selectors.improvement_list(scope=scope)
        if "vendor" in query:
            rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
        return rows.filter(**{name: query[name] for name in ("state", "metric") if name in query})

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="improvement_create",
        tags=TAGS,
        summary="Plan an improvement action",
        parameters=[IDEMPOTENCY_KEY],
        request=ImprovementNewSerializer,
        responses={201: ImprovementSerializer},
    )
    def post(self, request: Request) -> Response:
        """Plan an action; its baseline is counted by the system where it has the figures."""
        scope = scope_of(request._request)
        scope.require("improvements.edit")
        contract = contracts_named(scope=scope, text=self.body_read(request)["contract"])[0]

        def plan(body: dict[str, Any]) -> Improvement:
            values = {name: value for name, value in body.items() if name != "contract"}
            return services.improvement_plan(scope=scope, contract=contract, values=values)

        return self.done_once(request, contract.vendor_id, plan)


@extend_schema_view(get=extend_schema(operation_id="improvement_retrieve", tags=TAGS))
class ImprovementDetailView(DetailEndpoint):
    """One improvement action."""

    permission = "improvements.view"
    serializer_class = ImprovementSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Improvement:
        return selectors.improvement_get(scope=scope, uuid=uuid)


class ImprovementStepsView(ImprovementDeed):
    """Where an action goes: pilot, check, act, closed."""

    permission = "improvements.edit"
    body_class = ImprovementStepSerializer

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="improvement_step",
        tags=TAGS,
        summary="Take a step with an improvement action",
        parameters=[IDEMPOTENCY_KEY],
        request=ImprovementStepSerializer,
        responses={200: ImprovementSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Start the pilot, begin the check, roll out or send back, plan again, close.

        Acting is refused (409, `not_checked`) until the check of this round ran over a complete window.
        """
        scope = scope_of(request._request)
        vendor_id = selectors.improvement_get(scope=scope, uuid=uuid).vendor_id
        return self.done_once(
            request,
            vendor_id,
            lambda body: services.improvement_step(
                scope=scope,
                uuid=uuid,
                step=Step(body["step"]),
                expected_version=body["version"],
                text=body["text"],
                starts_on=body["starts_on"],
            ),
        )


class CheckPages(Pages):
    """The newest first."""

    ordering: Any = ("-pk",)


@extend_schema_view(get=extend_schema(operation_id="improvement_check_list", tags=TAGS))
class ImprovementCheckView(ListEndpoint, Deed):
    """The checks of an action, the newest first."""

    permission = "improvements.view"
    serializer_class = ImprovementCheckSerializer
    pagination_class = CheckPages
    search_fields = ("source",)
    body_class, status = ImprovementRunSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[ImprovementCheck]:
        action = selectors.improvement_get(scope=scope, uuid=self.kwargs["uuid"])
        return selectors.improvement_checks(scope=scope, improvement=action)

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        """Return what the check found."""
        return dict(ImprovementCheckSerializer(row, context={"request": request}).data)

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="improvement_check",
        tags=TAGS,
        summary="Run the check of an improvement action",
        parameters=[IDEMPOTENCY_KEY],
        request=ImprovementRunSerializer,
        responses={201: ImprovementCheckSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Compare pilot and control over the complete window; refused (409, `window_open`) before.

        Figures may be sent only for a metric of `other`: the system counts all else itself.
        """
        scope = scope_of(request._request)
        scope.require("improvements.edit")
        vendor_id = selectors.improvement_get(scope=scope, uuid=uuid).vendor_id

        def run(body: dict[str, Any]) -> Any:
            cells = {name: (met, every) for name, (met, every) in body.get("cells", {}).items()}
            return services.improvement_check(scope=scope, uuid=uuid, cells=cells, source=body["source"])

        return self.done_once(request, vendor_id, run)
