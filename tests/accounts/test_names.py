"""A vendor gives user names of its own kind, so that no answer tells it who works for others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import User
from core.errors import Invalid
from core.scope import activate
from tests.world import World
from vendors import services as vendors

Clients = Callable[[str], Client]
NEW = "/accounts/people/new/"


def give(world: World, by: str, name: str, role: str = "vendor_qa", code: str = "ANDES") -> User:
    with activate(world.scope(by)) as scope:
        return services.user_create(
            scope=scope, organization_id=world.vendors[code].vendor.pk, username=name, role=role, display_name="P"
        )


@pytest.mark.parametrize(
    "name", ["boral_vendor_qa", "programme_manager", "li.na", "nobody.at.all", "bo@lumora.example"]
)
def test_a_vendor_is_answered_the_same_whoever_else_has_the_name(world: World, client_of: Clients, name: str) -> None:
    give(world, "boral_vendor_manager", "li.na", code="BORAL")
    give(world, "platform_admin", "bo@lumora.example", code="BORAL")
    sent = {"username": name.partition("@")[0], "display_name": "P", "role": "vendor_qa"}
    answer = client_of("andes_vendor_manager").post(NEW, sent)
    assert answer.status_code == 302
    made = User.objects.get(username=f"{sent['username']}@andes")
    assert made.membership.organization_id == world.vendors["ANDES"].vendor.pk


def test_a_vendor_is_told_of_its_own_names_and_of_its_ending(world: World, client_of: Clients) -> None:
    browser = client_of("andes_vendor_manager")
    assert "To sign in with; @andes is put behind it." in browser.get(NEW).content.decode()
    agent = reverse("vendors:agent_login", args=[world.vendors["ANDES"].agents[1].uuid])
    assert "@andes is put behind it" in browser.get(agent).content.decode()
    for name in ("Li.Na", "li.na@andes"):
        answer = browser.post(NEW, {"username": name, "display_name": "P", "role": "vendor_qa"})
        assert answer.status_code == (302 if name == "Li.Na" else 422)
    assert "This user name is taken." in answer.content.decode()


@pytest.mark.parametrize("name", ["li@boral", "li@lumora.example", "li@andes@boral"])
def test_a_vendor_gives_no_name_of_another_kind(world: World, name: str) -> None:
    give(world, "boral_vendor_manager", "li", code="BORAL")
    with pytest.raises(Invalid) as refusal:
        give(world, "andes_vendor_manager", name)
    assert refusal.value.fields == {"username": ["Leave out @ and what follows: it becomes @andes."]}


def test_the_client_gives_any_name_but_one_of_another_vendors_kind(world: World) -> None:
    assert give(world, "platform_admin", "plain.name").username == "plain.name"
    assert give(world, "platform_admin", "li@andes").username == "li@andes"
    assert give(world, "platform_admin", "whole@address.example").username == "whole@address.example"
    # Nor of a vendor that is still to come.
    for name in ("li@boral", "li@coming"):
        with pytest.raises(Invalid, match="own user names end"):
            give(world, "platform_admin", name)


def test_an_ending_stays_with_the_vendor_that_had_it_first(world: World) -> None:
    with activate(world.scope("programme_manager")) as scope:
        first = vendors.vendor_create(scope=scope, code="CEDAR", name="Cedar", country="CN")
        with activate(world.system):
            first.code = "OTHER"
            first.save(update_fields=["code"])
        second = vendors.vendor_create(scope=scope, code="CEDAR", name="Second", country="CN")
    assert first.organization.name_ending == "@cedar"
    assert second.organization.name_ending.startswith("@cedar-")
