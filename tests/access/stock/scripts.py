"""What stands in the house of scripts and live assist."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.scope import activate
from qa import selectors, services
from tests.world import World


def make(world: World, code: str, mark: str) -> dict[str, Any]:
    """Give a vendor its things, by a word for each."""
    lead, agent = world.scope(f"{code.lower()}_vendor_manager"), world.scope(f"{code.lower()}_agent")
    with activate(lead):
        script = selectors.scripts_in_use(scope=lead).get()
        services.confirmation_ask(scope=lead, uuid=script.uuid, teams=[], due_on=date(2026, 6, 30))
    with activate(agent):
        services.script_confirm(scope=agent, uuid=script.uuid)
    return {}
