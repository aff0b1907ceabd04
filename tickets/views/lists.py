"""The list of tickets, and giving some of them to somebody at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.calc.access import fields_readable
from core.components import Action, Crumb
from core.errors import Conflict, Invalid
from core.filters import Chip
from core.http import scope_of
from core.lists import BulkAction, ListPage
from core.scope import Scope
from tickets import selectors, services
from tickets.filters import OPEN_GROUP, TicketFilter
from tickets.forms import AssignForm
from tickets.tables import TicketTable

TICKETS = Crumb(gettext_lazy("Tickets"), reverse_lazy("tickets:ticket_list"))
ASSIGNED_MOST = 200


class TicketList(ListPage):
    """Tickets, what will be overdue next first; the open ones unless asked otherwise."""

    name = "tickets"
    title = gettext_lazy("Tickets")
    intro = gettext_lazy("What customers wait for, the most pressing first; each promise has its own clock.")
    permission = "tickets.view"
    crumbs = (Crumb(gettext_lazy("Tickets")),)
    table_class = TicketTable
    filterset_class = TicketFilter
    template_name = "tickets/ticket_list.html"
    action = Action(gettext_lazy("New ticket"), reverse_lazy("tickets:ticket_create"), "plus", "tickets.edit")
    bulk_actions = (BulkAction(gettext_lazy("Assign…"), reverse_lazy("tickets:bulk_assign"), "tickets.assign"),)
    empty_text = gettext_lazy(
        "Tickets are opened here, from a call’s page or by another program. First give each vendor policies: they "
        "say what is promised of a ticket."
    )
    empty_action = action

    def get_rows(self, scope: Scope) -> Any:
        tickets = selectors.with_names(scope=scope, tickets=selectors.ticket_list(scope=scope))
        return selectors.with_due_first(tickets=tickets)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        readable = fields_readable(scope.role, scope.side, "ticket")
        return sorted(set(TicketTable.base_columns) - readable - ({"vendor"} if scope.is_client else set())) + (
            [] if scope.is_client else ["vendor"]
        )

    def get_context(self, scope: Scope) -> dict[str, Any]:
        rules = Action(_("Policies and calendars"), reverse("tickets:rules"), "adjustments")
        replies = Action(_("Quick replies"), reverse("tickets:reply_list"), "message")
        context: dict[str, Any] = {"menu": [rules, replies]}
        if not selectors.ticket_list(scope=scope).exists():
            context["is_filtered"] = False
            if scope.can("tickets.rules") and not selectors.policy_list(scope=scope).exists():
                context["empty_action"] = Action(_("Set up policies"), rules.url, "adjustments")
        else:
            context["is_filtered"] = True
        return context

    def _filtered(self, request: HttpRequest, scope: Scope) -> tuple[Any, Any, list[Chip]]:
        rows, filterset, chips = super()._filtered(request, scope)
        if request.GET.get("state", OPEN_GROUP) == OPEN_GROUP:
            chips = [chip for chip in chips if chip.name != "state"]
        return rows, filterset, chips


@require_POST
def bulk_assign(request: HttpRequest) -> HttpResponse:
    """Ask who gets the chosen tickets, then give them; those that cannot be given are named."""
    scope = scope_of(request)
    scope.require("tickets.assign")
    tickets = list(
        selectors.with_due_first(tickets=selectors.ticket_list(scope=scope)).filter(
            uuid__in=_uuids(request.POST.getlist("selected"))
        )
    )
    if not tickets:
        messages.info(request, _("Choose tickets first."))
        return redirect("tickets:ticket_list")
    form = AssignForm(request.POST if "handler" in request.POST else None, scope=scope, tickets=tickets)
    if not form.is_valid():
        context = {
            "title": _("Assign tickets"),
            "crumbs": (TICKETS, Crumb(_("Assign tickets"))),
            "form": form,
            "tickets": tickets,
            "submit_label": _("Assign"),
            "cancel_url": TICKETS.url,
        }
        return render(request, "tickets/assign.html", context, status=422 if form.is_bound else 200)
    handler = form.cleaned_data["handler"]
    given, refused = 0, []
    for ticket in tickets:
        try:
            services.ticket_assign(
                scope=scope,
                uuid=ticket.uuid,
                expected_version=ticket.version,
                handler=UUID(handler) if handler else None,
            )
        except (Conflict, Invalid) as refusal:
            refused.append(f"{ticket}: {refusal.message}")
        else:
            given += 1
    if given:
        text = ngettext("%(count)s ticket assigned.", "%(count)s tickets assigned.", given) % {"count": given}
        messages.success(request, text)
    for line in refused:
        messages.warning(request, line)
    return redirect("tickets:ticket_list")


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[:ASSIGNED_MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
