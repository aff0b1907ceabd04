"""A vendor with the usual policies, and tickets to try things on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.scope import Scope, activate
from tests.world import World
from tickets import services
from tickets.models import Policy, Ticket
from tickets.services import Opening

# A Monday, nine o'clock in Shanghai.
MONDAY = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Desk:
    """Handles to a vendor's tickets."""

    world: World
    code: str
    policies: list[Policy]

    def scope(self, role: str = "vendor_supervisor", at: datetime = MONDAY) -> Scope:
        """Return the scope of one of the vendor's people, or of one of the client's."""
        name = f"{self.code.lower()}_{role}"
        return self.world.scope(name if name in self.world.users else role, at=at)

    def opened(self, *, at: datetime = MONDAY, **more: Any) -> Ticket:
        """Open a ticket."""
        contract = self.world.vendors[self.code].contract
        asked: dict[str, Any] = {"contract": contract, "subject": "A bill", "customer": "+8613812348000"} | more
        opening = Opening(**asked)
        scope = self.scope(at=at)
        with activate(scope):
            return services.ticket_open(scope=scope, opening=opening)


def desk_make(world: World, code: str = "ANDES", **more: Any) -> Desk:
    """Give a vendor the preset policies."""
    scope = world.scope("programme_manager", at=MONDAY)
    with activate(scope):
        asked = {"zone": "Asia/Shanghai", "country": "CN"} | more
        policies = services.presets_create(scope=scope, vendor=world.vendors[code].vendor, **asked)
    return Desk(world, code, policies)
