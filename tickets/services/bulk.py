"""One deed on many tickets: each is done or refused by itself, and the caller is told which and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import HouseError, Invalid, NotFound
from core.scope import Scope
from tickets import selectors
from tickets.calc.states import OPEN, State, Step
from tickets.models import Ticket
from tickets.services import work
from tickets.services.moves import ticket_lock

TICKETS_MOST = 200


class Bulk(StrEnum):
    """What can be done to many tickets at once."""

    ASSIGN = "assign"
    WAIT = "wait"
    COMMENT = "comment"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A ticket of the selection, as its chooser saw it."""

    uuid: UUID
    version: int


@dataclass(frozen=True, slots=True)
class ManyDeed:
    """What is done to each.

    Attributes:
        kind: Which deed.
        handler: Who gets them; None for nobody (ASSIGN).
        step: For what they wait (WAIT).
        is_reply: Whether the text goes to the customer instead of being an internal note (COMMENT).
        text: The reason, the comment, or how they were solved.
    """

    kind: Bulk
    handler: UUID | None = None
    step: Step = Step.WAIT_FOR_CUSTOMER
    is_reply: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went with one ticket: the ticket as it is now, or why it was left as it was."""

    ticket: Ticket
    problem: str = ""


def tickets_do(*, scope: Scope, chosen: Sequence[Chosen], deed: ManyDeed) -> list[Outcome]:
    """Do one deed to each of some tickets; a ticket that somebody moved since it was chosen is left alone.

    Every ticket that changes has its own entry in the book, as if it had been done one by one.

    Args:
        scope: Who acts.
        chosen: At most 200; what does not exist for the caller is left out.
        deed: What to do.

    Raises:
        Forbidden: The role may not do such a thing at all.
        Invalid: There are too many, or what the deed needs is missing.
    """
    scope.require("tickets.assign" if deed.kind is Bulk.ASSIGN and deed.handler is None else "tickets.edit")
    if len(chosen) > TICKETS_MOST:
        raise Invalid("too_many", _("At most %(count)s tickets at once.") % {"count": TICKETS_MOST})
    if deed.kind is not Bulk.ASSIGN and not deed.text.strip():
        raise Invalid("invalid", _("Please mend what is marked."), fields={"text": [_("Write something.")]})
    versions = {row.uuid: row.version for row in chosen}
    tickets = selectors.ticket_list(scope=scope).filter(uuid__in=versions).select_related("vendor").order_by("pk")
    outcomes = []
    # In the order of their keys, so that two selections wait for each other instead of blocking each other.
    for ticket in list(tickets):
        try:
            with transaction.atomic():
                done = DOES[deed.kind](scope, ticket.uuid, versions[ticket.uuid], deed)
        except NotFound:
            continue
        except HouseError as refusal:
            fields = getattr(refusal, "fields", {})
            outcomes.append(Outcome(ticket, next(iter(fields.values()), [str(refusal.message)])[0]))
        else:
            outcomes.append(Outcome(done))
    return outcomes


def _assign(scope: Scope, uuid: UUID, version: int, deed: ManyDeed) -> Ticket:
    return work.ticket_assign(scope=scope, uuid=uuid, expected_version=version, handler=deed.handler)


def _wait(scope: Scope, uuid: UUID, version: int, deed: ManyDeed) -> Ticket:
    return work.ticket_step(scope=scope, uuid=uuid, expected_version=version, step=deed.step, text=deed.text)


def _comment(scope: Scope, uuid: UUID, version: int, deed: ManyDeed) -> Ticket:
    ticket_lock(scope=scope, uuid=uuid, expected_version=version)
    says = work.ticket_reply if deed.is_reply else work.ticket_note
    return says(scope=scope, uuid=uuid, text=deed.text)


def _close(scope: Scope, uuid: UUID, version: int, deed: ManyDeed) -> Ticket:
    """Solve what is open; archive what is solved and owes no callback."""
    ticket = ticket_lock(scope=scope, uuid=uuid, expected_version=version)
    asked: dict[str, Any] = {"scope": scope, "uuid": uuid}
    if State(ticket.state) in OPEN:
        ticket = work.ticket_step(**asked, expected_version=version, step=Step.RESOLVE, text=deed.text)
    if ticket.state == State.CALLBACK_DUE and ticket.version != version:
        return ticket
    return work.ticket_step(**asked, expected_version=ticket.version, step=Step.ARCHIVE)


DOES: dict[Bulk, Callable[[Scope, UUID, int, ManyDeed], Ticket]] = {
    Bulk.ASSIGN: _assign,
    Bulk.WAIT: _wait,
    Bulk.COMMENT: _comment,
    Bulk.CLOSE: _close,
}
