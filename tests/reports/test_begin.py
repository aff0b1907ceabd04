"""An empty house shows the way to its first figures, and what of it is done."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.test import Client

from accounts.models import User
from tests.world import World

ClientOf = Callable[[str], Client]


def steps_of(client: Client) -> dict[str, tuple[str, bool]]:
    """Return the steps of the first page: label to address and whether it is done."""
    page: Any = client.get("/")
    assert "From an empty house to the first figures" in page.content.decode()
    return {str(step.label): (step.url, done) for step, _why, done in page.context["steps"]}


def test_the_first_administrator_sees_what_to_do_and_what_is_others(db: None, client: Client) -> None:
    call_command("house_create", "Lumora", admin="ada", stdout=StringIO())
    client.force_login(User.objects.get(username="ada"))
    assert steps_of(client) == {
        "Add two people for contracts": ("/accounts/people/new/", False),
        "Add a vendor": ("", False),
        "Add its queues": ("", False),
        "Make a contract and have its terms signed": ("/contracts/", False),
        "Import the first file of calls": ("", False),
    }


def test_what_is_done_is_ticked_and_a_vendor_gets_no_such_list(world: World, client_of: ClientOf) -> None:
    steps = steps_of(client_of("programme_manager"))
    assert [done for _url, done in steps.values()] == [True, True, True, True, False]
    assert steps["Import the first file of calls"][0] == "/calls/imports/new/"
    theirs = client_of("andes_vendor_manager").get("/").content.decode()
    assert "From an empty house" not in theirs
    assert "No calls yet" in theirs
