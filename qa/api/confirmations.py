"""The interface of confirmations, and of the lines that fit what a customer said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from calls.deeds import Deed
from calls.queries import VendorQuery, vendor_named
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, ListEndpoint
from core.http import scope_of
from core.scope import Scope
from qa import selectors, services
from qa.models import ConfirmationRound
from qa.selectors import Confirmed
from qa.serializers.confirmations import (
    AskSerializer,
    LineFoundSerializer,
    NothingSerializer,
    OwnConfirmationSerializer,
    RoundSerializer,
)


class RoundPages(Pages):
    """The latest round first."""

    ordering: Any = ("-asked_at", "-pk")


class _Counted(dict[int, Confirmed]):
    """How far rounds are; those of a page are counted together when the first is asked for."""

    def __init__(self, scope: Callable[[], Scope], rounds: Callable[[], Any]) -> None:
        super().__init__()
        self.scope, self.rounds = scope, rounds

    def __missing__(self, key: int) -> Confirmed:
        self.update({row.pk: Confirmed() for row in self.rounds()})
        self.update(selectors.rounds_confirmed(scope=self.scope(), rounds=self.rounds()))
        return self.get(key, Confirmed())


@extend_schema_view(
    get=extend_schema(operation_id="script_confirmations_list", parameters=[VendorQuery], tags=["quality"])
)
class RoundListView(ListEndpoint):
    """Who was asked to confirm which version, and how many did; the latest first."""

    permission = "agents.view"
    serializer_class = RoundSerializer
    query_class = VendorQuery
    pagination_class = RoundPages
    search_fields = ("script__name", "script__code")

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[ConfirmationRound]:
        rows = selectors.round_list(scope=scope)
        return rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"])) if "vendor" in query else rows

    def paginate_queryset(self, queryset: Any) -> Any:
        self.shown = super().paginate_queryset(queryset)
        return self.shown

    def get_serializer_context(self) -> dict[str, Any]:
        # Nothing is asked before a row is told: the document is made without a request.
        counted = _Counted(lambda: scope_of(self.request._request), lambda: self.shown)
        return {**super().get_serializer_context(), "confirmed": counted}


class ConfirmationAskView(Deed):
    """Asking agents to confirm a version."""

    permission = "scripts.edit"
    body_class = AskSerializer

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        counted: Mapping[int, Confirmed] = selectors.rounds_confirmed(scope=scope, rounds=[row])
        found = {row.pk: counted.get(row.pk, Confirmed())}
        return dict(RoundSerializer(row, context={"request": request, "confirmed": found}).data)

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="script_confirmations_ask",
        tags=["quality"],
        summary="Ask agents to confirm a version",
        parameters=[IDEMPOTENCY_KEY],
        request=AskSerializer,
        responses={200: RoundSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Ask the agents of some teams to confirm a version until a day; asking again changes teams and day."""
        scope = scope_of(request._request)
        scope.require("scripts.edit")
        return self.done_once(
            request,
            selectors.script_get(scope=scope, uuid=uuid).vendor_id,
            lambda body: services.confirmation_ask(scope=scope, uuid=uuid, teams=body["teams"], due_on=body["due_on"]),
        )


class ScriptConfirmView(Deed):
    """An agent's own confirmation."""

    permission = "scripts.confirm"
    body_class = NothingSerializer

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        return dict(OwnConfirmationSerializer(row).data)

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="scripts_confirm",
        tags=["quality"],
        summary="Confirm, as an agent, that one has read a version",
        parameters=[IDEMPOTENCY_KEY],
        request=NothingSerializer,
        responses={200: OwnConfirmationSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Confirm, as an agent, that one has read a version that is in use."""
        scope = scope_of(request._request)
        scope.require("scripts.confirm")
        return self.done_once(
            request,
            selectors.script_get(scope=scope, uuid=uuid).vendor_id,
            lambda body: services.script_confirm(scope=scope, uuid=uuid),
        )


class LinesQuery(VendorQuery):
    """What a customer said."""

    search = None  # type: ignore[assignment]
    said = serializers.CharField(max_length=300, help_text="The customer's words.")
    reason = serializers.CharField(required=False, max_length=40, help_text="Code of a call reason.")


class ScriptLinesView(APIView):
    """The lines in use that fit what a customer said."""

    permission = "scripts.view"

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="script_lines_suggest",
        tags=["quality"],
        parameters=[LinesQuery],
        responses={200: LineFoundSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """Return at most five lines of scripts in use, the one whose phrase is most like what was said first."""
        scope = scope_of(request._request)
        scope.require("scripts.view")
        query = LinesQuery.read(request.query_params)
        vendor = vendor_named(scope=scope, text=query["vendor"]) if "vendor" in query else None
        found = selectors.lines_suggest(
            scope=scope, said=query["said"], reason=query.get("reason", ""), vendor_id=vendor.pk if vendor else None
        )
        return Response(LineFoundSerializer(found, many=True).data)
