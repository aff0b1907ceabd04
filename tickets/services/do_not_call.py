"""Keeping who is not to be called: each vendor's list, and what holds for the whole house (A81)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.selectors import organization_ids
from accounts.services import rivals_refuse
from audit.rows import row_add
from audit.services import record
from calls.services import customer_keys, number_mask, numbers_encrypt
from core.errors import Conflict, Forbidden, Invalid
from core.scope import CLIENT, Scope, activate
from tickets import selectors
from tickets.calc.outbound import ContactState
from tickets.models import Contact, DoNotCall
from tickets.services.opening import number_read

# So many numbers are looked up at once; each has one key for every organization.
_AT_ONCE = 2000


@transaction.atomic
def do_not_call_add(
    *, scope: Scope, vendor_id: int, number: str, is_for_all: bool, reason: str = "", source: str = "page"
) -> DoNotCall:
    """Enter somebody who asked not to be called; open contacts with the number are called no more.

    Args:
        scope: Who acts.
        vendor_id: Whose list: a vendor's, or the client's own, which holds for every vendor.
        number: As somebody typed it, with its country code.
        is_for_all: Whether a vendor's entry holds for the others too; they do not learn who entered it.

    Returns:
        The entry; the one that is there already where the number was entered before.

    Raises:
        Forbidden: The role may not change the list.
        Invalid: It is no telephone number.
    """
    scope.require("dnc.edit")
    if is_for_all and not scope.is_client:
        # By hand a vendor could empty its rivals' campaigns; with a call in hands it is the customer's word.
        message = _("By hand only the client keeps a number from every vendor; as the outcome of a call you can.")
        raise Invalid("for_all", message, fields={"is_for_all": [message]})
    clear = number_read(text=number, field="number")
    rivals_refuse(scope=scope, vendor_id=vendor_id, texts={"reason": reason})
    return do_not_call_enter(
        scope=scope, vendor_id=vendor_id, number=clear, is_for_all=is_for_all, reason=reason, source=source
    )


def do_not_call_enter(
    *, scope: Scope, vendor_id: int, number: str, is_for_all: bool, reason: str, source: str
) -> DoNotCall:
    """Enter a number in E.164 for somebody who may: on the list's page, or with an attempt in hands."""
    is_for_all = is_for_all or (scope.is_client and vendor_id == scope.organization_id)
    _contacts_block(scope, vendor_id, number, is_for_all)
    [key] = customer_keys(vendor_id=vendor_id, numbers=[number]).values()
    known = DoNotCall.objects.visible_to(scope).filter(vendor_id=vendor_id, customer_key=key, withdrawn_at=None)
    found: DoNotCall | None = known.select_for_update().first()
    if found is not None:
        if scope.is_client and found.added_side != CLIENT:
            # The client says so too: now only it takes the entry back.
            found.added_side, found.added_by = scope.side, scope.actor[:150]
            found.save(update_fields=["added_side", "added_by"])
            record(scope=scope, action="do_not_call.confirmed", target=found)
        if is_for_all and not found.is_for_all:
            known.update(is_for_all=True)
            found.is_for_all = True
            record(scope=scope, action="do_not_call.widened", target=found, changes={"is_for_all": [False, True]})
        return found
    [sealed] = numbers_encrypt(numbers=[number], vendor_id=vendor_id)
    entry = DoNotCall(
        vendor_id=vendor_id,
        customer_key=key,
        number_encrypted=sealed,
        number_masked=number_mask(number),
        is_for_all=is_for_all,
        reason=reason.strip(),
        source=source,
        added_at=scope.at,
        added_by=scope.actor[:150],
        added_side=scope.side,
    )
    told = {"is_for_all": is_for_all, "source": source, "reason": entry.reason}
    row_add(scope=scope, action="do_not_call.added", row=entry, entered=told)
    return entry


@transaction.atomic
def do_not_call_withdraw(*, scope: Scope, uuid: UUID, reason: str) -> DoNotCall:
    """Take an entry back, because it was a mistake or the customer agreed again; it stays to be looked at.

    Contacts that it blocked stay blocked; a new list may bring them again.

    Raises:
        NotFound: The entry does not exist for the caller.
        Forbidden: The role may not change the list.
        Conflict: It was withdrawn already.
        Invalid: No reason is given.
    """
    scope.require("dnc.edit")
    if not reason.strip():
        message = _("Say why this customer may be called again.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"reason": [message]})
    selectors.do_not_call_get(scope=scope, uuid=uuid)
    entry: DoNotCall = DoNotCall.objects.visible_to(scope).select_for_update().get(uuid=uuid)
    rivals_refuse(scope=scope, vendor_id=entry.vendor_id, texts={"reason": reason})
    if entry.added_side == CLIENT and not scope.is_client:
        raise Forbidden(_("The client entered this; only the client takes it back."))
    if entry.withdrawn_at is not None:
        raise Conflict("withdrawn", _("This entry was withdrawn already."))
    entry.withdrawn_at, entry.withdrawn_by, entry.withdrawn_reason = scope.at, scope.actor[:150], reason.strip()[:200]
    entry.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    record(
        scope=scope, action="do_not_call.withdrawn", target=entry, changes={"reason": [None, entry.withdrawn_reason]}
    )
    return entry


def numbers_blocked(*, scope: Scope, vendor_id: int, numbers: Collection[str]) -> set[str]:
    """Return which numbers a vendor must not call: by its own list, and by whoever asked for the whole house.

    Whose list it was is not told. Every organization has a key of its own for a number, so all of them are asked.
    """
    blocked: set[str] = set()
    with _house(scope) as (everyone, organizations):
        asked = list(numbers)
        for start in range(0, len(asked), _AT_ONCE):
            some = asked[start : start + _AT_ONCE]
            named = {
                (organization, key): number
                for organization in organizations
                for number, key in customer_keys(vendor_id=organization, numbers=some).items()
            }
            entries = DoNotCall.objects.visible_to(everyone).filter(
                Q(is_for_all=True) | Q(vendor_id=vendor_id),
                withdrawn_at=None,
                customer_key__in=[key for _organization, key in named],
            )
            pairs = entries.values_list("vendor_id", "customer_key")
            blocked |= {named[pair] for pair in pairs if pair in named}
    return blocked


def _contacts_block(scope: Scope, vendor_id: int, number: str, is_for_all: bool) -> None:
    with _house(scope) as (everyone, organizations):
        concerned = organizations if is_for_all else (vendor_id,)
        which = Q(pk__in=[])
        for organization in concerned:
            [key] = customer_keys(vendor_id=organization, numbers=[number]).values()
            which |= Q(vendor_id=organization, customer_key=key)
        waiting = Contact.objects.visible_to(everyone).filter(which, state=ContactState.OPEN)
        waiting.update(state=ContactState.BLOCKED, due_at=None)


@contextmanager
def _house(scope: Scope) -> Iterator[tuple[Scope, tuple[int, ...]]]:
    """Let a vendor's question reach the lists of the whole house, while it lasts; nothing is told of them."""
    organizations = organization_ids()
    everyone = replace(scope, vendor_ids=organizations)
    if set(organizations) <= set(scope.vendor_ids):
        yield everyone, organizations
    else:
        with activate(everyone):
            yield everyone, organizations
