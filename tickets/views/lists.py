"""The list of tickets."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.calc.access import fields_readable
from core.components import Action, Crumb
from core.filters import Chip
from core.lists import BulkAction, CappedPaginator, ListPage
from core.scope import Scope
from tickets import selectors
from tickets.filters import OPEN_GROUP, TicketFilter
from tickets.services import Bulk
from tickets.tables import TicketTable, VersionedSelect
from tickets.views.saved import first_address, parameters_kept, views_of

TICKETS = Crumb(gettext_lazy("Tickets"), reverse_lazy("tickets:ticket_list"))


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
    select_class = VersionedSelect
    paginator_class = CappedPaginator
    bulk_actions = tuple(
        BulkAction(label, reverse_lazy("tickets:bulk", args=[kind.value]), permission)
        for kind, label, permission in (
            (Bulk.ASSIGN, gettext_lazy("Assign…"), "tickets.assign"),
            (Bulk.WAIT, gettext_lazy("Let wait…"), "tickets.edit"),
            (Bulk.COMMENT, gettext_lazy("Comment…"), "tickets.edit"),
            (Bulk.CLOSE, gettext_lazy("Close…"), "tickets.edit"),
        )
    )
    empty_text = gettext_lazy(
        "Tickets are opened here, from a call’s page or by another program. First give each vendor policies: they "
        "say what is promised of a ticket."
    )
    empty_action = action

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer with the list; its bare address leads to the view that the caller begins with."""
        if not request.GET and not request.htmx and (address := first_address(request)):  # type: ignore[attr-defined]
            return redirect(address)
        return super().get(request, **kwargs)

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
        context: dict[str, Any] = {
            "menu": [rules, replies, Action(_("Views of the list"), reverse("tickets:views_manage"), "filter")],
            "views": views_of(self.request),
            "view_query": parameters_kept(self.request, self.request.GET),
        }
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
