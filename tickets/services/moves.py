"""What every deed on a ticket is made of: its lock, the step along its states, its holder, its entry in the book."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import event_publish
from audit.services import record
from core.errors import Conflict, Invalid, NotFound
from core.scope import CLIENT, Scope
from tickets import selectors
from tickets.calc.clocks import Clock, Kind
from tickets.calc.states import ENDED, OPEN, SOLVED, State, Step, state_after
from tickets.models import STATES, Ticket, TicketEvent
from tickets.services.clocks import clocks_refresh
from tickets.services.events import event_add

# Kinds of events that no clock hears.
NOTED, ASSIGNED, MERGED, TRIED = "noted", "assigned", "merged", "tried"
FROM_INCIDENT, NOT_FROM_INCIDENT = "incident", "no_incident"
DEEDS = {
    Step.ASSIGN: "ticket.assigned",
    Step.START: "ticket.started",
    Step.WAIT_FOR_CUSTOMER: "ticket.paused",
    Step.WAIT_FOR_THIRD_PARTY: "ticket.paused",
    Step.RESUME: "ticket.resumed",
    Step.RESOLVE: "ticket.resolved",
    Step.CALL_BACK: "ticket.called_back",
    Step.ARCHIVE: "ticket.archived",
    Step.REOPEN: "ticket.reopened",
    Step.MERGE: "ticket.merged",
    Step.CANCEL: "ticket.canceled",
    Step.TRANSFER: "ticket.transferred",
}
SAID = {Kind.REPLIED.value: "ticket.replied", Kind.ASKED.value: "ticket.asked", NOTED: "ticket.noted"}


def ticket_lock(*, scope: Scope, uuid: UUID, expected_version: int | None = None) -> Ticket:
    """Return a ticket for changing it, alone until the transaction ends.

    Raises:
        NotFound: The ticket does not exist for the caller.
        Conflict: Somebody changed it since the caller read it.
    """
    ticket = tickets_locked(scope).filter(uuid=uuid).first()
    if ticket is None:
        raise NotFound
    version_check(ticket, expected_version)
    return ticket


def tickets_locked(scope: Scope) -> QuerySet[Ticket]:
    """Return the caller's tickets, each alone once it is read."""
    return selectors.ticket_list(scope=scope).select_related("vendor", "terms").select_for_update(of=("self",))


def version_check(ticket: Ticket, expected_version: int | None) -> None:
    """Refuse with Conflict what was meant for a ticket as it stood before."""
    if expected_version is not None and ticket.version != expected_version:
        message = _("Somebody moved this ticket in the meantime; look at where it stands now.")
        raise Conflict("stale", message, details={"version": ticket.version})


def wrong_state(ticket: Ticket) -> Conflict:
    """Return the refusal of a step that is not possible from where a ticket stands."""
    message = _("This cannot be done with a ticket that is: %(state)s.")
    return Conflict("wrong_state", message % {"state": STATES[State(ticket.state)]}, details={"state": ticket.state})


def move(scope: Scope, ticket: Ticket, step: Step, text: str) -> Ticket:
    """Move a locked ticket along one edge of its states; raises Conflict where there is none."""
    former = State(ticket.state)
    wants_callback = Clock.CALLBACK.value in ticket.terms.body["targets"] and ticket.customer_key is not None
    to = state_after(former, step, callback=wants_callback)
    if to is None:
        raise wrong_state(ticket)
    state_set(scope, ticket, to, text)
    return saved(scope, ticket, DEEDS[step], {"state": [former.value, to.value]})


def state_set(scope: Scope, ticket: Ticket, to: State, text: str = "") -> None:
    """Put a locked ticket into a state, with the event; the caller saves it."""
    former = State(ticket.state)
    ticket.state = to
    if to in SOLVED and former in OPEN:
        ticket.resolved_at = scope.at
    if to in OPEN and former in SOLVED:
        ticket.resolved_at = None
        ticket.reopened_count += 1
    ticket.ended_at = scope.at if to in ENDED else None
    event_add(
        scope=scope,
        event=TicketEvent(
            ticket=ticket, kind=Kind.STATE, state=to, text=text.strip(), is_public=to is State.PENDING_CUSTOMER
        ),
    )


def saved(scope: Scope, ticket: Ticket, action: str, changes: dict[str, object]) -> Ticket:
    """Save a locked ticket with its clocks, its entry in the book and its news."""
    ticket.version += 1
    ticket.save()
    clocks_refresh(scope=scope, tickets=[ticket])
    record(scope=scope, action=action, target=ticket, changes=changes)
    if action not in SAID.values():
        event_publish(
            scope=scope,
            vendor_id=ticket.vendor_id,
            name="ticket.changed",
            key=f"{ticket.uuid}:{ticket.version}",
            payload={"ticket": str(ticket.uuid), "number": ticket.number, "state": str(ticket.state)},
        )
    return ticket


def person_of(scope: Scope, ticket: Ticket, uuid: UUID | None) -> Membership | None:
    """Return whom a deed names as the handler; None for nobody.

    Raises:
        Invalid: There is no such person who could take it.
    """
    if uuid is None:
        return None
    people = selectors.handler_list(scope=scope, vendor_ids=[ticket.vendor_id])
    person = people.filter(user__uuid=uuid).first()
    if person is None:
        message = _("There is no such person who could take it.")
        raise Invalid("invalid", message, fields={"handler": [message]})
    return person


def hold(ticket: Ticket, person: Membership | None) -> None:
    """Give a ticket to somebody, or to nobody; the caller saves it."""
    is_client = person is not None and person.organization.side == CLIENT
    ticket.handler_id = person.user_id if person else None
    ticket.handler_name = str(person.user) if person else ""
    ticket.handler_role = person.role if person and is_client else ""


def handler_entered(scope: Scope, ticket: Ticket) -> str:
    """Return the handler as the book has it, which both sides read: the client's people are the client."""
    return scope.client_name if ticket.handler_role else ticket.handler_name
