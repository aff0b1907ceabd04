"""What holds, what comes and what is only drafted are told apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from django.test import Client
from django.urls import reverse

from contracts import services
from core.scope import activate
from tests.contracts.factories import amendment_sign, contract_draft_make, version_draft_make
from tests.world import World
from vendors import services as vendors

ClientOf = Callable[[str], Client]
PAGES = ("contract_detail", "contract_versions")


def test_a_contract_tells_what_holds_apart_from_what_comes_and_what_is_drafted(
    world: World, client_of: ClientOf
) -> None:
    own, browser = world.vendors["ANDES"], client_of("programme_manager")
    page, versions = (reverse(f"contracts:{name}", args=[own.contract.uuid]) for name in PAGES)
    head = browser.get(page).content.decode().split('class="page-head-actions"')[1].split("facts")[0]
    assert "Draft an amendment" in head, "a button with its name, not an item of a menu"
    amendment_sign(world=world, contract=own.contract, effective_from=date(2090, 7, 1))
    with activate(world.scope("programme_manager")) as scope:
        drafted = services.version_draft(scope=scope, contract_uuid=own.contract.uuid)
    text = " ".join(browser.get(page).content.decode().split())
    assert f'/{own.version.uuid}/">version 1</a>, in force since' in text
    assert "signed, in force from 1 Jul 2090" in text
    assert f'Not shown below: <a href="/contracts/versions/{drafted.uuid}/">version 3</a>' in text
    table = browser.get(versions).context["table"]
    states = [re.sub(r"<[^>]*>", "", str(row.get_cell("state"))).strip() for row in table.rows]
    assert states == ["draft", "signed, in force from 1 Jul 2090", "in force"]
    # The vendor learns of the one that comes and of no draft.
    theirs = client_of("andes_vendor_manager").get(page).content.decode()
    assert "in force from 1 Jul 2090" in theirs
    assert "version 3" not in theirs


def test_a_first_draft_is_not_shown_as_what_is_in_force(world: World, client_of: ClientOf) -> None:
    vendor = world.vendors["ANDES"].vendor
    with activate(world.scope("programme_manager")) as scope:
        queue = vendors.queue_create(scope=scope, vendor_id=vendor.pk, code="RETURNS", name="Returns line")
        contract = contract_draft_make(scope=scope, vendor=vendor)
        version_draft_make(scope=scope, contract=contract, queues=[queue])
    page = reverse("contracts:contract_detail", args=[contract.uuid])
    text = client_of("programme_manager").get(page).content.decode()
    assert "Nothing is in force yet." in text
    assert "which nobody signed" in text
    assert "in force since" not in text
