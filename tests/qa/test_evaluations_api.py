"""The interface of evaluations: programs fill in, release, dispute and decide, once for one key."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Delivery, Notice
from accounts.services import webhook_create
from core.scope import activate
from qa import selectors, services
from tests.qa.house import ALL_YES, READY, House, house_make, own_view
from tests.world import World

Clients = Callable[[str], Client]
PATH = "/api/v1/evaluations"
LOST = {"tone": "p3", "record": "no"}
CAUSE = {"record": "Forgot"}


@pytest.fixture
def house(world: World) -> House:
    found = house_make(world)
    found.calls(150)
    found.drawn(found.plan(side="both"))
    return found


@pytest.fixture(autouse=True)
def now() -> Any:
    """Six in the morning after."""
    with time_machine.travel(READY, tick=False) as clock:
        yield clock


def send(client: Client, path: str, body: Any, key: str = "key-1") -> Any:
    """Send a body as a program does."""
    return client.post(path, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key})


def test_an_evaluation_goes_its_way_by_programs_and_each_deed_is_done_once(house: House, client_of: Clients) -> None:
    client, vendor, second = (client_of(n) for n in ("client_qa", "andes_vendor_supervisor", "programme_manager"))
    taken = send(client, f"{PATH}/next", {}).json()
    assert (taken["state"], taken["evaluator_name"], taken["side"]) == ("draft", "client_qa", "client")
    one = f"{PATH}/{taken['id']}"
    kept = send(client, f"{one}/sheet", {"answers": {"greeting": "no"}, "comment": "So far"}, "k2").json()
    assert (kept["answers"], kept["comment"], kept["ratio"]) == ({"greeting": "no"}, "So far", None)
    half = send(client, f"{one}/submit", {"answers": {"greeting": "no"}}, "k3")
    assert (half.status_code, set(half.json()["error"]["fields"])) == (422, set(ALL_YES) - {"greeting"})
    whole = {"answers": {**ALL_YES, **LOST}, "causes": CAUSE}
    done = send(client, f"{one}/submit", whole, "k4")
    assert (done.status_code, done.json()["earned"], done.json()["state"]) == (200, "82.6667", "submitted")
    assert send(client, f"{one}/submit", whole, "k4").json() == done.json()
    assert send(client, f"{one}/steps", {"step": "release"}, "k5").json()["state"] == "released"
    # The vendor still has to say what it thinks of the same call.
    assert vendor.get(one).status_code == 404
    own_view(house, taken["reference"])
    told = vendor.get(one).json()
    assert (told["evaluator_name"], len(told["others"])) == ("Lumora Test", 1)
    assert [event["actor"] for event in told["events"]] == ["Lumora Test"]
    wrong = send(vendor, f"{one}/dispute", {"lines": {"greeting": "Why"}}, "k6")
    assert wrong.json()["error"]["fields"] == {"greeting": ["This question lost no points."]}
    disputed = send(vendor, f"{one}/dispute", {"lines": {"record": "It is #7"}}, "k7")
    assert (disputed.status_code, disputed.json()["dispute"]["lines"]) == (201, {"record": "It is #7"})
    decide = {"text": "Right", "answers": {"record": "yes"}}
    assert send(client, f"{one}/decision", decide, "k8").status_code == 403
    final = send(second, f"{one}/decision", decide, "k9").json()
    assert (final["state"], final["ratio"], final["dispute"]["decided_by"]) == ("final", 0.96, "programme_manager")
    assert client_of("boral_vendor_qa").get(one).status_code == 404


def test_the_list_is_asked_by_state_side_agent_and_day(house: House, client_of: Clients) -> None:
    done = house.released("client_qa")
    client = client_of("client_qa")

    def count(**asked: str) -> int:
        answer = client.get(PATH, asked)
        assert answer.status_code == 200, answer.content
        return len(answer.json()["results"])

    agent = done.agent
    assert agent is not None
    assert count(state="released") == 1
    assert count(state="released", agent=agent.code, form="SERVICE", side="client", vendor="ANDES") == 1
    assert count(state="waiting") > 1
    assert count(state="released", side="vendor") == 0
    assert count(day_from="2026-06-11") == 0
    assert count(state="released", day_to="2026-06-11") == 1
    assert client.get(PATH, {"state": "nonsense"}).status_code == 400


def test_coaching_is_given_ended_and_shown_by_programs(house: House, client_of: Clients) -> None:
    done = house.released("client_qa", LOST, causes=CAUSE)
    own_view(house, done.reference)
    lead = client_of("andes_vendor_supervisor")
    body = {"evaluation": str(done.uuid), "text": "Slower", "due_on": "2026-06-20"}
    task = send(lead, "/api/v1/coaching", body)
    assert (task.status_code, task.json()["questions"]) == (201, ["record", "tone"])
    assert send(lead, "/api/v1/coaching", body).json() == task.json()
    end = f"/api/v1/coaching/{task.json()['id']}/end"
    stale = send(lead, end, {"version": 9, "outcome": "Better"}, "k2")
    assert stale.status_code == 409
    ended = send(lead, end, {"version": 1, "outcome": "Better"}, "k3").json()
    assert (ended["outcome"], ended["done_by"], ended["version"]) == ("Better", "andes_vendor_supervisor", 2)
    assert lead.get("/api/v1/coaching", {"is_open": "true"}).json()["results"] == []
    assert client_of("boral_vendor_supervisor").get(f"/api/v1/coaching/{ended['id']}").status_code == 404


def test_a_call_that_no_lot_drew_is_chosen_once(house: House, client_of: Clients) -> None:
    client, contract = client_of("client_qa"), house.world.vendors["ANDES"].contract
    scope = house.scope("client_qa")
    with activate(scope):
        known = set(selectors.evaluation_list(scope=scope).values_list("reference", flat=True))
    free = next(f"C{n:05}" for n in range(150) if n % 10 and f"C{n:05}" not in known)
    body = {"contract": str(contract.uuid), "call": free, "form": "SERVICE"}
    made = send(client, PATH, body)
    assert (made.status_code, made.json()["origin"], made.json()["reference"]) == (201, "chosen", free)
    assert send(client, PATH, body, "k2").status_code == 409
    by_code = body | {"contract": contract.code, "vendor": "ANDES"}
    assert send(client, PATH, by_code, "k5").status_code == 409
    assert "vendor" in send(client, PATH, by_code | {"vendor": "NEVER"}, "k6").json()["error"]["fields"]
    assert "contract" in send(client, PATH, body | {"contract": "NEVER"}, "k7").json()["error"]["fields"]
    assert "call" in send(client, PATH, body | {"call": "never"}, "k3").json()["error"]["fields"]
    assert "form" in send(client, PATH, body | {"form": "NEVER"}, "k4").json()["error"]["fields"]


def told_to(house: House) -> dict[str, list[str]]:
    """Return who was told what."""
    system = house.world.system
    with activate(system):
        rows = Notice.objects.visible_to(system).order_by("pk").values_list("recipient__username", "message")
        found: dict[str, list[str]] = {}
        for name, message in rows:
            found.setdefault(name, []).append(message)
    return found


def test_people_and_programs_hear_of_what_concerns_them(house: House, now: Any) -> None:
    admin = house.scope("platform_admin")
    with activate(admin):
        events = ["evaluation.released", "evaluation.disputed", "evaluation.declined"]
        webhook_create(scope=admin, name="Hook", url="https://hooks.example.com/in", events=events)
    agent = house.scope("andes_agent")
    scope = house.scope("client_qa")
    with activate(scope):
        mine = next(row for row in selectors.queue_list(scope=scope) if row.agent_id == agent.agent_id)
        services.evaluation_take(scope=scope, uuid=mine.uuid)
        sheet = services.Sheet({**ALL_YES, **LOST}, CAUSE)
        services.evaluation_submit(scope=scope, uuid=mine.uuid, sheet=sheet)
        services.evaluation_release(scope=scope, uuid=mine.uuid)
    # The vendor's people, the agent too, hear once their own view is said.
    assert told_to(house) == {}
    own_view(house, mine.reference)
    told = told_to(house)
    assert set(told) == {"andes_agent", "andes_vendor_supervisor"}
    lead = house.scope("andes_vendor_supervisor")
    with activate(lead):
        services.evaluation_dispute(scope=lead, uuid=mine.uuid, lines={"tone": "Too strict"})
        services.coaching_give(scope=lead, evaluation=mine.uuid, text="Slower", due_on=READY.date().replace(day=11))
    second = house.scope("programme_manager")
    with activate(second):
        services.evaluation_decide(scope=second, uuid=mine.uuid, text="It stays")
    assert told_to(house) == {
        "andes_agent": ["evaluation_released", "coaching_given", "evaluation_decided"],
        "andes_vendor_supervisor": ["evaluation_released", "evaluation_decided"],
        "andes_vendor_qa": ["evaluation_decided"],
        "client_qa": ["evaluation_disputed", "evaluation_decided"],
        "programme_manager": ["evaluation_disputed"],
    }
    with activate(admin):
        sent = Delivery.objects.visible_to(admin).order_by("pk").values_list("event", flat=True)
        assert list(sent) == ["evaluation.released", "evaluation.disputed", "evaluation.declined"]


def test_an_overdue_task_is_told_of_once(house: House, client_of: Clients) -> None:
    done = house.released("client_qa", LOST, causes=CAUSE)
    own_view(house, done.reference)
    lead = house.scope("andes_vendor_supervisor")
    with activate(lead):
        services.coaching_give(scope=lead, evaluation=done.uuid, text="Slower", due_on=READY.date().replace(day=12))
    system = house.world.system
    assert services.coaching_due(scope=replace(system, at=READY + timedelta(days=1))) == 0
    # However long nobody looked.
    late = replace(system, at=READY + timedelta(days=40))
    before = told_to(house)
    assert services.coaching_due(scope=late) == 1
    after = told_to(house)
    assert "coaching_due" in after["andes_vendor_supervisor"]
    assert before != after
    assert services.coaching_due(scope=late) == 0
    assert told_to(house) == after
