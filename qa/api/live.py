"""The interface of flagged calls: the phone system flags, people help, and the figures of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from calls.deeds import Deed, refused
from calls.queries import VendorQuery, vendor_named
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint, MomentField
from core.http import scope_of
from core.scope import Scope
from qa import selectors, services
from qa.api.scripts import vendor_of
from qa.calc.live import Intervention, LiveOutcome, LiveReason, LiveState
from qa.models import LiveCall
from qa.serializers.live import (
    FlagSerializer,
    LiveCloseSerializer,
    LiveFiguresSerializer,
    LiveSerializer,
    LiveTakeSerializer,
)
from qa.services import Flag
from vendors import selectors as vendors
from vendors.models import Vendor


class LivePages(Pages):
    """The newest flag first."""

    ordering: Any = ("-flagged_at", "-pk")


class FlagsQuery(VendorQuery):
    """What flags are asked for by."""

    state = serializers.ChoiceField(required=False, choices=[each.value for each in LiveState])
    call = serializers.CharField(required=False, max_length=100, help_text="The phone system's id of the call.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        moments = {
            "from": MomentField(required=False, help_text="Flagged at this moment or later."),
            "to": MomentField(required=False, help_text="Flagged before this moment."),
        }
        return {**super().get_fields(), **moments}


class FiguresQuery(FlagsQuery):
    """Which flags are counted."""

    search = None  # type: ignore[assignment]
    state = None  # type: ignore[assignment]
    call = None  # type: ignore[assignment]


def _flags(scope: Scope, query: dict[str, Any]) -> QuerySet[LiveCall]:
    rows = selectors.live_list(scope=scope)
    if "vendor" in query:
        rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
    names = {"state": "state", "call": "external_id", "from": "flagged_at__gte", "to": "flagged_at__lt"}
    return rows.filter(**{lookup: query[name] for name, lookup in names.items() if name in query})


class LiveDeed(Deed):
    """Something that is done with a flagged call, answered with it."""

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        live = selectors.live_get(scope=scope, uuid=row.uuid)
        return dict(LiveSerializer(live, context={"request": request}).data)


@extend_schema_view(get=extend_schema(operation_id="live_calls_list", parameters=[FlagsQuery], tags=["quality"]))
class LiveListView(ListEndpoint, LiveDeed):
    """Flagged calls, the newest first; an agent's own."""

    permission = "live.view"
    serializer_class = LiveSerializer
    query_class = FlagsQuery
    pagination_class = LivePages
    search_fields = ("detail", "external_id")
    body_class, status = FlagSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[LiveCall]:
        return _flags(scope, query)

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="live_calls_flag",
        tags=["quality"],
        summary="Flag a call in progress",
        parameters=[IDEMPOTENCY_KEY],
        request=FlagSerializer,
        responses={201: LiveSerializer},
    )
    def post(self, request: Request) -> Response:
        """Flag a call in progress and tell the leads; a call that is flagged and not closed yet is the same flag."""
        scope = scope_of(request._request)
        scope.require("live.flag")
        body = self.body_read(request)
        vendor = vendor_of(scope, body)
        parts = {name: _part(scope, vendor, name, body) for name in ("agent", "queue")}

        def do(body: dict[str, Any]) -> LiveCall:
            flag = Flag(
                reason=LiveReason(body["reason"]),
                detail=body["detail"],
                external_id=body["call"],
                began_at=body.get("began_at"),
                is_from_switch=body["by_switch"] and scope.agent_id is None,
                **parts,
            )
            return services.live_flag(scope=scope, vendor=vendor, flag=flag)

        return self.done_once(request, vendor.pk, do)


def _part(scope: Scope, vendor: Vendor, name: str, body: dict[str, Any]) -> Any:
    if name not in body:
        return None
    rows: Any = vendors.agent_list(scope=scope) if name == "agent" else vendors.queue_list(scope=scope)
    found = rows.filter(vendor=vendor, code=body[name]).first()
    if found is None:
        raise refused(name, _("Not found."))
    return found


@extend_schema_view(get=extend_schema(operation_id="live_calls_retrieve", tags=["quality"]))
class LiveDetailView(DetailEndpoint):
    """One flagged call."""

    permission = "live.view"
    serializer_class = LiveSerializer

    def get_row(self, scope: Scope, uuid: Any) -> LiveCall:
        return selectors.live_get(scope=scope, uuid=uuid)


class LiveTakeView(LiveDeed):
    """Going to help."""

    permission = "live.take"
    body_class = LiveTakeSerializer

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="live_calls_take",
        tags=["quality"],
        summary="Go and help",
        parameters=[IDEMPOTENCY_KEY],
        request=LiveTakeSerializer,
        responses={200: LiveSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Go and help; of two who do, the second is told that somebody is there already."""
        scope = scope_of(request._request)
        scope.require("live.take")
        return self.done_once(
            request,
            selectors.live_get(scope=scope, uuid=uuid).vendor_id,
            lambda body: services.live_take(scope=scope, uuid=uuid, expected_version=body["version"]),
        )


class LiveCloseView(LiveDeed):
    """Noting what was done."""

    permission = "live.take"
    body_class = LiveCloseSerializer

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="live_calls_close",
        tags=["quality"],
        summary="Note what was done, and close",
        parameters=[IDEMPOTENCY_KEY],
        request=LiveCloseSerializer,
        responses={200: LiveSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Note what was done and what came of it; whoever helped does."""
        scope = scope_of(request._request)
        scope.require("live.take")
        return self.done_once(
            request,
            selectors.live_get(scope=scope, uuid=uuid).vendor_id,
            lambda body: services.live_close(
                scope=scope,
                uuid=uuid,
                expected_version=body["version"],
                intervention=Intervention(body["intervention"]),
                outcome=LiveOutcome(body["outcome"]),
                note=body["note"],
                external_id=body["call"],
            ),
        )


class LiveFiguresView(APIView):
    """How soon help came."""

    permission = "live.view"

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="live_figures",
        tags=["quality"],
        parameters=[FiguresQuery],
        responses={200: LiveFiguresSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return how many flags were taken, how soon, and how many nobody took."""
        scope = scope_of(request._request)
        scope.require("live.view")
        query = FiguresQuery.read(request.query_params)
        found = selectors.live_totals(scope=scope, flags=_flags(scope, query))
        return Response(LiveFiguresSerializer(found).data)
