"""The interface of feedback: channels send it once, programs read it and take it through, and see what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Delivery
from accounts.selectors import system_scope
from accounts.services import token_create, webhook_create
from core.scope import activate
from tests.tickets.desk import HOUR, MONDAY, Desk, desk_make
from tests.world import World, user_make
from tickets import services
from tickets.models import Feedback

Clients = Callable[[str], Client]
PATH = "/api/v1/feedback"


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_make(world)


@pytest.fixture(autouse=True)
def monday() -> Any:
    """Let it be Monday, nine o'clock."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def send(client: Client, path: str, body: Any, *, key: str = "key-1", **headers: str) -> Any:
    """Send a body as a program does."""
    return client.post(
        path, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key} | headers
    )


def voice(desk: Desk, **more: Any) -> dict[str, Any]:
    """Return the body of a message."""
    contract = str(desk.world.vendors[desk.code].contract.uuid)
    return {"contract": contract, "source": "sms", "text": "Nobody answers."} | more


def test_a_complaint_goes_its_way_by_programs(desk: Desk, client_of: Clients, monday: Any) -> None:
    client = client_of("andes_vendor_manager")
    queue = desk.world.vendors["ANDES"].queues[0].code
    made = send(client, PATH, voice(desk, is_complaint=True, queue=queue, customer="+8613812348000"))
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["state"], told["route_due_at"], told["queue"]) == ("registered", "2026-06-16T01:00:00Z", queue)
    assert "8000" in told["customer"]
    assert "+8613812348000" not in made.content.decode()
    steps = f"{PATH}/{told['id']}/steps"
    routed = send(client, steps, {"step": "route", "version": 1, "department": "Billing", "kind": "process"}, key="k2")
    assert (routed.status_code, routed.json()["state"], routed.json()["kind"]) == (200, "routed", "process")
    send(client, steps, {"step": "answer", "version": 2, "text": "Two more at noon."}, key="k3")
    monday.shift(HOUR / 2)
    missing = send(client, steps, {"step": "close", "version": 3, "text": "Told."}, key="k4")
    assert (missing.status_code, list(missing.json()["error"]["fields"])) == (422, ["customer_told"])
    close = {"step": "close", "version": 3, "text": "Told.", "customer_told": True, "told_at": "2026-06-15T01:30:00Z"}
    closed = send(client, steps, close, key="k4").json()
    assert (closed["state"], closed["told_at"], closed["customer_told"]) == ("closed", "2026-06-15T01:30:00Z", True)
    opened = send(client, steps, {"step": "reopen", "version": 4, "text": "Still nobody."}, key="k5").json()
    assert (opened["state"], opened["reopened_count"], opened["answered_at"]) == ("routed", 1, None)
    assert client.get(f"{PATH}/{told['id']}").json() == opened


@pytest.mark.parametrize("source", ["rating", "sms", "app"])
def test_every_channel_sends_a_voice_once(desk: Desk, client_of: Clients, source: str) -> None:
    client, body = client_of("andes_vendor_manager"), voice(desk, source=source, rating=2, external_id="r-1")
    first, again = send(client, PATH, body), send(client, PATH, body)
    assert (again.status_code, again.json()) == (201, first.json())
    reused = send(client, PATH, body | {"rating": 1})
    assert (reused.status_code, reused.json()["error"]["code"]) == (422, "idempotency_key_reused")
    # Sent again under another key, it is still the same voice.
    assert send(client, PATH, body, key="key-2").json()["id"] == first.json()["id"]
    keyless = client.post(PATH, json.dumps(body), content_type="application/json")
    assert keyless.json()["error"]["code"] == "idempotency_key_missing"
    with activate(desk.world.system):
        assert Feedback.objects.visible_to(desk.world.system).count() == 1


def test_a_satisfied_rating_is_noted_and_asks_nothing_of_anybody(desk: Desk, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    told = send(client, PATH, voice(desk, source="rating", text="", rating=5)).json()
    assert (told["state"], told["route_due_at"]) == ("noted", None)
    steps = f"{PATH}/{told['id']}/steps"
    said = {"step": "classify", "version": 1, "kind": "attitude", "is_complaint": True}
    told = send(client, steps, said, key="key-2").json()
    assert (told["state"], told["route_due_at"]) == ("registered", "2026-06-16T01:00:00Z")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": ""}, "text"),
        ({"rating": 6}, "rating"),
        ({"source": "dream"}, "source"),
        ({"kind": "weather"}, "kind"),
        ({"queue": "NOWHERE"}, "queue"),
        ({"call": "never-was"}, "call"),
        ({"ticket": "00000000-0000-4000-8000-000000000001"}, "ticket"),
        ({"customer": "nobody"}, "customer"),
        ({"contract": "NONE"}, "contract"),
        ({"color": "red"}, "color"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    desk: Desk, client_of: Clients, more: dict[str, Any], field: str
) -> None:
    refused = send(client_of("andes_vendor_manager"), PATH, voice(desk, **more))
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, [field])


def test_a_program_of_the_vendor_registers_and_leaves_the_rest_to_people(desk: Desk) -> None:
    organization = desk.world.vendors["ANDES"].vendor.organization
    service = user_make(organization=organization, role="api_client", username="andes_ivr")
    service.is_service = True
    service.save()
    admin = desk.world.scope("platform_admin", at=MONDAY)
    with activate(admin):
        asked: dict[str, Any] = {"permissions": ["complaints.edit", "complaints.view"], "name": "ivr"}
        _token, key = token_create(scope=admin, user_uuid=service.uuid, expires_at=MONDAY + 24 * HOUR, **asked)
    client = Client(headers={"Authorization": f"Token {key}"})
    told = send(client, PATH, voice(desk, source="rating", rating=1)).json()
    assert told["state"] == "registered"
    steps = f"{PATH}/{told['id']}/steps"
    refused = send(client, steps, {"step": "route", "version": 1, "department": "x", "kind": "process"}, key="key-2")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "field_not_writable")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Late", "New", "Passed"}),
        ("state=open", {"Late", "New", "Passed"}),
        ("state=routed", {"Passed"}),
        ("kind=attitude", {"Passed"}),
        ("is_complaint=true", {"Late"}),
        ("source=sms", {"New"}),
        ("department=training", {"Passed"}),
        ("late=true", {"Late"}),
        ("late=false", {"New", "Passed"}),
        ("search=pass", {"Passed"}),
        ("received_from=2026-06-15T00:00:00Z", {"New", "Passed"}),
        ("received_to=2026-06-15T00:00:00Z", {"Late"}),
        ("vendor=ANDES", {"Late", "New", "Passed"}),
    ],
)
def test_every_parameter_narrows_the_list(desk: Desk, client_of: Clients, query: str, found: set[str]) -> None:
    contract = desk.world.vendors["ANDES"].contract
    for at, values in (
        (MONDAY - 25 * HOUR, {"source": "app", "text": "Late", "is_complaint": True}),
        (MONDAY, {"source": "sms", "text": "New"}),
        (MONDAY, {"source": "web", "text": "Passed", "kind": "attitude"}),
    ):
        scope = desk.scope(at=at)
        with activate(scope):
            feedback, _is_new = services.feedback_register(scope=scope, contract=contract, values=values)
    with activate(scope):
        services.feedback_route(scope=scope, uuid=feedback.uuid, expected_version=1, department="Training")
    answer = client_of("programme_manager").get(f"{PATH}?{query}")
    assert {row["text"] for row in answer.json()["results"]} == found


def test_the_shares_are_told_with_their_parts(desk: Desk, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    for number in range(3):
        told = send(client, PATH, voice(desk), key=f"new-{number}").json()
        if number:
            continue
        steps = f"{PATH}/{told['id']}/steps"
        send(client, steps, {"step": "route", "version": 1, "department": "x", "kind": "process"}, key="a")
        send(client, steps, {"step": "close", "version": 2, "text": "Told.", "customer_told": True}, key="b")
    later = system_scope(reason="test", at=MONDAY + 25 * HOUR)
    while services.feedback_sweep(scope=later):
        pass
    while services.ticket_days_count(scope=later):
        pass
    query = "from=2026-06-15&to=2026-06-17&interval=day"
    rows = client.get(f"/api/v1/feedback-kpis?{query}").json()["results"]
    found = {(row["start"], row["kpi"]): (row["numerator"], row["denominator"]) for row in rows}
    assert found == {
        ("2026-06-15", "feedback_closed_loop"): (1, 3),
        ("2026-06-15", "feedback_routed"): (1, 1),
        ("2026-06-16", "feedback_routed"): (0, 2),
    }
    only = client.get(f"/api/v1/feedback-kpis?{query}&kpi=feedback_routed").json()["results"]
    assert {row["kpi"] for row in only} == {"feedback_routed"}


def test_programs_are_told_of_what_happens(desk: Desk, client_of: Clients) -> None:
    scope = desk.world.scope("andes_vendor_manager", at=MONDAY)
    with activate(scope):
        events = ["feedback.registered", "feedback.changed", "feedback.late"]
        webhook_create(scope=scope, name="crm", url="https://crm.example/in", events=events)
    client = client_of("andes_vendor_manager")
    told = send(client, PATH, voice(desk)).json()
    said = {"step": "classify", "version": 1, "kind": "product", "is_complaint": False}
    send(client, f"{PATH}/{told['id']}/steps", said, key="key-2")
    services.feedback_sweep(scope=system_scope(reason="test", at=MONDAY + 25 * HOUR))
    with activate(desk.world.system):
        sent = Delivery.objects.visible_to(desk.world.system).order_by("pk").values_list("event", "payload")
        assert [event for event, _payload in sent] == ["feedback.registered", "feedback.changed", "feedback.late"]
        assert all(payload["feedback"] == told["id"] for _event, payload in sent)


def test_a_list_takes_as_many_queries_for_ten_rows_as_for_twenty(desk: Desk, client_of: Clients) -> None:
    client = client_of("programme_manager")
    scope = desk.scope()

    def queries(rows: int) -> int:
        with activate(scope):
            for _number in range(rows):
                contract = desk.world.vendors["ANDES"].contract
                services.feedback_register(scope=scope, contract=contract, values={"source": "app", "text": "Hm."})
        with CaptureQueriesContext(connection) as caught:
            client.get(PATH)
        return len(caught)

    client.get(PATH)
    assert queries(10) == queries(10)
