"""Webhooks as the tests make them, and events for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from accounts import services
from accounts.calc.outbox import EVENTS
from accounts.models import Delivery
from core.scope import Scope, activate
from tests.world import World

ANDES, BORAL, CLIENT = "andes_vendor_manager", "boral_vendor_manager", "platform_admin"


def hook(world: World, name: str, url: str = "https://hooks.example.com/in", events: tuple[str, ...] = EVENTS) -> Any:
    """Make somebody's webhook; return it with its secret."""
    scope = world.scope(name)
    with activate(scope):
        return services.webhook_create(scope=scope, name=f"hook of {name}", url=url, events=events)


def publish(scope: Scope, world: World, key: str, vendor: str = "ANDES", name: str = "ticket.created") -> int:
    """Tell of an event of a vendor."""
    with activate(scope):
        return services.event_publish(
            scope=scope, vendor_id=world.vendors[vendor].vendor.pk, name=name, key=key, payload={"ticket": f"T-{key}"}
        )


def deliveries(world: World) -> list[Delivery]:
    """Return the outbox."""
    with activate(world.system):
        return list(Delivery.objects.visible_to(world.system).select_related("webhook").order_by("pk"))


def at(world: World, **later: float) -> Scope:
    """Return the platform's scope some time later."""
    return replace(world.system, at=world.system.at + timedelta(**later))
