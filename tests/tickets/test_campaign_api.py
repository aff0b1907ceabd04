"""The interface of outbound tasks: a program brings contacts, takes them one by one, and enters what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from tests.tickets.calling import NUMBERS, Caller, caller_make
from tests.tickets.desk import MONDAY
from tests.world import World

ClientOf = Callable[[str], Any]
PATH = "/api/v1/campaigns"


@pytest.fixture
def caller(world: World) -> Caller:
    return caller_make(world)


@pytest.fixture(autouse=True)
def now() -> Any:
    """Nine o'clock of a Monday where the customers are."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def send(client: Any, path: str, body: Any, *, key: str) -> Any:
    """Send a body as a program does."""
    return client.post(path, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key})


def test_a_program_drafts_a_campaign_and_brings_contacts(caller: Caller, client_of: ClientOf) -> None:
    client = client_of("andes_vendor_manager")
    body = {
        "contract": "ANDES-2026",
        "name": "Renewals",
        "purpose": "sales",
        "starts_on": "2026-06-01",
        "ends_on": "2026-06-30",
        "queue": "ORDERS",
        "script": str(caller.script.uuid),
        "service_hours": {"0": [["09:00", "12:00"]]},
    }
    made = send(client, PATH, body, key="1")
    assert made.status_code == 201, made.content
    campaign = made.json()
    assert (campaign["state"], campaign["queue"], campaign["contact_count"]) == ("draft", "ORDERS", 0)
    assert send(client, PATH, body, key="1").json() == campaign
    wrong = send(client, PATH, body | {"name": "Other", "queue": "NOWHERE"}, key="2")
    assert (wrong.status_code, list(wrong.json()["error"]["fields"])) == (422, ["queue"])
    here = f"{PATH}/{campaign['id']}"
    rows = [{"phone": NUMBERS[0], "reference": "C-17"}, {"phone": "10086"}, {"phone": NUMBERS[0]}]
    account = send(client, f"{here}/contacts", {"rows": rows}, key="3").json()
    assert [account[f"rows_{name}"] for name in ("read", "new", "merged", "rejected")] == [3, 1, 1, 1]
    [problem] = account["problems"]
    assert (problem["line"], problem["column"], problem["code"]) == (2, "phone", "phone_short")
    assert "customer’s own" in problem["message"]
    assert client.get(f"{here}/contacts").json()["results"][0]["rows_new"] == 1
    stale = send(client, f"{here}/steps", {"step": "start", "version": 9}, key="4")
    assert stale.status_code == 409
    live = send(client, f"{here}/steps", {"step": "start", "version": 1}, key="5").json()
    assert (live["state"], live["open_count"]) == ("live", 1)
    assert [row["name"] for row in client.get(PATH, {"state": "live", "purpose": "sales"}).json()["results"]] == [
        "Renewals"
    ]


def test_a_row_that_cannot_be_called_is_refused_and_the_others_come_in(caller: Caller, client_of: ClientOf) -> None:
    client, here = client_of("andes_vendor_manager"), f"{PATH}/{caller.campaign.uuid}/contacts"
    phones = [NUMBERS[0], "", "12345678", "0755-1234567x9", "138 1234 8001", "010 6552 9988"]
    account = send(client, here, {"rows": [{"phone": phone} for phone in phones]}, key="1").json()
    assert (account["rows_new"], account["rows_rejected"]) == (3, 3)
    assert [(problem["line"], problem["code"]) for problem in account["problems"]] == [
        (2, "missing"),
        (3, "phone_invalid"),
        (4, "phone_invalid"),
    ]
    refused = send(client, here, {"rows": [{"phone": NUMBERS[1]}, {"name": "Li"}, {"phone": ["x"]}]}, key="2")
    assert refused.json()["error"]["fields"]["rows"] == [
        "rows.1.phone: This field is required.",
        "rows.2.phone: Not a valid string.",
    ]


def test_a_program_takes_contacts_and_enters_outcomes_once_for_one_key(caller: Caller, client_of: ClientOf) -> None:
    caller.listed(*NUMBERS[:2], reference="C-17")
    client = client_of("andes_vendor_manager")
    here = f"{PATH}/{caller.campaign.uuid}/next"
    first = send(client, here, {}, key="1").json()
    assert first == send(client, here, {}, key="1").json()
    second = send(client, here, {}, key="2").json()
    assert first["attempt"]["id"] != second["attempt"]["id"]
    assert first["attempt"]["reference"] == "C-17"
    assert NUMBERS[0] not in json.dumps(first)
    assert send(client, here, {}, key="3").json() == {"attempt": None, "again_at": None}
    attempt = f"/api/v1/campaign-attempts/{first['attempt']['id']}"
    refused = send(client, f"{attempt}/outcome", {"outcome": "reached"}, key="0")
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, ["outcome"])
    refused = send(client, f"{attempt}/outcome", {"outcome": "call_later", "call_external_id": "c-9"}, key="4")
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, ["follow_up_at"])
    done = send(client, f"{attempt}/outcome", {"outcome": "success", "call_external_id": "c-9"}, key="5").json()
    assert (done["outcome"], done["day"], done["has_call"]) == ("success", "2026-06-15", False)
    assert client.get(attempt).json() == done
    again = send(client, f"{attempt}/outcome", {"outcome": "busy"}, key="6")
    assert again.status_code == 409
    found = client.get("/api/v1/campaign-attempts", {"outcome": "success", "campaign": str(caller.campaign.uuid)})
    assert [row["id"] for row in found.json()["results"]] == [done["id"]]
    assert client_of("boral_vendor_manager").get(attempt).status_code == 404
    numbers = client.get(f"{PATH}/{caller.campaign.uuid}").json()
    assert (numbers["attempt_count"], numbers["reached_count"], numbers["success_count"]) == (1, 1, 1)


def test_a_program_adds_who_is_not_to_be_called(caller: Caller, client_of: ClientOf) -> None:
    client, path = client_of("andes_vendor_manager"), "/api/v1/do-not-call"
    entry = send(client, path, {"number": NUMBERS[0], "reason": "a letter"}, key="1")
    house_wide = send(client, path, {"number": NUMBERS[3], "is_for_all": True}, key="h")
    assert (house_wide.status_code, list(house_wide.json()["error"]["fields"])) == (422, ["is_for_all"])
    assert (entry.status_code, entry.json()["source"], entry.json()["number"]) == (201, "api", "8613••••8000")
    bad = send(client, path, {"number": "soon"}, key="2")
    assert (bad.status_code, list(bad.json()["error"]["fields"])) == (422, ["number"])
    house = client_of("programme_manager")
    assert send(house, path, {"number": NUMBERS[1]}, key="3").json()["is_for_all"] is True
    assert send(house, path, {"number": NUMBERS[2], "vendor": "NOBODY"}, key="4").status_code == 422
    assert send(house, path, {"number": NUMBERS[2], "vendor": "ANDES"}, key="5").json()["is_for_all"] is False
    assert len(house.get(path).json()["results"]) == 3
    assert len(client.get(path, {"in_force": "true"}).json()["results"]) == 2
    assert client_of("boral_vendor_manager").get(path).json()["results"] == []
