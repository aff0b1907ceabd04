"""The client's own remarks and kept views over the interface."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from core.scope import activate
from tests.tickets.desk import Desk, desk_make
from tests.world import World
from tickets import services

ClientOf = Callable[[str], Any]


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_make(world)


def send(client: Any, path: str, body: Any, *, key: str) -> Any:
    """Send a body as a program does."""
    return client.post(path, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key})


@pytest.mark.usefixtures("world")
def test_the_client_notes_for_itself_and_a_vendor_has_no_such_address(desk: Desk, client_of: ClientOf) -> None:
    ticket = desk.opened()
    here = f"/api/v1/tickets/{ticket.uuid}/remarks"
    house = client_of("programme_manager")
    first = send(house, here, {"text": "Watch this one"}, key="1")
    assert (first.status_code, first.json()["text"], first.json()["actor"]) == (
        201,
        "Watch this one",
        "programme_manager",
    )
    assert send(house, here, {"text": "Watch this one"}, key="1").json() == first.json()
    assert send(house, here, {"text": "Still"}, key="2").json()["text"] == "Still"
    assert [row["text"] for row in house.get(here).json()["results"]] == ["Watch this one", "Still"]
    vendor = client_of("andes_vendor_manager")
    assert vendor.get(here).status_code == send(vendor, here, {"text": "Ours"}, key="3").status_code == 404
    assert "Watch this one" not in vendor.get(f"/api/v1/tickets/{ticket.uuid}").content.decode()


def test_kept_views_are_ones_own_and_those_of_the_organization(desk: Desk, client_of: ClientOf) -> None:
    for role, name, is_shared in (
        ("vendor_supervisor", "Mine", False),
        ("vendor_manager", "Hidden", False),
        ("vendor_manager", "Ours", True),
        ("programme_manager", "House", True),
    ):
        scope = desk.scope(role)
        with activate(scope):
            services.view_keep(scope=scope, name=name, query="tier=urgent", is_shared=is_shared)
    rows = client_of("andes_vendor_supervisor").get("/api/v1/ticket-views").json()["results"]
    assert [(row["name"], row["query"], row["is_shared"]) for row in rows] == [
        ("Mine", "tier=urgent", False),
        ("Ours", "tier=urgent", True),
    ]
