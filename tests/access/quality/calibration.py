"""Who may do what with calibration and scores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.access.house import House
from tests.access.principals import Principal
from tests.access.stock.calibration import RIGHT
from tests.access.things import NEVER, Body, Things, home_of, rivals_of

TABLE = """
qa:score_list                           -                GET qa.view 200
qa:score_list?export=csv                -                GET qa.view 200
qa:score_list?by=agent&side=vendor      -                GET qa.view 200
qa:weekly                               -                GET qa.compare 200
qa:weekly?export=csv&side=vendor        -                GET qa.compare 200
qa:grader_list                          -                GET qa.compare 200
qa:grader_list?export=csv&by=house      -                GET qa.compare 200
qa:calibration_list                     -                GET qa.compare 200
qa:calibration_list?export=csv          -                GET qa.compare 200
qa:calibration_create                   -                GET qa.calibrate 200     POST qa.calibrate 404
qa:calibration_detail                   blind            GET qa.compare 200
qa:calibration_detail                   revealed         GET qa.compare 200
qa:calibration_case                     blind_case       GET qa.compare 200       POST qa.evaluate 302
qa:calibration_consensus                revealed_lead    GET qa.calibrate 200     POST qa.calibrate 302
qa:calibration_extend                   blind_lead       GET qa.calibrate 200     POST qa.calibrate 302
qa:calibration_reveal                   blind_lead       POST qa.calibrate 409
qa:calibration_cancel                   blind_lead       POST qa.calibrate 302
audit:history                           history_calibration GET qa.compare 200
api_calibrations                        -                GET qa.compare 200
api_calibration                         revealed         GET qa.compare 200
api_calibration_cases                   blind            GET qa.compare 200       POST qa.evaluate 200
api_qa_scores?form=CALIB&from=2026-06-01&to=2026-07-01&by=agent - GET qa.view 200
api_qa_kpis?from=2026-06-01&to=2026-07-01&interval=day - GET kpis.view!agent 200
"""

Make = Callable[[House, Principal], Things]


def _session(word: str, *, leads: bool = False, is_in_book: bool = False, **fixed: Any) -> Make:
    """Make a session as each side has it; the other side's copy does not exist, nor a rival's."""

    def things(house: House, who: Principal) -> Things:
        def one(code: str, side: str) -> dict[str, Any]:
            return {"uuid": house.holdings[code].quality[f"{word}_{side}"].uuid, **fixed}

        mine, other = ("vendor", "client") if who.is_vendor else ("client", "vendor")
        # The client reads what is written in the books of its vendors.
        hidden = [] if is_in_book and not who.is_vendor else [one(home_of(who), other)]
        hidden += [one(code, side) for code in rivals_of(who) for side in (mine, other)]
        own = [] if leads and who.is_vendor else [one(home_of(who), mine)]
        return Things(own, hidden, [{"uuid": NEVER, **fixed}])

    return things


KINDS: dict[str, Make] = {
    "blind": _session("blind"),
    "blind_lead": _session("blind", leads=True),
    "blind_case": _session("blind", position=1),
    "revealed": _session("revealed"),
    "revealed_lead": _session("revealed", leads=True),
    "history_calibration": _session("revealed", is_in_book=True, object_type="calibration"),
}


def _consensus(house: House, who: Principal) -> Body:
    return {"version": 2, **{f"case1-answer-{name}": key for name, key in RIGHT.items()}, "case1-remark-tone": "Fresh"}


BODIES: dict[str, Callable[[House, Principal], Body]] = {
    "qa:calibration_create": lambda house, who: {"name": "Fresh"},
    "qa:calibration_case": lambda house, who: {f"answer-{name}": key for name, key in RIGHT.items()},
    "qa:calibration_consensus": _consensus,
    "api_calibration_cases": lambda house, who: {"position": 1, "answers": RIGHT},
    "qa:calibration_cancel": lambda house, who: {"version": 1},
    "qa:calibration_extend": lambda house, who: {"deadline_at": "2026-06-18T09:00"},
}
