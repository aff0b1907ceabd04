"""Who may do what with scripts and live assist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.access.house import House
from tests.access.principals import Principal
from tests.access.things import Body, Things, by_uuid, fixed, home_of, rivals_of

TABLE = """
qa:script_list                          -                GET scripts.view 200
qa:script_list?export=csv               -                GET scripts.view 200
qa:script_create                        -                GET scripts.edit 200    POST scripts.edit 302
qa:script_detail                        script           GET scripts.view 200
qa:script_detail                        waiting_script   GET scripts.view 200
qa:script_compare                       waiting_script   GET scripts.view 200
qa:script_review                        waiting_script   POST scripts.review 302
qa:script_withdraw                      waiting_script   GET scripts.edit 200    POST scripts.edit 302
qa:script_read                          script           GET scripts.view 200
qa:script_line                          script_line      GET scripts.view 302
qa:script_lookup                        -                GET scripts.view 200
qa:script_lookup?said=good              -                GET scripts.view 200
qa:round_list                           -                GET agents.view 200
qa:round_list?export=csv                -                GET agents.view 200
qa:confirmation_list                    script           GET agents.view 200
qa:confirmation_list?export=csv         script           GET agents.view 200
qa:confirmation_ask                     script           GET scripts.edit 200    POST scripts.edit 302
qa:confirmation_remind                  script           POST scripts.edit 302
qa:script_confirm                       script           POST scripts.confirm 302
api_script_ask                          script           POST scripts.edit 200
api_script_confirm                      script           POST scripts.confirm 200
api_script_confirmations                -                GET agents.view 200
api_script_lines?said=good              -                GET scripts.view 200
qa:live_board                           -                GET live.view 200
qa:live_list                            -                GET live.view 200
qa:live_list?export=csv                 -                GET live.view 200
qa:live_flag                            -                GET live.flag 200      POST live.flag 302
qa:live_detail                          live_call        GET live.view 200
qa:live_take                            live_call        POST live.take 302
qa:live_close                           taken_live_call  POST live.take 302/403
audit:history                           history_live     GET live.view 200
api_live_calls                          -                GET live.view 200      POST live.flag 201
api_live_call                           live_call        GET live.view 200
api_live_take                           live_call        POST live.take 200
api_live_close                          taken_live_call  POST live.take 200/403
api_live_figures                        -                GET live.view 200
audit:history                           history_script   GET scripts.view 200
api_scripts                             -                GET scripts.view 200    POST scripts.edit 201
api_script                              waiting_script   GET scripts.view 200
api_script_review                       waiting_script   POST scripts.review 200
api_script_withdraw                     waiting_script   POST scripts.edit 200
"""
LINES = {
    "lines-TOTAL_FORMS": "1",
    "lines-INITIAL_FORMS": "0",
    "lines-0-stage": "opening",
    "lines-0-text": "Fresh",
    "lines-0-ORDER": "1",
}


def _not_for_agents(find: Callable[[House, Principal], Things]) -> Callable[[House, Principal], Things]:
    """Make a kind of things that agents do not see: they read what is in use."""

    def things(house: House, who: Principal) -> Things:
        found = find(house, who)
        return replace(found, own=[], hidden=[*found.own, *found.hidden]) if who.role == "agent" else found

    return things


def _new_script(house: House, who: Principal) -> Body:
    vendor = house.holdings[home_of(who)].world.vendor
    body: dict[str, Any] = {"name": "Fresh", "kind": "call", "language": "en", **LINES}
    return body if who.is_vendor else {**body, "vendors": [vendor.uuid]}


def _lines(house: House, who: Principal) -> Things:
    def of(code: str) -> dict[str, Any]:
        return {"reference": f"{house.holdings[code].outbound.script.code}#opening"}

    return Things([of(home_of(who))], [of(code) for code in rivals_of(who)], [{"reference": "NOWHERE#opening"}])


def _flag(house: House, who: Principal) -> Body:
    body: dict[str, Any] = {"reason": "help", "detail": "Fresh"}
    return body if who.role == "agent" else {**body, "agent": house.holdings[home_of(who)].world.agents[1].uuid}


KINDS: dict[str, Callable[[House, Principal], Things]] = {
    "script": by_uuid(lambda house, code: house.holdings[code].outbound.script.uuid),
    "waiting_script": _not_for_agents(by_uuid(lambda house, code: house.holdings[code].outbound.waiting_script.uuid)),
    "script_line": _lines,
    "live_call": by_uuid(lambda house, code: house.holdings[code].quality["live_call"].uuid),
    "taken_live_call": _not_for_agents(
        by_uuid(lambda house, code: house.holdings[code].quality["taken_live_call"].uuid)
    ),
    "history_live": by_uuid(lambda house, code: house.holdings[code].quality["live_call"].uuid, object_type="livecall"),
    "history_script": by_uuid(lambda house, code: house.holdings[code].outbound.script.uuid, object_type="script"),
}
BODIES: dict[str, Callable[[House, Principal], Body]] = {
    "qa:script_create": _new_script,
    "qa:live_flag": _flag,
    "qa:live_take": fixed(version=1),
    "qa:live_close": fixed(intervention="listened", outcome="solved", note="Fresh", version=2),
    "api_live_calls": lambda house, who: {"vendor": house.holdings[home_of(who)].world.vendor.code, "reason": "help"},
    "api_live_take": fixed(version=1),
    "api_live_close": fixed(intervention="listened", outcome="solved", note="Fresh", version=2),
    "qa:confirmation_ask": fixed(due_on="2026-06-30"),
    "api_script_ask": fixed(due_on="2026-06-30"),
    "api_script_confirm": fixed(),
    "qa:script_review": fixed(verdict="approve", version=1),
    "qa:script_withdraw": fixed(reason="Fresh", version=1),
    "api_scripts": lambda house, who: {
        "vendor": house.holdings[home_of(who)].world.vendor.code,
        "name": "Fresh",
        "parts": [{"stage": "opening", "text": "Fresh"}],
    },
    "api_script_review": fixed(is_approved=True, version=1),
    "api_script_withdraw": fixed(reason="Fresh", version=1),
}
