"""The book's pages: every role reads what exists for it, and nothing of what does not (L8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.services import record
from contracts.models import Version
from core.scope import activate
from tests.world import World, version_make

Clients = Callable[[str], Client]
SECRET = "remark-that-is-the-clients-4Q"


@pytest.fixture
def told(world: World) -> World:
    """A book with entries that a vendor may read, may read in part, and must not know of."""
    andes, boral = world.vendors["ANDES"], world.vendors["BORAL"]
    with activate(world.scope("programme_manager")) as scope:
        record(scope=scope, action="vendor.changed", target=andes.vendor, changes={"note": ["", SECRET]})
        record(
            scope=scope,
            action="contract.changed",
            target=andes.contract,
            changes={"name": ["old", "new hotline"], "note": ["", SECRET], "secret_parameter": SECRET},
        )
        record(scope=scope, action="agent.changed", target=boral.agents[0], changes={"team": ["T1", "rival-team"]})
        draft = version_make(contract=andes.contract, queues=andes.queues, number=2, signed=False)
        record(scope=scope, action="version.drafted", target=draft, label="draft-of-v2", changes={"number": [None, 2]})
        record(scope=scope, action="version.signed", target=andes.version, changes={"state": ["in_review", "signed"]})
        record(scope=scope, action="export.made", vendor_id=andes.vendor.pk, changes={"filters": SECRET})
    with activate(world.scope("andes_vendor_supervisor")) as scope:
        record(scope=scope, action="number.shown", changes={"reason": "the caller asked for it"})
        record(scope=scope, action="agent.changed", target=andes.agents[0], changes={"team": ["T1", "T2"]})
    return world


def test_a_vendor_reads_its_own_book_without_what_is_the_clients(told: World, client_of: Clients) -> None:
    page = client_of("andes_vendor_manager").get("/audit/?per_page=200").content.decode()
    assert "new hotline" in page
    assert "T1 → T2" in page
    assert "the caller asked for it" in page
    assert "signed the contract version" in page
    assert SECRET not in page
    assert "rival-team" not in page
    assert "draft-of-v2" not in page
    assert "drafted" not in page
    assert "changed the vendor" not in page, "not even that a hidden remark changed"
    assert "exported a list" not in page
    assert "programme_manager" not in page, "the client's people are the client"
    assert "Lumora Test" in page


def test_the_client_reads_it_all(told: World, client_of: Clients) -> None:
    for username in ("auditor", "programme_manager", "platform_admin"):
        page = client_of(username).get("/audit/?per_page=200").content.decode()
        assert page.count(SECRET) >= 3
        assert "rival-team" in page
        assert "drafted" in page


def test_exports_hold_no_more_than_the_page(told: World, client_of: Clients) -> None:
    answer = client_of("andes_vendor_manager").get("/audit/?export=csv")
    content = b"".join(answer) if answer.streaming else answer.content
    text = content.decode("utf-8-sig")
    assert "new hotline" in text
    for hidden in (SECRET, "rival-team", "programme_manager", "draft-of-v2"):
        assert hidden not in text


def test_side_doors_of_the_list_stay_shut(told: World, client_of: Clients) -> None:
    vendor = client_of("andes_vendor_manager")
    for query in ("who=programme", f"q={SECRET}", "q=drafted", "kind=vendor"):
        page = vendor.get(f"/audit/?{query}").content.decode()
        assert "new hotline" not in page
        assert "changed the vendor" not in page
    assert "T1 → T2" in vendor.get("/audit/?who=andes_vendor_supervisor").content.decode()
    plain = vendor.get("/audit/")
    for query in ("sort=actor", "sort=organization", "sort=hash", "columns=at&columns=organization"):
        answer = vendor.get(f"/audit/?{query}")
        assert answer.status_code == plain.status_code
        assert "Boral" not in answer.content.decode()


@pytest.mark.parametrize(
    "username", ["contract_finance", "client_qa", "client_wfm", "andes_vendor_supervisor", "andes_agent"]
)
def test_others_do_not_read_the_book(told: World, client_of: Clients, username: str) -> None:
    client = client_of(username)
    assert client.get("/audit/").status_code == 403
    assert client.get("/audit/?export=csv").status_code == 403
    assert client.post("/audit/verify/").status_code == 403


def history(client: Client, kind: str, uuid: Any) -> Any:
    """Ask for the history of an object."""
    return client.get(f"/audit/history/{kind}/{uuid}/")


def test_whoever_may_open_an_object_reads_its_history(told: World, client_of: Clients) -> None:
    contract = told.vendors["ANDES"].contract
    finance = history(client_of("contract_finance"), "contract", contract.uuid).content.decode()
    assert SECRET in finance
    quality = history(client_of("client_qa"), "contract", contract.uuid).content.decode()
    assert "new hotline" in quality
    assert quality.count(SECRET) == 1, "the export's parameter, not the note"
    vendor = history(client_of("andes_vendor_supervisor"), "contract", contract.uuid).content.decode()
    assert "new hotline" in vendor
    assert SECRET not in vendor
    assert "programme_manager" not in vendor


@pytest.mark.parametrize("kind", ["contract", "vendor", "agent", "site", "queue", "version", "user"])
def test_the_history_of_a_rivals_object_does_not_exist(told: World, client_of: Clients, kind: str) -> None:
    boral = told.vendors["BORAL"]
    rows: dict[str, Any] = {
        "contract": boral.contract,
        "vendor": boral.vendor,
        "agent": boral.agents[0],
        "site": boral.site,
        "queue": boral.queues[0],
        "version": boral.version,
        "user": told.users["boral_vendor_qa"],
    }
    client = client_of("andes_vendor_manager")
    foreign, unknown = history(client, kind, rows[kind].uuid), history(client, kind, uuid4())
    assert foreign.status_code == unknown.status_code == 404
    assert history(client_of("programme_manager"), kind, rows[kind].uuid).status_code == 200


def test_a_draft_has_no_history_for_its_vendor(told: World, client_of: Clients) -> None:
    with activate(told.system):
        draft = Version.objects.visible_to(told.system).get(number=2)
    assert history(client_of("andes_vendor_manager"), "version", draft.uuid).status_code == 404
    assert history(client_of("contract_finance"), "version", draft.uuid).status_code == 200
    signed = history(client_of("andes_vendor_qa"), "version", told.vendors["ANDES"].version.uuid)
    assert "signed the contract version" in signed.content.decode()


@pytest.mark.parametrize(
    ("kind", "status"), [("nonsense", 404), ("membership", 404), ("entry", 404), ("call", 404), ("organization", 404)]
)
def test_some_things_have_no_history(told: World, client_of: Clients, kind: str, status: int) -> None:
    assert history(client_of("auditor"), kind, uuid4()).status_code == status


def test_agents_read_no_history(told: World, client_of: Clients) -> None:
    client = client_of("andes_agent")
    andes = told.vendors["ANDES"]
    for kind, row in (("contract", andes.contract), ("vendor", andes.vendor), ("agent", andes.agents[0])):
        assert history(client, kind, row.uuid).status_code == 403


def test_verifying_shows_own_books_and_is_entered(told: World, client_of: Clients) -> None:
    vendor = client_of("andes_vendor_manager").post("/audit/verify/").content.decode()
    assert vendor.count("unbroken") == 1
    assert "Boral" not in vendor
    auditor = client_of("auditor").post("/audit/verify/").content.decode()
    assert auditor.count("unbroken") == 3
    assert client_of("andes_vendor_manager").get("/audit/verify/").status_code == 405
    assert "verified the audit book" in client_of("auditor").get("/audit/").content.decode()


def test_the_book_takes_the_same_queries_for_ten_rows_and_for_twenty(told: World, client_of: Clients) -> None:
    client = client_of("auditor")
    client.get("/audit/?per_page=50")
    counts = []
    for _round in range(2):
        with activate(told.scope("andes_vendor_supervisor")) as scope:
            for n in range(10):
                record(scope=scope, action="agent.changed", target=told.vendors["ANDES"].agents[0], changes={"team": n})
        with CaptureQueriesContext(connection) as captured:
            client.get("/audit/?per_page=50")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_moments_are_told_by_the_clock_of_the_rest_of_the_frame(told: World, client_of: Clients) -> None:
    contract = told.vendors["ANDES"].contract
    manager, path = client_of("andes_vendor_manager"), f"/audit/history/contract/{contract.uuid}/"
    # One zone in all one's contracts: that; the zone of the page that asks; what is no zone changes nothing.
    assert "UTC+08:00</span>" in manager.get(path).content.decode()
    asked = manager.get(path, {"zone": "America/Bogota"}).content.decode()
    assert "(America/Bogota)" in asked
    assert "UTC-05:00</span>" in asked
    assert "(Asia/Shanghai)" in manager.get(path, {"zone": "../secret"}).content.decode()
    assert '<span class="th-zone">Asia/Shanghai</span>' in manager.get("/audit/").content.decode()
