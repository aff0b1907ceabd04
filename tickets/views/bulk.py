"""One deed on the chosen tickets: what it needs is asked first, then everybody is told how it went with each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.components import Crumb
from core.errors import Invalid, NotFound
from core.forms import mark_refused
from core.http import scope_of
from core.templatetags import ui
from tickets import selectors, services
from tickets.calc.states import State, Step
from tickets.forms import BulkForm
from tickets.services import TICKETS_MOST, Bulk, Chosen, ManyDeed
from tickets.tables import ticket_url
from tickets.views.lists import TICKETS
from tickets.wording import STATE_TONES

TITLES: dict[Bulk, Any] = {
    Bulk.ASSIGN: gettext_lazy("Assign tickets"),
    Bulk.WAIT: gettext_lazy("Let tickets wait"),
    Bulk.COMMENT: gettext_lazy("Comment on tickets"),
    Bulk.CLOSE: gettext_lazy("Close tickets"),
}
VERBS: dict[Bulk, Any] = {
    Bulk.ASSIGN: gettext_lazy("Assign"),
    Bulk.WAIT: gettext_lazy("Let them wait"),
    Bulk.COMMENT: gettext_lazy("Add the comment"),
    Bulk.CLOSE: gettext_lazy("Close them"),
}


@require_POST
def bulk(request: HttpRequest, deed: str) -> HttpResponse:
    """Ask what the deed needs, then do it to each of the chosen tickets and tell how it went."""
    scope = scope_of(request)
    if deed not in set(Bulk):
        raise NotFound
    kind = Bulk(deed)
    scope.require("tickets.assign" if kind is Bulk.ASSIGN else "tickets.edit")
    chosen = _chosen(request.POST.getlist("selected"))
    tickets = list(selectors.ticket_list(scope=scope).filter(uuid__in=[row.uuid for row in chosen]))
    if not tickets:
        messages.info(request, _("Choose tickets first."))
        return redirect("tickets:ticket_list")
    # What is chosen beyond what the caller has does not exist.
    known = {ticket.uuid for ticket in tickets}
    chosen = [row for row in chosen if row.uuid in known]
    asked = "go" in request.POST
    form = BulkForm(request.POST if asked else None, scope=scope, kind=kind, tickets=tickets)
    if asked and form.is_valid():
        values = form.cleaned_data
        many = ManyDeed(
            kind=kind,
            handler=UUID(values["handler"]) if values.get("handler") else None,
            step=Step(values.get("step") or Step.WAIT_FOR_CUSTOMER),
            is_reply=values.get("kind") == "reply",
            text=values.get("text", ""),
        )
        try:
            outcomes = services.tickets_do(scope=scope, chosen=chosen, deed=many)
        except Invalid as refusal:
            mark_refused(form, refusal)
        else:
            context = {
                "title": TITLES[kind],
                "crumbs": (TICKETS, Crumb(TITLES[kind])),
                "done": sum(not row.problem for row in outcomes),
                "refused": sum(bool(row.problem) for row in outcomes),
                "outcomes": [
                    {
                        "ticket": row.ticket,
                        "url": ticket_url(row.ticket),
                        "problem": row.problem,
                        "state": ui.badge(STATE_TONES[State(row.ticket.state)], row.ticket.get_state_display()),
                    }
                    for row in outcomes
                ],
            }
            return render(request, "tickets/bulk_done.html", context)
    context = {
        "title": TITLES[kind],
        "crumbs": (TICKETS, Crumb(TITLES[kind])),
        "form": form,
        "tickets": tickets,
        "chosen": [f"{row.uuid}.{row.version}" for row in chosen],
        "submit_label": VERBS[kind],
        "cancel_url": TICKETS.url,
    }
    return render(request, "tickets/bulk.html", context, status=422 if form.is_bound else 200)


def _chosen(texts: list[str]) -> list[Chosen]:
    """Return what the check boxes posted, each a uuid and the version that was shown; what cannot be read is none."""
    found = []
    for text in texts[:TICKETS_MOST]:
        name, _dot, version = text.partition(".")
        try:
            found.append(Chosen(UUID(name), int(version)))
        except ValueError:
            continue
    return found
