"""The interface of transcripts and automatic checks: batches come in once, and each result tells its parts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.qa.house import House, house_make
from tests.qa.test_checks import FINE, RISKY, draft_make, judged, published
from tests.world import World

ClientOf = Callable[[str], Any]
DAYS = "from=2026-06-01&to=2026-07-01"


@pytest.fixture
def house(world: World) -> House:
    found = house_make(world)
    found.calls(30)
    return found


def send(client: Any, body: Any, *, key: str) -> Any:
    """Send a body as a program does."""
    given: dict[str, Any] = {"content_type": "application/json", "headers": {"Idempotency-Key": key}}
    return client.post("/api/v1/transcripts", json.dumps(body), **given)


def test_a_program_brings_transcripts_once_and_reads_what_the_rules_say(house: House, client_of: ClientOf) -> None:
    published(house, draft_make(house))
    client = client_of("andes_vendor_supervisor")
    turns = [{"speaker": "坐席", "text": "喂，我保证退款", "start_seconds": 1.5, "end_seconds": 4}]
    rows = [{"call": "C00002", "turns": turns}, {"call": "C00003", "text": FINE}, {"call": "C99999", "text": FINE}]
    body = {"contract": "ANDES-2026", "rows": [*rows, {"call": "C00004"}]}
    answer = send(client, body, key="1")
    assert answer.status_code == 201, answer.content
    account = answer.json()
    counted = [account[f"rows_{name}"] for name in ("read", "new", "changed", "unchanged", "rejected")]
    assert (account["state"], counted) == ("done", [4, 2, 0, 0, 2])
    assert [(each["row"], each["code"]) for each in account["problems"]] == [
        ("rows.3", "text_or_turns"),
        ("rows.2", "call_unknown"),
    ]
    assert send(client, body, key="1").json() == account
    again = send(client, body, key="2").json()
    assert (again["rows_new"], again["rows_unchanged"]) == (0, 2)
    assert client.get(f"/api/v1/transcript-imports/{account['id']}").json()["rows_new"] == 2
    judged(house)
    [found] = client.get(f"/api/v1/checks?{DAYS}&is_risky=true").json()["results"]
    assert (found["call"], found["failed"], found["rules"]) == ("C00002", ["greeting", "promise"], "SERVICE")
    [promise] = [each for each in found["results"] if each["key"] == "promise"]
    assert promise["hits"] == [{"turn": 0, "start": 2, "end": 5, "phrase": "我保证", "similarity": 1.0}]
    [row] = client.get(f"/api/v1/transcripts?{DAYS}&call=C00002").json()["results"]
    assert client.get(f"/api/v1/transcripts/{row['id']}").json()["turns"] == [turns[0] | {"speaker": "agent"}]
    [rules] = client.get("/api/v1/rule-sets?is_live=true").json()["results"]
    assert (rules["code"], rules["number"], len(rules["body"]["rules"])) == ("SERVICE", 1, 3)


def test_the_rival_brings_nothing_into_a_contract_that_is_not_its_own(house: House, client_of: ClientOf) -> None:
    body = {"contract": "ANDES-2026", "rows": [{"call": "C00002", "text": RISKY}]}
    refused = send(client_of("boral_vendor_qa"), body, key="1")
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, ["contract"])
    assert send(client_of("andes_agent"), body, key="2").status_code == 403
    assert client_of("boral_vendor_qa").get(f"/api/v1/transcripts?{DAYS}").json()["results"] == []
