"""Who is kept out although the password is right: a deactivated vendor's people, and whoever lacks the second step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from accounts import services
from accounts.models import Organization
from accounts.selectors import has_mfa, organization_list_counted
from calls.models import Batch, BatchState, Call
from core.errors import Forbidden, NotFound
from core.scope import activate
from tests.accounts.signing import entries, sign_in
from tests.calls.pages import call_row, csv_of, upload, work
from tests.world import World
from vendors import services as vendors
from vendors.models import Vendor

Clients = Callable[[str], Client]
RULES, STEP = "/accounts/sign-in-rules/", "/accounts/sign-in-rules/second-step/"
SET_UP = "/accounts/2fa/totp/activate/"
HTMX = {"HX-Request": "true"}


def vendor_mark(world: World, *, is_active: bool) -> None:
    """Deactivate ANDES, or take it back, as the client does on the vendor's page."""
    with activate(world.scope("programme_manager")) as scope:
        row = Vendor.objects.visible_to(scope).get(code="ANDES")
        vendors.vendor_update(scope=scope, uuid=row.uuid, expected_version=row.version, values={"is_active": is_active})


def token_of(world: World, username: str) -> str:
    now = datetime.now(UTC)
    with activate(world.scope(username, at=now)) as scope:
        return services.token_create(
            scope=scope, name="feed", permissions=["kpis.view"], expires_at=now + timedelta(days=9)
        )[1]


def me(key: str) -> Any:
    return Client().get("/api/v1/me", headers={"Authorization": f"Token {key}"})


def test_a_deactivated_vendors_people_cannot_sign_in_and_are_told_why(world: World) -> None:
    vendor_mark(world, is_active=False)
    answer = sign_in(Client(), "andes_vendor_manager")
    assert answer.status_code == 200
    assert "Andes Voice Q7X is deactivated here" in answer.content.decode()
    (entry,) = entries(world, "user.login_refused")
    assert (entry.vendor_id, entry.actor_id) == (world.vendors["ANDES"].vendor.pk, None)
    # Only the right password learns that.
    wrong = sign_in(Client(), "andes_vendor_manager", "wrong")
    assert "deactivated" not in wrong.content.decode()
    assert sign_in(Client(), "boral_vendor_manager").status_code == 302
    vendor_mark(world, is_active=True)
    assert sign_in(Client(), "andes_vendor_manager").status_code == 302


def test_a_session_of_a_deactivated_vendor_ends_with_its_next_request(world: World, client_of: Clients) -> None:
    page, part, program = (client_of("andes_vendor_supervisor") for _ in range(3))
    assert page.get("/calls/").status_code == 200
    vendor_mark(world, is_active=False)
    answer = page.get("/calls/", follow=True)
    assert answer.redirect_chain == [("/accounts/login/", 302)]
    assert "Andes Voice Q7X is deactivated here" in answer.content.decode()
    assert part.get("/calls/", headers=HTMX)["HX-Redirect"] == "/accounts/login/"
    refused = program.get("/api/v1/me")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    assert "deactivated" in refused.json()["error"]["message"]
    for client in (page, part):
        assert client.get("/accounts/profile/").status_code == 302
    assert client_of("andes_agent").post("/accounts/logout/").status_code == 302


def test_a_token_of_a_deactivated_vendor_is_refused_and_says_so(world: World) -> None:
    key = token_of(world, "andes_vendor_manager")
    assert me(key).status_code == 200
    vendor_mark(world, is_active=False)
    refused = me(key)
    assert refused.status_code == 401
    assert "Andes Voice Q7X is deactivated here" in refused.json()["error"]["message"]
    vendor_mark(world, is_active=True)
    assert me(key).status_code == 200


def test_what_a_deactivated_vendor_sent_before_stays_and_is_the_clients_to_finish(
    world: World, client_of: Clients
) -> None:
    theirs = client_of("andes_vendor_supervisor")
    assert upload(theirs, csv_of([call_row(1)]), name="one.csv").status_code == 302
    vendor_mark(world, is_active=False)
    work(world.system)
    with activate(world.system) as scope:
        batch = Batch.objects.visible_to(scope).get()
    assert batch.state == BatchState.CHECKED
    assert theirs.post(f"/calls/imports/{batch.uuid}/confirm/").status_code == 302
    ours = client_of("programme_manager")
    assert ours.get(f"/calls/imports/{batch.uuid}/").status_code == 200
    with activate(world.system) as scope:
        assert Batch.objects.visible_to(scope).get().state == BatchState.CHECKED, "theirs led to the log-in only"
    ours.post(f"/calls/imports/{batch.uuid}/confirm/")
    work(world.system)
    with activate(world.system) as scope:
        assert Call.objects.visible_to(scope).count() == 1


def test_the_client_reads_on_the_vendors_page_that_its_people_cannot_sign_in(world: World, client_of: Clients) -> None:
    client = client_of("programme_manager")
    url = f"/vendors/{world.vendors['ANDES'].vendor.uuid}/"
    assert "Its people cannot sign in" not in client.get(url).content.decode()
    vendor_mark(world, is_active=False)
    assert "Its people cannot sign in" in client.get(url).content.decode()
    person = world.users["andes_vendor_qa"]
    page = client_of("platform_admin").get(f"/accounts/people/{person.uuid}/").content.decode()
    assert "closed: the vendor is deactivated" in page


def require(world: World, by: str, organization: Organization, *, required: bool = True) -> Organization:
    if not has_mfa(user=world.users[by]):
        totp.TOTP.activate(world.users[by], totp.generate_totp_secret())
    with activate(world.scope(by)) as scope:
        return services.organization_require_mfa(scope=scope, organization_id=organization.pk, required=required)


def test_whoever_lacks_a_required_second_step_sets_it_up_before_anything_else(world: World, client_of: Clients) -> None:
    key = token_of(world, "andes_vendor_qa")
    require(world, "andes_vendor_manager", world.vendors["ANDES"].vendor.organization)
    client = Client()
    assert sign_in(client, "andes_vendor_qa").status_code == 302
    answer = client.get("/calls/", follow=True)
    assert answer.redirect_chain == [(SET_UP, 302)]
    assert "Andes Voice Q7X wants a second step at every sign-in" in answer.content.decode()
    assert "one step only" not in answer.content.decode()
    for path in ("/", "/accounts/profile/", "/api/docs/"):
        assert client.get(path)["Location"] == SET_UP
    assert client.get("/calls/", headers=HTMX)["HX-Redirect"] == SET_UP
    assert client.get("/api/v1/me").status_code == 403
    for path in ("/health/", "/accounts/2fa/"):
        assert client.get(path).status_code == 200
    assert me(key).status_code == 200, "a token is a key of its own"
    totp.TOTP.activate(world.users["andes_vendor_qa"], totp.generate_totp_secret())
    assert client.get("/calls/").status_code == 200
    assert client_of("boral_vendor_qa").get("/calls/").status_code == 200


def test_who_asks_for_the_second_step_and_of_whom(world: World, client_of: Clients) -> None:
    andes, boral = (world.vendors[code].vendor.organization for code in ("ANDES", "BORAL"))
    for organization in (world.client, andes, boral):
        assert require(world, "platform_admin", organization).mfa_required
    assert not require(world, "boral_vendor_manager", boral, required=False).mfa_required
    for foreign in (andes, world.client):
        with pytest.raises(NotFound):
            require(world, "boral_vendor_manager", foreign)
    for role in ("programme_manager", "auditor", "andes_vendor_supervisor"):
        with pytest.raises(Forbidden):
            require(world, role, andes)
    asked = entries(world, "organization.changed")
    assert [(entry.vendor_id, entry.changes) for entry in asked] == [
        (world.client.pk, {"mfa_required": [False, True]}),
        (andes.pk, {"mfa_required": [False, True]}),
        (boral.pk, {"mfa_required": [False, True]}),
        (boral.pk, {"mfa_required": [True, False]}),
    ]


def test_the_page_counts_who_lacks_the_step_and_sets_the_rule(world: World, client_of: Clients) -> None:
    andes = world.vendors["ANDES"].vendor.organization
    manager = world.users["andes_vendor_manager"]
    totp.TOTP.activate(manager, totp.generate_totp_secret())
    with activate(world.scope("andes_vendor_manager")) as scope:
        row: Any = organization_list_counted(scope=scope).get()
    assert (row.people, row.without_mfa) == (5, 4)
    client = client_of("andes_vendor_manager")
    assert RULES in client.get("/accounts/people/").content.decode()
    assert "Boral" not in client.get(RULES).content.decode()
    assert client.post(STEP, {"organization": andes.pk, "required": "yes"}).status_code == 302
    assert "Require it no longer" in client.get(RULES).content.decode()
    for number in (world.client.pk, world.vendors["BORAL"].vendor.pk, 10**9, "x", ""):
        assert client.post(STEP, {"organization": number, "required": "yes"}).status_code == 404
    assert client.post(STEP, {"organization": andes.pk}).status_code == 302
    andes.refresh_from_db()
    assert not andes.mfa_required


def test_nobody_locks_themselves_out_and_the_page_says_whom_the_rule_meets(world: World, client_of: Clients) -> None:
    andes = world.vendors["ANDES"].vendor.organization
    client = client_of("andes_vendor_manager")
    page = client.get(RULES).content.decode()
    assert f'href="{SET_UP}">Set up your own second step first' in page
    assert STEP not in page
    refused = client.post(STEP, {"organization": andes.pk, "required": "yes"})
    assert refused.status_code == 409
    assert "Set up your own second step first" in refused.content.decode()
    totp.TOTP.activate(world.users["andes_vendor_manager"], totp.generate_totp_secret())
    page = client.get(RULES).content.decode()
    assert 'data-confirm="Require a second step of “Andes Voice Q7X”? Of its 5 people 4 have none' in page
    # The client's administrator asks it of a vendor without having one.
    admin = client_of("platform_admin")
    assert "Set up your own second step first" in admin.get(RULES).content.decode()
    assert admin.post(STEP, {"organization": andes.pk, "required": "yes"}).status_code == 302
    assert admin.post(STEP, {"organization": world.client.pk, "required": "yes"}).status_code == 409
    assert "Require it no longer of “Andes Voice Q7X”?" in admin.get(RULES).content.decode()
