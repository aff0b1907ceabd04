"""The calls themselves: the list behind every number, one call, and its caller's number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.calc.access import fields_readable
from calls import selectors, services
from calls.calc.canonical import Outcome
from calls.filters import CallFilter
from calls.forms import NumberForm, errors_add
from calls.models import Call, FormerCall
from calls.tables import CallTable
from calls.wording import ABANDON_PLACES, DIRECTIONS, OUTCOME_TONES, OUTCOMES
from core import formats
from core.components import Action, Change, Crumb, Fact
from core.errors import Invalid
from core.filters import Chip
from core.http import scope_of
from core.lists import CappedPaginator, ListPage
from core.scope import Scope
from core.templatetags import ui

NEIGHBORS_SHOWN = 50


class CallList(ListPage):
    """The calls of one day unless asked otherwise; every number's drill-down ends here."""

    name = "calls"
    title = gettext_lazy("Calls")
    intro = gettext_lazy("The calls as the vendors reported them: what every figure is counted from.")
    permission = "calls.view"
    export_permission = "calls.export"
    crumbs = (Crumb(gettext_lazy("Calls")),)
    table_class = CallTable
    filterset_class = CallFilter
    paginator_class = CappedPaginator
    template_name = "calls/call_list.html"
    private_filters = frozenset({"customer_of"})
    empty_text = gettext_lazy("Calls appear here as soon as a file with them is loaded.")

    def get_rows(self, scope: Scope) -> Any:
        return selectors.call_list(scope=scope)

    def get_zone(self, scope: Scope) -> str:
        zone: str = self.form.zone
        return zone

    def get_context(self, scope: Scope) -> dict[str, Any]:
        context: dict[str, Any] = {"may_seek": scope.agent_id is None}
        # Asked where the list is empty only: there may be none today, and thousands before.
        context["is_filtered"] = self.is_asked or SimpleLazyObject(selectors.call_list(scope=scope).exists)
        if scope.can("calls.import"):
            context["empty_action"] = Action(_("Upload a file"), reverse("calls:import_new"), "upload")
        return context

    def forbidden_columns(self, scope: Scope) -> Iterable[str]:
        readable = fields_readable(scope.role, scope.side, "call")
        names = CallTable.base_columns
        return [name for name in names if CallTable.FIELDS.get(name, name) not in readable]

    def _filtered(self, request: HttpRequest, scope: Scope) -> tuple[Any, Any, list[Chip]]:
        rows, filterset, chips = super()._filtered(request, scope)
        self.form = filterset.form
        if self.form.is_default_period:
            chips = [chip for chip in chips if chip.name not in ("from", "to")]
        self.is_asked = bool(chips) or not self.form.is_default_period
        return rows, filterset, chips

    def _table(self, request: HttpRequest, scope: Scope, rows: Any) -> Any:
        table = super()._table(request, scope, rows)
        table.contracts = self.form.contracts
        if len(self.form.chosen()) > 1 and f"columns:{self.name}" not in request.session:
            table.columns.show("contract")
        return table


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a call's time line, in the units of the drawing."""

    name: str
    label: Any
    seconds: int
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of a call's record, and what the next older one said otherwise."""

    number: int
    kept_at: Any
    is_current: bool
    changes: list[Change]


@require_safe
def call_detail(request: HttpRequest, contract: UUID, external_id: str) -> HttpResponse:
    """Show one call with its time line, its revisions and the caller's other calls."""
    scope = scope_of(request)
    scope.require("calls.view")
    call = selectors.call_get(scope=scope, contract_uuid=contract, external_id=external_id)
    return render(request, "calls/call_detail.html", _context(scope, call))


@require_POST
def number_show(request: HttpRequest, contract: UUID, external_id: str) -> HttpResponse:
    """Show the caller's clear number to whoever says why."""
    scope = scope_of(request)
    scope.require("calls.view")
    call = selectors.call_get(scope=scope, contract_uuid=contract, external_id=external_id)
    form = NumberForm(request.POST)
    context: dict[str, Any] = {"number_form": form}
    if form.is_valid():
        try:
            context["number"] = services.number_show(scope=scope, call=call, reason=form.cleaned_data["reason"])
        except Invalid as error:
            errors_add(form, error)
    status = 200 if "number" in context else 422
    page = "calls/number.html" if request.htmx else "calls/call_detail.html"  # type: ignore[attr-defined]
    return render(request, page, _context(scope, call) | context, status=status)


@require_POST
def number_find(request: HttpRequest) -> HttpResponse:
    """Lead to the calls of whoever has a number; the number itself never stands in an address."""
    scope = scope_of(request)
    calls = services.number_find(scope=scope, number=request.POST.get("number", ""))
    address = reverse("calls:list")
    if not calls:
        messages.info(request, _("No call of this number is known here."))
        return HttpResponseRedirect(address)
    contracts = selectors.contract_refs(scope=scope)
    refs = [("customer_of", f"{contracts[call.contract_id].uuid}:{call.external_id}") for call in calls]
    return HttpResponseRedirect(f"{address}?{urlencode(refs)}")


def _context(scope: Scope, call: Call) -> dict[str, Any]:
    contract = selectors.contract_refs(scope=scope)[call.contract_id]
    readable = fields_readable(scope.role, scope.side, "call")
    neighbors = selectors.neighbor_calls(scope=scope, call=call)[:NEIGHBORS_SHOWN]
    batch = None
    if "batch" in readable and scope.can("imports.view"):
        batch = selectors.batch_list(scope=scope).filter(pk=call.batch_id).first()
    revisions = []
    if "kept_at" in readable:
        revisions = _revisions(scope, call, readable, contract.zone)
    return {
        "title": _("Call %(id)s") % {"id": call.external_id},
        "title_badge": ui.badge(OUTCOME_TONES.get(call.outcome, "neutral"), OUTCOMES[call.outcome]),
        "crumbs": [Crumb(_("Calls"), reverse("calls:list")), Crumb(call.external_id)],
        "zone": contract.zone,
        "call": call,
        "contract": contract,
        "is_withdrawn": call.outcome == Outcome.WITHDRAWN,
        "facts": _facts(call, contract.name),
        "segments": _segments(call),
        "details": _details(call, readable),
        "may_unmask": scope.can("customers.unmask") and call.customer_key is not None,
        "number_form": NumberForm(),
        "neighbors": [(other, OUTCOMES[other.outcome]) for other in neighbors],
        "batch": batch,
        "revisions": revisions,
    }


def _facts(call: Call, contract_name: str) -> list[Fact]:
    facts = [Fact(_("Queue"), call.queue.name), Fact(_("Contract"), contract_name)]
    if call.outcome == Outcome.WITHDRAWN:
        # A tombstone names the record that is taken back, and nothing besides.
        return facts
    return [
        *facts,
        Fact(_("Agent"), call.agent.name if call.agent else _("nobody")),
        Fact(_("Reason"), call.reason.name if call.reason else _("not given")),
        Fact(_("Direction"), DIRECTIONS[call.direction]),
    ]


def _details(call: Call, readable: frozenset[str]) -> list[Fact]:
    """Return what the record says besides; unknown things are left out."""
    shown = [
        ("abandon_place", _("Hung up"), ABANDON_PLACES.get(call.abandon_place or 0)),
        ("csat", _("Survey answer"), call.csat),
        ("resolved", _("Marked as resolved"), call.resolved),
        ("success", _("Aim reached"), call.success),
        ("transferred_from", _("Transferred from"), call.transferred_from),
        ("ivr_path", _("Menu path"), call.ivr_path),
        ("recording", _("Recording"), call.recording),
        ("offered_text", _("Time as the file wrote it"), call.offered_text),
        ("revision", _("Revision"), call.revision),
    ]
    return [
        Fact(label, formats.plain_text(value))
        for name, label, value in shown
        if name in readable and value not in (None, "")
    ]


def _segments(call: Call) -> list[Segment]:
    """Return the parts of the call in order; the ring is the last part of the wait."""
    ring = min(call.ring_seconds or 0, call.wait_seconds or 0)
    parts = [
        ("wait", _("In the queue"), (call.wait_seconds or 0) - ring),
        ("ring", _("Ring"), ring),
        ("talk", _("Talk"), call.talk_seconds or 0),
        ("hold", _("Hold"), call.hold_seconds or 0),
        ("wrap", _("Wrap-up"), call.wrap_seconds or 0),
    ]
    total = sum(seconds for _name, _label, seconds in parts)
    segments, at = [], 0.0
    for name, label, seconds in parts:
        if seconds:
            width = 1000 * seconds / total
            segments.append(Segment(name, label, seconds, f"{at:.2f}", f"{width:.2f}"))
            at += width
    return segments


def _revisions(scope: Scope, call: Call, readable: frozenset[str], zone: str) -> list[Revision]:
    """Return the call's states, newest first, each with what it changed."""
    former = selectors.former_calls(scope=scope, contract_id=call.contract_id, external_id=call.external_id)
    states: list[Call | FormerCall] = [call, *former]
    names = [
        field.name
        for field in FormerCall._meta.get_fields()
        if field.name in readable and field.name not in ("revision", "kept_at", "vendor")
    ]
    revisions = []
    for number, state in enumerate(states):
        older = states[number + 1] if number + 1 < len(states) else None
        changes = [] if older is None else [c for name in names if (c := _change(name, older, state, zone)) is not None]
        if older is not None and older.customer_key != state.customer_key:
            after = _("no number") if state.customer_key is None else _("another number")
            changes.append(Change(_("Customer"), None, after))
        kept_at = state.kept_at if isinstance(state, FormerCall) else None
        revisions.append(Revision(state.revision, kept_at, number == 0, changes))
    return revisions


def _change(name: str, older: Call | FormerCall, newer: Call | FormerCall, zone: str) -> Change | None:
    before, after = getattr(older, name), getattr(newer, name)
    if before == after:
        return None
    words = {"outcome": OUTCOMES, "direction": DIRECTIONS, "abandon_place": ABANDON_PLACES}.get(name)
    if words is not None:
        before, after = words.get(before), words.get(after)
    elif name.endswith("_at"):
        before, after = (moment and formats.moment_text(moment, zone, seconds=True) for moment in (before, after))
    label = Call._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return Change(capfirst(str(label)), before, after)
