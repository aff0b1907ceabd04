"""A vendor with a campaign that runs, and people to call."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.errors import Conflict, Forbidden
from core.scope import Scope, activate
from qa import services as quality
from qa.models import Script
from tests.qa.said import script_write
from tests.tickets.desk import MONDAY
from tests.world import World
from tickets import services
from tickets.calc.outbound import REACHED, CampaignStep, Outcome
from tickets.models import Attempt, Campaign, ContactImport
from tickets.services import Result, Turn

NUMBERS = [f"+86138123480{number:02}" for number in range(40)]


@dataclass
class Caller:
    """Handles to a campaign of one vendor."""

    world: World
    code: str
    script: Script
    campaign: Campaign

    def scope(self, role: str = "vendor_supervisor", at: datetime = MONDAY) -> Scope:
        """Return the scope of one of the vendor's people, or of one of the client's."""
        name = f"{self.code.lower()}_{role}"
        return self.world.scope(name if name in self.world.users else role, at=at)

    def listed(self, *numbers: str, campaign: Campaign | None = None, **cells: str) -> ContactImport:
        """Add numbers to the campaign."""
        rows = [(line, {"phone": number, **cells}) for line, number in enumerate(numbers, start=2)]
        scope = self.scope()
        with activate(scope):
            return services.contacts_add(scope=scope, uuid=(campaign or self.campaign).uuid, source="page", rows=rows)

    def next(self, role: str = "agent", at: datetime = MONDAY, campaign: Campaign | None = None, **more: Any) -> Turn:
        """Ask for the next contact."""
        scope = self.scope(role, at)
        with activate(scope):
            return services.contact_next(scope=scope, uuid=(campaign or self.campaign).uuid, **more)

    def ended(
        self, attempt: Attempt | None, outcome: Outcome, *, role: str = "agent", at: datetime = MONDAY, **more: Any
    ) -> Attempt:
        """Enter what came of an attempt."""
        assert attempt is not None
        scope = self.scope(role, at)
        with activate(scope):
            if outcome in REACHED:
                # Whoever reached somebody has looked at the number, unless it may not be shown any more.
                with suppress(Conflict, Forbidden):
                    services.attempt_number(scope=scope, uuid=attempt.uuid)
            return services.attempt_record(scope=scope, uuid=attempt.uuid, result=Result(outcome, **more))

    def campaign_made(self, name: str, **values: Any) -> Campaign:
        """Let another campaign go live with the same script."""
        scope = self.scope()
        with activate(scope):
            made = services.campaign_create(
                scope=scope,
                contract=self.world.vendors[self.code].contract,
                values={**VALUES, "name": name, "script": self.script, **values},
            )
            return services.campaign_step(
                scope=scope, uuid=made.uuid, expected_version=made.version, step=CampaignStep.START
            )


VALUES: dict[str, Any] = {
    "purpose": "notice",
    "goal": "The customer knows of the new opening hours",
    "starts_on": date(2026, 6, 1),
    "ends_on": date(2026, 7, 31),
    "country": "CN",
}


def script_made(world: World, code: str = "ANDES", *, name: str = "Opening", text: str = "Good morning …") -> Script:
    """Write a script as the vendor and approve it as the client."""
    writer, reviewer = world.scope(f"{code.lower()}_vendor_supervisor", MONDAY), world.scope("client_qa", MONDAY)
    with activate(writer):
        script = script_write(scope=writer, vendor=world.vendors[code].vendor, name=name, text=text)
    with activate(reviewer):
        return quality.script_review(
            scope=reviewer, uuid=script.uuid, expected_version=script.version, is_approved=True
        )


def caller_make(world: World, code: str = "ANDES", **values: Any) -> Caller:
    """Give a vendor a campaign that runs."""
    caller = Caller(world, code, script_made(world, code), Campaign())
    caller.campaign = caller.campaign_made("Opening hours", **values)
    return caller
