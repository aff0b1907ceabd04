"""The interface of tickets: what it tells, to whom, and one effect for one key."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.selectors import system_scope
from accounts.services import token_create
from core.scope import activate
from tests.tickets.desk import HOUR, MONDAY, Desk, desk_make
from tests.world import World
from tickets import services
from tickets.models import Ticket, TicketEvent

Clients = Callable[[str], Client]
PATH = "/api/v1/tickets"


@pytest.fixture
def desk(world: World) -> Desk:
    """A vendor with the usual policies."""
    return desk_make(world)


def send(client: Client, path: str, body: Any, *, key: str = "key-1", **headers: str) -> Any:
    """Send a body as a program does."""
    return client.post(
        path, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key} | headers
    )


def new(desk: Desk, **more: Any) -> dict[str, Any]:
    """Return the body of a new ticket."""
    return {"contract": str(desk.world.vendors[desk.code].contract.uuid), "subject": "No bill came"} | more


@pytest.fixture
def monday() -> Any:
    """Let it be Monday, nine o'clock."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def test_a_ticket_goes_its_way_by_programs(desk: Desk, client_of: Clients, monday: Any) -> None:
    client = client_of("andes_vendor_manager")
    body = new(desk, customer="+8613812348000", queue=desk.world.vendors["ANDES"].queues[0].code)
    opened = send(client, PATH, body)
    assert opened.status_code == 201, opened.content
    ticket = opened.json()
    assert (ticket["number"], ticket["vendor"], ticket["state"], ticket["tier"]) == (1, "ANDES", "new", "normal")
    assert "8000" in ticket["customer"]
    assert "+8613812348000" not in opened.content.decode()
    assert (ticket["policy"], ticket["next_clock"], ticket["next_due_at"]) == ("Normal", "hop", "2026-06-15T02:00:00Z")
    here = f"{PATH}/{ticket['id']}"
    monday.shift(HOUR / 2)
    replied = send(client, f"{here}/comments", {"kind": "reply", "text": "We look into it."}, key="key-2").json()
    send(client, f"{here}/comments", {"kind": "note", "text": "Ask billing."}, key="key-3")
    send(client, f"{here}/comments", {"kind": "asked", "text": "And?"}, key="key-4")
    assert [clock["clock"] for clock in replied["clocks"] if clock["is_met"]] == ["first_response"]
    over = {"step": "hand_over", "version": 4, "level": "second_line", "requirement": "find the bill"}
    handed = send(client, f"{here}/steps", over, key="key-5")
    assert (handed.status_code, handed.json()["state"], handed.json()["level"]) == (200, "assigned", "second_line")
    handler = str(desk.world.users["andes_vendor_supervisor"].uuid)
    send(client, f"{here}/steps", {"step": "assign", "version": 5, "handler": handler}, key="key-6")
    solved = send(client, f"{here}/steps", {"step": "resolve", "version": 6, "text": "Sent again."}, key="key-7").json()
    assert (solved["state"], solved["handler_name"]) == ("callback_due", "andes_vendor_supervisor")
    called = {"step": "call_back", "version": 7, "outcome": "settled", "satisfaction": 5}
    done = send(client, f"{here}/steps", called, key="key-8").json()
    assert (done["state"], done["satisfaction"], done["version"]) == ("resolved", 5, 8)
    told = client.get(here).json()
    assert told == done
    assert [event["kind"] for event in told["events"]] == [
        "opened", "replied", "noted", "asked", "hop", "state", "assigned", "state", "called_back", "state",
    ]  # fmt: skip
    assert [event["is_public"] for event in told["events"]][1:4] == [True, False, True]


def test_clocks_are_told_as_they_read_now(desk: Desk, client_of: Clients, monday: Any) -> None:
    ticket = desk.opened()
    monday.shift(2 * HOUR)
    told = client_of("andes_vendor_manager").get(f"{PATH}/{ticket.uuid}").json()
    [hop] = [clock for clock in told["clocks"] if clock["clock"] == "hop"]
    assert (hop["elapsed_seconds"], hop["target_seconds"], hop["is_running"]) == (7200, 3600, True)
    assert hop["breach_at"] == "2026-06-15T02:00:00Z"


def test_one_key_has_one_effect(desk: Desk, client_of: Clients) -> None:
    client, body = client_of("andes_vendor_manager"), new(desk)
    first, again = send(client, PATH, body), send(client, PATH, body)
    assert (again.status_code, again.json()) == (201, first.json())
    other = send(client, PATH, body | {"subject": "Another matter"})
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency_key_reused")
    here = f"{PATH}/{first.json()['id']}"
    elsewhere = send(client, f"{here}/comments", {"kind": "note", "text": "x"})
    assert elsewhere.json()["error"]["code"] == "idempotency_key_reused"
    missing = client.post(PATH, json.dumps(body), content_type="application/json")
    assert missing.json()["error"]["code"] == "idempotency_key_missing"
    refused = send(client, PATH, body | {"queue": "NOWHERE"}, key="key-2")
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, ["queue"])
    # A refusal is not kept: the mended request may use the key.
    assert send(client, PATH, body, key="key-2").json()["number"] == 2
    # Another program's key is another key.
    assert send(client_of("andes_vendor_supervisor"), PATH, body).json()["number"] == 3
    note = {"kind": "note", "text": "once"}
    for _ in range(3):
        assert send(client, f"{here}/comments", note, key="key-3").status_code == 201
    with activate(desk.world.system):
        assert TicketEvent.objects.visible_to(desk.world.system).filter(text="once").count() == 1


def test_a_request_sent_twice_at_once_has_one_effect(committed_world: World) -> None:
    desk = desk_make(committed_world)
    scope = committed_world.scope("andes_vendor_manager", at=datetime.now(UTC))
    with activate(scope):
        _, key = token_create(
            scope=scope, name="t", permissions=["tickets.view", "tickets.edit"], expires_at=scope.at + timedelta(days=1)
        )

    def one(_: int) -> tuple[int, str]:
        try:
            answer = send(Client(), PATH, new(desk), Authorization=f"Token {key}")
            return answer.status_code, json.dumps(answer.json(), sort_keys=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(one, range(16)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
    with activate(committed_world.system):
        assert Ticket.objects.visible_to(committed_world.system).count() == 1


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"subject": "x"}, ["contract"]),
        ({"contract": "NOWHERE", "subject": "x"}, ["contract"]),
        ({"subject": " ", "contract": "x"}, ["subject"]),
        ({"subject": "x", "contract": "x", "price": 1}, ["price"]),
        ({"subject": "x", "contract": "x", "channel": "pigeon"}, ["channel"]),
    ],
)
def test_what_cannot_be_right_is_named(desk: Desk, client_of: Clients, body: Any, fields: list[str]) -> None:
    answer = send(client_of("andes_vendor_manager"), PATH, body)
    assert (answer.status_code, sorted(answer.json()["error"]["fields"])) == (422, fields)


def test_steps_tell_what_they_miss_and_what_became_stale(desk: Desk, client_of: Clients, monday: Any) -> None:
    ticket, client = desk.opened(), client_of("andes_vendor_manager")
    here = f"{PATH}/{ticket.uuid}/steps"
    for step, field in (("hand_over", "level"), ("call_back", "outcome"), ("merge", "into")):
        answer = send(client, here, {"step": step, "version": 1})
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, [field])
    assert send(client, here, {"step": "start", "version": 9}).json()["error"]["code"] == "stale"
    assert send(client, here, {"step": "archive", "version": 1}).json()["error"]["code"] == "wrong_state"
    far = {"step": "hand_over", "version": 1, "level": "technical", "requirement": "x", "deadline": "9999-01-01T00:00Z"}
    assert list(send(client, here, far).json()["error"]["fields"]) == ["deadline"]
    bare = {**far, "deadline": "2026-06-16T09:00:00"}
    said = send(client, here, bare).json()["error"]["fields"]
    assert said == {"deadline": ["Give the moment with its offset, such as 2026-06-15T09:00:00+08:00."]}
    assert client.get(f"{PATH}?opened_from=2026-06-15T09:00:00").status_code == 400
    other = desk.opened()
    merged = send(client, here, {"step": "merge", "version": 1, "into": str(other.uuid)}, key="key-2").json()
    assert (merged["state"], merged["merged_into"]) == ("merged", str(other.uuid))


def test_the_list_is_narrowed_by_what_is_asked(desk: Desk, client_of: Clients, monday: Any) -> None:
    desk_make(desk.world, "BORAL")
    first = desk.opened(subject="A bill")
    second = desk.opened(at=MONDAY + HOUR, subject="urgent: dark", customer="+8613812348111")
    third = desk.opened(at=MONDAY + 2 * HOUR, subject="A bill again")
    client = client_of("andes_vendor_manager")

    def numbers(query: str) -> list[int]:
        answer = client.get(f"{PATH}?{query}")
        assert answer.status_code == 200, answer.content
        return [row["number"] for row in answer.json()["results"]]

    monday.move_to(MONDAY + 2 * HOUR + timedelta(minutes=1))
    assert numbers("") == [third.number, second.number, first.number]
    assert numbers("tier=urgent") == [second.number]
    assert numbers("search=bill") == [third.number, first.number]
    assert numbers("overdue=true") == [second.number, first.number]
    assert numbers("overdue=false") == [third.number]
    assert numbers(f"customer_of={first.uuid}") == [third.number, first.number]
    assert numbers("opened_from=2026-06-15T02:00:00Z&opened_to=2026-06-15T03:00:00Z") == [second.number]
    assert numbers("state=open") == numbers("level=first_line") == numbers("vendor=ANDES") == [3, 2, 1]
    assert numbers("state=archived") == []
    send(client, f"{PATH}/{first.uuid}/comments", {"kind": "note", "text": "x"})
    assert numbers("updated_from=2026-06-15T03:00:30Z") == [first.number]
    page = client.get(f"{PATH}?page_size=2").json()
    assert len(page["results"]) == 2
    assert numbers(f"page_size=2&next_token={page['next_token']}") == [first.number]
    for wrong in (
        "vendor=BORAL",
        "contract=NOWHERE",
        "state=lost",
        "colour=red",
        f"customer_of={desk.world.client.pk}",
    ):
        assert client.get(f"{PATH}?{wrong}").status_code == 400, wrong


def test_nobody_learns_of_tickets_that_are_not_theirs(desk: Desk, client_of: Clients) -> None:
    ticket = desk.opened()
    unknown = "00000000-0000-4000-8000-000000000000"
    for name in ("boral_vendor_manager", "andes_agent"):
        client = client_of(name)
        assert client.get(PATH).json()["results"] == []
        answers = [client.get(f"{PATH}/{uuid}") for uuid in (ticket.uuid, unknown)]
        assert {(a.status_code, a.content) for a in answers} == {(404, answers[1].content)}
        for deed, body in (("comments", {"kind": "note", "text": "x"}), ("steps", {"step": "start", "version": 1})):
            tried = [send(client, f"{PATH}/{uuid}/{deed}", body) for uuid in (ticket.uuid, unknown)]
            assert {(a.status_code, a.content) for a in tried} == {(404, tried[1].content)}
    foreign = send(client_of("boral_vendor_manager"), PATH, new(desk))
    assert (foreign.status_code, list(foreign.json()["error"]["fields"])) == (422, ["contract"])
    assert send(client_of("auditor"), PATH, new(desk)).status_code == 403


def test_to_a_vendor_the_client_s_people_are_the_client(desk: Desk, client_of: Clients) -> None:
    ticket = desk.opened()
    noted = send(
        client_of("programme_manager"), f"{PATH}/{ticket.uuid}/comments", {"kind": "note", "text": "Hurry, please."}
    )
    assert noted.json()["events"][-1]["actor"] == "programme_manager"
    told = client_of("andes_vendor_manager").get(f"{PATH}/{ticket.uuid}").json()
    assert told["events"][-1]["actor"] == desk.world.client.name


def test_rules_are_told_in_their_order(desk: Desk, client_of: Clients) -> None:
    client = client_of("andes_vendor_supervisor")
    policies = client.get("/api/v1/ticket-policies?vendor=ANDES").json()["results"]
    assert [policy["tier"] for policy in policies] == ["urgent", "consultation", "normal"]
    calendars = client.get("/api/v1/ticket-calendars").json()["results"]
    assert {policy["calendar"] for policy in policies} == {calendar["id"] for calendar in calendars}
    assert client_of("boral_vendor_manager").get("/api/v1/ticket-policies").json()["results"] == []


def test_figures_stand_beside_what_they_are_made_of(desk: Desk, client_of: Clients, monday: Any) -> None:
    client = client_of("andes_vendor_manager")
    for number in range(3):
        desk.opened(at=MONDAY + number * HOUR / 2, customer="")
    monday.move_to(MONDAY + 2 * HOUR)
    late = client.get(PATH).json()["results"][-1]
    solved = {"step": "resolve", "version": 1, "text": "so"}
    send(client, f"{PATH}/{late['id']}/steps", solved)
    system = system_scope(reason="test", at=MONDAY + 2 * HOUR)
    while services.alerts_sweep(scope=system) or services.ticket_days_count(scope=system):
        pass
    query = "from=2026-06-01&to=2026-07-01&kpi=ticket_hand_over"
    [row] = client.get(f"/api/v1/ticket-kpis?{query}").json()["results"]
    assert row == {
        "vendor": "ANDES", "contract": desk.world.vendors["ANDES"].contract.code, "kpi": "ticket_hand_over",
        "start": "2026-06-01", "numerator": 0, "denominator": 2, "value": 0.0, "breaches": 2, "breach_ratio": 1.0,
        "breaches_ended": 1, "overrun_seconds": 3600, "mean_overrun_seconds": 3600.0,
    }  # fmt: skip
    behind = client.get(f"/api/v1/ticket-clocks?{query}&met=false").json()["results"]
    assert [(row["number"], row["overrun_seconds"], row["is_met"]) for row in behind] == [
        (1, 3600, False),
        (2, 0, None),
    ]
    assert client.get(f"/api/v1/ticket-clocks?{query}&met=true").json()["results"] == []
    days = client.get("/api/v1/ticket-kpis?from=2026-06-01&to=2026-07-01&interval=day").json()["results"]
    assert {(day["kpi"], day["start"], day["numerator"], day["denominator"]) for day in days} == {
        ("ticket_response", "2026-06-15", 1, 1),
        ("ticket_resolution", "2026-06-15", 1, 1),
        ("ticket_hand_over", "2026-06-15", 0, 2),
    }
    for wrong in ("from=2026-06-01", "from=2026-07-01&to=2026-06-01", "from=0001-01-01&to=0001-02-01"):
        assert client.get(f"/api/v1/ticket-kpis?{wrong}").status_code == 400
        assert client.get(f"/api/v1/ticket-clocks?kpi=ticket_response&{wrong}").status_code == 400
    assert client_of("andes_agent").get(f"/api/v1/ticket-kpis?{query}").status_code == 403
    assert client_of("boral_vendor_manager").get(f"/api/v1/ticket-kpis?{query}").json() == {"results": []}


def test_lists_ask_as_often_for_ten_as_for_twenty(
    desk: Desk, client_of: Clients, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, counts = client_of("programme_manager"), []
    for _ in range(2):
        for _ticket in range(10):
            desk.opened(agent=desk.world.vendors["ANDES"].agents[0])
        client.get(PATH)
        with django_assert_max_num_queries(40) as queries:
            client.get(PATH)
        counts.append(len(queries))
    assert counts[0] == counts[1]
