"""What stands between an empty house and its first figures."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from accounts import selectors as accounts
from accounts.calc.access import permissions_of
from contracts import selectors as contracts
from core.scope import CLIENT, Scope
from vendors import selectors as vendors


@dataclass(frozen=True, slots=True)
class Beginning:
    """Which of the first steps are done; ``has_people`` is None for those who may not see people.

    Attributes:
        has_people: Whether two people of the client may sign contracts, so that one can sign what the other drafted.
        has_vendor: Whether there is a vendor.
        has_queue: Whether there is a queue.
        has_terms: Whether a version of a contract is signed.
    """

    has_people: bool | None
    has_vendor: bool
    has_queue: bool
    has_terms: bool


def beginning(*, scope: Scope) -> Beginning:
    """Return how far the house has come."""
    people = None
    if scope.can("users.view"):
        roles = accounts.user_list(scope=scope).filter(user__is_active=True).values_list("role", "organization__side")
        people = sum(side == CLIENT and "contracts.sign" in permissions_of(role, side) for role, side in roles) > 1
    return Beginning(
        has_people=people,
        has_vendor=vendors.vendor_list(scope=scope).exists(),
        has_queue=vendors.queue_list(scope=scope).exists(),
        has_terms=contracts.contract_list(scope=scope).exclude(Q(("first_signed_from", None))).exists(),
    )
