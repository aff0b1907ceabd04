"""The pages about oneself, people, tokens and the book, as browsers meet them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.world import World

Clients = Callable[[str], Client]


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/profile/",
        "/accounts/sessions/",
        "/accounts/tokens/",
        "/accounts/people/",
        "/accounts/people/new/",
        "/accounts/services/",
        "/accounts/services/new/",
        "/audit/",
        "/accounts/2fa/",
        "/api/v1/me",
    ],
)
def test_pages_open_for_a_vendor_manager(world: World, client_of: Clients, path: str) -> None:
    answer = client_of("andes_vendor_manager").get(path)
    assert answer.status_code == 200, answer.content


def test_login_page(world: World) -> None:
    answer = Client().get("/accounts/login/")
    assert answer.status_code == 200
