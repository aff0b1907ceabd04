"""What stands in the house of improvement actions, the question bank and ideas."""

from __future__ import annotations

from typing import Any

from core.scope import activate
from qa import services
from tests.world import World


def make(world: World, code: str, mark: str) -> dict[str, Any]:
    """Give a vendor its things, by a word for each."""
    small = world.vendors[code]
    vendor = world.scope(f"{code.lower()}_vendor_supervisor")
    agents = [agent.code for agent in small.agents]
    with activate(vendor):
        improvement = services.improvement_plan(
            scope=vendor,
            contract=small.contract,
            values={
                "title": f"{mark}-title", "problem": f"{mark}-problem", "cause": f"{mark}-cause",
                "measure": f"{mark}-measure", "origin_reference": f"{mark}-origin", "metric": "aht", "target": "200",
                "pilot": agents[:1], "control": agents[1:2],
            },
        )  # fmt: skip
        services.improvement_comment(scope=vendor, uuid=improvement.uuid, text=f"{mark}-problem")
    return {"improvement": improvement}
