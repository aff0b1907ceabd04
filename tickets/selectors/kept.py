"""Reading the views of the list of tickets that people keep, and how many tickets each finds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, Q, QuerySet

from accounts.models import Organization
from core.errors import NotFound
from core.scope import Scope
from tickets.models import FirstView, TicketView

# A view says how many tickets it finds up to here, and above that only that there are more.
COUNTED_MOST = 999


def view_list(*, scope: Scope) -> QuerySet[TicketView]:
    """Return the caller's own views and those shared within the organization, by name."""
    views = TicketView.objects.visible_to(scope).filter(vendor_id=scope.organization_id)
    return views.filter(Q(owner_id=scope.user_id) | Q(is_shared=True)).order_by("name", "pk")


def view_get(*, scope: Scope, uuid: UUID) -> TicketView:
    """Return one view; raises NotFound."""
    found = view_list(scope=scope).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def first_view(*, scope: Scope) -> str:
    """Return what the list begins with for the caller: a built-in view's key or a uuid; empty for all open tickets."""
    chosen = FirstView.objects.visible_to(scope).filter(vendor_id=scope.organization_id, user_id=scope.user_id)
    return chosen.values_list("view", flat=True).first() or ""


def views_count(*, scope: Scope, rows: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """Return how many rows each of some questions finds, at most one above COUNTED_MOST; one query for all of them."""
    if not rows:
        return {}
    counts: dict[str, Any] = {
        f"n{number}": Func(
            ArraySubquery(found.order_by().values("pk")[: COUNTED_MOST + 1]),
            function="cardinality",
            output_field=IntegerField(),
        )
        for number, found in enumerate(rows.values())
    }
    row = Organization.objects.filter(pk=scope.organization_id).annotate(**counts).values(*counts).get()
    return dict(zip(rows, (row[name] for name in counts), strict=True))
