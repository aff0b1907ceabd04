"""What stands in the house of evaluation forms, sampling plans and draws."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.scope import activate
from qa import services
from qa.calc.presets import three_dimensions
from tests.world import NOW, World

# That of the first calls.
DAY = date(2026, 6, 8)


def make(world: World, code: str, mark: str) -> dict[str, Any]:
    """Give a vendor a form that was published to it alone, a plan, and a draw that nobody handed out yet.

    The draft is the client's.
    """
    client = world.scope("programme_manager", at=NOW)
    body = three_dimensions()
    body["sections"][0]["title"] = f"{mark}-section"
    body["sections"][0]["questions"][0]["guidance"] = f"{mark}-guidance"
    with activate(client):
        draft = services.draft_create(scope=client, code=f"{mark}-FORM", name=f"{mark}-form", body=body)
        (form,) = services.form_publish(
            scope=client, uuid=draft.uuid, expected_version=1, vendors=[world.vendors[code].vendor]
        )
        values = {"name": f"{mark}-plan", "form_code": form.code, "starts_on": DAY, "rate_percent": 20}
        plan = services.plan_create(scope=client, contract=world.vendors[code].contract, values=values)
    draw = services.plan_draw(scope=world.system, uuid=plan.uuid, day=DAY)
    assert draw is not None
    return {"form_draft": draft, "form": form, "plan": plan, "draw": draw}
