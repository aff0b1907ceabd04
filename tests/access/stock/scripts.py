"""What stands in the house of scripts and live assist."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.scope import activate
from qa import selectors, services
from qa.calc.live import LiveReason
from qa.services import Flag
from tests.world import World


def make(world: World, code: str, mark: str) -> dict[str, Any]:
    """Give a vendor its things, by a word for each."""
    small = world.vendors[code]
    lead, agent = world.scope(f"{code.lower()}_vendor_manager"), world.scope(f"{code.lower()}_agent")
    with activate(lead):
        script = selectors.scripts_in_use(scope=lead).get()
        services.confirmation_ask(scope=lead, uuid=script.uuid, teams=[], due_on=date(2026, 6, 30))
    with activate(agent):
        services.script_confirm(scope=agent, uuid=script.uuid)
        flag = Flag(LiveReason.HELP, detail=f"{mark}-shouts", external_id=f"{mark}-live-1")
        live = services.live_flag(scope=agent, vendor=small.vendor, flag=flag)
    second = world.scope(f"{code.lower()}_vendor_qa")
    with activate(second):
        flag = Flag(LiveReason.SILENCE, detail=f"{mark}-silent", external_id=f"{mark}-live-2", agent=small.agents[1])
        taken = services.live_flag(scope=second, vendor=small.vendor, flag=flag)
        taken = services.live_take(scope=second, uuid=taken.uuid, expected_version=1)
    return {"live_call": live, "taken_live_call": taken}
