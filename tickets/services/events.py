"""Adding to what happened to a ticket."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max

from accounts.services import rivals_refuse
from core.scope import Scope
from tickets.calc.clocks import Kind
from tickets.models import TicketEvent


def event_add(*, scope: Scope, event: TicketEvent) -> TicketEvent:
    """Append one event; the caller holds the ticket's lock, so that numbers follow each other."""
    events_add(scope=scope, events=[event])
    return event


def events_add(*, scope: Scope, events: Sequence[TicketEvent]) -> None:
    """Append events of some tickets, in their order, with two queries; the caller holds the tickets' locks.

    Raises:
        Invalid: A text of the client's names somebody of another vendor.
    """
    for event in events:
        field = "requirement" if event.kind == Kind.HOP else "text"
        rivals_refuse(scope=scope, vendor_id=event.ticket.vendor_id, texts={field: event.text})
    known = TicketEvent.objects.visible_to(scope).filter(ticket_id__in={event.ticket_id for event in events})
    last = dict(known.values_list("ticket_id").annotate(last=Max("sequence")))
    for event in events:
        last[event.ticket_id] = event.sequence = last.get(event.ticket_id, 0) + 1
        event.vendor_id = event.ticket.vendor_id
        event.at = event.at or scope.at
        event.actor_id, event.actor, event.side = scope.user_id, scope.actor[:150], scope.side
    TicketEvent.objects.visible_to(scope).bulk_create(events)
