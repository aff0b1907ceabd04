"""Who may do what with evaluations, disputes and coaching."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.access.house import MARKS, House
from tests.access.principals import Principal
from tests.access.stock.evaluating import FREE, HELD, LATER, RIGHT
from tests.access.things import NEVER, Body, Things, home_of, rivals_of

TABLE = """
qa:evaluation_list                      -                GET qa.view 200
qa:evaluation_list?export=csv&state=all - GET qa.view 200
qa:evaluation_list?state=all            -                GET qa.view 200
qa:evaluation_next                      -                POST qa.evaluate 302
qa:evaluations_release                  -                POST qa.release 302
qa:call_panel                           -                GET qa.view 200
qa:call_choose                          -                POST qa.evaluate 302
qa:evaluation                           told             GET qa.view 200
qa:evaluation                           untold           GET qa.view 200
qa:evaluation                           disputed         GET qa.view 200
qa:evaluation_save                      held             POST qa.evaluate 200
qa:evaluation_submit                    held             POST qa.evaluate 302
qa:evaluation_dispute                   told             GET qa.dispute 200       POST qa.dispute 302
qa:evaluation_decide                    disputed         GET qa.release 200       POST qa.release 302
qa:coaching_give                        told             GET qa.coach 200         POST qa.coach 302
qa:evaluation_step                      untold_take      POST qa.evaluate 302
qa:evaluation_step                      untold_drop      POST qa.release 302
qa:evaluation_step                      held_back        POST qa.evaluate 302
qa:evaluation_step                      submitted        POST qa.release 302
qa:evaluation_step                      told_read        POST qa.acknowledge 302
qa:coaching_list                        -                GET qa.view 200
qa:coaching_list?export=csv&state=all   -                GET qa.view 200
qa:coaching                             coaching         GET qa.view 200
qa:coaching_end                         coaching         GET qa.coach 200         POST qa.coach 302
qa:coaching_again                       coaching         GET qa.evaluate 200      POST qa.evaluate 302
api_evaluations                         -                GET qa.view 200          POST qa.evaluate 201
api_evaluation_next                     -                POST qa.evaluate 200
api_evaluation                          told             GET qa.view 200
api_evaluation                          untold           GET qa.view 200
api_evaluation_sheet                    held             POST qa.evaluate 200
api_evaluation_submit                   held             POST qa.evaluate 200
api_evaluation_steps                    told             POST qa.view 200/403
api_evaluation_dispute                  told             POST qa.dispute 201
api_evaluation_decision                 disputed         POST qa.release 200
api_coaching                            -                GET qa.view 200          POST qa.coach 201
api_coaching_one                        coaching         GET qa.view 200
api_coaching_end                        coaching         POST qa.coach 200
"""

Make = Callable[[House, Principal], Things]


def _quality(house: House, code: str, name: str) -> Any:
    return house.holdings[code].quality[name]


def _of(name: str, peer: str = "", **fixed: str) -> Make:
    """Make a kind of things that each vendor has, and its agent unless it is a colleague's."""

    def things(house: House, who: Principal) -> Things:
        def one(code: str, what: str) -> dict[str, Any]:
            return {"uuid": _quality(house, code, what).uuid, **fixed}

        hidden = [one(code, name) for code in rivals_of(who)]
        if who.role == "agent" and peer:
            hidden.append(one(home_of(who), peer))
        return Things([one(home_of(who), name)], hidden, [{"uuid": NEVER, **fixed}])

    return things


def _of_side(name: str, *, is_told: bool = False, **fixed: str) -> Make:
    """Make a kind of things that each side has of its own; the other side's do not exist before they are told."""

    def things(house: House, who: Principal) -> Things:
        def one(code: str, side: str) -> dict[str, Any]:
            return {"uuid": _quality(house, code, f"{name}_{side}").uuid, **fixed}

        mine, other = ("vendor", "client") if who.is_vendor else ("client", "vendor")
        hidden = [one(code, side) for code in rivals_of(who) for side in (mine, other)]
        if not is_told:
            hidden.append(one(home_of(who), other))
        own = [one(home_of(who), mine)]
        # An agent is told of nothing that is not released.
        return Things([], [*own, *hidden], [{"uuid": NEVER, **fixed}]) if who.role == "agent" and not is_told else (
            Things(own, hidden, [{"uuid": NEVER, **fixed}])
        )  # fmt: skip

    return things


def _held(**fixed: str) -> Make:
    """Make what the caller has in hands; a colleague's for whoever evaluates nothing."""

    def things(house: House, who: Principal) -> Things:
        def one(code: str, name: str) -> dict[str, Any]:
            return {"uuid": _quality(house, code, "held")[name].uuid, **fixed}

        usual = "vendor_manager" if who.is_vendor else "programme_manager"
        name = who.role if who.role in HELD else usual
        hidden = [one(code, each) for code in rivals_of(who) for each in HELD]
        own = [one(home_of(who), name)]
        if who.role == "agent":
            own, hidden = [], [*own, *hidden]
        return Things(own, hidden, [{"uuid": NEVER, **fixed}])

    return things


KINDS: dict[str, Make] = {
    "told": _of("told", "peer_told"),
    "told_read": _of("told", "peer_told", step="acknowledge"),
    "untold": _of_side("waiting"),
    "untold_take": _of_side("waiting", step="take"),
    "untold_drop": _of_side("waiting", step="drop"),
    "submitted": _of_side("submitted", step="release"),
    "disputed": _of_side("disputed", is_told=True),
    "held": _held(),
    "held_back": _held(step="give_back"),
    "coaching": _of("coaching", "peer_coaching"),
}


def _free_call(house: House, who: Principal) -> Body:
    code = home_of(who)
    contract, mark = house.holdings[code].world.contract.uuid, MARKS[code]
    return {"contract": contract, "call": f"{mark}-call-{FREE:03d}", "form": f"{mark}-EVAL"}


def _contract(house: House, who: Principal) -> str:
    return str(house.holdings[home_of(who)].world.contract.uuid)


def _answers(house: House, who: Principal) -> Body:
    return {"answers": {**RIGHT, "tone": "p5"}}


def _later_call(house: House, who: Principal) -> Body:
    mark = MARKS[home_of(who)]
    return {"call": f"{mark}-call-{LATER:03d}", "form": f"{mark}-EVAL"}


def _sheet(house: House, who: Principal) -> Body:
    return {f"answer-{name}": key for name, key in {**RIGHT, "tone": "p5"}.items()}


BODIES: dict[str, Callable[[House, Principal], Body]] = {
    "qa:call_choose": _free_call,
    "api_evaluations": lambda house, who: {**_free_call(house, who), "contract": _contract(house, who)},
    "api_evaluation_sheet": _answers,
    "api_evaluation_submit": _answers,
    "api_evaluation_steps": lambda house, who: {"step": "acknowledge", "text": "Fresh"},
    "api_evaluation_dispute": lambda house, who: {"lines": {"tone": "Fresh"}},
    "api_evaluation_decision": lambda house, who: {"text": "Fresh", "answers": {"tone": "p5"}},
    "api_coaching": lambda house, who: {
        "evaluation": str(_quality(house, home_of(who), "told").uuid),
        "text": "Fresh",
        "due_on": "2026-06-30",
    },
    "api_coaching_end": lambda house, who: {"version": 1, "outcome": "Fresh"},
    "qa:evaluation_save": _sheet,
    "qa:evaluation_submit": _sheet,
    "qa:evaluation_dispute": lambda house, who: {"remark-tone": "Fresh"},
    "qa:evaluation_decide": lambda house, who: {"verdict": "revise", "answer-tone": "p5", "decision": "Fresh"},
    "qa:evaluation_step": lambda house, who: {"text": "Fresh"},
    "qa:coaching_give": lambda house, who: {"text": "Fresh", "due_on": "2026-06-30"},
    "qa:coaching_end": lambda house, who: {"outcome": "Fresh", "expected_version": 1},
    "qa:coaching_again": _later_call,
}
