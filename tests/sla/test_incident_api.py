"""Incidents over the interface: one effect for one key, the same rules as on the pages, rivals apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from core.scope import activate
from sla.models import Incident
from tests.sla.incident_world import incident_of
from tests.world import NOW, World

ClientOf = Callable[[str], Client]
URL = "/api/v1/incidents"
BODY: dict[str, Any] = {"title": "No calls arrive", "severity": 1, "systems": ["call_system"], "queues": ["ORDERS"]}


@pytest.fixture(autouse=True)
def at_now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def post(client: Client, url: str, body: Any, key: str = "k") -> Any:
    return client.post(url, body, content_type="application/json", headers={"Idempotency-Key": key})


def test_it_is_raised_once_and_taken_on(world: World, client_of: ClientOf) -> None:
    supervisor = client_of("andes_vendor_supervisor")
    first, again = post(supervisor, URL, BODY), post(supervisor, URL, BODY)
    assert (first.status_code, again.json()) == (201, first.json())
    told = first.json()
    assert (told["number"], told["vendor"], told["queues"]) == (1, "ANDES", ["ORDERS"])
    assert told["locate"]["limit_seconds"] == 3600
    assert told["restore"] == {
        "verdict": "running", "is_met": None, "elapsed_seconds": 0.0, "limit_seconds": 14400,
        "due_at": "2026-06-15T16:00:00Z",
    }  # fmt: skip
    with activate(world.system):
        assert Incident.objects.visible_to(world.system).count() == 1
    reused = post(supervisor, URL, BODY | {"title": "Another"})
    assert (reused.status_code, reused.json()["error"]["code"]) == (422, "idempotency_key_reused")
    steps = f"{URL}/{told['id']}/steps"
    assert post(supervisor, steps, {"step": "restore"}, "a").status_code == 409
    assert post(supervisor, steps, {"step": "acknowledge"}, "a").json()["state"] == "acknowledged"
    assert post(supervisor, steps, {"step": "acknowledge"}, "a").json()["state"] == "acknowledged"
    missing = post(supervisor, steps, {"step": "locate"}, "b")
    assert set(missing.json()["error"]["fields"]) == {"cause_class"}
    located = post(supervisor, steps, {"step": "locate", "cause_class": "carrier", "cause": "cut"}, "b")
    assert located.json()["locate"]["is_met"] is True
    assert supervisor.get(f"{URL}/{told['id']}").json() == located.json()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        (BODY | {"colour": "red"}, "colour"),
        (BODY | {"systems": ["moon"]}, "systems"),
        (BODY | {"queues": ["NONE"]}, "queues"),
        (BODY | {"systems": [], "queues": []}, "systems"),
        (BODY | {"vendor": "BORAL"}, "vendor"),
        (BODY | {"affected_from": "2027-01-01T00:00:00Z"}, "affected_from"),
    ],
)
def test_what_is_refused(world: World, client_of: ClientOf, body: dict[str, Any], field: str) -> None:
    answer = post(client_of("andes_vendor_supervisor"), URL, body)
    assert answer.status_code == 422
    assert field in answer.json()["error"]["fields"]


def test_the_client_names_the_vendor_and_a_key_is_needed(world: World, client_of: ClientOf) -> None:
    manager = client_of("programme_manager")
    assert post(manager, URL, BODY).status_code == 422
    assert post(manager, URL, BODY | {"vendor": "BORAL"}).json()["vendor"] == "BORAL"
    answer = manager.post(URL, BODY | {"vendor": "ANDES"}, content_type="application/json")
    assert answer.json()["error"]["code"] == "idempotency_key_missing"


def test_lists_are_narrowed_and_rivals_apart(world: World, client_of: ClientOf) -> None:
    incident = incident_of(world)
    incident_of(world, code="BORAL", by="boral_vendor_supervisor")
    manager, rival = client_of("programme_manager"), client_of("boral_vendor_manager")
    assert len(manager.get(URL).json()["results"]) == 2
    assert [row["vendor"] for row in manager.get(f"{URL}?vendor=ANDES&open=true").json()["results"]] == ["ANDES"]
    assert manager.get(f"{URL}?state=closed").json()["results"] == []
    assert manager.get(f"{URL}?colour=red").status_code == 400
    assert [row["vendor"] for row in rival.get(URL).json()["results"]] == ["BORAL"]
    assert rival.get(f"{URL}/{incident.uuid}").status_code == 404
    assert post(rival, f"{URL}/{incident.uuid}/steps", {"step": "acknowledge"}).status_code == 404
