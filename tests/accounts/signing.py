"""Signing in as a browser does, and what the book says about it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from audit.models import Entry
from core.scope import activate
from tests.world import World

PASSWORD = "a plain test pass-phrase"
ANOTHER = "another plain pass-phrase"


def sign_in(client: Client, username: str, password: str = PASSWORD, **extra: Any) -> Any:
    """Post the log-in form."""
    return client.post("/accounts/login/", {"login": username, "password": password}, **extra)


def entries(world: World, action: str) -> list[Entry]:
    """Return the entries of an action, whoever's book they stand in."""
    with activate(world.system):
        return list(Entry.objects.visible_to(world.system).filter(action=action).order_by("pk"))
