"""No vendor reads the name of a rival's account on its tickets, whoever of the client writes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from core.errors import Invalid
from core.scope import activate
from qa import services as quality
from sla.calc import incidents
from sla.services import incident_note, incident_raise, incident_step
from tests.qa.said import script_write
from tests.tickets.desk import Desk, desk_make
from tests.world import World
from tickets import services
from tickets.calc.clocks import Level
from tickets.calc.states import Step
from tickets.models import Ticket, TicketEvent

ClientOf = Callable[[str], Client]


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_make(world)


def page(browser: Client, ticket: Ticket) -> str:
    """Return a ticket's page."""
    return browser.get(reverse("tickets:ticket_detail", args=[ticket.uuid])).content.decode()


@pytest.mark.parametrize("name", ["boral_vendor_supervisor", "Boral_Vendor_Supervisor", "wu.min@boral"])
def test_the_client_cannot_name_a_rivals_account_to_a_vendor(desk: Desk, name: str) -> None:
    ticket, client, vendor = desk.opened(), desk.scope("programme_manager"), desk.scope()
    User.objects.filter(username="boral_vendor_qa").update(username="wu.min@boral")
    text = f"Ask @{name}."
    asked: dict[str, Any] = {"scope": client, "uuid": ticket.uuid}
    over = services.HandOver(Level.SECOND_LINE, text)
    contract = desk.world.vendors["BORAL"].contract
    taking = services.Taking(contract=contract, subject="A bill", note=text)
    deeds: list[tuple[str, Callable[[], Any]]] = [
        ("text", lambda: services.ticket_note(**asked, text=text)),
        ("text", lambda: services.ticket_step(**asked, expected_version=1, step=Step.CANCEL, text=text)),
        ("requirement", lambda: services.ticket_hand_over(**asked, expected_version=1, over=over)),
        ("note", lambda: services.ticket_transfer(**asked, expected_version=1, taking=taking)),
    ]
    with activate(client):
        for field, deed in deeds:
            with pytest.raises(Invalid, match="another vendor") as refusal:
                deed()
            assert list(refusal.value.fields) == [field]
        opening = services.Opening(contract=ticket.contract, subject=text)
        with pytest.raises(Invalid, match="another vendor"):
            services.ticket_open(scope=client, opening=opening)
        # The client's own remark no vendor reads.
        services.ticket_remark(**asked, text=text)
    with activate(vendor):
        # A refusal would tell the vendor that there is somebody of this name elsewhere.
        services.ticket_note(scope=vendor, uuid=ticket.uuid, text=text)


def test_nor_beside_tickets(desk: Desk) -> None:
    client, text = desk.scope("programme_manager"), "As @boral_vendor_qa says."
    code = desk.world.vendors["ANDES"]
    with activate(client):
        incident = incident_raise(scope=client, vendor_id=code.vendor.pk, title="No calls", systems=["call_system"])
        script = script_write(scope=client, vendor=code.vendor, name="Opening", text="Good morning …")
        feedback, _is_new = services.feedback_register(
            scope=client, contract=code.contract, values={"source": "sms", "text": "Slow.", "is_complaint": True}
        )
        asked: dict[str, Any] = {"scope": client, "vendor_id": code.vendor.pk}
        note: dict[str, Any] = {"scope": client, "uuid": incident.uuid}
        refused: dict[str, Callable[[], Any]] = {
            "title": lambda: incident_raise(**asked, title=text, systems=["call_system"]),
            "text": lambda: incident_note(**note, text=text),
            "note": lambda: incident_step(**note, expected_version=None, step=incidents.Step.ACKNOWLEDGE, note=text),
            "reason": lambda: services.do_not_call_add(**asked, number="+8613812348000", is_for_all=False, reason=text),
            "name": lambda: script_write(scope=client, vendor=code.vendor, name=text, text="Hello."),
            "department": lambda: services.feedback_route(
                scope=client, uuid=feedback.uuid, expected_version=1, department=text, kind="process"
            ),
        }
        for field, deed in refused.items():
            with pytest.raises(Invalid, match="another vendor") as refusal:
                deed()
            assert list(refusal.value.fields) == [field]
    reviewer = desk.scope("client_qa")
    with activate(reviewer), pytest.raises(Invalid, match="another vendor") as refusal:
        quality.script_review(scope=reviewer, uuid=script.uuid, expected_version=1, is_approved=False, review_note=text)
    assert list(refusal.value.fields) == ["review_note"]


def test_what_the_client_wrote_before_names_no_rival_to_the_vendor(desk: Desk, client_of: ClientOf) -> None:
    ticket, client = desk.opened(), desk.scope("programme_manager")
    with activate(client):
        services.ticket_note(scope=client, uuid=ticket.uuid, text="See @client and @andes_vendor_qa at @noon.")
        over = services.HandOver(Level.SECOND_LINE, "Ask @client too.")
        services.ticket_hand_over(scope=client, uuid=ticket.uuid, expected_version=2, over=over)
    # As if it had been written when nobody looked.
    User.objects.filter(username="boral_vendor_supervisor").update(username="client")
    house = f"@{desk.world.client.name}"
    manager = client_of("andes_vendor_manager")
    shown = page(manager, ticket)
    assert "@client " not in shown
    assert f"{house} and @andes_vendor_qa at @noon" in shown
    events = manager.get(f"/api/v1/tickets/{ticket.uuid}").json()["events"]
    assert "@client " not in json.dumps(events)
    assert [event["facts"]["requirement"] for event in events if event["kind"] == "hop"] == [f"Ask {house} too."]
    assert "@client and" in page(client_of("programme_manager"), ticket)


@pytest.mark.parametrize(
    "text",
    [
        "请@boral_vendor_supervisor看一下",
        "@boral_vendor_supervisor的",
        "＠boral_vendor_supervisor",
        "_@boral_vendor_supervisor",
        "@\u200bboral_vendor_supervisor",
    ],
)
def test_a_name_is_found_in_chinese_and_behind_odd_signs(desk: Desk, client_of: ClientOf, text: str) -> None:
    ticket, client = desk.opened(), desk.scope("programme_manager")
    with activate(client):
        with pytest.raises(Invalid, match="another vendor"):
            services.ticket_note(scope=client, uuid=ticket.uuid, text=text)
        own = text.replace("boral", "andes")
        services.ticket_note(scope=client, uuid=ticket.uuid, text=own)
        event = TicketEvent.objects.visible_to(client).filter(ticket=ticket).latest("sequence")
        assert event.facts["mentioned"] == {"andes_vendor_supervisor": ""}
    shown = client_of("andes_vendor_manager").get(f"/api/v1/tickets/{ticket.uuid}").json()["events"][-1]
    assert shown["text"] == own
    with activate(client):
        services.ticket_note(scope=client, uuid=ticket.uuid, text="mail me@boral_vendor_supervisor.example")


def test_many_notes_take_no_more_queries_than_one(desk: Desk, client_of: ClientOf) -> None:
    ticket, client, manager = desk.opened(), desk.scope("programme_manager"), client_of("andes_vendor_manager")
    counts = []
    # What is asked for once, such as the session, is out of the way after the first round.
    for _round in range(3):
        with activate(client):
            for number in range(3):
                services.ticket_note(scope=client, uuid=ticket.uuid, text=f"See @noon {number}.")
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(f"/api/v1/tickets/{ticket.uuid}").status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2]
