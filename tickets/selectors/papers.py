"""Reading what lies beside tickets: files, the client's remarks, incidents, and where a matter went."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from django.db.models import Q, QuerySet

from core.errors import NotFound
from core.scope import Scope
from core.uploads import vendor_folder
from sla.calc.incidents import OPEN_STATES
from sla.models import Incident
from sla.selectors import incident_list
from tickets.models import Attachment, ClientRemark, Ticket, TicketIncident, Transfer
from tickets.selectors.work import ticket_list


def attachment_list(*, scope: Scope, ticket: Ticket) -> QuerySet[Attachment]:
    """Return the files of a ticket that was fetched in scope, the oldest first."""
    files = Attachment.objects.visible_to(scope).filter(ticket_uuid=ticket.uuid)
    return files.filter(vendor_id__in=[ticket.vendor_id, scope.organization_id]).order_by("received_at", "pk")


def attachment_get(*, scope: Scope, uuid: UUID) -> tuple[Attachment, Ticket]:
    """Return one file and its ticket; raises NotFound, also where the file exists and its ticket does not."""
    file = Attachment.objects.visible_to(scope).filter(uuid=uuid).first()
    ticket = file and ticket_list(scope=scope).filter(uuid=file.ticket_uuid).first()
    if file is None or ticket is None:
        raise NotFound
    return file, ticket


def attachment_path(file: Attachment) -> Path:
    """Return where a file lies; the name is the server's, never the sender's."""
    return attachment_folder(file.vendor_id) / str(file.uuid)


def attachment_folder(vendor_id: int) -> Path:
    """Return where an organization's files of tickets lie."""
    return vendor_folder(vendor_id) / "tickets"


def remark_list(*, scope: Scope, ticket: Ticket) -> QuerySet[ClientRemark]:
    """Return what the client's people noted for themselves, the oldest first; to a vendor there is nothing."""
    remarks = ClientRemark.objects.visible_to(scope).filter(ticket_uuid=ticket.uuid)
    return remarks.order_by("at", "pk") if scope.is_client else remarks.none()


def incidents_of(*, scope: Scope, ticket: Ticket) -> QuerySet[Incident]:
    """Return the incidents that a ticket comes from, as far as they exist for the caller."""
    links = TicketIncident.objects.visible_to(scope).filter(ticket=ticket)
    incidents = incident_list(scope=scope) if scope.can("incidents.view") else Incident.objects.visible_to(scope).none()
    return incidents.filter(pk__in=links.values("incident_id"))


def incident_tickets(*, scope: Scope, incident: Incident) -> QuerySet[Ticket]:
    """Return the tickets that come from an incident, the newest first."""
    links = TicketIncident.objects.visible_to(scope).filter(incident=incident)
    return ticket_list(scope=scope).filter(pk__in=links.values("ticket_id"))


def incident_numbered(*, scope: Scope, vendor_id: int, number: int) -> Incident | None:
    """Return the incident that people call by a number, if there is one for the caller."""
    return incident_list(scope=scope).filter(vendor_id=vendor_id, number=number).first()


def incident_felt(*, scope: Scope, vendor_id: int, queue_id: int | None) -> Incident | None:
    """Return the incident that a queue's callers feel now, the newest if there are several."""
    if queue_id is None:
        return None
    open_ones = Incident.objects.visible_to(scope).filter(vendor_id=vendor_id, state__in=OPEN_STATES)
    return open_ones.filter(affected__queue_id=queue_id).order_by("-raised_at", "-pk").first()


def tickets_with_incident(*, scope: Scope, pks: Collection[int]) -> set[int]:
    """Return which of some tickets come from an incident."""
    links = TicketIncident.objects.visible_to(scope).filter(ticket_id__in=pks)
    return set(links.values_list("ticket_id", flat=True))


def transfers_of(*, scope: Scope, ticket: Ticket) -> tuple[Ticket | None, Ticket | None]:
    """Return the ticket that a matter had at another vendor before, and the one that it has there now.

    Only the client has an answer: a transfer stands behind its own wall.
    """
    either = Q(first_uuid=ticket.uuid) | Q(second_uuid=ticket.uuid)
    transfers = list(Transfer.objects.visible_to(scope).filter(either)) if scope.is_client else []
    wanted = {uuid for row in transfers for uuid in (row.first_uuid, row.second_uuid)} - {ticket.uuid}
    if not wanted:
        return None, None
    tickets = {row.uuid: row for row in ticket_list(scope=scope).filter(uuid__in=wanted).select_related("vendor")}
    before = next((tickets.get(row.first_uuid) for row in transfers if row.second_uuid == ticket.uuid), None)
    after = next((tickets.get(row.second_uuid) for row in transfers if row.first_uuid == ticket.uuid), None)
    return before, after
