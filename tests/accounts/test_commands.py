"""The commands of an operator: a house on an empty database, and a way back in."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.models import Organization, User
from tests.world import World

PASSWORD = "another plain pass-phrase"


def run(*arguments: str) -> str:
    """Run a command and return what it printed."""
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().strip()


def take_up(link: str) -> Client:
    """Set a password by a link."""
    client = Client()
    form_url = client.get(link)["Location"]
    assert client.post(form_url, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    return client


def test_a_house_begins_with_one_administrator(db: None) -> None:
    link = run("house_create", "Lumora", "--admin", "Ada", "--address", "https://calls.example.com/")
    assert link.startswith("https://calls.example.com/accounts/password/reset/key/")
    client = take_up(link.removeprefix("https://calls.example.com"))
    assert client.post("/accounts/login/", {"login": "ada", "password": PASSWORD}).status_code == 302
    assert client.get("/accounts/people/").status_code == 200
    assert "platform_admin" in client.get("/api/v1/me").json()["role"]
    with pytest.raises(CommandError, match="client organization already"):
        run("house_create", "Another", "--admin", "eve")
    assert not User.objects.filter(username="eve").exists()
    assert Organization.objects.count() == 1


def test_a_house_without_a_name_or_a_taken_name_is_not_begun(db: None) -> None:
    for arguments in (("", "--admin", "ada"), ("Lumora", "--admin", "with space")):
        with pytest.raises(CommandError):
            run("house_create", *arguments)
    assert not Organization.objects.exists()


def test_an_administrator_finds_the_way_back_in(world: World) -> None:
    link = run("invite", "Platform_Admin")
    assert link.startswith("https://testserver/accounts/"), "a whole address, to be clicked"
    client = take_up(link)
    assert client.post("/accounts/login/", {"login": "platform_admin", "password": PASSWORD}).status_code == 302
    with pytest.raises(CommandError):
        run("invite", "nobody")
