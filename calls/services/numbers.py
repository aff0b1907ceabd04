"""Callers' clear numbers: shown on demand and found again, each time recorded, counted and limited (P1)."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from audit.models import Entry
from audit.services import record
from calls import selectors
from calls.calc.phones import phone_normalize
from calls.models import Call, Customer
from calls.services.customers import customer_keys, number_decrypt
from core import sql
from core.errors import Forbidden, Invalid, NotFound, TooMany
from core.scope import Scope, activate
from vendors import selectors as vendors

SHOWN, SOUGHT, LIMITED = "number.shown", "number.sought", "number.limit_reached"
# Both tell something about who called; without a limit a masked number could be found by trying.
LIMIT_AN_HOUR = 50
REASON_LENGTH = (5, 200)
LOOKS_LOCK = 7004


def number_show(*, scope: Scope, call: Call, reason: str) -> str:
    """Return a caller's clear number.

    Args:
        call: The call, fetched in scope.
        reason: Why it is needed; stands in the audit book.

    Raises:
        Forbidden: The role may not see numbers.
        Invalid: No reason is given.
        NotFound: The call has no number, or it was sent masked.
        TooMany: The hour's numbers are used up.
    """
    scope.require("customers.unmask")
    reason = " ".join(reason.split())
    if not REASON_LENGTH[0] <= len(reason) <= REASON_LENGTH[1]:
        message = _("Say in 5 to 200 characters why you need the number.")
        raise Invalid("reason_missing", message, fields={"reason": [message]})
    customers = Customer.objects.visible_to(scope).filter(vendor_id=call.vendor_id, customer_key=call.customer_key)
    customer: Customer | None = customers.first()
    if customer is None or customer.number_encrypted is None:
        raise NotFound
    _count(scope, SHOWN, vendor_id=call.vendor_id, label=call.external_id, changes={"reason": reason})
    return number_decrypt(encrypted=bytes(customer.number_encrypted), vendor_id=call.vendor_id)


def number_find(*, scope: Scope, number: str) -> list[Call]:
    """Return the newest call of every visible customer with this number, at most one a vendor.

    Everybody who sees whole lists of calls may ask, for callers complain by their number; agents may not.

    Raises:
        Forbidden: The role sees its own calls only.
        Invalid: Nothing that could be a number.
        TooMany: The hour's questions are used up.
    """
    scope.require("calls.view")
    if scope.agent_id is not None:
        raise Forbidden
    number = number.strip()[:100]
    if not number:
        message = _("Type a number or token.")
        raise Invalid("number_missing", message, fields={"number": [message]})
    _count(scope, SOUGHT, vendor_id=scope.organization_id, label="", changes={})
    refs = selectors.contract_refs(scope=scope).values()
    found = []
    for vendor in vendors.vendor_list(scope=scope):
        written = {number, phone_normalize(number, region=vendor.country or None)} - {None, "?"}
        calls = selectors.call_list(scope=scope).filter(
            contract_id__in=[ref.pk for ref in refs if ref.vendor_id == vendor.pk],
            customer_key__in=list(
                customer_keys(vendor_id=vendor.pk, numbers=[text for text in written if text]).values()
            ),
        )
        newest = calls.first()
        if newest is not None:
            found.append(newest)
    return found


def _count(scope: Scope, action: str, *, vendor_id: int, label: str, changes: dict[str, str]) -> None:
    """Record a look at a number, or that there were too many."""
    since = scope.at - timedelta(hours=1)
    with activate(scope):
        # One look of a person at a time, so that two at once do not both count as the last one.
        sql.lock(LOOKS_LOCK, scope.user_id or 0)
        looks = Entry.objects.visible_to(scope).filter(
            actor_id=scope.user_id, action__in=(SHOWN, SOUGHT), at__gt=since, at__lte=scope.at
        )
        allowed = looks.count() < LIMIT_AN_HOUR
        record(
            scope=scope,
            action=action if allowed else LIMITED,
            vendor_id=vendor_id,
            label=label,
            changes=changes,
        )
    if not allowed:
        message = _("You looked at %(count)d numbers within an hour. Try again later.") % {"count": LIMIT_AN_HOUR}
        raise TooMany("numbers_limit", message)
