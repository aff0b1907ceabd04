"""The pages about oneself, people and tokens, as browsers and attackers meet them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import services
from accounts.calc.access import permissions_of
from accounts.models import Membership, User
from core.scope import activate
from tests.world import World

Clients = Callable[[str], Client]
MANAGING = [
    "/accounts/people/new/",
    "/accounts/services/",
    "/accounts/services/new/",
]


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/profile/",
        "/accounts/sessions/",
        "/accounts/tokens/",
        "/accounts/people/",
        *MANAGING,
        "/audit/",
        "/accounts/2fa/",
        "/accounts/password/change/",
        "/api/v1/me",
    ],
)
def test_pages_open_for_whoever_manages(world: World, client_of: Clients, path: str) -> None:
    for username in ("andes_vendor_manager", "platform_admin"):
        assert client_of(username).get(path).status_code == 200
    answer = Client().get(path)
    assert answer.status_code == (401 if path.startswith("/api/") else 302)


def test_pages_of_managers_are_closed_to_others(world: World, client_of: Clients) -> None:
    for username in ("programme_manager", "auditor", "client_qa", "andes_vendor_supervisor", "andes_agent"):
        client = client_of(username)
        for path in MANAGING:
            assert client.get(path).status_code == 403
            assert client.post(path).status_code in (403, 405)
        assert client.get("/accounts/profile/").status_code == 200
    for username in ("client_qa", "andes_vendor_supervisor", "andes_agent"):
        assert client_of(username).get("/accounts/people/").status_code == 403


def test_people_of_a_rival_are_neither_listed_nor_opened(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    for path in (
        "/accounts/people/",
        "/accounts/people/?q=boral",
        "/accounts/people/?sort=organization",
        "/accounts/services/",
    ):
        assert "boral_" not in client.get(path).content.decode()
    rival = world.users["boral_vendor_qa"]
    for action in ("", "role/", "deactivate/", "activate/", "reset-mfa/", "invite/", "tokens/new/"):
        foreign = client.post(f"/accounts/people/{rival.uuid}/{action}", {"role": "vendor_supervisor"})
        unknown = client.post(f"/accounts/people/{uuid4()}/{action}", {"role": "vendor_supervisor"})
        assert foreign.status_code == unknown.status_code == 404
    assert client.get(f"/accounts/people/{rival.uuid}/").status_code == 404
    rival.refresh_from_db()
    assert rival.is_active


def test_nothing_changes_by_looking(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    uuid = world.users["andes_vendor_qa"].uuid
    for action in ("role", "deactivate", "activate", "reset-mfa", "invite"):
        assert client.get(f"/accounts/people/{uuid}/{action}/").status_code == 405
    for path in ("language", "theme", "sessions/end-others"):
        assert client.get(f"/accounts/{path}/").status_code == 405


def test_a_form_without_its_token_changes_nothing(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["andes_vendor_manager"])
    uuid = world.users["andes_vendor_qa"].uuid
    assert client.post(f"/accounts/people/{uuid}/deactivate/").status_code == 403
    assert User.objects.get(uuid=uuid).is_active


def test_a_person_is_added_and_what_the_form_does_not_ask_is_not_taken(world: World, client_of: Clients) -> None:
    hostile = {
        "username": "li.na",
        "display_name": "Li Na",
        "role": "vendor_qa",
        "organization": str(world.vendors["BORAL"].vendor.pk),
        "organization_id": str(world.client.pk),
        "is_staff": "on",
        "is_superuser": "on",
        "is_service": "on",
        "agent_id": "1",
        "password": "a good pass-phrase",
    }
    answer = client_of("andes_vendor_manager").post("/accounts/people/new/", hostile)
    assert answer.status_code == 302
    user = User.objects.get(username="li.na@andes")
    assert user.membership.organization_id == world.vendors["ANDES"].vendor.pk
    assert (user.membership.role, user.membership.agent_id) == ("vendor_qa", None)
    assert (user.is_staff, user.is_superuser, user.is_service, user.has_usable_password()) == (False,) * 4


@pytest.mark.parametrize("role", ["vendor_manager", "programme_manager", "platform_admin", "agent", "api_client", "x"])
def test_the_form_offers_no_other_role(world: World, client_of: Clients, role: str) -> None:
    values = {"username": "li.na", "display_name": "Li Na", "role": role}
    answer = client_of("andes_vendor_manager").post("/accounts/people/new/", values)
    assert answer.status_code == 422
    assert not User.objects.filter(username__startswith="li.na").exists()
    uuid = world.users["andes_vendor_qa"].uuid
    answer = client_of("andes_vendor_manager").post(f"/accounts/people/{uuid}/role/", {"role": role})
    assert answer.status_code in (403, 422)
    assert Membership.objects.get(user__uuid=uuid).role == "vendor_qa"


def test_a_role_of_the_other_side_is_an_error_beside_the_field(world: World, client_of: Clients) -> None:
    values = {"username": "x", "display_name": "X", "role": "vendor_qa", "organization": str(world.client.pk)}
    answer = client_of("platform_admin").post("/accounts/people/new/", values)
    assert answer.status_code == 422
    assert "belongs to the other side" in answer.content.decode()


def test_a_taken_user_name_is_an_error_beside_the_field(world: World, client_of: Clients) -> None:
    organization = str(world.vendors["ANDES"].vendor.pk)
    values = {"username": "BORAL_vendor_qa", "display_name": "X", "role": "vendor_qa", "organization": organization}
    answer = client_of("platform_admin").post("/accounts/people/new/", values)
    assert answer.status_code == 422
    assert "This user name is taken." in answer.content.decode()


def test_an_account_is_changed_and_shut_out_on_its_page(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    user = world.users["andes_vendor_qa"]
    url = f"/accounts/people/{user.uuid}/"
    assert client.post(url, {"display_name": "Qi", "email": "qi@example.com", "username": "x"}).status_code == 302
    assert client.post(url, {"display_name": "Qi", "email": "no address"}).status_code == 422
    assert client.post(f"{url}role/", {"role": "vendor_supervisor"}).status_code == 302
    assert client.post(f"{url}deactivate/").status_code == 302
    assert "shut out" in client.get(url).content.decode()
    assert client.post(f"{url}invite/").status_code == 409
    assert client.post(f"{url}activate/").status_code == 302
    user = User.objects.get(pk=user.pk)
    assert (user.username, user.display_name, user.email) == ("andes_vendor_qa", "Qi", "qi@example.com")
    history = client.get(f"/audit/history/user/{user.uuid}/").content.decode()
    for words in ("changed the role", "shut the account out", "let the account in again", "made an invitation"):
        assert (words in history) is (words != "made an invitation")


def test_a_manager_sees_other_managers_but_not_how_to_change_them(world: World, client_of: Clients) -> None:
    with activate(world.scope("platform_admin")) as scope:
        other = services.user_create(
            scope=scope,
            organization_id=world.vendors["ANDES"].vendor.pk,
            username="second.manager",
            role="vendor_manager",
        )
    client = client_of("andes_vendor_manager")
    for uuid in (other.uuid, world.users["andes_vendor_manager"].uuid):
        page = client.get(f"/accounts/people/{uuid}/").content.decode()
        assert "Shut out" not in page
        assert client.post(f"/accounts/people/{uuid}/deactivate/").status_code == 403


def test_the_menu_offers_tokens_to_whoever_may_make_one(world: World, client_of: Clients) -> None:
    for username in ("programme_manager", "andes_vendor_supervisor"):
        assert 'href="/accounts/tokens/"' in client_of(username).get("/accounts/profile/").content.decode()
    for username in ("auditor", "andes_agent"):
        client = client_of(username)
        assert "/accounts/tokens/" not in client.get("/accounts/profile/").content.decode()
        assert client.get("/accounts/tokens/").status_code == 403


def test_the_auditor_looks_only(world: World, client_of: Clients) -> None:
    client = client_of("auditor")
    uuid = world.users["andes_vendor_qa"].uuid
    page = client.get(f"/accounts/people/{uuid}/")
    assert page.status_code == 200
    assert "Shut out" not in page.content.decode()
    for action in ("", "role/", "deactivate/", "invite/"):
        assert client.post(f"/accounts/people/{uuid}/{action}", {"display_name": "x"}).status_code == 403


def test_the_profile_sets_ones_own_things_only(world: World, client_of: Clients) -> None:
    client = client_of("andes_agent")
    values = {"display_name": "Ana", "language": "zh-hans", "theme": "dark", "username": "x", "role": "vendor_manager"}
    assert client.post("/accounts/profile/", values).status_code == 302
    user = User.objects.get(username="andes_agent")
    assert (user.display_name, user.language, user.theme) == ("Ana", "zh-hans", "dark")
    assert user.membership.role == "agent"
    assert client.post("/accounts/profile/", values | {"display_name": ""}).status_code == 422
    assert client.post("/accounts/profile/", values | {"theme": "pink"}).status_code == 422


def test_me_says_what_a_session_may(world: World, client_of: Clients) -> None:
    answer = client_of("andes_agent").get("/api/v1/me").json()
    assert answer == {
        "name": "andes_agent",
        "organization": "Andes Voice Q7X",
        "side": "vendor",
        "role": "agent",
        "permissions": sorted(permissions_of("agent", "vendor")),
        "expires_at": None,
    }


def test_the_list_of_people_takes_the_same_queries_however_long(world: World, client_of: Clients) -> None:
    client = client_of("platform_admin")
    client.get("/accounts/people/?per_page=100")
    counts: list[int] = []
    for batch in range(2):
        with activate(world.scope("platform_admin")) as scope:
            for n in range(10):
                services.user_create(
                    scope=scope, organization_id=world.client.pk, username=f"p{batch}{n}", role="client_qa"
                )
        with CaptureQueriesContext(connection) as captured:
            client.get("/accounts/people/?per_page=100")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_service_accounts_have_their_own_list(world: World, client_of: Clients) -> None:
    client = client_of("andes_vendor_manager")
    answer: Any = client.post("/accounts/services/new/", {"username": "feed", "display_name": "Nightly feed"})
    assert answer.status_code == 302
    assert "Nightly feed" in client.get("/accounts/services/").content.decode()
    assert "Nightly feed" not in client.get("/accounts/people/").content.decode()
    page = client.get(answer["Location"]).content.decode()
    assert "/tokens/new/" in page
    assert "Make an invitation link" not in page
