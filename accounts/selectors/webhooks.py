"""Webhooks of the caller's own organization, what they were told, and how far the outbox lags behind."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Min, QuerySet

from accounts.models import Delivery, Organization, Webhook
from core.errors import NotFound
from core.scope import Scope


def webhook_list(*, scope: Scope) -> QuerySet[Webhook]:
    """Return the webhooks of the caller's own organization; those of others are their own business.

    Raises:
        Forbidden: The role may not see webhooks.
    """
    scope.require("webhooks.view")
    rows: QuerySet[Webhook] = Webhook.objects.visible_to(scope)
    return rows.filter(vendor_id=scope.organization_id).select_related("created_by").order_by("name")


def webhook_get(*, scope: Scope, uuid: UUID) -> Webhook:
    """Return one webhook.

    Raises:
        Forbidden: The role may not see webhooks.
        NotFound: The caller's organization has no such webhook.
    """
    found = webhook_list(scope=scope).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def delivery_list(*, scope: Scope, webhook: Webhook) -> QuerySet[Delivery]:
    """Return what a webhook was or will be told, newest first."""
    rows: QuerySet[Delivery] = Delivery.objects.visible_to(scope)
    return rows.filter(vendor_id=webhook.vendor_id, webhook=webhook).order_by("-created_at", "-pk")


def deliveries_due(*, scope: Scope) -> QuerySet[Delivery]:
    """Return what should have been sent by now; what belongs to a closed organization or webhook waits."""
    rows: QuerySet[Delivery] = Delivery.objects.visible_to(scope)
    return rows.filter(
        delivered_at=None,
        given_up_at=None,
        next_attempt_at__lte=scope.at,
        webhook__is_active=True,
        vendor_id__in=Organization.objects.filter(is_active=True).values("pk"),
    )


def outbox_age(*, scope: Scope) -> timedelta | None:
    """Return for how long the oldest message is due that nobody has tried to send, None if there is none (R9).

    A receiver that is down does not count: its messages are due at their next try.
    """
    oldest = deliveries_due(scope=scope).aggregate(oldest=Min("next_attempt_at"))["oldest"]
    return None if oldest is None else scope.at - oldest
