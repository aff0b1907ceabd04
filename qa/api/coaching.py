"""The interface of coaching: reading tasks, giving them, and entering what came of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from calls.deeds import Deed, refused
from calls.queries import vendor_named
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint
from core.errors import NotFound
from core.http import scope_of
from core.scope import Scope
from qa import selectors, services
from qa.api.evaluations import TAGS
from qa.models import CoachingTask
from qa.serializers.evaluations import (
    CoachingEndSerializer,
    CoachingNewSerializer,
    CoachingQuery,
    CoachingSerializer,
)


class CoachingPages(Pages):
    """The newest task first."""

    ordering: Any = ("-made_at", "-pk")


class CoachingDeed(Deed):
    """Something that a program does with a coaching task."""

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        """Return what the caller is told of the row that it changed."""
        task = selectors.coaching_get(scope=scope, uuid=row.uuid)
        return dict(CoachingSerializer(task, context={"request": request}).data)


@extend_schema_view(get=extend_schema(operation_id="coaching_list", parameters=[CoachingQuery], tags=TAGS))
class CoachingListView(ListEndpoint, CoachingDeed):
    """Coaching tasks, the newest first; an agent's token sees the agent's own."""

    permission = "qa.view"
    serializer_class = CoachingSerializer
    query_class = CoachingQuery
    pagination_class = CoachingPages
    search_fields = ("text",)
    body_class, status = CoachingNewSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[CoachingTask]:
        rows = selectors.coaching_list(scope=scope)
        if "vendor" in query:
            rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
        if "is_open" in query:
            rows = rows.filter(done_at__isnull=query["is_open"])
        return rows

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="coaching_create",
        tags=TAGS,
        summary="Give a coaching task",
        parameters=[IDEMPOTENCY_KEY],
        request=CoachingNewSerializer,
        responses={201: CoachingSerializer},
    )
    def post(self, request: Request) -> Response:
        """Give the agent of a released evaluation something to practice."""
        scope = scope_of(request._request)
        scope.require("qa.coach")
        body = self.body_read(request)
        try:
            vendor_id = selectors.evaluation_get(scope=scope, uuid=body["evaluation"]).vendor_id
        except NotFound as error:
            raise refused("evaluation", error.message) from None
        return self.done_once(request, vendor_id, lambda given: services.coaching_give(scope=scope, **given))


@extend_schema_view(get=extend_schema(operation_id="coaching_retrieve", tags=TAGS))
class CoachingDetailView(DetailEndpoint):
    """One coaching task."""

    permission = "qa.view"
    serializer_class = CoachingSerializer

    def get_row(self, scope: Scope, uuid: Any) -> CoachingTask:
        return selectors.coaching_get(scope=scope, uuid=uuid)


class CoachingEndView(CoachingDeed):
    """What came of a task."""

    permission = "qa.coach"
    body_class = CoachingEndSerializer

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="coaching_end",
        tags=TAGS,
        summary="End a coaching task",
        parameters=[IDEMPOTENCY_KEY],
        request=CoachingEndSerializer,
        responses={200: CoachingSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Enter what came of a task; an agent cannot end its own."""
        scope = scope_of(request._request)
        vendor_id = selectors.coaching_get(scope=scope, uuid=uuid).vendor_id
        return self.done_once(
            request,
            vendor_id,
            lambda body: services.coaching_end(
                scope=scope, uuid=uuid, expected_version=body["version"], outcome=body["outcome"]
            ),
        )
