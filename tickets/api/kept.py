"""The interface of scripts with their review, of the client's own remarks, and of kept views."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from calls.deeds import Deed, refused
from calls.queries import VendorQuery, vendor_named
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint, Query
from core.errors import BadParameter, NotFound
from core.http import scope_of
from core.scope import Scope
from tickets import selectors, services
from tickets.calc.outbound import ScriptState
from tickets.models import ClientRemark, Script, Ticket, TicketView
from tickets.serializers.kept import (
    ClientRemarkNewSerializer,
    ClientRemarkSerializer,
    ScriptNewSerializer,
    ScriptReviewSerializer,
    ScriptSerializer,
    TicketViewSerializer,
)
from vendors.models import Vendor
from vendors.selectors import vendor_of_id


class ScriptPages(Pages):
    """The newest version first."""

    ordering: Any = ("-written_at", "-pk")


class RemarkPages(Pages):
    """The oldest remark first."""

    ordering: Any = ("at", "pk")


class ViewPages(Pages):
    """Views by name."""

    ordering: Any = ("name", "uuid")


class ScriptQuery(VendorQuery):
    """What scripts are asked for by."""

    state = serializers.ChoiceField(required=False, choices=[state.value for state in ScriptState])


class ScriptDeed(Deed):
    """Something that a program does with a script, answered with it."""

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        script = selectors.script_get(scope=scope, uuid=row.uuid)
        return dict(ScriptSerializer(script, context={"request": request}).data)


@extend_schema_view(get=extend_schema(operation_id="scripts_list", parameters=[ScriptQuery], tags=["outbound"]))
class ScriptListView(ListEndpoint, ScriptDeed):
    """Every version of every script, the newest first, and how its review stands."""

    permission = "campaigns.view"
    serializer_class = ScriptSerializer
    query_class = ScriptQuery
    pagination_class = ScriptPages
    search_fields = ("name", "text")
    body_class, status = ScriptNewSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Script]:
        rows = selectors.script_list(scope=scope)
        if "vendor" in query:
            rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
        return rows.filter(state=query["state"]) if "state" in query else rows

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="scripts_create",
        tags=["outbound"],
        summary="Write a script, or another version of one",
        parameters=[IDEMPOTENCY_KEY],
        request=ScriptNewSerializer,
        responses={201: ScriptSerializer},
    )
    def post(self, request: Request) -> Response:
        """Write a version; no campaign goes live with it before a second person of the client approves it."""
        scope = scope_of(request._request)
        scope.require("campaigns.edit")
        body = self.body_read(request)
        vendor = _vendor_of(scope, body)
        return self.done_once(
            request,
            vendor.pk,
            lambda body: services.script_write(scope=scope, vendor=vendor, name=body["name"], text=body["text"]),
        )


def _vendor_of(scope: Scope, body: dict[str, Any]) -> Vendor:
    if "vendor" not in body:
        if scope.is_client:
            raise refused("vendor", _("Name the vendor."))
        own: Vendor = vendor_of_id(scope=scope, vendor_id=scope.organization_id)
        return own
    try:
        named: Vendor = vendor_named(scope=scope, text=body["vendor"])
    except BadParameter as error:
        raise refused("vendor", error.message) from error
    return named


@extend_schema_view(get=extend_schema(operation_id="scripts_retrieve", tags=["outbound"]))
class ScriptDetailView(DetailEndpoint):
    """One version of a script."""

    permission = "campaigns.view"
    serializer_class = ScriptSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Script:
        return selectors.script_get(scope=scope, uuid=uuid)


class ScriptReviewView(ScriptDeed):
    """The review of a version."""

    permission = "scripts.review"
    body_class = ScriptReviewSerializer

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="scripts_review",
        tags=["outbound"],
        summary="Approve a version, or send it back",
        parameters=[IDEMPOTENCY_KEY],
        request=ScriptReviewSerializer,
        responses={200: ScriptSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Approve a version or send it back; people of the client only, with their own tokens, and never its writer."""
        scope = scope_of(request._request)
        return self.done_once(
            request,
            selectors.script_get(scope=scope, uuid=uuid).vendor_id,
            lambda body: services.script_review(
                scope=scope,
                uuid=uuid,
                expected_version=body["version"],
                is_approved=body["is_approved"],
                review_note=body["review_note"],
            ),
        )


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
