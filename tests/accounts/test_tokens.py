"""API tokens: narrow, ending, revocable at once, and good for the API alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts import selectors, services
from accounts.calc.access import COLUMNS, token_permissions_of
from accounts.models import ApiToken
from audit.models import Entry
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
from tests.world import World

Clients = Callable[[str], Client]
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def make(world: World, by: str, **values: Any) -> tuple[ApiToken, str]:
    """Create a token as one of the world's users."""
    given: dict[str, Any] = {"name": "feed", "permissions": ["kpis.view"], "expires_at": NOW + 30 * DAY} | values
    with activate(world.scope(by, at=NOW)) as scope:
        return services.token_create(scope=scope, **given)


def me(key: str, **headers: str) -> Any:
    """Ask the API who one is."""
    return Client().get("/api/v1/me", headers={"Authorization": f"Token {key}", **headers})


def test_the_key_is_shown_once_and_kept_as_a_digest(world: World) -> None:
    token, key = make(world, "andes_vendor_supervisor")
    assert re.fullmatch(r"cs_[A-Za-z0-9_-]{43}", key)
    assert bytes(token.digest) == hashlib.sha256(key.encode()).digest()
    assert key.startswith(token.prefix)
    assert len(token.prefix) == 9
    stored = ApiToken.objects.filter(pk=token.pk).values().get()
    assert key not in str(stored)
    with activate(world.system):
        entry = Entry.objects.visible_to(world.system).get(action="token.created")
        assert key not in str(vars(entry))
        assert entry.changes["permissions"] == [None, ["kpis.view"]]


def test_a_token_speaks_for_its_owner_within_its_rights(world: World) -> None:
    token, key = make(world, "andes_vendor_supervisor", permissions=["kpis.view", "calls.view"])
    answer = me(key)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["role"], body["side"], body["organization"]) == ("vendor_supervisor", "vendor", "Andes Voice Q7X")
    assert body["permissions"] == ["calls.view", "kpis.view"]
    assert body["name"] == "andes_vendor_supervisor (feed)"
    token.refresh_from_db()
    assert token.last_used_at is not None


def test_use_is_noted_at_a_minutes_grain(world: World) -> None:
    token, key = make(world, "andes_vendor_supervisor")
    with time_machine.travel(NOW, tick=False) as clock:
        seen = []
        for seconds in (0, 30, 40):
            clock.shift(seconds)
            me(key)
            token.refresh_from_db()
            seen.append(token.last_used_at)
    assert seen[0] == seen[1] != seen[2]


@pytest.mark.parametrize("kind", ["unknown", "revoked", "expired", "deactivated", "no membership", "malformed"])
def test_a_dead_token_opens_nothing_and_all_look_alike(world: World, kind: str) -> None:
    token, key = make(world, "andes_vendor_supervisor")
    user = world.users["andes_vendor_supervisor"]
    if kind == "unknown":
        key = "cs_" + "x" * 43
    elif kind == "malformed":
        key = "cs_\x00 é"
    elif kind == "revoked":
        with activate(world.scope("andes_vendor_manager", at=NOW)) as scope:
            services.token_revoke(scope=scope, uuid=token.uuid)
    elif kind == "expired":
        ApiToken.objects.filter(pk=token.pk).update(expires_at=NOW - timedelta(seconds=1))
    elif kind == "deactivated":
        user.is_active = False
        user.save()
    else:
        user.membership.delete()
    answer = me(key)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
    assert answer.json()["error"]["code"] == "authentication_failed"
    assert answer.content == me("cs_" + "y" * 43).content


def test_revoking_holds_from_the_next_request(world: World) -> None:
    token, key = make(world, "andes_vendor_supervisor")
    assert me(key).status_code == 200
    with activate(world.scope("andes_vendor_supervisor", at=NOW)) as scope:
        services.token_revoke(scope=scope, uuid=token.uuid)
        services.token_revoke(scope=scope, uuid=token.uuid)
        assert Entry.objects.visible_to(scope).filter(action="token.revoked").count() == 1
    assert me(key).status_code == 401


def test_a_token_opens_no_page(world: World) -> None:
    _token, key = make(world, "andes_vendor_manager")
    for path in ("/accounts/profile/", "/accounts/people/", "/audit/"):
        answer = Client().get(path, headers={"Authorization": f"Token {key}"})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_a_dead_token_is_not_saved_by_a_living_session(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    assert client.get("/api/v1/me").status_code == 200
    assert client.get("/api/v1/me", headers={"Authorization": "Token cs_nothing"}).status_code == 401


def test_a_narrower_role_narrows_the_token_at_once(world: World) -> None:
    _token, key = make(world, "andes_vendor_supervisor", permissions=["kpis.view", "calls.import"])
    with activate(world.scope("andes_vendor_manager", at=NOW)) as scope:
        services.user_change_role(scope=scope, uuid=world.users["andes_vendor_supervisor"].uuid, role="vendor_qa")
    assert me(key).json()["permissions"] == ["kpis.view"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"permissions": ["contracts.sign"]}, "permissions"),
        ({"permissions": ["kpis.view", "users.manage"]}, "permissions"),
        ({"permissions": ["nonsense"]}, "permissions"),
        ({"permissions": []}, "permissions"),
        ({"name": "  "}, "name"),
        ({"expires_at": NOW}, "expires_at"),
        ({"expires_at": NOW + timedelta(days=367)}, "expires_at"),
    ],
)
def test_a_token_is_no_wider_and_no_longer_than_allowed(world: World, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        make(world, "andes_vendor_supervisor", **values)
    assert list(refused.value.fields) == [field]
    assert not ApiToken.objects.exists()


def test_no_token_makes_people_or_tokens_or_clear_numbers() -> None:
    for role, side in COLUMNS:
        rights = token_permissions_of(role, side)
        assert not {p for p in rights if p.startswith(("users.", "tokens.")) or p == "customers.unmask"}


@pytest.mark.parametrize("by", ["auditor", "andes_agent"])
def test_some_roles_have_no_tokens(world: World, by: str) -> None:
    with pytest.raises(Forbidden):
        make(world, by)


def test_there_is_an_end_to_living_tokens(world: World) -> None:
    for _n in range(20):
        make(world, "andes_vendor_supervisor")
    with pytest.raises(Conflict):
        make(world, "andes_vendor_supervisor")


def test_a_manager_creates_tokens_for_service_accounts_only(world: World) -> None:
    with activate(world.scope("andes_vendor_manager", at=NOW)) as scope:
        service = services.user_create(
            scope=scope, organization_id=scope.organization_id, username="feed", role="api_client"
        )
    _token, key = make(world, "andes_vendor_manager", user_uuid=service.uuid, permissions=["calls.import"])
    assert me(key).json()["role"] == "api_client"
    with pytest.raises(Forbidden):
        make(world, "andes_vendor_manager", user_uuid=world.users["andes_vendor_qa"].uuid)
    with pytest.raises(NotFound):
        make(world, "boral_vendor_manager", user_uuid=service.uuid)
    with pytest.raises(Forbidden):
        make(world, "andes_vendor_supervisor", user_uuid=service.uuid)


def test_others_tokens_do_not_exist(world: World) -> None:
    token, _key = make(world, "andes_vendor_supervisor")
    for by in ("andes_vendor_qa", "boral_vendor_manager", "programme_manager"):
        with activate(world.scope(by, at=NOW)) as scope, pytest.raises(NotFound):
            services.token_revoke(scope=scope, uuid=token.uuid)
    for by in ("andes_vendor_manager", "platform_admin"):
        with activate(world.scope(by, at=NOW)) as scope:
            assert selectors.token_get(scope=scope, uuid=token.uuid) == token


def test_the_page_shows_the_key_once(world: World) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "andes_vendor_supervisor", "password": "a plain test pass-phrase"})
    values = {"name": "night feed", "permissions": ["calls.import"], "days": "30", "user": "1", "user_id": "1"}
    page = client.post("/accounts/tokens/new/", values)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    keys = set(re.findall(r"cs_[A-Za-z0-9_-]{43}", page.content.decode()))
    assert len(keys) == 1
    assert me(keys.pop()).json()["permissions"] == ["calls.import"]
    assert ApiToken.objects.get().user == world.users["andes_vendor_supervisor"]
    listed = client.get("/accounts/tokens/").content.decode()
    assert "night feed" in listed
    assert not re.findall(r"cs_[A-Za-z0-9_-]{43}", listed)
    widened = client.post("/accounts/tokens/new/", values | {"permissions": ["users.manage"]})
    assert widened.status_code == 422


def test_the_page_asks_for_the_password_when_the_sign_in_is_long_ago(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_supervisor")
    answer = client.get("/accounts/tokens/new/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert client_of("auditor").get("/accounts/tokens/new/").status_code == 403
