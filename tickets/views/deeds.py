"""What may be done with a ticket, by whom and from which state, and the one service call of each deed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.selectors import user_acting
from core.errors import Invalid
from core.forms import EXPECTED
from core.scope import Scope
from sla.models import Incident
from tickets import selectors, services
from tickets.calc.clocks import Level
from tickets.calc.states import OPEN, SOLVED, State, Step, steps_from
from tickets.models import Ticket
from tickets.services import HandOver

# What only those may do who direct others' work.
LEADING = frozenset({Step.ASSIGN.value, "retier", Step.MERGE.value, Step.CANCEL.value})
PLAIN_STEPS = (
    *(Step.START, Step.RESUME, Step.WAIT_FOR_CUSTOMER, Step.WAIT_FOR_THIRD_PARTY, Step.RESOLVE, Step.ARCHIVE),
    *(Step.REOPEN, Step.CANCEL),
)
# What files can be sent with.
WITH_FILES = frozenset({"reply", "note", "remark", "asked"})
# In the order in which they are offered.
ORDER = (
    *(
        "reply",
        "note",
        "remark",
        "asked",
        "take",
        Step.START,
        Step.RESUME,
        Step.CALL_BACK,
        Step.RESOLVE,
        Step.HAND_OVER,
    ),
    *(Step.WAIT_FOR_CUSTOMER, Step.WAIT_FOR_THIRD_PARTY, Step.ARCHIVE, Step.REOPEN),
    *("link", "incident", Step.ASSIGN, "retier", Step.MERGE, Step.CANCEL),
)


def deeds_of(*, scope: Scope, ticket: Ticket) -> list[str]:
    """Return what somebody may do with a ticket as it stands, in the order in which it is offered."""
    if not scope.can("tickets.edit"):
        return []
    state = State(ticket.state)
    # A matter is given to another vendor on a page of its own.
    possible = {step.value for step in steps_from(state)} - {Step.TRANSFER.value} | {"note", "link"}
    if scope.is_client:
        possible.add("remark")
    if scope.can("incidents.view"):
        possible.add("incident")
    if state in OPEN | SOLVED - {State.ARCHIVED}:
        possible |= {"reply", "asked"}
    if state in OPEN:
        possible.add("retier")
        if scope.user_id is not None and ticket.handler_id != scope.user_id:
            possible.add("take")
    if not scope.can("tickets.assign"):
        possible -= LEADING
    return [str(deed) for deed in ORDER if deed in possible]


def deed_do(*, scope: Scope, ticket: Ticket, values: dict[str, Any]) -> Ticket:
    """Do one deed by its service.

    Args:
        scope: Who acts.
        ticket: On what; fetched in scope.
        values: The clean values of the form of deeds.

    Raises:
        Forbidden, Conflict, Invalid, NotFound: As the service.
    """
    deed, text = values["deed"], values["text"]
    scope.require("tickets.assign" if deed in LEADING else "tickets.edit")
    at: dict[str, Any] = {"scope": scope, "uuid": ticket.uuid}
    moved = {**at, "expected_version": values[EXPECTED]}
    if deed in {step.value for step in PLAIN_STEPS}:
        return services.ticket_step(**moved, step=Step(deed), text=text)
    does: dict[str, Callable[[], Ticket]] = {
        "reply": partial(services.ticket_reply, **at, text=text),
        "note": partial(services.ticket_note, **at, text=text),
        "remark": partial(services.ticket_remark, **at, text=text),
        "incident": lambda: services.ticket_incident_link(
            **at, incident=_incident_numbered(scope, ticket, values["number"])
        ),
        "asked": partial(services.ticket_asked, **at, text=text),
        "take": lambda: services.ticket_assign(**moved, handler=_own_uuid(scope)),
        Step.ASSIGN.value: lambda: services.ticket_assign(**moved, handler=_uuid(values["handler"])),
        Step.HAND_OVER.value: lambda: services.ticket_hand_over(
            **moved,
            over=HandOver(
                level=Level(values["level"] or Level.SECOND_LINE),
                requirement=text,
                deadline=values["deadline"],
                handler=_uuid(values["handler"]),
            ),
        ),
        Step.CALL_BACK.value: lambda: services.ticket_call_back(
            **moved, outcome=values["outcome"], satisfaction=values["satisfaction"], text=text
        ),
        "retier": lambda: services.ticket_retier(
            **moved, policy=selectors.policy_get(scope=scope, uuid=_needed(values["policy"])), text=text
        ),
        Step.MERGE.value: lambda: services.ticket_merge(**moved, into=_numbered(scope, ticket, values["number"])),
        "link": lambda: services.ticket_link(**at, other=_numbered(scope, ticket, values["number"])),
    }
    return does[deed]()


@transaction.atomic
def deed_do_with_files(*, scope: Scope, ticket: Ticket, values: dict[str, Any]) -> Ticket:
    """Do one deed and keep what was sent with it: both or neither.

    Raises:
        Forbidden, Conflict, Invalid, NotFound: As :func:`deed_do` and the service that keeps files.
    """
    done = deed_do(scope=scope, ticket=ticket, values=values)
    if uploads := values["attached"]:
        if values["deed"] not in WITH_FILES:
            message = _("Files go with an answer, a note or what the customer said.")
            raise Invalid("invalid", message, fields={"files": [message]})
        own = values["deed"] == "remark"
        last = None if own else selectors.event_list(scope=scope, ticket=ticket).values_list("sequence").last()
        services.attachments_add(
            scope=scope,
            uuid=ticket.uuid,
            uploads=uploads,
            sequence=last[0] if last else None,
            is_client_only=own,
        )
    return done


def _own_uuid(scope: Scope) -> UUID:
    return user_acting(scope=scope).uuid


def _uuid(text: str) -> UUID | None:
    return UUID(text) if text else None


def _needed(text: str) -> UUID:
    if not text:
        raise Invalid("invalid", _("Please mend what is marked."), fields={"policy": [_("Choose a policy.")]})
    return UUID(text)


def _incident_numbered(scope: Scope, ticket: Ticket, number: int | None) -> Incident:
    found = number and selectors.incident_numbered(scope=scope, vendor_id=ticket.vendor_id, number=number)
    if not found:
        message = _("There is no incident of this number.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"number": [message]})
    return found


def _numbered(scope: Scope, ticket: Ticket, number: int | None) -> UUID:
    found = number and selectors.ticket_numbered(scope=scope, vendor_id=ticket.vendor_id, number=number)
    if not found:
        message = _("There is no ticket of this number.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"number": [message]})
    return found.uuid
