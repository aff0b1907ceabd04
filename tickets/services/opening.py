"""Opening tickets: which promises a matter gets, and its first event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import event_publish, rivals_refuse
from audit.rows import row_add
from calls.calc.phones import phone_normalize
from calls.models import Call, CallReason
from calls.services import customer_remember
from contracts.models import Contract
from core.errors import Invalid
from core.scope import Scope
from sla.models import Incident
from tickets import selectors
from tickets.calc.clocks import Event, Kind, Level, Run, runs_of
from tickets.calc.rules import Matter, first_match
from tickets.calc.terms import terms_read
from tickets.models import Channel, Policy, Ticket, TicketEvent, TicketIncident
from tickets.services.clocks import clocks_refresh
from tickets.services.events import event_add
from tickets.services.moves import FROM_INCIDENT
from tickets.services.terms import looser_refuse, rules_share, terms_body, terms_of_policy
from vendors.models import Agent, Queue


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody says of a new matter.

    Attributes:
        contract: Under which contract it is settled; decides the vendor.
        customer: Clear number of the customer, if known; kept encrypted.
        customer_key: The customer, where the vendor has the number already.
        incident: The incident that it comes from; the rules may find one too.
        call: The call that it came from; gives queue, reason, agent and customer unless they are said.
        policy: Chosen by hand; the first that matches otherwise.
    """

    contract: Contract
    subject: str
    text: str = ""
    channel: str = Channel.CALL.value
    queue: Queue | None = None
    reason: CallReason | None = None
    agent: Agent | None = None
    customer: str = ""
    customer_key: int | None = None
    call: Call | None = None
    policy: Policy | None = None
    incident: Incident | None = None
    opened_at: datetime | None = None


@transaction.atomic
def ticket_open(*, scope: Scope, opening: Opening) -> Ticket:
    """Open a ticket; its tier and promises follow from the vendor's policies (A85).

    Raises:
        Forbidden: The role may not open tickets.
        Invalid: The subject is missing, the queue is another vendor's, or no policy takes such tickets.
    """
    scope.require("tickets.edit")
    vendor_id, call = opening.contract.vendor_id, opening.call
    if not opening.subject.strip():
        raise Invalid("invalid", _("Please mend what is marked."), fields={"subject": [_("Say what it is about.")]})
    rivals_refuse(scope=scope, vendor_id=vendor_id, texts={"subject": opening.subject})
    queue = opening.queue or (call.queue if call else None)
    reason = opening.reason or (call.reason if call else None)
    agent = opening.agent or (call.agent if call else None)
    if agent is None and scope.agent_id is not None:
        # What an agent opens is on its own record, or it would not see it again.
        agent = Agent.objects.visible_to(scope).get(pk=scope.agent_id)
    for name, row in (
        ("queue", queue),
        ("reason", reason),
        ("agent", agent),
        ("call", call),
        ("tier", opening.policy),
        ("incident", opening.incident),
    ):
        if row is not None and row.vendor_id != vendor_id:
            message = _("This belongs to another vendor than the contract.")
            raise Invalid("other_vendor", message, fields={name: [message]})
    customer_key = call.customer_key if call else opening.customer_key
    if opening.customer:
        customer_key = customer_key_of(scope=scope, vendor_id=vendor_id, text=opening.customer)
    rules_share(vendor_id=vendor_id)
    policy, incident = _promised(scope, vendor_id, opening, queue, reason, customer_key)
    terms = terms_of_policy(scope=scope, policy=policy)
    ticket = Ticket(
        vendor_id=vendor_id,
        number=Ticket.objects.visible_to(scope).number_next(vendor_id=vendor_id),
        contract=opening.contract,
        queue=queue,
        reason=reason,
        agent=agent,
        subject=opening.subject.strip(),
        text=opening.text,
        channel=opening.channel,
        customer_key=customer_key,
        call_external_id=call.external_id if call else "",
        call_offered_at=call.offered_at if call else None,
        tier=policy.tier,
        terms=terms,
        policy_pinned=opening.policy is not None,
        pinned_by_vendor=opening.policy is not None and not scope.is_client,
        opened_at=opening.opened_at or scope.at,
    )
    row_add(scope=scope, action="ticket.opened", row=ticket, entered={"tier": ticket.tier})
    event_add(
        scope=scope,
        event=TicketEvent(
            ticket=ticket, kind=Kind.OPENED, level=Level.FIRST_LINE, terms=terms, at=ticket.opened_at, text=opening.text
        ),
    )
    if incident is not None:
        TicketIncident(
            vendor_id=vendor_id,
            ticket=ticket,
            incident=incident,
            linked_at=scope.at,
            is_automatic=opening.incident is None,
        ).save(force_insert=True)
        event_add(
            scope=scope, event=TicketEvent(ticket=ticket, kind=FROM_INCIDENT, facts={"incident": incident.number})
        )
    clocks_refresh(scope=scope, tickets=[ticket])
    event_publish(
        scope=scope,
        vendor_id=vendor_id,
        name="ticket.created",
        key=str(ticket.uuid),
        payload={"ticket": str(ticket.uuid), "number": ticket.number, "tier": ticket.tier},
    )
    return ticket


def ticket_promise(*, scope: Scope, opening: Opening) -> tuple[Policy, tuple[Run, ...]]:
    """Return the policy that a matter would get if it were opened now, and the clocks that would start; writes nothing.

    Raises:
        Invalid: No policy takes such tickets.
    """
    call = opening.call
    queue = opening.queue or (call.queue if call else None)
    reason = opening.reason or (call.reason if call else None)
    customer_key = call.customer_key if call else opening.customer_key
    policy, _incident = _promised(scope, opening.contract.vendor_id, opening, queue, reason, customer_key)
    terms = terms_read(terms_body(policy=policy, year=scope.at.year))
    return policy, runs_of([Event(at=scope.at, kind=Kind.OPENED, terms=terms, level=Level.FIRST_LINE)])


def _promised(
    scope: Scope,
    vendor_id: int,
    opening: Opening,
    queue: Queue | None,
    reason: CallReason | None,
    customer_key: int | None,
) -> tuple[Policy, Incident | None]:
    """Return the policy of a new matter, and the incident that it comes from.

    A policy for tickets of an incident also takes what its other conditions fit while callers of the queue feel an
    incident; the ticket then belongs to it.
    """
    if opening.policy is not None and scope.is_client:
        return opening.policy, opening.incident
    felt = opening.incident or selectors.incident_felt(
        scope=scope, vendor_id=vendor_id, queue_id=queue.pk if queue else None
    )
    matter = Matter(
        reason=reason.code if reason else "",
        queue=queue.code if queue else "",
        channel=opening.channel,
        text=f"{opening.subject}\n{opening.text}",
        is_incident=felt is not None,
        customer=customer_key,
    )
    found = first_match(selectors.policies_in_force(scope=scope, vendor_id=vendor_id), matter)
    if opening.policy is not None:
        if found is not None:
            former, other = (terms_body(policy=policy, year=scope.at.year) for policy in (found, opening.policy))
            looser_refuse(scope=scope, former=former, other=other, field="tier")
        return opening.policy, opening.incident
    if found is None:
        message = _("No ticket policy of this vendor takes such a ticket; add one that asks for nothing, as the last.")
        raise Invalid("no_policy", message, fields={"tier": [message]})
    return found, felt if found.only_incidents else opening.incident


def customer_key_of(*, scope: Scope, vendor_id: int, text: str) -> int:
    """Return the key of a customer by the clear number that somebody typed; the number is kept encrypted.

    Raises:
        Invalid: It is no number.
    """
    return customer_remember(scope=scope, vendor_id=vendor_id, number=number_read(text=text))


def number_read(*, text: str, field: str = "customer") -> str:
    """Return a number that somebody typed in E.164, or as it is inside a telephone system.

    Raises:
        Invalid: It is no number, beside the field.
    """
    number = phone_normalize(text.strip(), region=None)
    if number in (None, "?"):
        message = _("This is no telephone number; write it with its country code, such as +86 138 1234 8000.")
        raise Invalid(field, message, fields={field: [message]})
    return number
