"""The interface of calls and imports: what it tells, to whom, and one effect for one key."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.services import token_create
from calls.models import Batch, BatchState, Call, RowError, StoredAnswer
from calls.services import answers_forget
from core.scope import activate
from tests.calls.pages import batch_row, call_row
from tests.calls.test_pages_calls import DAY, NUMBER, call_make
from tests.world import World

Clients = Callable[[str], Client]
PATH = "/api/v1/calls/batch"


def send(client: Client, rows: Any, *, key: str = "key-1", path: str = PATH, body: str = "", **headers: str) -> Any:
    """Send rows as a program does."""
    return client.post(
        path,
        body or json.dumps({"rows": rows}),
        content_type="application/json",
        headers={"Idempotency-Key": key} | headers,
    )


def token_of(world: World, username: str, *permissions: str) -> dict[str, str]:
    """Return the header of a new token that may do some things."""
    scope = world.scope(username, at=datetime.now(UTC))
    with activate(scope):
        _, key = token_create(
            scope=scope, name="test", permissions=permissions, expires_at=scope.at + timedelta(days=1)
        )
    return {"Authorization": f"Token {key}"}


def stored(world: World) -> int:
    with activate(world.system):
        return Call.objects.visible_to(world.system).count()


def test_calls_are_told_by_codes_and_words_with_the_number_masked(world: World, client_of: Clients) -> None:
    call_make(world, 1)
    call_make(world, 2, vendor="BORAL")
    [row] = client_of("andes_vendor_supervisor").get("/api/v1/calls").json()["results"]
    assert row == {
        "vendor": "ANDES",
        "contract": "ANDES-2026",
        "external_id": "ANDES-1",
        "revision": 1,
        "queue": "ORDERS",
        "agent": "ANDES-A1",
        "reason": None,
        "direction": "inbound",
        "outcome": "answered",
        "abandon_place": None,
        "offered_at": f"{DAY}T00:11:00Z",
        "answered_at": f"{DAY}T00:11:10Z",
        "ended_at": f"{DAY}T00:12:50Z",
        "ring_seconds": 4,
        "wait_seconds": 10,
        "talk_seconds": 90,
        "hold_seconds": 10,
        "wrap_seconds": 5,
        "csat": 5,
        "resolved": True,
        "success": None,
        "transferred_from": None,
        "ivr_path": None,
        "recording": "rec/1",
        "customer": "8613••••8000",
    }
    for username in ("contract_finance", "andes_agent"):
        rows = client_of(username).get("/api/v1/calls").json()["results"]
        assert "recording" not in rows[0]
    assert len(client_of("programme_manager").get("/api/v1/calls").json()["results"]) == 2


def test_pages_of_calls_neither_repeat_nor_leave_out(world: World, client_of: Clients) -> None:
    for number in range(7):
        call_make(world, 1, external_id=f"same-moment-{number}")
    client, seen = client_of("andes_vendor_manager"), []
    token: Any = ""
    while token is not None:
        query = {"page_size": "3"} | ({"next_token": token} if token else {})
        answer = client.get("/api/v1/calls", query).json()
        seen += [row["external_id"] for row in answer["results"]]
        token = answer["next_token"]
    assert sorted(seen) == [f"same-moment-{number}" for number in range(7)]


@pytest.mark.parametrize(
    "query", [{"sort": "wait"}, {"queue": "NOWHERE"}, {"from": "June"}, {"from": "2026-01-01", "to": "2026-12-01"}]
)
def test_what_cannot_be_asked_is_refused_by_name(world: World, client_of: Clients, query: dict[str, str]) -> None:
    answer = client_of("andes_vendor_manager").get("/api/v1/calls", query)
    assert answer.status_code == 400
    assert answer.json()["error"]["details"]["parameter"] in {*query, "to"}


@pytest.mark.parametrize(
    "query",
    [
        {"from": "0001-01-01", "to": "0001-01-02"},
        {"half_hour": "0001-01-01T00:00:00+14:00"},
        {"half_hour": "9999-12-31T23:30:00-12:00"},
        {"from": "9999-12-31T23:00:00-12:00", "to": "9999-12-31T23:59:00-12:00"},
        {"to": "0001-01-01T00:00"},
        {"from": "2100-01-01"},
    ],
)
def test_moments_of_no_call_are_refused_by_page_and_api(
    world: World, client_of: Clients, query: dict[str, str]
) -> None:
    client = client_of("andes_vendor_manager")
    answer = client.get("/api/v1/calls", query)
    assert answer.status_code == 400
    assert answer.json()["error"]["details"]["parameter"] in query
    assert "from 2000 to 2099" in answer.json()["error"]["message"]
    page = client.get("/calls/", query)
    assert page.status_code == 200
    assert "from 2000 to 2099" in page.content.decode()


def test_the_first_and_the_last_moments_of_the_years_can_be_asked_for(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    for query in ({"half_hour": "2099-12-31T23:30:00-12:00"}, {"from": "2000-01-01", "to": "2000-01-02"}):
        assert client.get("/api/v1/calls", query).json()["results"] == []


def test_a_body_with_emoji_and_another_encoding(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    assert send(client, [call_row(1, external_id="\U0001f4de")]).status_code == 201
    for charset in ("hex", "base64", "zlib", "utf-16"):
        body, kind = json.dumps({"rows": []}).encode("utf-16"), f"application/json; charset={charset}"
        answer = client.generic("POST", PATH, body, kind, headers={"Idempotency-Key": "k"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "parse_error")


def test_the_list_asks_as_often_for_ten_calls_as_for_twenty(
    world: World, client_of: Clients, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, counts = client_of("programme_manager"), []
    for first in (0, 10):
        for number in range(first, first + 10):
            call_make(world, number, agent=world.vendors["ANDES"].agents[number % 3])
        client.get("/api/v1/calls")
        with django_assert_max_num_queries(60) as queries:
            assert len(client.get("/api/v1/calls").json()["results"]) == first + 10
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_import_tells_its_account_and_its_first_errors(world: World, client_of: Clients) -> None:
    batch = batch_row(world, 1, state=BatchState.CHECKED)
    with activate(world.system):
        RowError.objects.create(
            vendor=batch.vendor, batch=batch, line=3, column="queue", rule="queue_unknown", value="X"
        )
    client = client_of("andes_vendor_supervisor")
    [row] = client.get("/api/v1/imports").json()["results"]
    assert (row["id"], row["state"], row["rows_read"]) == (str(batch.uuid), "checked", 0)
    detail = client.get(f"/api/v1/imports/{batch.uuid}").json()
    assert detail["errors"] == [
        {
            "line": 3,
            "field": "queue",
            "code": "queue_unknown",
            "message": "There is no queue “X”.",
            "remedy": "Correct the code, or create the queue first.",
            "value": "X",
        }
    ]
    rival = client_of("boral_vendor_supervisor")
    foreign = rival.get(f"/api/v1/imports/{batch.uuid}")
    unknown = rival.get("/api/v1/imports/00000000-0000-4000-8000-000000000000")
    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
    assert foreign.status_code == 404
    assert rival.get("/api/v1/imports").json()["results"] == []
    assert client_of("andes_agent").get("/api/v1/imports").status_code == 403
    assert client.get("/api/v1/imports?vendor=BORAL").status_code == 400


def test_an_answer_is_forgotten_after_its_week(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    for number in range(2):
        assert send(client, [call_row(number)], key=f"key-{number}").status_code == 201
    with activate(world.system):
        answers = StoredAnswer.objects.visible_to(world.system)
        asked_at = answers.earliest("at").at
        answers.filter(key="key-1").update(at=asked_at + timedelta(seconds=1))
    assert answers_forget(scope=replace(world.system, at=asked_at + timedelta(days=7))) == 1
    with activate(world.system):
        assert list(answers.values_list("key", flat=True)) == ["key-1"]


def test_rows_are_stored_once_and_the_answer_is_replayed(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    first = send(client, [call_row(1), call_row(2)])
    assert first.status_code == 201, first.content
    assert first.json()["account"]["new"] == 2
    again = send(client, [call_row(1), call_row(2)])
    assert (again.status_code, again.json()) == (201, first.json())
    assert stored(world) == 2
    other = send(client, [call_row(3)])
    assert other.status_code == 422
    assert other.json()["error"]["code"] == "idempotency_key_reused"
    partial = send(client, [call_row(1), call_row(2)], path=f"{PATH}?partial=true")
    assert (partial.status_code, partial.json()["error"]["code"]) == (422, "idempotency_key_reused")
    unchanged = send(client, [call_row(1), call_row(2, wait_seconds=30, revision=2)], key="key-2")
    assert unchanged.json()["account"] | {"read": 2} == {
        "read": 2, "new": 0, "updated": 1, "unchanged": 1, "superseded": 0, "duplicate": 0, "rejected": 0,
    }  # fmt: skip


def test_each_row_is_told_what_became_of_it(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    first = send(client, [call_row(1, revision=2), call_row(2), call_row(3)]).json()
    assert [row["result"] for row in first["rows"]] == ["new"] * 3
    rows = {
        "superseded": call_row(1, wait_seconds=30),
        "updated": call_row(2, revision=2, wait_seconds=31),
        "unchanged": call_row(3),
        "rejected": call_row(4, queue="NOWHERE"),
        "new": call_row(5, revision=3),
        # The same moment in other words is the same row; an older revision of it is a former one.
        "duplicate": call_row(5, revision=3, offered_at="2026-06-12T00:25:00Z"),
    }
    sent = [*rows.values(), call_row(5, revision=2)]
    second = send(client, sent, path=f"{PATH}?partial=true", key="key-2").json()
    told = [row["result"] for row in second["rows"]]
    assert told == [*rows, "superseded"]
    assert Counter(told) == Counter({name: count for name, count in second["account"].items() if name != "read"})
    nothing = send(client, [call_row(6, queue="NOWHERE")], path=f"{PATH}?partial=true", key="key-3").json()
    assert [row["result"] for row in nothing["rows"]] == ["rejected"]


def test_rejected_rows_are_named_and_stop_all_unless_partial(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    rows = [call_row(1), call_row(2, queue="NOWHERE", customer=NUMBER), "no object"]
    refused = send(client, rows)
    assert refused.status_code == 409
    told = refused.json()["error"]["details"]["rows"]
    assert [row["status"] for row in told] == ["valid", "rejected", "rejected"]
    assert told[1]["errors"] == [
        {
            "row": 1,
            "field": "queue",
            "code": "queue_unknown",
            "message": "There is no queue “NOWHERE”.",
            "remedy": "Correct the code, or create the queue first.",
            "value": "NOWHERE",
        }
    ]
    assert [(error["field"], error["code"]) for error in told[2]["errors"]] == [("", "row_not_object")]
    assert stored(world) == 0
    # The key was not used up.
    partial = send(client, rows, path=f"{PATH}?partial=true")
    assert partial.status_code == 201
    account = partial.json()["account"]
    assert (account["read"], account["new"], account["rejected"]) == (3, 1, 2)
    assert [row["status"] for row in partial.json()["rows"]] == ["accepted", "rejected", "rejected"]
    assert stored(world) == 1


@pytest.mark.parametrize(
    ("change", "field", "code", "value"),
    [
        ({"agent": "2026061200000001"}, "agent", "agent_unknown", "2026061200000001"),
        ({"agent": 2026061200000001}, "agent", "agent_unknown", "2026061200000001"),
        ({"external_id": "1.38E+10"}, "external_id", "id_scientific", "1.38E+10"),
        ({"queue": "x" * 300}, "queue", "queue_unknown", "x" * 79 + "…"),
        ({"customer": "+86138001380001234567"}, "customer", "phone_invalid", "•" * 16 + "4567"),
        ({"customer": ["+8613800138000"]}, "customer", "value_nested", '["+•••••••••8000"]'),
        ({"agent": ["A1"]}, "agent", "value_nested", '["A1"]'),
        ({"talk_sec": 1}, "talk_sec", "field_unknown", "1"),
        ({"customer": "8613••••8000"}, "customer", "customer_masked", ""),
        ({"talk_seconds": 10**18}, "talk_seconds", "number_invalid", str(10**18)),
        ({"transferred_from": "call-1"}, "transferred_from", "transfer_self", "call-1"),
        (
            {"answered_at": "2026-06-12T07:00:00+08:00"},
            "answered_at",
            "answered_before_offered",
            "2026-06-12T08:05:00+08:00 / 2026-06-12T07:00:00+08:00",
        ),
        ({"offered_at": "2019-06-12 08:05Z"}, "queue", "queue_not_covered", "ORDERS / 2019-06-12 08:05Z"),
    ],
)
def test_a_rejected_value_is_told_as_it_was_sent_and_only_the_customer_s_is_masked(
    world: World, client_of: Clients, change: dict[str, Any], field: str, code: str, value: str
) -> None:
    told = send(client_of("andes_vendor_manager"), [call_row(1, **change)]).json()["error"]["details"]["rows"][0]
    error = next(error for error in told["errors"] if error["code"] == code)
    assert (error["row"], error["field"], error["value"]) == (0, field, value)
    assert error["message"]
    assert error["remedy"]


def test_a_row_that_is_no_object_is_called_so(world: World, client_of: Clients) -> None:
    rows = send(client_of("andes_vendor_manager"), [None, [], 5, call_row(1)]).json()["error"]["details"]["rows"]
    assert [[error["code"] for error in row["errors"]] for row in rows] == [["row_not_object"]] * 3 + [[]]


@pytest.mark.parametrize(
    ("body", "key", "status", "code"),
    [
        ("[]", "k", 422, "rows_missing"),
        ('{"rows": {}}', "k", 422, "rows_missing"),
        ('{"rows": [], "vendor": "BORAL"}', "k", 422, "rows_missing"),
        ('{"rows": []}', "k", 422, "rows_count"),
        (json.dumps({"rows": [{}] * 1001}), "k", 422, "rows_count"),
        ('{"rows": [{}]}', "", 422, "idempotency_key_missing"),
        ('{"rows": [{}]}', "k" * 256, 422, "idempotency_key_missing"),
        ('{"rows": [NaN]}', "k", 400, "parse_error"),
        ('{"rows": ["\\u0000"]}', "k", 400, "parse_error"),
        ('{"rows": [{"external_id": "\\ud800"}]}', "k", 400, "parse_error"),
        ('{"rows": [{"\\udfff": 1}]}', "k", 400, "parse_error"),
        ("[" * 100_000 + "]" * 100_000, "k", 400, "parse_error"),
        ("rows", "k", 400, "parse_error"),
        ('{"rows": [{"vendor": "BORAL"}]}', "k", 422, "vendor_differs"),
    ],
)
def test_bodies_that_cannot_be_taken(
    world: World, client_of: Clients, body: str, key: str, status: int, code: str
) -> None:
    answer = send(client_of("andes_vendor_manager"), None, body=body, key=key)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert stored(world) == 0


def test_a_vendor_that_is_missing_or_stands_in_the_body_belongs_into_the_address(
    world: World, client_of: Clients
) -> None:
    remedy = "name the vendor as a parameter: ?vendor=CODE"
    client = client_of("programme_manager")
    for body in ("", json.dumps({"rows": [call_row(1)], "vendor": "BORAL"})):
        answer = send(client, [call_row(1)], body=body).json()["error"]
        assert answer["code"] == "vendor_missing"
        assert remedy in answer["message"]
    inside = send(client_of("andes_vendor_manager"), None, body='{"rows": [], "vendor": "ANDES"}').json()["error"]
    assert inside["code"] == "rows_missing"
    assert remedy in inside["message"]


def test_whose_calls_they_are_follows_from_the_token(world: World, client_of: Clients) -> None:
    client = client_of("programme_manager")
    assert send(client, [call_row(1)]).json()["error"]["code"] == "vendor_missing"
    assert send(client, [call_row(1)], path=f"{PATH}?vendor=BORAL").status_code == 201
    with activate(world.system):
        assert Call.objects.visible_to(world.system).get().vendor == world.vendors["BORAL"].vendor
    own = client_of("andes_vendor_manager")
    assert send(own, [call_row(1)], path=f"{PATH}?vendor=BORAL").status_code == 400
    assert send(own, [call_row(1)], path=f"{PATH}?vendor=ANDES").status_code == 201
    assert send(client_of("andes_vendor_qa"), [call_row(2)]).status_code == 403
    assert Client().post(PATH, "{}", content_type="application/json").status_code in (401, 403)


def test_a_token_may_do_only_what_it_carries(world: World) -> None:
    reader = token_of(world, "andes_vendor_manager", "calls.view")
    call_make(world, 1)
    assert Client().get("/api/v1/calls", headers=reader).status_code == 200
    assert send(Client(), [call_row(1)], **reader).status_code == 403
    assert Client().get("/api/v1/imports", headers=reader).status_code == 403


def test_twenty_at_once_with_one_key_store_once(committed_world: World) -> None:
    header = token_of(committed_world, "andes_vendor_manager", "calls.import")
    rows = [call_row(number) for number in range(5)]

    def one(_: int) -> tuple[int, str]:
        try:
            answer = send(Client(), rows, **header)
            return answer.status_code, json.dumps(answer.json(), sort_keys=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(one, range(20)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
    with activate(committed_world.system):
        assert Call.objects.visible_to(committed_world.system).count() == 5
        assert Batch.objects.visible_to(committed_world.system).count() == 1
        assert StoredAnswer.objects.visible_to(committed_world.system).count() == 1
