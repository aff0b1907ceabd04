"""Taking a matter from one vendor and giving it to another: only the client can, and only it knows both ends."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import rivals_refuse
from audit.services import record
from calls.services import customer_carry
from contracts.models import Contract
from core.errors import Forbidden, Invalid
from core.scope import Scope
from tickets.calc.states import Step
from tickets.models import Ticket, Transfer
from tickets.services.moves import move, ticket_lock
from tickets.services.opening import Opening, ticket_open
from vendors.models import Queue


@dataclass(frozen=True, slots=True)
class Taking:
    """What the other vendor gets of a matter: what stands here and nothing else.

    Attributes:
        contract: Under which contract, and so by which vendor, it is settled from now on.
        subject: As the other vendor reads it.
        text: As the other vendor reads it.
        queue: The other vendor's, if any.
        has_customer: Whether the other vendor gets the customer's number.
        keeps_start: Whether its clocks start when the customer came, instead of now.
        note: What the first vendor is told beside that the client took the matter over.
    """

    contract: Contract
    subject: str
    text: str = ""
    queue: Queue | None = None
    has_customer: bool = True
    keeps_start: bool = False
    note: str = ""


@transaction.atomic
def ticket_transfer(*, scope: Scope, uuid: UUID, expected_version: int, taking: Taking) -> Ticket:
    """End a ticket at one vendor and open its matter at another, in one transaction.

    The first vendor reads that the client took it over, and not whose it is now; the second reads a new ticket of the
    client's, and not who had it. Promises that were broken by then stay the first vendor's; those still to be kept
    come to nothing. The second vendor's own policy makes the new ones.

    Raises:
        NotFound: The ticket does not exist for the caller.
        Forbidden: The role may not take tickets from vendors.
        Conflict: The ticket has ended or is solved, or somebody moved it meanwhile.
        Invalid: The contract is the same vendor's, the subject is missing, or no policy takes such tickets.

    Returns:
        The new ticket.
    """
    scope.require("tickets.transfer")
    if not scope.is_client:
        raise Forbidden
    ticket = ticket_lock(scope=scope, uuid=uuid, expected_version=expected_version)
    if taking.contract.vendor_id == ticket.vendor_id:
        message = _("Choose another vendor's contract; within a vendor a ticket is handed over.")
        raise Invalid("same_vendor", message, fields={"contract": [message]})
    rivals_refuse(scope=scope, vendor_id=ticket.vendor_id, texts={"note": taking.note})
    customer_key = None
    if taking.has_customer and ticket.customer_key is not None:
        customer_key = customer_carry(
            scope=scope,
            vendor_id=ticket.vendor_id,
            customer_key=ticket.customer_key,
            to_vendor_id=taking.contract.vendor_id,
        )
    opening = Opening(
        contract=taking.contract,
        subject=taking.subject,
        text=taking.text,
        channel=ticket.channel,
        queue=taking.queue,
        customer_key=customer_key,
        opened_at=ticket.opened_at if taking.keeps_start else None,
    )
    move(scope, ticket, Step.TRANSFER, taking.note)
    fresh = ticket_open(scope=scope, opening=opening)
    transfer = Transfer(vendor_id=scope.organization_id, first_uuid=ticket.uuid, second_uuid=fresh.uuid, at=scope.at)
    transfer.save(force_insert=True)
    record(
        scope=scope,
        action="ticket.given",
        target=fresh,
        # The client's own book, which no vendor reads.
        vendor_id=scope.organization_id,
        changes={"vendor": [f"{ticket.vendor} {ticket}", f"{fresh.vendor} {fresh}"]},
    )
    return fresh
