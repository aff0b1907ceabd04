"""Working on tickets: every deed is an event, the clocks follow from the events, and the book knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.services import notice_send
from audit.services import record
from core.errors import Conflict, Invalid, NotFound
from core.formats import moment_text
from core.scope import Scope
from tickets import selectors
from tickets.calc.clocks import Clock, Kind, Level
from tickets.calc.states import OPEN, SOLVED, State, Step, state_after
from tickets.calc.terms import is_looser, terms_read
from tickets.models import Policy, Terms, Ticket, TicketEvent, TicketLink
from tickets.services.clocks import readings_of
from tickets.services.events import event_add
from tickets.services.moves import (
    ASSIGNED,
    MERGED,
    NOTED,
    SAID,
    TRIED,
    handler_entered,
    hold,
    move,
    person_of,
    saved,
    state_set,
    ticket_lock,
    tickets_locked,
    version_check,
    wrong_state,
)
from tickets.services.terms import looser_refuse, rules_share, terms_of_policy

# A solved matter that comes back within so many days was not solved (B6): it is reopened, not opened anew.
REOPEN_DAYS = 14
# A hop's clock is drawn out day by day.
DEADLINE_MAX = timedelta(days=366)
NEEDS_TEXT = {
    Step.WAIT_FOR_CUSTOMER: gettext_lazy("Say what the customer is asked for."),
    Step.WAIT_FOR_THIRD_PARTY: gettext_lazy("Say whom the ticket waits for, and for what."),
    Step.RESOLVE: gettext_lazy("Say how the matter was solved."),
    Step.REOPEN: gettext_lazy("Say why the matter is not solved."),
    Step.CANCEL: gettext_lazy("Say why the ticket is canceled."),
}


@dataclass(frozen=True, slots=True)
class HandOver:
    """Who takes over, until when, and what is asked of them (A89)."""

    level: Level
    requirement: str
    deadline: datetime | None = None
    handler: UUID | None = None


@transaction.atomic
def ticket_step(*, scope: Scope, uuid: UUID, expected_version: int, step: Step, text: str = "") -> Ticket:
    """Move a ticket along one edge of its states.

    Args:
        scope: Who acts.
        uuid: The ticket.
        expected_version: The row's version that the caller saw.
        step: Any but those with services of their own (assign, hand over, call back, merge).
        text: Why, or how it was solved; needed by the steps of :data:`NEEDS_TEXT`.

    Raises:
        NotFound: The ticket does not exist for the caller.
        Forbidden: The role may not take the step.
        Conflict: The step is not possible from where the ticket stands, or somebody moved it meanwhile.
        Invalid: The text is missing.
    """
    scope.require("tickets.assign" if step is Step.CANCEL else "tickets.edit")
    if step in NEEDS_TEXT and not text.strip():
        raise Invalid("invalid", _("Please mend what is marked."), fields={"text": [str(NEEDS_TEXT[step])]})
    ticket = ticket_lock(scope=scope, uuid=uuid, expected_version=expected_version)
    if step is Step.REOPEN:
        _check_reopening(ticket, scope.at)
    return move(scope, ticket, step, text)


@transaction.atomic
def ticket_reply(*, scope: Scope, uuid: UUID, text: str) -> Ticket:
    """Tell the customer something; it stops the first response and the update clock.

    Raises:
        NotFound, Forbidden, Invalid: As :func:`ticket_step`.
        Conflict: The ticket has ended.
    """
    return _said(scope, uuid, Kind.REPLIED.value, text, is_public=True)


@transaction.atomic
def ticket_asked(*, scope: Scope, uuid: UUID, text: str) -> Ticket:
    """Enter what the customer said; a ticket that waited for the customer goes on.

    Raises:
        NotFound, Forbidden, Invalid, Conflict: As :func:`ticket_reply`.
    """
    ticket = _said(scope, uuid, Kind.ASKED.value, text, is_public=True)
    if ticket.state == State.PENDING_CUSTOMER:
        ticket = move(scope, ticket, Step.RESUME, "")
    return ticket


@transaction.atomic
def ticket_note(*, scope: Scope, uuid: UUID, text: str) -> Ticket:
    """Add an internal remark; the customer never sees it.

    Raises:
        NotFound, Forbidden, Invalid: As :func:`ticket_step`.
    """
    return _said(scope, uuid, NOTED, text, is_public=False)


@transaction.atomic
def ticket_assign(*, scope: Scope, uuid: UUID, expected_version: int, handler: UUID | None) -> Ticket:
    """Give a ticket to somebody; None takes it from whoever has it. Anybody may take an open ticket themselves.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`ticket_step`.
        Invalid: There is no such person who could take it.
    """
    ticket = ticket_lock(scope=scope, uuid=uuid, expected_version=expected_version)
    person = person_of(scope, ticket, handler)
    takes_it = person is not None and person.user_id == scope.user_id
    scope.require("tickets.edit" if takes_it else "tickets.assign")
    if State(ticket.state) not in OPEN:
        raise wrong_state(ticket)
    former, entered = (ticket.handler_name, ticket.handler_role), handler_entered(scope, ticket)
    hold(ticket, person)
    facts = _named("from", *former) | _named("to", ticket.handler_name, ticket.handler_role)
    event_add(scope=scope, event=TicketEvent(ticket=ticket, kind=ASSIGNED, facts=facts))
    if ticket.state == State.NEW and person is not None:
        return move(scope, ticket, Step.ASSIGN, "")
    return saved(scope, ticket, "ticket.assigned", {"handler": [entered, handler_entered(scope, ticket)]})


@transaction.atomic
def ticket_hand_over(*, scope: Scope, uuid: UUID, expected_version: int, over: HandOver) -> Ticket:
    """Hand a ticket to the next level with deadline and requirement; its hop gets a clock of its own (A89).

    Raises:
        NotFound, Forbidden, Conflict: As :func:`ticket_step`.
        Invalid: The requirement is missing, the deadline lies in the past, too far off, or, for a vendor, after what is
            promised of the level; or the person cannot take it.
    """
    scope.require("tickets.edit")
    fields: dict[str, list[str]] = {}
    if not over.requirement.strip():
        fields["requirement"] = [_("Say what is asked of whoever takes over.")]
    if over.deadline is not None and over.deadline <= scope.at:
        fields["deadline"] = [_("The deadline lies in the past.")]
    if over.deadline is not None and over.deadline > scope.at + DEADLINE_MAX:
        fields["deadline"] = [_("The deadline lies more than a year ahead.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    ticket = ticket_lock(scope=scope, uuid=uuid, expected_version=expected_version)
    to = state_after(State(ticket.state), Step.HAND_OVER)
    if to is None:
        raise wrong_state(ticket)
    hold(ticket, person_of(scope, ticket, over.handler))
    _later_refuse(scope, ticket, over)
    former, ticket.level = ticket.level, over.level
    facts = _named("handler", ticket.handler_name, ticket.handler_role)
    facts |= {"from_level": former, "requirement": over.requirement.strip()}
    event_add(
        scope=scope,
        event=TicketEvent(
            ticket=ticket, kind=Kind.HOP, level=over.level, deadline=over.deadline, facts=facts, text=over.requirement
        ),
    )
    if ticket.state != to:
        state_set(scope, ticket, to)
    return saved(scope, ticket, "ticket.handed_over", {"level": [former, ticket.level]})


@transaction.atomic
def ticket_call_back(
    *, scope: Scope, uuid: UUID, expected_version: int, outcome: str, satisfaction: int | None = None, text: str = ""
) -> Ticket:
    """Enter a callback after the solution (A90): settled, not settled (which reopens), or nobody answered.

    Args:
        outcome: ``settled``, ``not_settled`` or ``not_reached``.
        satisfaction: 1 to 5, as the customer said.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`ticket_step`.
        Invalid: The outcome is none, or the satisfaction is out of range.
    """
    scope.require("tickets.edit")
    if outcome not in ("settled", "not_settled", "not_reached"):
        raise Invalid("invalid", _("Please mend what is marked."), fields={"outcome": [_("Choose an outcome.")]})
    if satisfaction is not None and not 1 <= satisfaction <= 5:
        message = _("Satisfaction goes from 1 to 5.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"satisfaction": [message]})
    ticket = ticket_lock(scope=scope, uuid=uuid, expected_version=expected_version)
    if ticket.state != State.CALLBACK_DUE:
        raise wrong_state(ticket)
    facts = {"outcome": outcome, "satisfaction": satisfaction}
    if outcome == "not_reached":
        event_add(scope=scope, event=TicketEvent(ticket=ticket, kind=TRIED, facts=facts, text=text))
        return saved(scope, ticket, "ticket.callback_tried", {})
    # What the customer said last stands, whether the matter was settled or not.
    ticket.satisfaction = ticket.satisfaction if satisfaction is None else satisfaction
    event_add(
        scope=scope, event=TicketEvent(ticket=ticket, kind=Kind.CALLED_BACK, facts=facts, text=text, is_public=True)
    )
    if outcome == "not_settled":
        return move(scope, ticket, Step.REOPEN, text)
    return move(scope, ticket, Step.CALL_BACK, "")


@transaction.atomic
def ticket_retier(*, scope: Scope, uuid: UUID, expected_version: int, policy: Policy, text: str = "") -> Ticket:
    """Give a ticket other promises by hand; its clocks keep their starts and every pause (E2, E3).

    Raises:
        NotFound, Forbidden, Conflict: As :func:`ticket_step`.
        Invalid: The policy is another vendor's, or a vendor would promise less than it does.
    """
    scope.require("tickets.assign")
    # Before the ticket: whoever changes the rules marks tickets afterwards.
    rules_share(vendor_id=selectors.ticket_get(scope=scope, uuid=uuid).vendor_id)
    ticket = ticket_lock(scope=scope, uuid=uuid, expected_version=expected_version)
    if policy.vendor_id != ticket.vendor_id:
        raise Invalid("other_vendor", _("This policy is another vendor's."), fields={"policy": [_("Not found.")]})
    terms = terms_of_policy(scope=scope, policy=policy)
    looser_refuse(scope=scope, former=ticket.terms.body, other=terms.body, field="policy")
    former = ticket.tier
    event = terms_apply(ticket=ticket, terms=terms, text=text)
    if event is None and not scope.is_client:
        # It has this policy: whoever says so again does not keep the client's rules away from it.
        return ticket
    ticket.policy_pinned, ticket.pinned_by_vendor = True, not scope.is_client
    if event is not None:
        event_add(scope=scope, event=event)
    return saved(scope, ticket, "ticket.retiered", {"tier": [former, ticket.tier]})


def terms_apply(*, ticket: Ticket, terms: Terms, text: str = "") -> TicketEvent | None:
    """Put terms on a locked ticket and return the event that the caller adds; None if it has them already."""
    if terms.pk == ticket.terms_id:
        return None
    policy = terms.body["policy"]
    facts = {"from": ticket.tier, "to": policy["tier"], "policy": policy["name"]}
    ticket.terms, ticket.tier = terms, policy["tier"]
    return TicketEvent(ticket=ticket, kind=Kind.TERMS, terms=terms, text=text, facts=facts)


@transaction.atomic
def ticket_merge(*, scope: Scope, uuid: UUID, expected_version: int, into: UUID) -> Ticket:
    """End a ticket in favor of another of the same vendor, which goes on for both.

    Raises:
        NotFound: One of them does not exist for the caller.
        Forbidden, Conflict: As :func:`ticket_step`.
        Invalid: They are the same, another vendor's or another customer's, or the other one has ended; for a vendor
            also if the other one is younger or promised less.
    """
    scope.require("tickets.assign")
    # In the order of their keys, so that two merges in opposite directions wait instead of blocking each other.
    both = {row.uuid: row for row in tickets_locked(scope).filter(uuid__in=[uuid, into]).order_by("pk")}
    if uuid not in both or into not in both:
        raise NotFound
    ticket, other = both[uuid], both[into]
    version_check(ticket, expected_version)
    if ticket.pk == other.pk or ticket.vendor_id != other.vendor_id or State(other.state) not in OPEN:
        message = _("Choose another open ticket of the same vendor.")
        raise Invalid("invalid", message, fields={"into": [message]})
    if State(ticket.state) in OPEN:
        _merge_check(scope, ticket, other)
    ticket.merged_into = other
    event_add(scope=scope, event=TicketEvent(ticket=other, kind=MERGED, facts={"number": ticket.number}))
    return move(scope, ticket, Step.MERGE, _("Merged into #%(number)s.") % {"number": other.number})


@transaction.atomic
def ticket_link(*, scope: Scope, uuid: UUID, other: UUID) -> Ticket:
    """Note that two tickets of one vendor belong together (A88).

    Raises:
        NotFound, Forbidden: As :func:`ticket_step`.
        Invalid: They are the same, or of two vendors.
    """
    scope.require("tickets.edit")
    ticket, second = (selectors.ticket_get(scope=scope, uuid=found) for found in (uuid, other))
    if ticket.pk == second.pk or ticket.vendor_id != second.vendor_id:
        raise Invalid("invalid", _("Choose another ticket of the same vendor."), fields={"other": [_("Not found.")]})
    first, last = sorted((ticket, second), key=lambda row: row.pk)
    link = TicketLink(vendor_id=ticket.vendor_id, first=first, second=last, linked_at=scope.at)
    TicketLink.objects.visible_to(scope).bulk_create([link], ignore_conflicts=True)
    record(scope=scope, action="ticket.linked", target=ticket, changes={"other": second.number})
    return ticket


def _merge_check(scope: Scope, ticket: Ticket, other: Ticket) -> None:
    """Refuse to end a promise in favor of another customer's, or, by a vendor, of one that began later or is looser."""
    message = ""
    is_unknown = None in (ticket.customer_key, other.customer_key)
    if ticket.customer_key != other.customer_key and not (is_unknown and scope.is_client):
        message = _("These are two customers' matters; link them instead.")
    elif not scope.is_client and other.opened_at > ticket.opened_at:
        message = _("Merge the younger ticket into the older one: its promises began first.")
    elif not scope.is_client and is_looser(ticket.terms.body, other.terms.body):
        message = _("The other ticket promises less; only the client may merge into it.")
    if message:
        raise Invalid("merge", message, fields={"into": [message]})


def _later_refuse(scope: Scope, ticket: Ticket, over: HandOver) -> None:
    """Refuse a deadline by which a vendor would give itself more time for a hop than the policy does."""
    if scope.is_client or over.deadline is None:
        return
    promised = _promised_until(scope, ticket, over.level)
    if promised is not None and over.deadline > promised:
        zone = ticket.contract.zone
        message = _("The level has until %(moment)s (%(zone)s); only the client may give it longer.")
        message %= {"moment": moment_text(promised, zone), "zone": zone}
        raise Invalid("looser", _("Please mend what is marked."), fields={"deadline": [message]})


def _promised_until(scope: Scope, ticket: Ticket, level: Level) -> datetime | None:
    """Return until when a level has a ticket if it is handed over now; None if nothing is promised of the level."""
    terms = terms_read(ticket.terms.body)
    readings = readings_of(scope=scope, tickets=[ticket])
    hops = [reading.run for reading in readings if reading.run.clock is Clock.HOP and reading.run.level is level]
    # After a reopening a level begins anew.
    former = hops[-1] if hops and (hops[-1].is_open or not ticket.reopened_count) else None
    if former is not None and former.deadline is not None:
        return former.deadline
    seconds = terms.hop_seconds.get(level)
    if seconds is None:
        return None
    left = seconds if former is None else max(former.remaining_seconds(scope.at), 0)
    return terms.calendar.add(scope.at, left)


def _check_reopening(ticket: Ticket, at: datetime) -> None:
    if ticket.resolved_at is not None and at - ticket.resolved_at > timedelta(days=REOPEN_DAYS):
        message = _("It was solved more than %(days)s days ago; open a new ticket and link it.")
        raise Conflict("too_late", message % {"days": REOPEN_DAYS})


def _said(scope: Scope, uuid: UUID, kind: str, text: str, *, is_public: bool) -> Ticket:
    scope.require("tickets.edit")
    if not text.strip():
        raise Invalid("invalid", _("Please mend what is marked."), fields={"text": [_("Write something.")]})
    ticket = ticket_lock(scope=scope, uuid=uuid)
    if kind != NOTED and State(ticket.state) not in OPEN | SOLVED - {State.ARCHIVED}:
        raise wrong_state(ticket)
    people = selectors.mentioned_in(scope=scope, ticket=ticket, text=text)
    facts = selectors.mention_facts(people)
    event = TicketEvent(ticket=ticket, kind=kind, text=text.strip(), is_public=is_public, facts=facts)
    event_add(scope=scope, event=event)
    mentioned_tell(scope=scope, ticket=ticket, people=people, key=str(event.sequence))
    return saved(scope, ticket, SAID[kind], {})


def mentioned_tell(*, scope: Scope, ticket: Ticket, people: Sequence[Membership], key: str) -> None:
    """Tell people that a text about a ticket mentions them; whoever wrote it knows."""
    recipients = [person.user_id for person in people if person.user_id != scope.user_id]
    if recipients:
        notice_send(
            scope=scope,
            vendor_id=ticket.vendor_id,
            recipients=recipients,
            kind="ticket",
            message="ticket_mentioned",
            key=f"{ticket.uuid}:{key}:mentioned",
            parameters={"ticket": str(ticket)},
            path=f"/tickets/{ticket.uuid}/",
        )


def _named(fact: str, name: str, role: str) -> dict[str, str]:
    """Return a person as the facts of an event have one; the role tells whom a vendor knows by it only."""
    return {fact: name} | ({f"{fact}_role": role} if role else {})
