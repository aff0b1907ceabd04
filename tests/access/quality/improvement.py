"""Who may do what with improvement actions, the question bank and ideas."""

from __future__ import annotations

from collections.abc import Callable

from tests.access.house import House
from tests.access.principals import Principal
from tests.access.things import Body, Things, by_uuid, by_uuid_client_only, fixed, home_of

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
qa:consistency                      -                  GET consistency.view 200
qa:bank_replies                     -                  GET consistency.view 200
qa:bank_replies?export=csv          -                  GET consistency.view 200
qa:bank_judge                       bank_reply         GET consistency.edit 200   POST consistency.edit 302
qa:bank_list                        -                  GET consistency.view 200/403
qa:bank_new                         -                  GET consistency.edit 200   POST consistency.edit 302
qa:bank_answers                     bank_question      GET consistency.edit 200   POST consistency.edit 302
qa:bank_reword                      bank_question      GET consistency.edit 200   POST consistency.edit 302
qa:bank_end?version=1               bank_question      POST consistency.edit 302
qa:idea_list                        -                  GET ideas.view 200
qa:idea_list?export=csv             -                  GET ideas.view 200
qa:idea_new                         -                  GET ideas.send 200         POST ideas.send 302
qa:idea_counts                      -                  GET ideas.view 200
qa:idea_detail                      idea               GET ideas.view 200
qa:idea_decide                      idea               GET ideas.review 200       POST ideas.review 302
qa:case_list                        -                  GET ideas.view 200
qa:case_new                         -                  GET ideas.review 200       POST ideas.review 302
qa:case_detail                      service_case       GET ideas.view 200
qa:case_decide                      service_case       GET ideas.review 409       POST ideas.review 409
api_improvements                    -                  GET improvements.view 200  POST improvements.edit 201
api_improvement                     improvement        GET improvements.view 200
api_improvement_steps               improvement        POST improvements.edit 200
api_improvement_check               improvement        GET improvements.view 200  POST improvements.edit 409
api_ideas                           -                  GET ideas.view 200         POST ideas.send 201
api_idea                            idea               GET ideas.view 200
api_idea_decision                   idea               POST ideas.review 200
api_service_cases                   -                  GET ideas.view 200
api_question_bank                   -                  GET consistency.view 200/403
api_bank_answers?is_correct=true    -                  GET consistency.view 200
api_consistency?from=2026-06-01&to=2026-07-01 -        GET consistency.view 200
"""


def _improvement(house: House, code: str) -> object:
    return house.holdings[code].quality["improvement"].uuid


KINDS: dict[str, Callable[[House, Principal], Things]] = {
    "improvement": by_uuid(_improvement),
    "improvement_pilot": by_uuid(_improvement, step="start_pilot"),
    "improvement_out": by_uuid(_improvement, step="roll_out"),
    "bank_reply": by_uuid(lambda house, code: house.holdings[code].quality["bank_reply"].uuid),
    "bank_question": by_uuid_client_only(lambda house, code: house.holdings[code].quality["bank_question"].uuid),
    "idea": by_uuid(lambda house, code: house.holdings[code].quality["idea"].uuid),
    "service_case": by_uuid(lambda house, code: house.holdings[code].quality["service_case"].uuid),
    "history_action": by_uuid(_improvement, object_type="improvement"),
}


def _plan(house: House, who: Principal) -> Body:
    agents = [agent.code for agent in house.holdings[home_of(who)].world.agents]
    return {
        "title": "Fresh", "problem": "Fresh", "measure": "Fresh", "origin": "manual", "metric": "aht", "target": "200",
        "pilot": [f"agent:{agents[0]}"], "control": [f"agent:{agents[1]}"], "check_days": "14", "expected_version": 1,
    }  # fmt: skip


def _plan_by_program(house: House, who: Principal) -> Body:
    contract = house.holdings[home_of(who)].world.contract
    return {"contract": contract.code, "title": "Fresh", "problem": "Fresh", "metric": "aht", "target": "200"}


def _answers(house: House, who: Principal) -> Body:
    code = house.holdings[home_of(who)].world.vendor.code
    return {"asked_by": "mystery", "asked_on": "2026-06-14", f"answer_{code}": "Fresh", f"judged_{code}": "0"}


def _case(house: House, who: Principal) -> Body:
    small = house.holdings[home_of(who)].world
    return {
        "contract": small.contract.uuid, "kind": "ticket", "reference": "#9", "agent": small.agents[0].uuid,
        "happened_on": "2026-06-14", "title": "Fresh", "text": "Fresh",
    }  # fmt: skip


BODIES: dict[str, Callable[[House, Principal], Body]] = {
    "qa:improvement_create": _plan,
    "qa:improvement_edit": _plan,
    "qa:improvement_step": fixed(expected_version=1, text="Fresh", starts_on="2026-06-15"),
    "qa:improvement_comment": fixed(text="Fresh"),
    "api_improvements": _plan_by_program,
    "api_improvement_steps": fixed(step="start_pilot", version=1, starts_on="2026-06-15"),
    "api_ideas": fixed(topic="process", title="Fresh", text="Fresh"),
    "api_idea_decision": fixed(state="accepted", decision="Fresh", version=1),
    "qa:bank_judge": fixed(expected_version=1, judged="wrong"),
    "qa:bank_new": fixed(code="fresh", text="Fresh?", accepted="Fresh", language="zh", valid_from="2026-06-01"),
    "qa:bank_answers": _answers,
    "qa:bank_reword": fixed(
        text="Fresh?", accepted="Fresh", language="zh", valid_from="2026-06-15", expected_version=1
    ),
    "qa:idea_new": fixed(topic="process", title="Fresh", text="Fresh"),
    "qa:idea_decide": fixed(state="accepted", decision="Fresh", expected_version=1),
    "qa:case_new": _case,
}
