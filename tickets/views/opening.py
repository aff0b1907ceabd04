"""A new ticket: by hand or from a call, with the promises that it will get shown before it is saved."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from calls import selectors as calls
from calls.models import Call
from contracts import selectors as contracts
from core.components import Crumb
from core.errors import Invalid, NotFound
from core.forms import FormPage
from core.http import scope_of
from core.scope import Scope
from core.templatetags import ui
from tickets import selectors, services
from tickets.forms import OpeningForm
from tickets.models import Ticket
from tickets.services import Opening
from tickets.tables import ticket_url
from tickets.views.lists import TICKETS
from tickets.wording import TIER_TONES, clock_name, due_text, duration_text

# Of what a customer brought before.
EARLIER_SHOWN = 5


def call_asked(scope: Scope, request: HttpRequest) -> Call | None:
    """Return the call that an address names by ``contract`` and ``call``.

    Raises:
        NotFound: It names one that does not exist for the caller.
    """
    external_id = request.GET.get("call", "")
    if not external_id:
        return None
    try:
        contract = UUID(request.GET.get("contract", ""))
    except ValueError:
        raise NotFound from None
    scope.require("calls.view")
    return calls.call_get(scope=scope, contract_uuid=contract, external_id=external_id)


class TicketForm(FormPage):
    """Open a ticket."""

    permission = "tickets.edit"
    title = gettext_lazy("New ticket")
    intro = gettext_lazy("Which tier it gets, and by when what is promised, follows from the vendor’s policies.")
    submit_label = gettext_lazy("Open the ticket")
    done = gettext_lazy("The ticket is open.")
    template_name = "tickets/ticket_new.html"

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        self.call = call_asked(scope, self.request)
        initial = {}
        if self.call is not None and self.call.reason is not None:
            initial = {"reason": self.call.reason.uuid, "subject": self.call.reason.name}
        return OpeningForm(data=data, initial=initial, scope=scope, from_call=self.call is not None)

    def save(self, scope: Scope, row: Any, form: Any) -> Ticket:
        return services.ticket_open(scope=scope, opening=opening_of(scope, self.call, form.cleaned_data))

    def get_done_url(self, saved: Ticket) -> str:
        return ticket_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {
            "crumbs": (TICKETS, Crumb(self.title)),
            "cancel_url": TICKETS.url,
            "call": self.call,
            "zone": contract_of_call(scope, self.call).zone if self.call else "",
            "promise_url": f"{reverse('tickets:ticket_promise')}?{self.request.GET.urlencode()}",
        }


def contract_of_call(scope: Scope, call: Call) -> Any:
    """Return the contract of a call."""
    return contracts.contract_list(scope=scope).get(pk=call.contract_id)


def opening_of(scope: Scope, call: Call | None, values: dict[str, Any]) -> Opening:
    """Return what the form said as the service takes it."""
    given: dict[str, Any] = {
        name: values[name] for name in ("text", "channel", "queue", "reason", "customer") if values.get(name)
    }
    contract = contract_of_call(scope, call) if call else values["contract"]
    return Opening(contract=contract, subject=values.get("subject", ""), call=call, **given)


@require_safe
def ticket_promise(request: HttpRequest) -> HttpResponse:
    """Show the tier and the due moments that a ticket would get, as far as it is filled in."""
    scope = scope_of(request)
    scope.require("tickets.edit")
    call = call_asked(scope, request)
    form = OpeningForm(data=request.GET, scope=scope, from_call=call is not None)
    form.is_valid()
    values = form.cleaned_data
    context: dict[str, Any] = {}
    if call is not None or values.get("contract"):
        opening = opening_of(scope, call, {**values, "customer": ""})
        try:
            policy, runs = services.ticket_promise(scope=scope, opening=opening)
        except Invalid as refusal:
            context = {"problem": next(iter(refusal.fields.values()), [refusal.message])[0]}
        else:
            zone = opening.contract.zone
            rules = selectors.policies_in_force(scope=scope, vendor_id=opening.contract.vendor_id)
            context = {
                # A number that is being typed stays out of addresses, and so of logs.
                "asks_customer": call is None and any(conditions.customers for _policy, conditions in rules),
                "policy": policy,
                "tier": ui.badge(TIER_TONES[policy.tier], policy.get_tier_display()),  # type: ignore[index]
                "clocks": [
                    (
                        clock_name(run.clock, run.level or ""),
                        duration_text(run.target_seconds or 0),
                        due_text(run.due_at, zone) if run.due_at else "",
                    )
                    for run in runs
                ],
                "zone": zone,
            }
    return render(request, "tickets/_promise.html", context)


@require_safe
def call_panel(request: HttpRequest) -> HttpResponse:
    """Show the tickets that came from a call, on the call's page, and the way to a new one."""
    scope = scope_of(request)
    scope.require("tickets.view")
    call = call_asked(scope, request)
    context: dict[str, Any] = {"tickets": [], "earlier": [], "new_url": "", "feedback_url": ""}
    if call is not None:
        context["tickets"] = selectors.call_tickets(
            scope=scope, contract_id=call.contract_id, external_id=call.external_id
        )
        earlier = selectors.customer_tickets(
            scope=scope, vendor_id=call.vendor_id, customer_key=call.customer_key
        ).exclude(pk__in=context["tickets"].values("pk"))
        context["earlier"], context["earlier_count"] = list(earlier[:EARLIER_SHOWN]), earlier.count()
        query = urlencode({"contract": request.GET["contract"], "call": call.external_id})
        if scope.can("complaints.edit"):
            context["feedback_url"] = f"{reverse('tickets:feedback_create')}?{query}"
        if scope.can("tickets.edit"):
            context["new_url"] = f"{reverse('tickets:ticket_create')}?{query}"
    return render(request, "tickets/_call_panel.html", context)
