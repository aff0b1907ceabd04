"""Reading tickets, their clocks and the rules that promise something about them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.calc.access import ROLES, permissions_of
from accounts.models import Membership
from accounts.selectors import colleague_list
from calls.models import Customer
from contracts.models import Contract
from core.periods import day_start
from core.scope import CLIENT, VENDOR, Scope
from tickets.calc.kpis import CLOCK_OF, TicketKpi
from tickets.calc.rules import Conditions
from tickets.calc.states import OPEN
from tickets.models import Calendar, Policy, QuickReply, Ticket, TicketClock, TicketEvent, TicketLink
from vendors.selectors import one

OPEN_STATES = tuple(state.value for state in OPEN)
# Whoever cannot work on tickets cannot be given one.
HANDLER_ROLES = frozenset(
    role for role in ROLES for side in (CLIENT, VENDOR) if "tickets.edit" in permissions_of(role, side)
)


def calendar_list(*, scope: Scope) -> QuerySet[Calendar]:
    """Return the calendars by vendor and name."""
    return Calendar.objects.visible_to(scope).select_related("vendor").order_by("vendor__name", "name", "pk")


def calendar_get(*, scope: Scope, uuid: UUID) -> Calendar:
    """Return one calendar; raises NotFound."""
    return one(calendar_list(scope=scope), uuid=uuid)


def policy_list(*, scope: Scope) -> QuerySet[Policy]:
    """Return the policies in the order in which they are tried."""
    policies = Policy.objects.visible_to(scope).select_related("vendor", "calendar", "callback_calendar")
    return policies.order_by("vendor__name", "position", "pk")


def policy_get(*, scope: Scope, uuid: UUID) -> Policy:
    """Return one policy; raises NotFound."""
    return one(policy_list(scope=scope), uuid=uuid)


def policies_in_force(*, scope: Scope, vendor_id: int) -> list[tuple[Policy, Conditions]]:
    """Return a vendor's active policies in order, each with what it asks for."""
    policies = policy_list(scope=scope).filter(vendor_id=vendor_id, is_active=True)
    return [(policy, conditions_of(policy=policy)) for policy in policies]


def conditions_of(*, policy: Policy) -> Conditions:
    """Return what a policy asks for."""
    return Conditions(
        reasons=frozenset(policy.reasons),
        queues=frozenset(policy.queues),
        channels=frozenset(policy.channels),
        customers=frozenset(map(int, policy.customers)),
        words=tuple(policy.words),
        only_incidents=policy.only_incidents,
    )


def ticket_list(*, scope: Scope) -> QuerySet[Ticket]:
    """Return the tickets, the newest first; an agent has those that it holds or that are on its record."""
    tickets = Ticket.objects.visible_to(scope)
    if scope.agent_id is not None:
        tickets = tickets.filter(Q(agent_id=scope.agent_id) | Q(handler_id=scope.user_id))
    return tickets.order_by("-opened_at", "-pk")


def with_names(*, scope: Scope, tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Return tickets with vendor, contract, queue, reason and agent, and the customer masked."""
    customers = Customer.objects.visible_to(scope).filter(
        vendor_id=OuterRef("vendor_id"), customer_key=OuterRef("customer_key")
    )
    return tickets.select_related("vendor", "contract", "queue", "reason", "agent").annotate(
        customer_masked=Subquery(customers.values("number_masked")[:1])
    )


def with_due_first(*, tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Return tickets in the order in which they press: the longest overdue first, what nothing is due of last."""
    return tickets.order_by(F("next_due_at").asc(nulls_last=True), F("ended_at").desc(nulls_first=True), "opened_at")


def ticket_numbered(*, scope: Scope, vendor_id: int, number: int) -> Ticket | None:
    """Return the ticket that people call by a number, if there is one for the caller."""
    return ticket_list(scope=scope).filter(vendor_id=vendor_id, number=number).first()


def call_tickets(*, scope: Scope, contract_id: int, external_id: str) -> QuerySet[Ticket]:
    """Return the tickets that came from a call."""
    return ticket_list(scope=scope).filter(contract_id=contract_id, call_external_id=external_id)


def handler_list(*, scope: Scope, vendor_ids: Collection[int]) -> QuerySet[Membership]:
    """Return the people who could take tickets of some vendors; an agent hands on to those above, or takes its own."""
    people = colleague_list(
        scope=scope, organization_ids=(*vendor_ids, scope.organization_id), roles=sorted(HANDLER_ROLES)
    )
    if scope.agent_id is None:
        return people
    return people.filter(~Q(role="agent") | Q(user_id=scope.user_id))


def ticket_get(*, scope: Scope, uuid: UUID) -> Ticket:
    """Return one ticket with its names.

    Raises:
        NotFound: There is none for the caller.
    """
    return one(with_names(scope=scope, tickets=ticket_list(scope=scope)), uuid=uuid)


def event_list(*, scope: Scope, ticket: Ticket) -> QuerySet[TicketEvent]:
    """Return what happened to a ticket, in order."""
    return TicketEvent.objects.visible_to(scope).filter(ticket=ticket).select_related("terms").order_by("sequence")


def clock_list(*, scope: Scope, ticket: Ticket) -> QuerySet[TicketClock]:
    """Return the cycles of a ticket's clocks in the order of their starts."""
    return TicketClock.objects.visible_to(scope).filter(ticket=ticket).order_by("started_at", "pk")


def linked_list(*, scope: Scope, ticket: Ticket) -> QuerySet[Ticket]:
    """Return the tickets that somebody linked with a ticket."""
    pairs = TicketLink.objects.visible_to(scope).filter(Q(first=ticket) | Q(second=ticket))
    pks = {pk for pair in pairs.values_list("first_id", "second_id") for pk in pair} - {ticket.pk}
    return ticket_list(scope=scope).filter(pk__in=pks)


def customer_tickets(*, scope: Scope, vendor_id: int, customer_key: int | None) -> QuerySet[Ticket]:
    """Return the matters that a customer ever brought to a vendor, the newest first (A76)."""
    found = ticket_list(scope=scope).filter(vendor_id=vendor_id, customer_key=customer_key)
    return found if customer_key is not None else found.none()


def quick_reply_list(*, scope: Scope, vendor_ids: Collection[int] | None = None) -> QuerySet[QuickReply]:
    """Return the quick replies by name."""
    replies = QuickReply.objects.visible_to(scope).select_related("vendor").order_by("vendor__name", "name", "pk")
    return replies if vendor_ids is None else replies.filter(vendor_id__in=vendor_ids)


def quick_reply_get(*, scope: Scope, uuid: UUID) -> QuickReply:
    """Return one quick reply; raises NotFound."""
    return one(quick_reply_list(scope=scope), uuid=uuid)


def clocks_counted(
    *,
    scope: Scope,
    kpi: TicketKpi,
    first: date,
    until: date,
    is_met: bool | None = None,
    contract_ids: Collection[int] | None = None,
) -> QuerySet[TicketClock]:
    """Return the promises behind a ticket KPI, in the order of the moments that they count on (E22).

    Args:
        scope: Who asks; an agent gets those of its own tickets.
        kpi: Which.
        first: First local day of each contract.
        until: The day after the last.
        is_met: Only those that were kept, the numerator, or only those that were broken; None for the denominator.
        contract_ids: Only of these contracts.
    """
    contracts = Contract.objects.visible_to(scope)
    if contract_ids is not None:
        contracts = contracts.filter(pk__in=contract_ids)
    within = Q(pk__in=[])
    for zone in contracts.values_list("zone", flat=True).order_by("zone").distinct():
        bounds = (day_start(first, zone), day_start(until, zone))
        within |= Q(ticket__contract__zone=zone, counted_at__gte=bounds[0], counted_at__lt=bounds[1])
    rows = TicketClock.objects.visible_to(scope).filter(within, clock=CLOCK_OF[kpi].value)
    if contract_ids is not None:
        rows = rows.filter(ticket__contract_id__in=contract_ids)
    if is_met is not None:
        rows = rows.filter(is_met=True) if is_met else rows.filter(Q(is_met=False) | Q(is_met=None))
    if scope.agent_id is not None:
        rows = rows.filter(ticket__in=ticket_list(scope=scope))
    return rows.select_related("ticket", "vendor", "ticket__contract").order_by("counted_at", "pk")
