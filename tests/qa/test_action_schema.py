"""The API document is answered to people of both sides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.qa.test_actions import Desk, desk
from tests.world import World

__all__ = ["desk"]


@pytest.mark.parametrize("name", ["programme_manager", "andes_vendor_manager"])
def test_the_document_names_the_checks(world: World, client_of: Callable[[str], Client], name: str) -> None:
    answer = client_of(name).get(reverse("schema"))
    assert answer.status_code == 200
    assert b"improvement_check_list" in answer.content


def test_kept_checks_are_listed_to_both_sides_and_not_to_the_rival(
    desk: Desk, client_of: Callable[[str], Client]
) -> None:
    action = desk.checking()
    desk.check(action)
    address = reverse("api_improvement_check", args=[action.uuid])
    for name in ("auditor", "andes_vendor_manager"):
        [check] = client_of(name).get(address).json()["results"]
        assert check["verdict"] == "reached"
    assert client_of("boral_vendor_manager").get(address).status_code == 404
