"""Who may do what with improvement actions, the question bank and ideas."""

from __future__ import annotations

from collections.abc import Callable

from tests.access.house import House
from tests.access.principals import Principal
from tests.access.things import Body, Things, by_uuid, fixed, home_of

TABLE = """
qa:improvement_board                -                  GET improvements.view 200
qa:improvement_list                 -                  GET improvements.view 200
qa:improvement_list?export=csv      -                  GET improvements.view 200
qa:improvement_create               -                  GET improvements.edit 200  POST improvements.edit 302/404
qa:improvement_detail               improvement        GET improvements.view 200
qa:improvement_edit                 improvement        GET improvements.edit 200  POST improvements.edit 302
qa:improvement_step                 improvement_pilot  GET improvements.edit 200  POST improvements.edit 302
qa:improvement_step                 improvement_out    GET improvements.edit 409  POST improvements.edit 409
qa:improvement_check                improvement        POST improvements.edit 409
qa:improvement_figures              improvement        GET improvements.edit 409  POST improvements.edit 409
qa:improvement_comment              improvement        POST improvements.edit 302
audit:history                       history_action     GET improvements.view 200
"""


def _improvement(house: House, code: str) -> object:
    return house.holdings[code].quality["improvement"].uuid


KINDS: dict[str, Callable[[House, Principal], Things]] = {
    "improvement": by_uuid(_improvement),
    "improvement_pilot": by_uuid(_improvement, step="start_pilot"),
    "improvement_out": by_uuid(_improvement, step="roll_out"),
    "history_action": by_uuid(_improvement, object_type="improvement"),
}


def _plan(house: House, who: Principal) -> Body:
    agents = [agent.code for agent in house.holdings[home_of(who)].world.agents]
    return {
        "title": "Fresh", "problem": "Fresh", "measure": "Fresh", "origin": "manual", "metric": "aht", "target": "200",
        "pilot": [f"agent:{agents[0]}"], "control": [f"agent:{agents[1]}"], "check_days": "14", "expected_version": 1,
    }  # fmt: skip


BODIES: dict[str, Callable[[House, Principal], Body]] = {
    "qa:improvement_create": _plan,
    "qa:improvement_edit": _plan,
    "qa:improvement_step": fixed(expected_version=1, text="Fresh", starts_on="2026-06-15"),
    "qa:improvement_comment": fixed(text="Fresh"),
}
