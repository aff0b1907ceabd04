"""What the palette finds by code or name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from calls.calc.canonical import Outcome
from calls.selectors import calls_named, contract_refs
from calls.wording import OUTCOMES
from contracts.selectors import contract_list
from core.formats import moment_text
from core.scope import Scope
from tickets.selectors import ticket_list
from vendors.models import Agent, Queue, Vendor

FOUND_MAX = 10
PART_MIN, TEXT_MAX = 2, 100
TICKET_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Found:
    """One hit."""

    name: str
    code: str
    url: str


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """Hits of one kind."""

    label: str
    icon: str
    hits: tuple[Found, ...]


def search(*, scope: Scope, text: str) -> list[FoundGroup]:
    """Return the vendors, contracts, queues, agents, tickets and calls of the scope that the text names."""
    text = text.strip()[:TEXT_MAX]
    if not text or "\x00" in text:
        return []
    groups = []
    # A single letter stands in every other name; as a whole id or number it is looked up all the same.
    for label, icon, permission, rows_of, url_of in _kinds() if len(text) >= PART_MIN else ():
        if not scope.can(permission):
            continue
        rows = rows_of(scope).filter(Q(code__icontains=text) | Q(name__icontains=text)).order_by("code", "pk")
        hits = tuple(Found(row.name, _told(scope, row), url) for row in rows[:FOUND_MAX] if (url := url_of(row)))
        if hits:
            groups.append(FoundGroup(label, icon, hits))
    return groups + [group for group in (_tickets(scope, text), _calls(scope, text)) if group.hits]


def _told(scope: Scope, row: Any) -> str:
    """Return what stands beside a name: the code, and whose it is, for vendors name their queues alike."""
    return row.code if isinstance(row, Vendor) or not scope.is_client else f"{row.code} · {row.vendor.name}"


def _calls(scope: Scope, text: str) -> FoundGroup:
    """Return the calls whose id the text is, letter for letter: there may be hundreds of millions."""
    hits = []
    if scope.can("calls.view"):
        contracts = contract_refs(scope=scope)
        for call in calls_named(scope=scope, external_id=text).select_related("queue", "vendor")[:FOUND_MAX]:
            contract = contracts.get(call.contract_id)
            if contract is None:
                # For a vendor a contract exists once its terms are signed.
                continue
            told = [moment_text(call.offered_at, contract.zone), call.queue.name]
            if scope.is_client:
                told.append(call.vendor.name)
            if call.outcome == Outcome.WITHDRAWN:
                told.append(str(OUTCOMES[call.outcome]))
            url = reverse("calls:detail", args=[contract.uuid, call.external_id])
            hits.append(Found(call.external_id, " · ".join(told), url))
    return FoundGroup(_("Calls"), "phone-call", tuple(hits))


def _tickets(scope: Scope, text: str) -> FoundGroup:
    """Return the tickets of a number, written 12 or #12, or with the text as their subject."""
    number = text.removeprefix("#")
    is_number = number.isascii() and number.isdigit() and len(number) < TICKET_DIGITS
    rows = ticket_list(scope=scope) if scope.can("tickets.view") else ticket_list(scope=scope).none()
    if is_number:
        found = rows.filter(number=int(number))
    else:
        found = rows.filter(subject__icontains=text) if len(text) >= PART_MIN else rows.none()
    hits = [
        Found(row.subject, f"#{row.number}", reverse("tickets:ticket_detail", args=[row.uuid]))
        for row in found[:FOUND_MAX]
    ]
    return FoundGroup(_("Tickets"), "ticket", tuple(hits))


def _kinds() -> list[tuple[str, str, str, Callable[[Scope], Any], Callable[[Any], str]]]:
    def vendors(scope: Scope) -> Any:
        return Vendor.objects.visible_to(scope)

    def contracts(scope: Scope) -> Any:
        return contract_list(scope=scope).select_related("vendor")

    def queues(scope: Scope) -> Any:
        return Queue.objects.visible_to(scope).select_related("vendor")

    def agents(scope: Scope) -> Any:
        return Agent.objects.visible_to(scope).select_related("vendor")

    return [
        (_("Vendors"), "building-community", "vendors.view", vendors, _page("vendors:vendor_detail")),
        (_("Contracts"), "contract", "contracts.view", contracts, _page("reports:contract")),
        (_("Queues"), "phone-incoming", "vendors.view", queues, _page("vendors:queue_detail")),
        (_("Agents"), "headset", "agents.view", agents, _page("vendors:agent_detail")),
    ]


def _page(name: str) -> Callable[[Any], str]:
    def url_of(row: Any) -> str:
        try:
            return reverse(name, args=[row.uuid])
        except NoReverseMatch:
            return ""

    return url_of
