"""The pages of policies and calendars, the usual ones for a start, their order, and what a call's page tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from calls.models import Call
from core.scope import activate
from tests.calls.pages import call_row, loaded
from tests.tickets.desk import MONDAY, Desk, desk_make
from tests.world import World
from tickets import services
from tickets.models import Calendar, Policy
from tickets.services import Opening

ClientOf = Callable[[str], Client]
RULES = "/tickets/rules/"


@pytest.fixture(autouse=True)
def now() -> Any:
    """Monday, nine o'clock."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_make(world)


def policies(world: World) -> list[Policy]:
    """Return a vendor's policies in order."""
    scope = world.scope("programme_manager")
    vendor = world.vendors["ANDES"].vendor
    with activate(scope):
        rows = Policy.objects.visible_to(scope).filter(vendor=vendor).select_related("calendar")
        return list(rows.order_by("position"))


def of_vendor(world: World, name: str) -> str:
    """Return the address of a new rule of the vendor."""
    return f"{reverse(name)}?vendor={world.vendors['ANDES'].vendor.uuid}"


def test_the_usual_policies_are_one_form_away(world: World, client_of: ClientOf) -> None:
    client = client_of("programme_manager")
    presets = of_vendor(world, "tickets:presets")
    page = client.get(f"{RULES}?vendor={world.vendors['ANDES'].vendor.uuid}").content.decode()
    assert reverse("tickets:presets") in page
    refused = client.post(presets, {"zone": "Mars/Base"})
    assert refused.status_code in (302, 422)
    assert policies(world) == []
    assert client.post(presets, {"zone": "Asia/Shanghai", "country": "CN"}).status_code == 302
    found = {policy.tier: policy for policy in policies(world)}
    assert [policy.tier for policy in policies(world)] == ["urgent", "consultation", "normal"]
    assert {tier: policy.first_response_seconds for tier, policy in found.items()} == {
        "urgent": 2 * 3600, "normal": 24 * 3600, "consultation": 48 * 3600,
    }  # fmt: skip
    for policy in found.values():
        assert (policy.first_line_seconds, policy.second_line_seconds, policy.callback_seconds) == (
            3600, 24 * 3600, 24 * 3600,
        )  # fmt: skip
    assert found["urgent"].calendar.name == "Around the clock"
    assert client.post(presets, {"zone": "Asia/Shanghai"}).status_code == 409


def test_policies_move_up_and_down_and_the_ends_stay(desk: Desk, world: World, client_of: ClientOf) -> None:
    client = client_of("programme_manager")

    def move(policy: Policy, direction: str) -> list[str]:
        answer = client.post(reverse("tickets:policy_move", args=[policy.uuid]), {"direction": direction})
        assert answer.status_code == 302
        return [row.tier for row in policies(world)]

    first, _second, last = policies(world)
    before = [row.tier for row in policies(world)]
    assert move(first, "down") == [before[1], before[0], before[2]]
    assert move(first, "up") == before
    assert move(first, "up") == before
    assert move(last, "down") == before
    # A ticket gets the first that matches: with the catch-all on top, nothing is urgent any more.
    assert desk.opened(subject="urgent: no light").tier == "urgent"
    move(last, "up")
    assert move(last, "up")[0] == "normal"
    assert desk.opened(subject="urgent: no light").tier == "normal"
    page = client.get(f"{RULES}?vendor={world.vendors['ANDES'].vendor.uuid}").content.decode()
    assert page.count("never wins") == 2
    vendor = client_of("andes_vendor_manager")
    assert vendor.post(reverse("tickets:policy_move", args=[first.uuid]), {"direction": "up"}).status_code == 403


def policy_body(desk: Desk, **more: Any) -> dict[str, Any]:
    """Return the form of a policy."""
    calendar = desk.policies[0].calendar
    return {
        "name": "Bills",
        "tier": "normal",
        "is_active": "on",
        "calendar": str(calendar.uuid),
        "resolution_seconds": "1 h 30 min",
        "update_mode": "after_customer",
        "words": "bill, 账单",
        "percent-0": "80",
        "to-0": ["handler"],
    } | more


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"resolution_seconds": "soon"}, "Write a length of time"),
        ({"resolution_seconds": ""}, "Promise at least one thing"),
        ({"resolution_seconds": "2 y"}, "Write a length of time"),
        ({"resolution_seconds": "9000 h"}, "Between one minute and a year"),
        ({"percent-0": ""}, "Give a percent of the promise"),
        ({"to-0": []}, "Choose who is told"),
        ({"percent-1": "80", "to-1": ["lead"]}, "each once"),
        ({"name": "Urgent"}, "Another policy has this name"),
    ],
)
def test_a_policy_that_cannot_be_comes_back_with_its_reason(
    desk: Desk, world: World, client_of: ClientOf, wrong: dict[str, Any], words: str
) -> None:
    answer = client_of("programme_manager").post(of_vendor(world, "tickets:policy_create"), policy_body(desk, **wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert len(policies(world)) == 3


def test_a_policy_is_made_and_changed_and_its_tickets_follow(desk: Desk, world: World, client_of: ClientOf) -> None:
    client = client_of("programme_manager")
    assert client.post(of_vendor(world, "tickets:policy_create"), policy_body(desk)).status_code == 302
    made = next(policy for policy in policies(world) if policy.name == "Bills")
    assert (made.resolution_seconds, made.words, made.ladder) == (5400, ["bill", "账单"], [[80, ["handler"]]])
    edit = reverse("tickets:policy_edit", args=[made.uuid])
    assert "1 h 30 min" in client.get(edit).content.decode()
    changed = policy_body(desk, resolution_seconds="2 h", expected_version=made.version)
    assert client.post(edit, changed).status_code == 302
    stale = client.post(edit, changed | {"resolution_seconds": "3 h"})
    assert stale.status_code == 409
    assert "Somebody saved this in the meantime" in stale.content.decode()
    assert next(policy for policy in policies(world) if policy.name == "Bills").resolution_seconds == 7200


def calendar_body(**more: Any) -> dict[str, Any]:
    """Return the form of a calendar."""
    return {"name": "Shop", "zone": "Asia/Shanghai", "hours-0": "9:00-12:00, 13:00-18:00", "country": ""} | more


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": ""},
        {"hours-0": "18:00-9:00"},
        {"hours-0": "9:00-12:00, 11:00-18:00"},
        {"hours-0": "whenever"},
        {"hours-0": ""},
        {"own_days": "2026-02-30 Never"},
        {"country": "XX"},
    ],
)
def test_a_calendar_that_cannot_be_comes_back(
    desk: Desk, world: World, client_of: ClientOf, wrong: dict[str, str]
) -> None:
    address = of_vendor(world, "tickets:calendar_create")
    answer = client_of("programme_manager").post(address, calendar_body(**wrong))
    assert answer.status_code == 422
    assert "Shop" in answer.content.decode()
    scope = world.scope("programme_manager")
    with activate(scope):
        assert not Calendar.objects.visible_to(scope).filter(name="Shop").exists()


def test_a_calendar_in_use_stays_and_a_spare_one_goes(desk: Desk, world: World, client_of: ClientOf) -> None:
    client = client_of("programme_manager")
    assert client.post(of_vendor(world, "tickets:calendar_create"), calendar_body()).status_code == 302
    scope = world.scope("programme_manager")
    with activate(scope):
        spare = Calendar.objects.visible_to(scope).get(name="Shop")
    assert spare.service_hours["0"] == [["09:00", "12:00"], ["13:00", "18:00"]]
    used = desk.policies[0].calendar
    for calendar in (used, spare):
        assert client.post(reverse("tickets:calendar_delete", args=[calendar.uuid])).status_code == 302
    with activate(scope):
        left = set(Calendar.objects.visible_to(scope).values_list("name", flat=True))
    assert used.name in left
    assert "Shop" not in left
    preview = client.get(reverse("tickets:holidays_preview"), {"country": "CN"}).content.decode()
    assert "Dragon Boat" in preview or "端午" in preview


def test_a_call_s_page_tells_the_customer_s_history_before_the_conversation(
    desk: Desk, world: World, client_of: ClientOf
) -> None:
    loaded(
        world, [call_row(1, external_id="c-1", customer="+8613812348000"), call_row(2, external_id="c-2", customer="")]
    )
    scope = desk.scope()
    with activate(scope):
        call = Call.objects.visible_to(scope).get(external_id="c-1")
        contract = world.vendors["ANDES"].contract
        services.ticket_open(scope=scope, opening=Opening(contract=contract, subject="From this call", call=call))
    for number in range(6):
        desk.opened(subject=f"Before {number}")
    desk.opened(subject="Another customer's", customer="+8613812349999")
    lead = client_of("andes_vendor_supervisor")

    def panel(external_id: str, who: Client = lead) -> str:
        asked = {"contract": str(contract.uuid), "call": external_id}
        return who.get(reverse("tickets:call_panel"), asked).content.decode()

    told = panel("c-1")
    assert "From this call" in told
    assert "What this customer brought before" in told
    assert "Before 5" in told
    assert "The newest 5 of 6." in told
    assert "Another customer" not in told
    assert told.count("From this call") == 1
    assert f"{reverse('tickets:feedback_create')}?contract={contract.uuid}&amp;call=c-1" in told
    assert "Register feedback" not in panel("c-1", client_of("andes_agent"))
    assert "brought before" not in panel("c-2")
    asked = {"contract": str(contract.uuid), "call": "c-1"}
    assert client_of("boral_vendor_manager").get(reverse("tickets:call_panel"), asked).status_code == 404
