"""The interface of the client's own remarks, and of kept views."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from calls.deeds import Deed
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, ListEndpoint, Query
from core.errors import NotFound
from core.http import scope_of
from core.scope import Scope
from tickets import selectors, services
from tickets.models import ClientRemark, Ticket, TicketView
from tickets.serializers.kept import (
    ClientRemarkNewSerializer,
    ClientRemarkSerializer,
    TicketViewSerializer,
)


class RemarkPages(Pages):
    """The oldest remark first."""

    ordering: Any = ("at", "pk")


class ViewPages(Pages):
    """Views by name."""

    ordering: Any = ("name", "uuid")


@extend_schema_view(get=extend_schema(operation_id="ticket_remarks_list", parameters=[Query], tags=["tickets"]))
class TicketRemarksView(ListEndpoint, Deed):
    """What the client's people noted of a ticket for themselves; to a vendor there is no such address."""

    permission = "tickets.view"
    serializer_class = ClientRemarkSerializer
    pagination_class = RemarkPages
    search_fields = ("text",)
    body_class, status = ClientRemarkNewSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[ClientRemark]:
        return selectors.remark_list(scope=scope, ticket=self._ticket(scope))

    def _ticket(self, scope: Scope) -> Ticket:
        if not scope.is_client:
            raise NotFound
        return selectors.ticket_get(scope=scope, uuid=self.kwargs["uuid"])

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        remarks = selectors.remark_list(scope=scope, ticket=row)
        remark = remarks.filter(at=scope.at, actor_id=scope.user_id).last()
        return dict(ClientRemarkSerializer(remark, context={"request": request}).data)

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="ticket_remarks_create",
        tags=["tickets"],
        summary="Note something for the client only",
        parameters=[IDEMPOTENCY_KEY],
        request=ClientRemarkNewSerializer,
        responses={201: ClientRemarkSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Note something that only the client's people read; the vendor's ticket stays as it is."""
        scope = scope_of(request._request)
        scope.require("tickets.edit")
        self._ticket(scope)
        # The answer is kept behind the client's own wall, as the remark is.
        return self.done_once(
            request,
            scope.organization_id,
            lambda body: services.ticket_remark(scope=scope, uuid=uuid, text=body["text"]),
        )


@extend_schema_view(get=extend_schema(operation_id="ticket_views_list", parameters=[Query], tags=["tickets"]))
class TicketViewListView(ListEndpoint):
    """The views of the list of tickets that the caller keeps, and those shared within the organization."""

    permission = "tickets.view"
    serializer_class = TicketViewSerializer
    pagination_class = ViewPages
    search_fields = ("name",)

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[TicketView]:
        return selectors.view_list(scope=scope)
