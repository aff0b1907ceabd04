"""Policies for certain customers: who matches, what is shown of them, and that open tickets follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.selectors import system_scope
from calls.models import Call
from core.errors import Invalid
from core.scope import activate
from tests.calls.pages import call_row, loaded
from tests.tickets.desk import MONDAY, Desk, desk_make
from tests.world import World
from tickets import selectors, services
from tickets.calc.rules import Conditions, Matter, is_met, shadowed
from tickets.models import Policy, Ticket
from tickets.services import Opening

ClientOf = Callable[[str], Client]
GOLD, OTHER = "+8613812348000", "+8613812348001"
MASKED = "8613••••8000"


@pytest.fixture
def desk(world: World) -> Desk:
    """A vendor whose first policy is for one customer."""
    desk = desk_make(world)
    scope = desk.scope("programme_manager")
    values = {
        "name": "Gold",
        "tier": "urgent",
        "calendar": desk.policies[0].calendar,
        "customers": ["+86 138 1234 8000"],
        "resolution_seconds": 3600,
    }
    with activate(scope):
        vendor = world.vendors["ANDES"].vendor
        gold = services.policy_create(scope=scope, vendor=vendor, values=values)
        uuids = [gold.uuid, *(row.uuid for row in desk.policies)]
        services.policies_order(scope=scope, vendor=vendor, uuids=uuids)
    return desk


def gold_of(desk: Desk) -> Policy:
    """Return the customer's policy as it stands."""
    scope = desk.scope("programme_manager")
    with activate(scope):
        found: Policy = Policy.objects.visible_to(scope).select_related("vendor").get(name="Gold")
        return found


def promised(desk: Desk, ticket: Ticket) -> str:
    """Return the policy whose promises a ticket has now."""
    scope = desk.scope()
    with activate(scope):
        found = selectors.ticket_get(scope=scope, uuid=ticket.uuid)
        return str(Policy.objects.visible_to(scope).get(pk=found.terms.policy_id).name)


def test_a_customer_decides_whatever_the_other_words_say() -> None:
    gold = Conditions(customers=frozenset({7}))
    assert is_met(gold, Matter("", "", "call", "", customer=7))
    assert not is_met(gold, Matter("", "", "call", "", customer=8))
    assert not is_met(gold, Matter("", "", "call", ""))
    assert shadowed([("gold", gold), ("one", Conditions(customers=frozenset({7}))), ("rest", Conditions())]) == [
        ("one", "gold")
    ]


def test_a_ticket_of_the_customer_gets_the_policy_and_others_do_not(desk: Desk) -> None:
    assert promised(desk, desk.opened(customer=GOLD)) == "Gold"
    assert promised(desk, desk.opened(customer=OTHER)) == promised(desk, desk.opened(customer="")) == "Normal"


def test_the_customer_of_a_call_counts_before_it_is_opened_too(world: World, desk: Desk) -> None:
    loaded(world, [call_row(1, external_id="gold", customer=GOLD)])
    scope = desk.scope()
    with activate(scope):
        call = Call.objects.visible_to(scope).get(external_id="gold")
        opening = Opening(contract=world.vendors["ANDES"].contract, subject="A bill", call=call)
        policy, _runs = services.ticket_promise(scope=scope, opening=opening)
    assert policy.name == "Gold"


def test_open_tickets_follow_and_the_book_tells_masked_numbers(desk: Desk, client_of: ClientOf) -> None:
    ticket, gold = desk.opened(customer=OTHER), gold_of(desk)
    scope = desk.scope("programme_manager")
    asked: dict[str, Any] = {"scope": scope, "uuid": gold.uuid, "expected_version": gold.version}
    with activate(scope):
        with pytest.raises(Invalid) as refusal:
            services.policy_update(**asked, values={"customers": ["soon"]})
        assert list(refusal.value.fields) == ["customers"]
        services.policy_update(**asked, values={"customers": [*gold.customers, OTHER]})
    while services.tickets_follow(scope=system_scope(reason="test", at=MONDAY)):
        pass
    assert promised(desk, ticket) == "Gold"
    history = client_of("auditor").get(reverse("audit:history", args=["policy", gold.uuid])).content.decode()
    assert MASKED in history
    assert "8613••••8001" in history
    assert not any(key in history for key in gold_of(desk).customers)


def test_the_form_keeps_adds_and_drops_customers_and_shows_no_clear_number(desk: Desk, client_of: ClientOf) -> None:
    browser, gold = client_of("programme_manager"), gold_of(desk)
    address = reverse("tickets:policy_edit", args=[gold.uuid])
    [key] = gold.customers
    page = browser.get(address).content.decode()
    assert MASKED in page
    assert "13812348000" not in page
    body = {
        "name": "Gold", "tier": "urgent", "is_active": "on", "calendar": str(desk.policies[0].calendar.uuid),
        "resolution_seconds": "1 h", "update_mode": "after_customer", "warn_lead_seconds": "15 min",
    }  # fmt: skip
    kept = browser.post(
        address, body | {"kept_customers": [key], "customers": "+86 138 1234 8001", "expected_version": 1}
    )
    assert kept.status_code == 302, kept.content.decode()
    assert sorted(gold_of(desk).customers.values()) == [MASKED, "8613••••8001"]
    wrong = browser.post(address, body | {"customers": "13812348001", "expected_version": 2})
    assert "country code" in wrong.content.decode()
    assert browser.post(address, body | {"expected_version": 2}).status_code == 302
    assert gold_of(desk).customers == {}


def test_pages_and_programs_see_masked_numbers_and_rivals_nothing(desk: Desk, client_of: ClientOf) -> None:
    manager, rival = client_of("andes_vendor_manager"), client_of("boral_vendor_manager")
    rules = f"/tickets/rules/?vendor={desk.world.vendors['ANDES'].vendor.uuid}"
    assert f"comes from {MASKED}" in manager.get(rules).content.decode()
    [gold, *_others] = manager.get("/api/v1/ticket-policies").json()["results"]
    assert (gold["name"], gold["customers"]) == ("Gold", [MASKED])
    assert MASKED not in rival.get(rules).content.decode()
    assert rival.get("/api/v1/ticket-policies").json()["results"] == []
