"""What quality says of a call, on the call's page, and having a call evaluated that no lot drew."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from calls import selectors as calls
from calls.calc.canonical import Outcome
from calls.models import Call
from core.errors import Conflict, Invalid, NotFound
from core.http import scope_of, zone_of
from core.scope import Scope
from qa import selectors, services
from qa.models import Kind, LiveCall
from qa.tables.evaluations import evaluation_url, score_shown
from qa.views.coaching import form_named, forms_of


@require_safe
def call_panel(request: HttpRequest) -> HttpResponse:
    """Show the evaluations of a call, and the way to have it evaluated."""
    scope = scope_of(request)
    scope.require("qa.view")
    external_id = request.GET.get("call", "")
    if not external_id:
        return render(request, "qa/_call_panel.html", {"rows": [], "forms": []})
    call = _call(scope, request.GET.get("contract", ""), external_id)
    rows = selectors.conversation_evaluations(
        scope=scope, kind=Kind.CALL, contract_id=call.contract_id, reference=call.external_id
    )
    may_choose = scope.can("qa.evaluate") and call.outcome == Outcome.ANSWERED and call.agent_id is not None
    context = {
        "rows": [(row, score_shown(row)) for row in rows],
        "forms": forms_of(scope, call.vendor_id) if may_choose else [],
        "flags": live_flags(scope, call),
        "zone": zone_of(scope),
        "contract": request.GET["contract"],
        "call": call,
    }
    return render(request, "qa/_call_panel.html", context)


def live_flags(scope: Scope, call: Call) -> list[LiveCall]:
    """Return the flags of a call while it was going on, to whoever may know of them."""
    if not scope.can("live.view"):
        return []
    return selectors.live_of_call(scope=scope, vendor_id=call.vendor_id, external_id=call.external_id)


@require_POST
def call_choose(request: HttpRequest) -> HttpResponse:
    """Have a call evaluated that somebody chose by hand, and take it."""
    scope = scope_of(request)
    scope.require("qa.evaluate")
    call = _call(scope, request.POST.get("contract", ""), request.POST.get("call", ""))
    form = form_named(scope, call.vendor_id, request.POST.get("form", ""))
    back = redirect("calls:detail", contract=request.POST["contract"], external_id=call.external_id)
    if form is None:
        messages.error(request, _("This form is not in use at the vendor; publish it first."))
        return back
    try:
        made = services.evaluation_choose(scope=scope, call=call, form=form)
        services.evaluation_take(scope=scope, uuid=made.uuid)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return back
    except Invalid as refusal:
        messages.error(request, next(iter(refusal.fields.values()), [refusal.message])[0])
        return back
    return redirect(evaluation_url(made))


def _call(scope: Scope, contract: str, external_id: str) -> Call:
    scope.require("calls.view")
    try:
        uuid = UUID(contract)
    except ValueError:
        raise NotFound from None
    return calls.call_get(scope=scope, contract_uuid=uuid, external_id=external_id)
