"""What lies beside a ticket: its files, people to mention, and the incidents that it comes from."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import Invalid
from core.http import file_response, scope_of
from sla import selectors as sla
from tickets import selectors, services
from tickets.forms import FoundForm
from tickets.tables import ticket_url

PEOPLE_MOST = 8
PANEL_MOST = 50


@require_safe
def attachment(request: HttpRequest, uuid: UUID) -> StreamingHttpResponse:
    """Send a file, always to be saved and never to be shown inside the product."""
    scope = scope_of(request)
    scope.require("tickets.view")
    file, _ticket = selectors.attachment_get(scope=scope, uuid=uuid)
    return file_response(
        selectors.attachment_path(file), file.file_name, opened=partial(services.attachment_open, file)
    )


@require_POST
def attachment_delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Delete a file of a ticket."""
    scope = scope_of(request)
    scope.require("tickets.edit")
    _file, ticket = selectors.attachment_get(scope=scope, uuid=uuid)
    services.attachment_delete(scope=scope, uuid=uuid)
    messages.success(request, _("The file is deleted."))
    return redirect(f"{ticket_url(ticket)}#files")


@require_safe
def people(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """Tell whom a text about a ticket can mention, by the beginning of their names."""
    scope = scope_of(request)
    scope.require("tickets.edit")
    ticket = selectors.ticket_get(scope=scope, uuid=uuid)
    asked = request.GET.get("q", "").strip()[:60]
    own_only = request.GET.get("for") == "remark" and scope.is_client
    found = selectors.mentionable_list(scope=scope, ticket=ticket, own_only=own_only)
    if asked:
        found = found.filter(Q(user__username__istartswith=asked) | Q(user__display_name__icontains=asked))
    people = [{"name": person.user.username, "text": str(person.user)} for person in found[:PEOPLE_MOST]]
    return JsonResponse({"people": people})


@require_safe
def incident_panel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the tickets that come from an incident, on the incident's page."""
    scope = scope_of(request)
    scope.require("tickets.view")
    scope.require("incidents.view")
    incident = sla.incident_get(scope=scope, uuid=uuid)
    tickets = selectors.incident_tickets(scope=scope, incident=incident)
    context: dict[str, Any] = {
        "incident": incident,
        "tickets": list(tickets[:PANEL_MOST]),
        "count": tickets.count(),
        "may": scope.can("tickets.edit"),
        "form": FoundForm(),
    }
    return render(request, "tickets/_incident_panel.html", context)


@require_POST
def incident_link(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Link a ticket, named by its number, to an incident."""
    scope = scope_of(request)
    scope.require("tickets.edit")
    scope.require("incidents.view")
    incident = sla.incident_get(scope=scope, uuid=uuid)
    form = FoundForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else None
    ticket = number and selectors.ticket_numbered(scope=scope, vendor_id=incident.vendor_id, number=number)
    if ticket:
        services.ticket_incident_link(scope=scope, uuid=ticket.uuid, incident=incident)
        messages.success(request, _("Ticket %(ticket)s comes from this incident.") % {"ticket": ticket})
    else:
        messages.warning(request, _("There is no ticket of this number."))
    return redirect(f"{reverse('sla:incident_detail', args=[incident.uuid])}#tickets")


@require_POST
def incident_unlink(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take back that a ticket comes from an incident; leads back to where it was asked."""
    scope = scope_of(request)
    scope.require("tickets.edit")
    ticket = selectors.ticket_get(scope=scope, uuid=uuid)
    try:
        incident = sla.incident_get(scope=scope, uuid=UUID(request.POST.get("incident", "")))
    except ValueError:
        raise Invalid("invalid", _("Name the incident.")) from None
    services.ticket_incident_unlink(scope=scope, uuid=ticket.uuid, incident=incident)
    messages.success(request, _("Ticket %(ticket)s does not come from this incident.") % {"ticket": ticket})
    if request.POST.get("from") == "incident":
        return redirect(f"{reverse('sla:incident_detail', args=[incident.uuid])}#tickets")
    return redirect(ticket_url(ticket))
