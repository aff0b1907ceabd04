"""Signing in: the same answer for everybody who may not, limits, second step, sessions that end, and the book."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from accounts import services
from accounts.models import User
from accounts.receivers import masked
from core.scope import activate
from tests.accounts.signing import ANOTHER, PASSWORD, entries, sign_in
from tests.world import World


def body(answer: Any, *names: str) -> str:
    """Return a page without what differs by nature: the typed name, the tokens of the request."""
    text = answer.content.decode()
    for name in names:
        text = text.replace(name, "NAME")
    return "\n".join(line for line in text.splitlines() if "csrf" not in line.lower() and "nonce" not in line)


def test_a_sign_in_is_entered_in_ones_own_book(world: World) -> None:
    client = Client()
    assert sign_in(client, "Andes_Vendor_Manager").status_code == 302
    (entry,) = entries(world, "user.logged_in")
    assert entry.vendor_id == world.vendors["ANDES"].vendor.pk
    assert entry.actor_id == world.users["andes_vendor_manager"].pk
    assert entry.changes == {"address": "127.0.0.1", "method": ["password"]}
    client.post("/accounts/logout/")
    assert len(entries(world, "user.logged_out")) == 1
    assert client.get("/accounts/profile/").status_code == 302


def test_the_session_id_changes_at_sign_in(world: World) -> None:
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "x"
    session.save()
    planted = session.session_key or ""
    client.cookies["sessionid"] = planted
    sign_in(client, "auditor")
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


@pytest.mark.parametrize("kind", ["wrong password", "unknown", "deactivated", "service account", "invited"])
def test_whoever_may_not_gets_the_same_answer(world: World, kind: str) -> None:
    reference = sign_in(Client(), "auditor", "wrong")
    name, password = "andes_vendor_qa", PASSWORD
    user = world.users[name]
    if kind == "wrong password":
        password = "wrong"
    elif kind == "unknown":
        name = "nobody_here"
    elif kind == "deactivated":
        user.is_active = False
        user.save()
    elif kind == "service account":
        User.objects.filter(pk=user.pk).update(is_service=True)
        user.set_unusable_password()
        user.save()
    else:
        user.set_unusable_password()
        user.save()
    answer = sign_in(Client(), name, password)
    assert answer.status_code == reference.status_code == 200
    assert body(answer, name) == body(reference, "auditor")


def test_a_failed_sign_in_is_entered_where_it_belongs_and_never_with_what_was_typed(world: World) -> None:
    sign_in(Client(), "andes_vendor_qa", "wrong-secret-1")
    sign_in(Client(), "hunter2-typed-here", "wrong-secret-2")
    known, unknown = entries(world, "user.login_failed")
    assert known.vendor_id == world.vendors["ANDES"].vendor.pk
    assert (known.object_id, known.actor_id) == (str(world.users["andes_vendor_qa"].uuid), None)
    assert unknown.vendor_id == world.client.pk
    assert (unknown.object_type, unknown.object_id, unknown.object_label) == ("", "", "h…")
    for entry in (known, unknown):
        text = str(vars(entry))
        assert "wrong-secret" not in text
        assert "unter2" not in text
    assert masked("") == "…"


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"])
def test_an_unknown_name_takes_as_long_as_a_wrong_password(world: World) -> None:
    user = world.users["auditor"]
    user.set_password(PASSWORD)
    user.save()
    spans: dict[str, list[float]] = {"auditor": [], "nobody_here": []}
    sign_in(Client(), "warm-up", "wrong")
    for _n in range(4):
        for name, seen in spans.items():
            began = time.perf_counter()
            sign_in(Client(), name, "wrong")
            seen.append(time.perf_counter() - began)
    known, unknown = (median(spans[name]) for name in spans)
    # Without the hash an unknown name answers several times faster.
    assert 0.5 < known / unknown < 2


def test_passwords_are_hashed_with_argon2_outside_the_suite() -> None:
    from config.settings import base

    assert base.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_failures_slow_an_account_down_but_not_a_known_device(world: World) -> None:
    known = Client()
    assert sign_in(known, "andes_vendor_qa").status_code == 302
    known.get("/accounts/profile/")
    known.post("/accounts/logout/")
    stranger = Client()
    for n in range(7):
        answer = sign_in(stranger, "andes_vendor_qa", "wrong", REMOTE_ADDR=f"203.0.113.{n}")
    assert "Too many failed" in answer.content.decode()
    right = sign_in(Client(), "andes_vendor_qa", REMOTE_ADDR="203.0.113.99")
    assert "Too many failed" in right.content.decode(), "the right password from a stranger waits too"
    assert sign_in(known, "andes_vendor_qa", REMOTE_ADDR="203.0.113.50").status_code == 302


def test_a_known_device_has_a_limit_of_its_own(world: World) -> None:
    known = Client()
    sign_in(known, "andes_vendor_qa")
    known.get("/accounts/profile/")
    known.post("/accounts/logout/")
    for n in range(6):
        answer = sign_in(known, "andes_vendor_qa", "wrong", REMOTE_ADDR=f"203.0.113.{n}")
    assert "Too many failed" in answer.content.decode()


def test_a_device_known_to_one_is_not_known_to_another_nor_forged(world: World) -> None:
    client = Client()
    sign_in(client, "andes_vendor_qa")
    client.get("/accounts/profile/")
    client.post("/accounts/logout/")
    for n in range(6):
        sign_in(Client(), "boral_vendor_qa", "wrong", REMOTE_ADDR=f"203.0.113.{n}")
    assert "Too many failed" in sign_in(client, "boral_vendor_qa", REMOTE_ADDR="203.0.113.9").content.decode()
    for n in range(6):
        sign_in(Client(), "andes_vendor_qa", "wrong", REMOTE_ADDR=f"203.0.113.{n}")
    client.cookies["callsteward_device"] = client.cookies["callsteward_device"].value[:-2] + "xx"
    assert "Too many failed" in sign_in(client, "andes_vendor_qa", REMOTE_ADDR="203.0.113.9").content.decode()


def test_failures_are_counted_for_each_source(world: World) -> None:
    for n in range(20):
        sign_in(Client(), f"guess-{n}", "wrong", REMOTE_ADDR="203.0.113.7")
    answer = sign_in(Client(), "auditor", REMOTE_ADDR="203.0.113.7")
    assert "Too many failed" in answer.content.decode()
    assert sign_in(Client(), "auditor", REMOTE_ADDR="203.0.113.8").status_code == 302


@pytest.mark.parametrize("proxies", [0, 1])
def test_the_source_cannot_be_made_up_behind_a_proxy(world: World, proxies: int) -> None:
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        for n in range(20):
            forged = f"198.51.100.{n}, 203.0.113.7" if proxies else f"198.51.100.{n}"
            sign_in(Client(), f"guess-{n}", "wrong", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forged)
        forged = "198.51.100.99, 203.0.113.7" if proxies else "198.51.100.99"
        answer = sign_in(Client(), "auditor", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forged)
        assert "Too many failed" in answer.content.decode()
        if proxies:
            other = sign_in(Client(), "auditor", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.8")
            assert other.status_code == 302


def test_nobody_signs_up(world: World) -> None:
    for answer in (Client().get("/accounts/signup/"), Client().post("/accounts/signup/", {"username": "x"})):
        assert answer.status_code == 404
    assert not User.objects.filter(username="x").exists()


def test_a_forgotten_password_tells_nothing_about_who_is_here(world: World) -> None:
    User.objects.filter(username="auditor").update(email="auditor@example.com")
    known = Client().post("/accounts/password/reset/", {"email": "auditor@example.com"})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_no_mail_goes_to_addresses_of_nobody(world: World, mailoutbox: list[Any]) -> None:
    User.objects.filter(username="auditor").update(email="auditor@example.com")
    for address in ("auditor@example.com", "nobody@example.com"):
        Client().post("/accounts/password/reset/", {"email": address})
    assert [mail.to for mail in mailoutbox] == [["auditor@example.com"]]


def second_step(user: User) -> str:
    """Give a user an authenticator app and return its seed."""
    seed = str(totp.generate_totp_secret())
    totp.TOTP.activate(user, seed)
    return seed


def code_of(seed: str) -> str:
    """Return what the app shows now."""
    return str(totp.format_hotp_value(totp.hotp_value(seed, next(iter(totp.yield_hotp_counters_from_time())))))


def test_the_second_step_stands_between_the_password_and_the_house(world: World) -> None:
    user = world.users["programme_manager"]
    seed = second_step(user)
    assert seed not in str(Authenticator.objects.get(user=user).data), "seeds are encrypted at rest"
    client = Client()
    answer = sign_in(client, "programme_manager")
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/accounts/profile/").status_code == 302
    assert client.get("/api/v1/me").status_code == 401
    assert entries(world, "user.logged_in") == []
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert len(entries(world, "user.mfa_failed")) == 1
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(seed)}).status_code == 302
    assert client.get("/accounts/profile/").status_code == 200
    (entry,) = entries(world, "user.logged_in")
    assert entry.changes["method"] == ["mfa", "password"]


def test_a_recovery_code_works_once(world: World) -> None:
    user = world.users["programme_manager"]
    second_step(user)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    for expected in (200, 302):
        client = Client()
        sign_in(client, "programme_manager")
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert client.get("/accounts/profile/").status_code == expected


def test_the_second_step_is_set_up_and_entered_in_the_book(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    sign_in(client, "programme_manager")
    page = client.get("/accounts/2fa/totp/activate/")
    seed = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(seed)})
    assert (done.status_code, done["Location"]) == (302, "/accounts/2fa/recovery-codes/")
    assert {e.changes["method"][0] for e in entries(world, "user.mfa_added")} == {"totp", "recovery_codes"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert entries(world, "user.mfa_removed")


def test_an_invitation_works_once_and_tells_the_book(world: World) -> None:
    with activate(world.scope("andes_vendor_manager")) as scope:
        user = services.user_create(
            scope=scope, organization_id=scope.organization_id, username="li.na", role="vendor_qa", display_name="Li"
        )
    manager = Client()
    sign_in(manager, "andes_vendor_manager")
    page = manager.post(f"/accounts/people/{user.uuid}/invite/")
    link = page.context["invitation_url"].removeprefix("http://testserver")
    guest = Client()
    form_url = guest.get(link)["Location"]
    assert "set-password" in form_url
    assert guest.post(form_url, {"password1": ANOTHER, "password2": ANOTHER}).status_code == 302
    assert len(entries(world, "user.password_reset")) == 1
    assert sign_in(guest, user.username, ANOTHER).status_code == 302
    again = Client().get(link)
    assert again.status_code == 200
    assert again.context["token_fail"]
