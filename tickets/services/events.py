"""Adding to what happened to a ticket."""

from __future__ import annotations

from django.db.models import Max

from core.scope import Scope
from tickets.models import TicketEvent


def event_add(*, scope: Scope, event: TicketEvent) -> TicketEvent:
    """Append one event; the caller holds the ticket's lock, so that numbers follow each other."""
    events = TicketEvent.objects.visible_to(scope).filter(ticket_id=event.ticket_id)
    event.vendor_id = event.ticket.vendor_id
    event.sequence = (events.aggregate(last=Max("sequence"))["last"] or 0) + 1
    event.at = event.at or scope.at
    event.actor_id, event.actor, event.side = scope.user_id, scope.actor[:150], scope.side
    event.save(force_insert=True)
    return event
