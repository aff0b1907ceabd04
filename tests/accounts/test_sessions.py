"""Sessions: they end, in all the ways they should, and bring a person's language and theme."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts import services
from accounts.models import User
from core.scope import activate
from tests.accounts.signing import ANOTHER, PASSWORD, entries, sign_in
from tests.world import World


def test_another_password_ends_all_other_sessions(world: World) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, "andes_vendor_qa")
        assert client.get("/accounts/profile/").status_code == 200
    answer = here.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}
    )
    assert answer.status_code == 302
    assert here.get("/accounts/profile/").status_code == 200
    assert there.get("/accounts/profile/").status_code == 302
    assert len(entries(world, "user.password_changed")) == 1


def test_a_weak_new_password_is_refused(world: World) -> None:
    client = Client()
    sign_in(client, "andes_vendor_qa")
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "short", "password2": "short"})
    assert User.objects.get(username="andes_vendor_qa").check_password(PASSWORD)


def test_a_session_ends_when_idle_and_after_twelve_hours(world: World) -> None:
    with time_machine.travel(datetime(2026, 6, 15, 8, tzinfo=UTC), tick=False) as clock:
        client = Client()
        sign_in(client, "andes_vendor_qa")
        for _n in range(20):
            clock.shift(timedelta(minutes=29))
            assert client.get("/accounts/profile/").status_code == 200
        clock.shift(timedelta(minutes=31))
        assert client.get("/accounts/profile/").status_code == 302
        sign_in(client, "andes_vendor_qa")
        for _n in range(24):
            clock.shift(timedelta(minutes=29))
            assert client.get("/accounts/profile/").status_code == 200
        clock.shift(timedelta(minutes=29))
        assert client.get("/accounts/profile/").status_code == 302


def test_sessions_are_listed_and_ended_by_their_owner_only(world: World) -> None:
    here, there, rival = Client(), Client(), Client()
    for client in (here, there):
        sign_in(client, "andes_vendor_qa")
        client.get("/accounts/profile/")
    sign_in(rival, "boral_vendor_qa")
    rival.get("/accounts/profile/")
    page = here.get("/accounts/sessions/").content.decode()
    assert page.count("/end/") == 1
    other = UserSession.objects.get(session_key=there.session.session_key)
    assert rival.post(f"/accounts/sessions/{other.pk}/end/").status_code == 404
    assert there.get("/accounts/profile/").status_code == 200
    assert here.post(f"/accounts/sessions/{other.pk}/end/").status_code == 302
    assert there.get("/accounts/profile/").status_code == 302
    sign_in(there, "andes_vendor_qa")
    there.get("/accounts/profile/")
    assert here.post("/accounts/sessions/end-others/").status_code == 302
    assert there.get("/accounts/profile/").status_code == 302
    assert here.get("/accounts/profile/").status_code == 200
    assert rival.get("/accounts/profile/").status_code == 200
    assert {e.action for e in entries(world, "user.other_sessions_ended")} == {"user.other_sessions_ended"}


def test_a_changed_role_and_a_shut_door_hold_from_the_next_request(world: World) -> None:
    client = Client()
    sign_in(client, "andes_vendor_supervisor")
    assert client.get("/accounts/profile/").status_code == 200
    uuid = world.users["andes_vendor_supervisor"].uuid
    with activate(world.scope("andes_vendor_manager")) as scope:
        services.user_change_role(scope=scope, uuid=uuid, role="vendor_qa")
    assert client.get("/accounts/profile/").status_code == 302
    sign_in(client, "andes_vendor_supervisor")
    assert "calls.import" not in client.get("/api/v1/me").json()["permissions"]
    with activate(world.scope("andes_vendor_manager")) as scope:
        services.user_deactivate(scope=scope, uuid=uuid)
    assert client.get("/accounts/profile/").status_code == 302
    assert client.get("/api/v1/me").status_code == 401


def test_a_session_that_slipped_through_is_worth_nothing(world: World) -> None:
    client = Client()
    sign_in(client, "andes_vendor_supervisor")
    User.objects.filter(username="andes_vendor_supervisor").update(is_active=False)
    assert client.get("/accounts/profile/").status_code == 302


def test_without_a_membership_the_house_is_empty(world: World) -> None:
    client = Client()
    sign_in(client, "andes_vendor_supervisor")
    world.users["andes_vendor_supervisor"].membership.delete()
    assert client.get("/accounts/profile/").status_code == 404
    assert client.get("/api/v1/me").status_code == 401


def test_the_language_chosen_by_a_person_goes_before_the_browsers(world: World) -> None:
    client = Client(headers={"Accept-Language": "en"})
    sign_in(client, "andes_vendor_qa")
    answer = client.post("/accounts/language/", {"language": "zh-hans", "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    page = client.get("/accounts/profile/")
    assert page["Content-Language"] == "zh-hans"
    assert '<html lang="zh-hans"' in page.content.decode()
    assert User.objects.get(username="andes_vendor_qa").language == "zh-hans"
    other = Client(headers={"Accept-Language": "en"})
    sign_in(other, "andes_vendor_qa")
    assert other.get("/accounts/profile/")["Content-Language"] == "zh-hans"
    assert other.cookies["django_language"].value == "zh-hans"


def test_a_stranger_may_choose_a_language_too(world: World) -> None:
    client = Client()
    assert client.post("/accounts/language/", {"language": "zh-hans", "next": "/accounts/login/"}).status_code == 302
    assert client.get("/accounts/login/")["Content-Language"] == "zh-hans"
    assert client.post("/accounts/language/", {"language": "xx"}).status_code == 422
    assert client.post("/accounts/theme/", {"theme": "dark"}).status_code == 302


def test_the_theme_is_kept(world: World) -> None:
    client = Client()
    sign_in(client, "andes_vendor_qa")
    assert client.post("/accounts/theme/", {"theme": "dark"}).status_code == 204
    assert User.objects.get(username="andes_vendor_qa").theme == "dark"
    assert client.post("/accounts/theme/", {"theme": "pink"}).status_code == 422
