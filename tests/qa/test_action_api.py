"""Programs plan, check and act by the same rules as people, and learn as little of rivals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.qa.test_actions import CONTROL, PILOT, Desk, desk
from tests.qa.test_consistency import PERIOD, question, said
from tests.world import World

__all__ = ["desk"]
ClientOf = Callable[[str], Client]


def sent(client: Client, name: str, body: dict[str, Any], *args: Any) -> Any:
    """Send a body and return the answer."""
    key = {"Idempotency-Key": f"{name}-{body}"[:80]}
    return client.post(reverse(name, args=args), body, content_type="application/json", headers=key)


def test_a_program_cannot_act_before_the_check(desk: Desk, client_of: ClientOf) -> None:
    client = client_of("programme_manager")
    body = {
        "contract": "ANDES-2026", "title": "Shorter wrap-up", "problem": "Too long", "measure": "Templates",
        "metric": "aht", "target": "150", "pilot": PILOT, "control": CONTROL,
    }  # fmt: skip
    made = sent(client, "api_improvements", body)
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["direction"]) == ("plan", "lower")
    uuid = made.json()["id"]
    for step in ("roll_out", "send_back", "close", "start_check", "plan_again"):
        answer = sent(client, "api_improvement_steps", {"step": step, "version": 1, "text": "Now"}, uuid)
        assert answer.status_code == 409
    assert sent(client, "api_improvement_check", {}, uuid).status_code == 409
    assert client.get(reverse("api_improvement", args=[uuid])).json()["state"] == "plan"
    checking = desk.checking()
    refused = sent(client, "api_improvement_steps", {"step": "roll_out", "version": 3, "text": "Now"}, checking.uuid)
    assert refused.status_code == 409
    check = sent(client, "api_improvement_check", {}, checking.uuid)
    assert check.status_code == 201
    assert check.json()["verdict"] == "reached"
    done = sent(client, "api_improvement_steps", {"step": "roll_out", "version": 3, "text": "Now"}, checking.uuid)
    assert done.json()["state"] == "rolled_out"


def test_a_program_of_the_rival_finds_nothing(desk: Desk, client_of: ClientOf) -> None:
    action = desk.checking()
    rival = client_of("boral_vendor_manager")
    assert rival.get(reverse("api_improvements")).json()["results"] == []
    assert rival.get(reverse("api_improvement", args=[action.uuid])).status_code == 404
    assert sent(rival, "api_improvement_check", {}, action.uuid).status_code == 404
    own = client_of("andes_vendor_manager").get(reverse("api_improvement", args=[action.uuid])).json()
    assert own["owner_name"] == "Lumora Test"


@pytest.mark.parametrize("name", ["andes_vendor_manager", "client_qa"])
def test_only_the_client_is_told_the_index(world: World, client_of: ClientOf, name: str) -> None:
    said(world, question(world), ANDES=0, BORAL=1)
    client = client_of(name)
    asked = {"from": PERIOD["first"].isoformat(), "to": (PERIOD["last"] + timedelta(days=1)).isoformat()}
    told = client.get(reverse("api_consistency"), asked).json()
    answers = client.get(reverse("api_bank_answers")).json()["results"]
    if name == "client_qa":
        assert [(row["vendors"], row["numerator"], row["denominator"]) for row in told["index"]] == [
            ([], 0, 1), (["ANDES", "BORAL"], 0, 1),
        ]  # fmt: skip
        assert len(answers) == 2
        assert client.get(reverse("api_question_bank")).status_code == 200
        return
    assert told["index"] == []
    assert [share["vendor"] for share in told["shares"]] == ["ANDES"]
    assert [row["vendor"] for row in answers] == ["ANDES"]
    assert "answer_group" not in answers[0]
    assert client.get(reverse("api_question_bank")).status_code == 403


def test_an_idea_is_sent_and_decided_by_programs(world: World, client_of: ClientOf) -> None:
    body = {"topic": "script", "title": "Shorter greeting", "text": "Name and question."}
    made = sent(client_of("andes_agent"), "api_ideas", body)
    assert made.status_code == 201
    uuid = made.json()["id"]
    decision = {"state": "accepted", "version": 1, "decision": "From July on."}
    assert sent(client_of("boral_vendor_manager"), "api_idea_decision", decision, uuid).status_code == 404
    assert sent(client_of("andes_agent"), "api_idea_decision", decision, uuid).status_code == 403
    told = sent(client_of("client_qa"), "api_idea_decision", decision, uuid)
    assert told.json()["state"] == "accepted"
    mine = client_of("andes_agent").get(reverse("api_idea", args=[uuid])).json()
    assert (mine["decided_by"], mine["decision"]) == ("Lumora Test", "From July on.")
