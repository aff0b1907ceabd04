"""Whoever may not do a thing reads which right is missing and who has it, and nothing about others' objects."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts import services
from core.scope import activate
from tests.world import World

Clients = Callable[[str], Client]


def refused(client: Client, path: str, **more: Any) -> str:
    answer = client.get(path, **more)
    assert answer.status_code == 403
    return answer.content.decode()


def test_a_page_names_the_missing_right_the_own_role_and_who_has_it(world: World, client_of: Clients) -> None:
    page = refused(client_of("auditor"), "/contracts/new/")
    assert "You need the right “edit contracts and draft versions”; your role, auditor, does not have it." in page
    assert "Ask somebody who does (programme manager, contracts and finance)" in page
    part = refused(client_of("auditor"), "/contracts/new/", headers={"HX-Request": "true"})
    assert "your role, auditor, does not have it" in part


def test_a_vendor_is_not_told_the_clients_roles(world: World, client_of: Clients) -> None:
    page = refused(client_of("andes_vendor_manager"), "/contracts/new/")
    assert "your role, vendor manager, does not have it. Ask the client&#x27;s people." in page
    assert "programme manager" not in page
    own = refused(client_of("andes_vendor_wfm"), "/accounts/people/")
    assert "(vendor manager)" in own


@pytest.mark.parametrize("known", [True, False])
def test_the_refusal_is_the_same_whether_the_object_exists(world: World, client_of: Clients, known: bool) -> None:
    person = world.users["boral_vendor_qa"].uuid if known else uuid.uuid4()
    page = refused(client_of("andes_vendor_qa"), f"/accounts/people/{person}/")
    assert "You need the right “see people”" in page
    assert client_of("andes_vendor_manager").get(f"/accounts/people/{person}/").status_code == 404


def test_the_interface_names_the_right_for_programs_and_tells_a_narrow_token(world: World, client_of: Clients) -> None:
    told = client_of("andes_agent").get("/api/v1/imports")
    assert told.status_code == 403
    error = told.json()["error"]
    assert (error["code"], error["details"]) == ("forbidden", {"permission": "imports.view"})
    assert "your role, agent, does not have it" in error["message"]
    now = datetime.now(UTC)
    with activate(world.scope("andes_vendor_manager", at=now)) as scope:
        given: dict[str, Any] = {"permissions": ["kpis.view"], "expires_at": now + timedelta(days=9)}
        key = services.token_create(scope=scope, name="feed", **given)[1]
    told = Client().get("/api/v1/calls", headers={"Authorization": f"Token {key}"})
    assert told.status_code == 403
    assert "Your role, vendor manager, has it, but this token does not carry it." in told.json()["error"]["message"]
