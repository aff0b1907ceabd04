"""Reading what customers said, and how far each voice has come."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Case, DateTimeField, F, OuterRef, QuerySet, Subquery, When

from calls.models import Customer
from core.scope import Scope
from tickets.models import Feedback
from vendors.selectors import one


def feedback_list(*, scope: Scope) -> QuerySet[Feedback]:
    """Return what customers said, the newest first, with names and the customer masked.

    Raises:
        Forbidden: The role may not see feedback.
    """
    scope.require("complaints.view")
    customers = Customer.objects.visible_to(scope).filter(
        vendor_id=OuterRef("vendor_id"), customer_key=OuterRef("customer_key")
    )
    rows = Feedback.objects.visible_to(scope).select_related("vendor", "contract", "queue", "reason", "agent", "ticket")
    named = rows.annotate(customer_masked=Subquery(customers.values("number_masked")[:1]))
    found: QuerySet[Feedback] = named.order_by("-received_at", "-pk")
    return found


def with_pressing_first(*, feedback: QuerySet[Feedback]) -> QuerySet[Feedback]:
    """Return feedback as it presses: what waits for its department by its deadline, then the rest."""
    waits = When(routed_at=None, closed_at=None, then=F("route_due_at"))
    pressing = Case(waits, default=None, output_field=DateTimeField())
    return feedback.order_by(pressing.asc(nulls_last=True), "-received_at")


def feedback_get(*, scope: Scope, uuid: UUID) -> Feedback:
    """Return one voice of a customer.

    Raises:
        Forbidden: The role may not see feedback.
        NotFound: There is none for the caller.
    """
    return one(feedback_list(scope=scope), uuid=uuid)


def calls_complained(*, scope: Scope, calls: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return those of some calls, contract and id, that a complaint is about.

    Raises:
        Forbidden: The role may not see feedback.
    """
    references = {reference for _contract_id, reference in calls}
    rows = feedback_list(scope=scope).filter(is_complaint=True, call_external_id__in=references)
    return set(rows.order_by().values_list("contract_id", "call_external_id")) & set(calls)


def departments(*, scope: Scope) -> list[str]:
    """Return the departments that something was passed on to, by name."""
    rows = feedback_list(scope=scope).exclude(department="").order_by("department")
    return list(rows.values_list("department", flat=True).distinct())
