"""The interface of contracts and their terms."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contracts import services
from core.scope import activate
from tests.contracts.factories import contract_draft_make, version_draft_make
from tests.world import World
from vendors import services as vendors

ClientOf = Callable[[str], Client]


def results(browser: Client, query: str = "") -> list[dict[str, Any]]:
    """Return the rows of the list."""
    answer = browser.get(f"/api/v1/contracts{query}")
    assert answer.status_code == 200, answer.content
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def test_a_contract_tells_its_terms_by_code(world: World, client_of: ClientOf) -> None:
    own = world.vendors["ANDES"]
    browser = client_of("andes_vendor_manager")
    (row,) = results(browser)
    assert row == {
        "id": str(own.contract.uuid),
        "vendor": "ANDES",
        "code": "ANDES-2026",
        "name": "ANDES hotline",
        "zone": "Asia/Shanghai",
        "currency": "CNY",
        "starts_on": "2026-01-01",
        "ends_on": None,
        "coverage": [
            {"queue": "ORDERS", "starts_on": "2026-01-01", "ends_on": None},
            {"queue": "SUPPORT", "starts_on": "2026-01-01", "ends_on": None},
        ],
    }
    detail = browser.get(f"/api/v1/contracts/{row['id']}").json()
    versions = detail.pop("versions")
    assert detail == row
    (version,) = versions
    assert (version["number"], version["state"], version["effective_from"]) == (1, "signed", "2026-01-01")
    assert version["signed_at"] == "2026-06-15T12:00:00Z"
    assert version["service_hours"]["0"] == [["00:00", "24:00"]]
    assert (
        version["definitions"][0] | {"queue": "ORDERS", "formula": 6, "threshold_seconds": 20}
        == version["definitions"][0]
    )
    asa = next(t for t in version["targets"] if (t["queue"], t["kpi"]) == ("SUPPORT", "asa"))
    assert asa == {"queue": "SUPPORT", "kpi": "asa", "goal": "15.0000", "amber": "18.0000", "minimum": "20.0000"}


def test_vendors_are_told_signed_versions_and_no_notes(world: World, client_of: ClientOf) -> None:
    own = world.vendors["ANDES"]
    with activate(world.scope("programme_manager")) as scope:
        services.version_draft(scope=scope, contract_uuid=own.contract.uuid)
        hidden = contract_draft_make(scope=scope, vendor=own.vendor)
    manager, vendor = client_of("programme_manager"), client_of("andes_vendor_manager")
    assert {row["code"] for row in results(manager, "?vendor=ANDES")} == {"ANDES-2026", "D-1"}
    assert [row["code"] for row in results(vendor)] == ["ANDES-2026"]
    for browser, numbers in ((manager, [2, 1]), (vendor, [1])):
        detail = browser.get(f"/api/v1/contracts/{own.contract.uuid}").json()
        assert [version["number"] for version in detail["versions"]] == numbers
        assert ("note" in detail) is (browser is manager)
    for row in (hidden, world.vendors["BORAL"].contract):
        answers = [vendor.get(f"/api/v1/contracts/{key}") for key in (row.uuid, uuid.uuid4())]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    assert "canceled" not in str(vendor.get(f"/api/v1/contracts/{own.contract.uuid}").json())


def test_contracts_are_found_by_vendor_day_and_words(world: World, client_of: ClientOf) -> None:
    browser = client_of("programme_manager")
    with activate(world.scope("programme_manager")) as scope:
        contract_draft_make(
            scope=scope, vendor=world.vendors["BORAL"].vendor, starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31)
        )
    assert [row["code"] for row in results(browser, "?vendor=BORAL&active_on=2024-12-31")] == ["D-1"]
    assert [row["code"] for row in results(browser, "?vendor=boral&active_on=2026-01-01")] == ["BORAL-2026"]
    assert [row["code"] for row in results(browser, "?search=andes hot")] == ["ANDES-2026"]


@pytest.mark.parametrize("query", ["vendor=NOBODY", "active_on=soon", "note=x", "state=signed"])
def test_an_unknown_or_unreadable_parameter_is_an_error(client_of: ClientOf, query: str) -> None:
    answer = client_of("programme_manager").get(f"/api/v1/contracts?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]["details"]["parameter"] == query.partition("=")[0]


def test_agents_and_strangers_read_no_contracts(client_of: ClientOf) -> None:
    assert client_of("andes_agent").get("/api/v1/contracts").status_code == 403
    assert Client().get("/api/v1/contracts").status_code == 401
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client_of("programme_manager"), method)("/api/v1/contracts").status_code == 405


def test_a_list_asks_as_many_questions_for_twenty_rows_as_for_ten(world: World, client_of: ClientOf) -> None:
    browser, vendor = client_of("programme_manager"), world.vendors["ANDES"].vendor
    results(browser)  # the first request of a session writes it down
    counts = []
    for total in (10, 20):
        with activate(world.scope("programme_manager")) as scope:
            for n in range(total - 10, total):
                queue = vendors.queue_create(scope=scope, vendor_id=vendor.pk, code=f"Q{n}", name=f"Queue {n}")
                contract = contract_draft_make(scope=scope, vendor=vendor, code=f"C{n}")
                version_draft_make(scope=scope, contract=contract, queues=[queue])
        with CaptureQueriesContext(connection) as queries:
            assert len(results(browser)) >= total
        counts.append(len(queries))
    assert counts[0] == counts[1]
