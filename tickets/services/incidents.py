"""Tickets that come from incidents: linked by hand or by the rules, and promised what the rules say of such tickets."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Invalid
from core.scope import Scope
from sla.models import Incident
from tickets import selectors
from tickets.calc.rules import Matter, first_match
from tickets.calc.states import OPEN, State
from tickets.calc.terms import is_looser
from tickets.models import Ticket, TicketEvent, TicketIncident
from tickets.services.events import event_add
from tickets.services.moves import FROM_INCIDENT, NOT_FROM_INCIDENT, saved, ticket_lock
from tickets.services.terms import rules_share, terms_of_policy
from tickets.services.work import terms_apply


def matter_of(ticket: Ticket, *, is_incident: bool) -> Matter:
    """Return what the rules look at of a ticket that stands."""
    return Matter(
        reason=ticket.reason.code if ticket.reason else "",
        queue=ticket.queue.code if ticket.queue else "",
        channel=ticket.channel,
        text=f"{ticket.subject}\n{ticket.text}",
        is_incident=is_incident,
        customer=ticket.customer_key,
    )


@transaction.atomic
def ticket_incident_link(*, scope: Scope, uuid: UUID, incident: Incident) -> Ticket:
    """Note that a ticket comes from an incident; unless somebody chose its tier, the rules look at it again.

    Raises:
        NotFound: The ticket does not exist for the caller.
        Forbidden: The role may not work on tickets, or not see incidents.
        Invalid: The incident is another vendor's.
    """
    ticket = _locked(scope, uuid, incident)
    link = TicketIncident(vendor_id=ticket.vendor_id, ticket=ticket, incident=incident, linked_at=scope.at)
    links = TicketIncident.objects.visible_to(scope)
    if links.filter(ticket=ticket, incident=incident).exists():
        return ticket
    link.save(force_insert=True)
    event_add(scope=scope, event=TicketEvent(ticket=ticket, kind=FROM_INCIDENT, facts={"incident": incident.number}))
    _promise_again(scope, ticket)
    return saved(scope, ticket, "ticket.incident_linked", {"incident": [None, incident.number]})


@transaction.atomic
def ticket_incident_unlink(*, scope: Scope, uuid: UUID, incident: Incident) -> Ticket:
    """Note that a ticket does not come from an incident after all; the rules look at it again.

    Raises:
        NotFound, Forbidden, Invalid: As :func:`ticket_incident_link`.
    """
    ticket = _locked(scope, uuid, incident)
    gone, _rows = TicketIncident.objects.visible_to(scope).filter(ticket=ticket, incident=incident).delete()
    if not gone:
        return ticket
    facts = {"incident": incident.number}
    event_add(scope=scope, event=TicketEvent(ticket=ticket, kind=NOT_FROM_INCIDENT, facts=facts))
    _promise_again(scope, ticket)
    return saved(scope, ticket, "ticket.incident_unlinked", {"incident": [incident.number, None]})


def _locked(scope: Scope, uuid: UUID, incident: Incident) -> Ticket:
    scope.require("tickets.edit")
    scope.require("incidents.view")
    # Before the ticket: whoever changes the rules marks tickets afterwards.
    rules_share(vendor_id=selectors.ticket_get(scope=scope, uuid=uuid).vendor_id)
    ticket = ticket_lock(scope=scope, uuid=uuid)
    if incident.vendor_id != ticket.vendor_id:
        message = _("This incident is another vendor's.")
        raise Invalid("other_vendor", message, fields={"number": [message]})
    return ticket


def _promise_again(scope: Scope, ticket: Ticket) -> None:
    if (ticket.policy_pinned and not ticket.pinned_by_vendor) or State(ticket.state) not in OPEN:
        return
    is_incident = ticket.pk in selectors.tickets_with_incident(scope=scope, pks=[ticket.pk])
    policies = selectors.policies_in_force(scope=scope, vendor_id=ticket.vendor_id)
    policy = first_match(policies, matter_of(ticket, is_incident=is_incident))
    if policy is None:
        return
    terms = terms_of_policy(scope=scope, policy=policy)
    if not scope.is_client and is_looser(ticket.terms.body, terms.body):
        # A link is a fact that a vendor may note; what was promised before stands, also when the rules change again.
        ticket.policy_pinned = ticket.pinned_by_vendor = True
        return
    ticket.policy_pinned = ticket.pinned_by_vendor = False
    event = terms_apply(ticket=ticket, terms=terms)
    if event is not None:
        event_add(scope=scope, event=event)
