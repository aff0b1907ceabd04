"""Who is named to whom about a ticket: the one place that decides it.

A vendor's own people go by name. The client's people go by name among themselves; a vendor is told the client and the
person's role, and so never who in person handles, wrote or was mentioned.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.calc.access import ROLES, permissions_of
from accounts.calc.mentions import MENTION, names_in, names_of
from accounts.models import ROLE_LABELS, Membership
from accounts.selectors import colleague_list, names_elsewhere
from core.scope import CLIENT, VENDOR, Scope
from tickets.calc.clocks import Kind
from tickets.calc.states import State
from tickets.models import Ticket, TicketEvent

# Whoever may open the pages of tickets; an agent only of its own.
VIEWER_ROLES = frozenset(
    role for role in ROLES for side in (CLIENT, VENDOR) if "tickets.view" in permissions_of(role, side)
)
# What in the facts of an event is a person of the client: the name and, beside it, the role.
NAMED = ("handler", "from", "to")
MENTIONED_MOST = 20


def person_told(scope: Scope, name: str, role: str) -> str:
    """Return what somebody is called; ``role`` is that of a person of the client and empty for all others."""
    if scope.is_client or not role:
        return name
    return _("%(client)s, %(role)s") % {"client": scope.client_name, "role": ROLE_LABELS.get(role, role)}


def handler_told(scope: Scope, ticket: Ticket) -> str:
    """Return what the handler of a ticket is called; empty for nobody."""
    return person_told(scope, ticket.handler_name, ticket.handler_role)


def events_told(scope: Scope, events: Iterable[TicketEvent]) -> list[TicketEvent]:
    """Rewrite events that were read, and are not written again, as their reader may know them."""
    events = list(events)
    elsewhere: set[str] = set()
    if not scope.is_client:
        # What the client wrote may name anybody; what a vendor wrote must not tell it who exists elsewhere.
        written = (event for event in events if event.side == CLIENT)
        named = names_in("\n".join(f"{event.text}\n{event.facts.get('requirement', '')}" for event in written))
        if named:
            elsewhere = names_elsewhere(names=named, organization_ids=[scope.organization_id])
    return [_told(scope, event, elsewhere) for event in events]


def _told(scope: Scope, event: TicketEvent, elsewhere: set[str]) -> TicketEvent:
    facts = dict(event.facts)
    roles = {name: facts.pop(f"{name}_role", "") for name in NAMED}
    mentioned = facts.pop("mentioned", {})
    for name, role in roles.items():
        if facts.get(name):
            facts[name] = person_told(scope, facts[name], role)
    if not scope.is_client:
        hidden = {name for name, role in mentioned.items() if role}
        if event.side == CLIENT:
            hidden |= elsewhere - set(mentioned)
        event.text = _without(scope, event.text, hidden, set(mentioned))
        if "requirement" in facts:
            facts["requirement"] = _without(scope, facts["requirement"], hidden, set(mentioned))
    if event.kind == Kind.STATE and event.state != State.PENDING_CUSTOMER:
        # Older rows have it of every pause and solution, of which the customer hears by an answer or a callback.
        event.is_public = False
    event.facts, event.actor = facts, scope.called(event.actor, event.side)
    return event


def _without(scope: Scope, text: str, hidden: Collection[str], known: set[str]) -> str:
    def without(found: re.Match[str]) -> str:
        name = next((name for name in names_of(found[1]) if name in known or name in hidden), "")
        return f"@{scope.client_name}{found[1][len(name) :]}" if name in hidden else found[0]

    return MENTION.sub(without, text)


def mentionable_list(*, scope: Scope, ticket: Ticket, own_only: bool = False) -> QuerySet[Membership]:
    """Return the people who may see a ticket, as far as the caller may name them.

    The client names its own people and those of the ticket's vendor; a vendor its own; nobody those of a rival.

    Args:
        scope: Who names.
        ticket: Fetched in scope.
        own_only: Only those of the client, for what the vendor does not read.
    """
    organization_ids = [scope.organization_id] if own_only else [ticket.vendor_id, scope.organization_id]
    people = colleague_list(scope=scope, organization_ids=organization_ids, roles=sorted(VIEWER_ROLES))
    sees_it = ~Q(role="agent") | Q(user_id=ticket.handler_id)
    if ticket.agent_id is not None:
        sees_it |= Q(agent_id=ticket.agent_id)
    if scope.agent_id is not None:
        # An agent is not told who its colleagues are.
        sees_it &= ~Q(role="agent") | Q(user_id=scope.user_id)
    return people.filter(sees_it)


def mentioned_in(*, scope: Scope, ticket: Ticket, text: str, own_only: bool = False) -> list[Membership]:
    """Return the people whom a text mentions by ``@name``; whoever cannot be named is nobody."""
    runs = list(dict.fromkeys(MENTION.findall(text)))[:MENTIONED_MOST]
    if not runs:
        return []
    names = {name for run in runs for name in names_of(run)}
    people = mentionable_list(scope=scope, ticket=ticket, own_only=own_only).filter(user__username__in=names)
    found = {person.user.username: person for person in people}
    # Of li and li.na, whoever has the longer name is meant.
    meant = {next((name for name in names_of(run) if name in found), "") for run in runs}
    return [person for name, person in found.items() if name in meant]


def mention_facts(people: list[Membership]) -> dict[str, Any]:
    """Return whom an event mentions, by user name, with the role of each person of the client."""
    found = {person.user.username: person.role if person.organization.side == CLIENT else "" for person in people}
    return {"mentioned": found} if found else {}
