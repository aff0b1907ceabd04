"""Giving open tickets what their policies and calendars say now, some at a time."""

from __future__ import annotations

import json

from core import sql
from core.scope import Scope, activate
from tickets import selectors
from tickets.calc.rules import first_match
from tickets.calc.terms import is_looser
from tickets.models import Terms, TicketEvent
from tickets.services.clocks import clocks_refresh
from tickets.services.events import events_add
from tickets.services.incidents import matter_of
from tickets.services.terms import terms_of_policy
from tickets.services.work import terms_apply

# So many tickets are looked at in one transaction.
SLICE = 200


def tickets_follow(*, scope: Scope) -> int:
    """Give some tickets whose rules changed their present terms and clocks.

    Returns:
        How many; 0 when none waits.
    """
    with activate(scope):
        open_tickets = selectors.ticket_list(scope=scope).filter(is_stale=True).order_by("pk")
        tickets = list(
            open_tickets.select_related("reason", "queue", "terms").select_for_update(of=("self",), skip_locked=True)[
                :SLICE
            ]
        )
        in_force = {
            vendor_id: selectors.policies_in_force(scope=scope, vendor_id=vendor_id)
            for vendor_id in {ticket.vendor_id for ticket in tickets}
        }
        policies = selectors.policy_list(scope=scope).in_bulk({ticket.terms.policy_id for ticket in tickets})
        of_incidents = selectors.tickets_with_incident(scope=scope, pks=[ticket.pk for ticket in tickets])
        terms: dict[int, Terms] = {}
        events: list[TicketEvent] = []
        for ticket in tickets:
            if ticket.ended_at is not None:
                continue
            matter = matter_of(ticket, is_incident=ticket.pk in of_incidents)
            own, ruled = policies[ticket.terms.policy_id], first_match(in_force[ticket.vendor_id], matter)
            for policy in (own, ruled):
                if policy is not None and policy.pk not in terms:
                    terms[policy.pk] = terms_of_policy(scope=scope, policy=policy)
            # What the client chose stands; what a vendor chose, until the rules promise at least as much.
            stands = ticket.policy_pinned and (
                not ticket.pinned_by_vendor or ruled is None or is_looser(terms[own.pk].body, terms[ruled.pk].body)
            )
            event = terms_apply(ticket=ticket, terms=terms[own.pk if stands or ruled is None else ruled.pk])
            if event is not None:
                ticket.version += 1
                events.append(event)
        if events:
            events_add(scope=scope, events=events)
            rows = [
                {"id": t.pk, "terms_id": t.terms_id, "tier": t.tier, "version": t.version}
                for t in (event.ticket for event in events)
            ]
            sql.execute("tickets/terms_write", {"rows": json.dumps(rows)})
        clocks_refresh(scope=scope, tickets=tickets)
    return len(tickets)
