"""The interface of what lies beside a ticket: its files, its incidents, and the vendor that it is given to."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from calls.deeds import contract_named
from core.endpoints import IDEMPOTENCY_KEY
from core.http import file_response, scope_of
from tickets import selectors, services
from tickets.deeds import TicketDeed, incident_named, transfer_do, upload_of
from tickets.models import Ticket
from tickets.serializers import (
    TicketDetailSerializer,
    TicketFileSerializer,
    TicketIncidentSerializer,
    TicketTransferSerializer,
)


class TicketAttachmentsView(TicketDeed):
    """The files of a ticket; reading the ticket lists them."""

    permission = "tickets.edit"
    body_class, status = TicketFileSerializer, 201

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="tickets_attach",
        tags=["tickets"],
        summary="Attach a file",
        parameters=[IDEMPOTENCY_KEY],
        request=TicketFileSerializer,
        responses={201: TicketDetailSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Keep a file that the vendor and the client may read; larger ones are attached on the ticket's page."""
        scope = scope_of(request._request)

        def attach(body: dict[str, Any]) -> Ticket:
            services.attachments_add(scope=scope, uuid=uuid, uploads=[upload_of(body)])
            return selectors.ticket_get(scope=scope, uuid=uuid)

        return self.done_once(request, selectors.ticket_get(scope=scope, uuid=uuid).vendor_id, attach)


class AttachmentView(APIView):
    """One file of a ticket."""

    permission = "tickets.view"

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="ticket_attachment",
        tags=["tickets"],
        summary="Read a file",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, uuid: UUID) -> StreamingHttpResponse:
        """Return the bytes as they were sent."""
        file, _ticket = selectors.attachment_get(scope=scope_of(request._request), uuid=uuid)
        return file_response(
            selectors.attachment_path(file), file.file_name, opened=partial(services.attachment_open, file)
        )

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="ticket_attachment_delete", tags=["tickets"], summary="Delete a file", responses={204: None}
    )
    def delete(self, request: Request, uuid: UUID) -> Response:
        """Delete a file; the audit book keeps its name and digest."""
        scope = scope_of(request._request)
        scope.require("tickets.edit")
        services.attachment_delete(scope=scope, uuid=uuid)
        return Response(status=204)


class TicketIncidentsView(TicketDeed):
    """The incidents that a ticket comes from."""

    permission = "tickets.edit"
    body_class = TicketIncidentSerializer

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="tickets_incident",
        tags=["tickets"],
        summary="Link to an incident",
        parameters=[IDEMPOTENCY_KEY],
        request=TicketIncidentSerializer,
        responses={200: TicketDetailSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Note that a ticket comes from an incident, or that it does not; the policies look at it again."""
        scope = scope_of(request._request)

        def link(body: dict[str, Any]) -> Ticket:
            do = services.ticket_incident_link if body["linked"] else services.ticket_incident_unlink
            return do(scope=scope, uuid=uuid, incident=incident_named(scope, body["incident"]))

        return self.done_once(request, selectors.ticket_get(scope=scope, uuid=uuid).vendor_id, link)


class TicketTransferView(TicketDeed):
    """Whose a matter is from now on."""

    permission = "tickets.transfer"
    body_class, status = TicketTransferSerializer, 201

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="tickets_transfer",
        tags=["tickets"],
        summary="Give a matter to another vendor",
        parameters=[IDEMPOTENCY_KEY],
        request=TicketTransferSerializer,
        responses={201: TicketDetailSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """End a ticket at one vendor and open its matter at another; only the client's tokens may.

        Answers with the new ticket. The first vendor reads that the client took the ticket over, and not whose it is
        now; the second reads what the body says, and not who had it.
        """
        scope = scope_of(request._request)
        scope.require("tickets.transfer")
        selectors.ticket_get(scope=scope, uuid=uuid)
        body = self.body_read(request)
        contract = contract_named(scope, body)
        # What is kept of the answer is the second vendor's, as the ticket in it.
        return self.done_once(request, contract.vendor_id, lambda _body: transfer_do(scope, uuid, contract, body))
