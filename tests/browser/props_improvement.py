"""What stands on the stage of improvement: an action under check, the question bank, ideas and exceptional service."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.scope import activate
from qa import services
from qa.calc.improvement import Step
from qa.services import Given
from tests.world import World


def improvement_set(world: World, code: str, now: datetime) -> dict[str, str]:
    """Give a vendor an action that is checked, one that is planned, answers, ideas and a case; return their pages."""
    small, client = world.vendors[code], world.scope("programme_manager", at=now)
    # Somebody else proposed, so that whoever looks may decide.
    other, agent, manager = (
        world.scope(name, at=now) for name in ("client_qa", f"{code.lower()}_agent", f"{code.lower()}_vendor_manager")
    )
    agents = [agent.code for agent in small.agents]
    values = {
        "title": f"{code} action", "problem": f"{code} problem", "cause": f"{code} cause", "measure": f"{code} measure",
        "origin": "question", "origin_reference": f"{code}-greets", "metric": "aht", "target": "200", "check_days": 7,
        "pilot": agents[:2], "control": agents[2:],
    }  # fmt: skip
    with activate(client):
        planned, checked = (
            services.improvement_plan(scope=client, contract=small.contract, values=values) for _ in range(2)
        )
        start = (now + timedelta(hours=8)).date() - timedelta(days=7)
        step: dict[str, Any] = {"scope": client, "uuid": checked.uuid}
        services.improvement_step(**step, step=Step.START_PILOT, expected_version=1, starts_on=start)
        services.improvement_step(**step, step=Step.START_CHECK, expected_version=2)
        question = services.bank_question_write(
            scope=client,
            values={
                "code": f"{code}-Q", "text": f"{code} days", "accepted": [f"{code} thirty"], "topic": f"{code} topic",
                "language": "en", "valid_from": start,
            },
        )  # fmt: skip
        given = [
            Given(each.vendor, f"{each.vendor.code} thirty", 0 if each is small else None)
            for each in world.vendors.values()
        ]
        replies = services.bank_replies_enter(
            scope=client, question=question.uuid, asked_by="mystery", asked_on=start, given=given
        )
    with activate(other):
        case = services.service_case_propose(
            scope=other,
            values={
                "contract": small.contract, "agent": small.agents[0], "kind": "ticket", "reference": f"{code}-1",
                "happened_on": start, "title": f"{code} case", "text": f"{code} stayed",
            },
        )  # fmt: skip
    with activate(agent):
        words = {"title": f"{code} idea", "text": f"{code} why"}
        waiting, decided = (services.idea_send(scope=agent, values={"topic": "process", **words}) for _ in range(2))
    with activate(manager):
        services.idea_decide(
            scope=manager, uuid=decided.uuid, expected_version=1, state="adopted", decision=f"{code} yes",
            adopted_on=now.date(), effect=f"{code} less",
        )  # fmt: skip
    pages = {
        "improvement": planned, "improvement_checked": checked, "idea": waiting, "idea_decided": decided, "case": case,
    }  # fmt: skip
    folders = {"improvement": "improvement", "idea": "ideas", "case": "cases"}
    return {
        **{word: f"/qa/{folders[word.partition('_')[0]]}/{row.uuid}/" for word, row in pages.items()},
        "bank_question": f"/qa/consistency/bank/{question.uuid}/",
        "bank_reply": f"/qa/consistency/answers/{replies[0].uuid}/",
    }
