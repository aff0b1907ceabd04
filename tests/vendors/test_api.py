"""The interface of vendors, sites, queues and agents."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.scope import activate
from tests.world import World
from vendors import services

ClientOf = Callable[[str], Client]
KINDS = ["vendors", "sites", "queues", "agents"]


def results(browser: Client, path: str) -> list[dict[str, Any]]:
    """Return the rows of a list."""
    answer = browser.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def test_rows_are_told_by_uuid_and_code(world: World, client_of: ClientOf) -> None:
    own = world.vendors["ANDES"]
    browser = client_of("andes_vendor_manager")
    assert results(browser, "vendors") == [
        {
            "id": str(own.vendor.uuid),
            "code": "ANDES",
            "name": "Andes Voice Q7X",
            "country": "CN",
            "contact_name": "",
            "contact_email": "",
            "is_active": True,
        }
    ]
    assert results(browser, "queues")[0] == {
        "id": str(own.queues[0].uuid),
        "vendor": "ANDES",
        "code": "ORDERS",
        "name": "ANDES ORDERS",
        "direction": "inbound",
        "is_active": True,
    }
    agent = results(browser, "agents")[0]
    assert (agent["code"], agent["site"], agent["hired_on"]) == ("ANDES-A1", "ANDES-S1", None)
    assert results(browser, "sites")[0]["zone"] == "Asia/Shanghai"


def test_the_note_is_absent_for_vendors_not_null(world: World, client_of: ClientOf) -> None:
    assert results(client_of("auditor"), "vendors")[0]["note"] == "client remark on ANDES"
    assert "note" not in results(client_of("andes_vendor_manager"), "vendors")[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_rivals_row_is_as_unknown_as_one_that_never_was(world: World, client_of: ClientOf, kind: str) -> None:
    foreign = results(client_of("programme_manager"), f"{kind}?search=BORAL")[0]
    browser = client_of("andes_vendor_manager")
    assert results(browser, f"{kind}?search=BORAL") == []
    answers = [browser.get(f"/api/v1/{kind}/{key}") for key in (foreign["id"], uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert client_of("programme_manager").get(f"/api/v1/{kind}/{foreign['id']}").json() == foreign


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_rivals_code_is_as_unknown_as_any_other(world: World, client_of: ClientOf, kind: str) -> None:
    browser = client_of("andes_vendor_manager")
    texts = {}
    for text in ("BORAL", "NOBODY", str(world.vendors["BORAL"].vendor.uuid)):
        answer = browser.get(f"/api/v1/{kind}?vendor={text}")
        assert answer.status_code == 400
        texts[text] = answer.content.decode().replace(text, "")
    assert len(set(texts.values())) == 1
    manager = client_of("programme_manager")
    for key in ("BORAL", str(world.vendors["BORAL"].vendor.uuid)):
        assert {row["vendor"] for row in results(manager, f"{kind}?vendor={key}")} == {"BORAL"}


def test_rows_are_found_by_state_and_words(world: World, client_of: ClientOf) -> None:
    browser, closed = client_of("programme_manager"), world.vendors["ANDES"].queues[1]
    with activate(world.scope("programme_manager")) as scope:
        services.queue_update(scope=scope, uuid=closed.uuid, expected_version=1, values={"is_active": False})
    assert [row["id"] for row in results(browser, "queues?active=false")] == [str(closed.uuid)]
    assert len(results(browser, "queues?active=true")) == 3
    assert len(results(browser, "queues?search=andes order")) == 1


@pytest.mark.parametrize(
    "query",
    [
        "color=red",
        "active=perhaps",
        "vendor__note=x",
        "ordering=note",
        "active=true&active=false",
        "search=" + "x" * 101,
    ],
)
def test_an_unknown_or_unreadable_parameter_is_an_error(client_of: ClientOf, query: str) -> None:
    answer = client_of("programme_manager").get(f"/api/v1/queues?{query}")
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] in {"unknown_parameter", "bad_parameter"}
    assert error["details"]["parameter"] == query.partition("=")[0]


def test_pages_hold_every_row_once_and_their_tokens_count_nobody(world: World, client_of: ClientOf) -> None:
    browser = client_of("programme_manager")
    with activate(world.scope("programme_manager")) as scope:
        codes = [f"X{n:02d}" for n in range(23)]
        for vendor in world.vendors.values():
            services.agents_register(scope=scope, vendor_id=vendor.vendor.pk, codes=codes)
    seen: list[str] = []
    path = "/api/v1/agents?search=X&page_size=10"
    token: str | None = ""
    while token is not None:
        page = browser.get(path + (f"&next_token={token}" if token else "")).json()
        seen += [row["id"] for row in page["results"]]
        token = page["next_token"]
    assert len(seen) == len(set(seen)) == 46


def test_a_token_leads_on_in_the_list_that_answered_it_only(world: World, client_of: ClientOf) -> None:
    browser = client_of("programme_manager")
    own = browser.get("/api/v1/queues?page_size=1").json()["next_token"]
    assert browser.get(f"/api/v1/queues?page_size=2&next_token={own}").status_code == 200
    elsewhere = [f"/api/v1/{kind}?next_token={own}" for kind in ("calls", "agents", "imports", "tickets", "notices")]
    forged = [f"/api/v1/queues?next_token={token}" for token in ("cD1YWFg%3D", "%00", "abc", "", own[:-1])]
    for address in (*elsewhere, *forged, f"/api/v1/queues?search=x&next_token={own}"):
        answer = browser.get(address)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_token"), address


def test_agents_have_no_register_and_strangers_nothing(client_of: ClientOf) -> None:
    for kind in KINDS:
        assert client_of("andes_agent").get(f"/api/v1/{kind}").status_code == 403
        assert Client().get(f"/api/v1/{kind}").status_code == 401
        for method in ("post", "put", "patch", "delete"):
            assert getattr(client_of("programme_manager"), method)(f"/api/v1/{kind}").status_code == 405


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_asks_as_many_questions_for_twenty_rows_as_for_ten(world: World, client_of: ClientOf, kind: str) -> None:
    browser = client_of("programme_manager")
    results(browser, kind)  # the first request of a session writes it down
    counts = []
    for total in (10, 20):
        with activate(world.scope("programme_manager")) as scope:
            for n in range(total - 10, total):
                vendor = services.vendor_create(scope=scope, code=f"V{n}", name=f"Vendor {n}")
                with activate(world.system) as system:
                    key = {"scope": system, "vendor_id": vendor.pk}
                    site = services.site_create(code="S", name=f"Site {n}", **key)
                    services.queue_create(code="Q", name=f"Queue {n}", **key)
                    services.agent_create(code="A", name=f"Agent {n}", site=site, **key)
        with CaptureQueriesContext(connection) as queries:
            assert len(results(browser, kind)) >= total
        counts.append(len(queries))
    assert counts[0] == counts[1]
