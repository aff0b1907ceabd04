"""What the palette finds by code or name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from contracts.selectors import contract_list
from core.scope import Scope
from tickets.selectors import ticket_list
from vendors.models import Agent, Queue, Vendor

FOUND_MAX = 10
TEXT_MIN, TEXT_MAX = 2, 60
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
    """Return the vendors, contracts, queues, agents and tickets of the scope that the text names."""
    text = text.strip()[:TEXT_MAX]
    if len(text) < TEXT_MIN or "\x00" in text:
        return []
    groups = []
    for label, icon, permission, rows_of, url_of in _kinds():
        if not scope.can(permission):
            continue
        rows = rows_of(scope).filter(Q(code__icontains=text) | Q(name__icontains=text))
        hits = tuple(
            Found(row.name, row.code, url) for row in rows.order_by("code", "pk")[:FOUND_MAX] if (url := url_of(row))
        )
        if hits:
            groups.append(FoundGroup(label, icon, hits))
    tickets = _tickets(scope, text)
    return [*groups, tickets] if tickets.hits else groups


def _tickets(scope: Scope, text: str) -> FoundGroup:
    """Return the tickets of a number, written 12 or #12, or with the text as their subject."""
    number = text.removeprefix("#")
    is_number = number.isascii() and number.isdigit() and len(number) < TICKET_DIGITS
    rows = ticket_list(scope=scope) if scope.can("tickets.view") else ticket_list(scope=scope).none()
    found = rows.filter(number=int(number)) if is_number else rows.filter(subject__icontains=text)
    hits = [
        Found(row.subject, f"#{row.number}", reverse("tickets:ticket_detail", args=[row.uuid]))
        for row in found[:FOUND_MAX]
    ]
    return FoundGroup(_("Tickets"), "ticket", tuple(hits))


def _kinds() -> list[tuple[str, str, str, Callable[[Scope], Any], Callable[[Any], str]]]:
    def vendors(scope: Scope) -> Any:
        return Vendor.objects.visible_to(scope)

    def contracts(scope: Scope) -> Any:
        return contract_list(scope=scope)

    return [
        (_("Vendors"), "building-community", "vendors.view", vendors, _page("vendors:vendor_detail")),
        (_("Contracts"), "contract", "contracts.view", contracts, _page("reports:contract")),
        (_("Queues"), "phone-incoming", "vendors.view", Queue.objects.visible_to, _page("vendors:queue_detail")),
        (_("Agents"), "headset", "agents.view", Agent.objects.visible_to, _page("vendors:agent_detail")),
    ]


def _page(name: str) -> Callable[[Any], str]:
    def url_of(row: Any) -> str:
        try:
            return reverse(name, args=[row.uuid])
        except NoReverseMatch:
            return ""

    return url_of
