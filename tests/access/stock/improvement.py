"""What stands in the house of improvement actions, the question bank and ideas."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.scope import activate
from qa import services
from qa.services import Given
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
    made: dict[str, Any] = {}
    agent = world.scope(f"{code.lower()}_agent")
    for scope, name in ((agent, "idea"), (vendor, "peer")):
        with activate(scope):
            words = {"title": f"{mark}-{name}-title", "text": f"{mark}-{name}-text"}
            sent = services.idea_send(scope=scope, values={"topic": "process", **words})
        made[name] = sent
    client, approver = world.scope("client_qa"), world.scope("programme_manager")
    with activate(client):
        question = services.bank_question_write(
            scope=client,
            values={
                "code": f"{mark.lower()}-question", "text": f"{mark}-question", "accepted": [f"{mark}-accepted"],
                "topic": f"{mark}-topic", "language": "zh", "valid_from": date(2026, 6, 1),
            },
        )  # fmt: skip
        [reply] = services.bank_replies_enter(
            scope=client,
            question=question.uuid,
            asked_by="mystery",
            asked_on=date(2026, 6, 10),
            given=[Given(small.vendor, f"{mark}-answer", 0, small.agents[0], f"{mark}-call")],
        )
        case = services.service_case_propose(
            scope=client,
            values={
                "contract": small.contract, "agent": small.agents[0], "kind": "ticket", "reference": f"{mark}-ticket",
                "happened_on": date(2026, 6, 10), "title": f"{mark}-case", "text": f"{mark}-exceptional",
            },
        )  # fmt: skip
    with activate(approver):
        services.service_case_decide(
            scope=approver, uuid=case.uuid, expected_version=1, is_approved=True, decision=f"{mark}-approved"
        )
    more = {"bank_question": question, "bank_reply": reply, "service_case": case}
    return {"improvement": improvement, **made, **more}
