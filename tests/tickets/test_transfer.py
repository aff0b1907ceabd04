"""The client takes a matter from one vendor and gives it to another: nobody else can, neither learns of the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Delivery, Notice
from accounts.services import webhook_create
from audit.models import Entry
from calls.models import Customer
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
from tests.tickets.desk import HOUR, MONDAY, Desk, desk_make
from tests.world import World
from tickets import selectors, services
from tickets.calc.clocks import Clock, Level
from tickets.models import Ticket, Transfer
from tickets.services import Taking

ClientOf = Callable[[str], Client]
LATER = MONDAY + 2 * HOUR


@pytest.fixture
def desks(world: World) -> tuple[Desk, Desk]:
    return desk_make(world), desk_make(world, "BORAL")


@pytest.fixture(autouse=True)
def now() -> Any:
    """Two hours into Monday."""
    with time_machine.travel(LATER, tick=False) as clock:
        yield clock


def taken(desk: Desk, ticket: Ticket, **more: Any) -> Ticket:
    """Give a matter to the other vendor as the client."""
    client = desk.scope("programme_manager", at=LATER)
    contract = desk.world.vendors["BORAL"].contract
    asked: dict[str, Any] = {"contract": contract, "subject": "A bill is wrong", "text": "Since May."} | more
    with activate(client):
        return services.ticket_transfer(
            scope=client, uuid=ticket.uuid, expected_version=ticket.version, taking=Taking(**asked)
        )


def stored(desk: Desk, ticket: Ticket) -> Ticket:
    """Read a ticket anew."""
    client = desk.scope("programme_manager")
    with activate(client):
        return selectors.ticket_get(scope=client, uuid=ticket.uuid)


def test_it_ends_at_the_first_and_begins_at_the_second(desks: tuple[Desk, Desk]) -> None:
    first, _second = desks
    ticket = first.opened(text="Andes said it is right.")
    fresh = taken(first, ticket)
    ended = stored(first, ticket)
    assert (ended.state, ended.ended_at, ended.next_due_at) == ("transferred", LATER, None)
    assert (fresh.vendor_id, fresh.state, fresh.opened_at) == (first.world.vendors["BORAL"].vendor.pk, "new", LATER)
    assert (fresh.subject, fresh.text, fresh.handler_name, fresh.call_external_id) == (
        "A bill is wrong", "Since May.", "", "",
    )  # fmt: skip
    client = first.scope("programme_manager")
    with activate(client):
        numbers = Customer.objects.visible_to(client)
        assert fresh.customer_key != ticket.customer_key
        for row in (ticket, fresh):
            assert numbers.filter(vendor_id=row.vendor_id, customer_key=row.customer_key).exists()
        assert selectors.transfers_of(scope=client, ticket=fresh)[0] == ticket
        assert selectors.transfers_of(scope=client, ticket=ticket)[1] == fresh


def test_what_the_client_leaves_out_the_second_does_not_get(desks: tuple[Desk, Desk]) -> None:
    first, _second = desks
    fresh = taken(first, first.opened(text="Old words"), has_customer=False, text="")
    assert (fresh.customer_key, fresh.text) == (None, "")


@pytest.mark.parametrize(("keeps_start", "begins"), [(False, LATER), (True, MONDAY)])
def test_the_promises_are_the_second_vendor_s_and_count_from_the_moment_that_is_chosen(
    desks: tuple[Desk, Desk], keeps_start: bool, begins: Any
) -> None:
    first, second = desks
    policy = next(policy for policy in second.policies if policy.tier == "normal")
    client = second.scope("programme_manager")
    with activate(client):
        services.policy_update(
            scope=client, uuid=policy.uuid, expected_version=1, values={"first_response_seconds": 4 * 3600}
        )
    fresh = taken(first, first.opened(), keeps_start=keeps_start)
    with activate(client):
        clocks = {row.clock: row for row in selectors.clock_list(scope=client, ticket=fresh)}
    response = clocks[Clock.FIRST_RESPONSE]
    assert (response.started_at, response.target_seconds, response.due_at) == (begins, 4 * 3600, begins + 4 * HOUR)


def test_a_promise_that_was_broken_stays_the_first_vendor_s(desks: tuple[Desk, Desk]) -> None:
    first, _second = desks
    ticket = first.opened()
    taken(first, ticket)
    client = first.scope("programme_manager", at=LATER)
    with activate(client):
        clocks = {row.clock: row for row in selectors.clock_list(scope=client, ticket=ticket)}
    # The first line had an hour; the answer and the solution had time left.
    assert (clocks[Clock.HOP].is_met, clocks[Clock.HOP].counted_at) == (False, MONDAY + HOUR)
    for clock in (Clock.FIRST_RESPONSE, Clock.RESOLUTION):
        assert (clocks[clock].is_canceled, clocks[clock].is_met, clocks[clock].counted_at) == (True, None, None)


def test_nobody_of_a_vendor_can(desks: tuple[Desk, Desk], client_of: ClientOf) -> None:
    first, second = desks
    ticket = first.opened()
    contract = second.world.vendors["BORAL"].contract
    body = {"contract": str(contract.uuid), "subject": "Yours", "version": 1}
    form = {"contract": str(contract.uuid), "subject": "Yours", "start": "now", "expected_version": 1}
    page, api = reverse("tickets:ticket_transfer", args=[ticket.uuid]), f"/api/v1/tickets/{ticket.uuid}/transfer"
    for name in ("andes_vendor_manager", "andes_vendor_supervisor", "andes_agent", "boral_vendor_manager", "auditor"):
        browser = client_of(name)
        assert browser.get(page).status_code == 403, name
        assert browser.post(page, form).status_code == 403, name
        sent = browser.post(api, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": name})
        assert sent.status_code == 403, name
        step = {"step": "transfer", "version": 1, "text": "x"}
        there = f"/api/v1/tickets/{ticket.uuid}/steps"
        sent = browser.post(there, json.dumps(step), content_type="application/json", headers={"Idempotency-Key": "s"})
        assert sent.status_code in (403, 404, 422), name
    assert (
        "Give to another vendor"
        not in client_of("andes_vendor_manager")
        .get(reverse("tickets:ticket_detail", args=[ticket.uuid]))
        .content.decode()
    )
    for role in ("vendor_manager", "agent"):
        scope = first.scope(role)
        with activate(scope), pytest.raises(Forbidden):
            services.ticket_transfer(
                scope=scope, uuid=ticket.uuid, expected_version=1, taking=Taking(contract=contract, subject="x")
            )
    # A hand-over stays within the vendor: nobody of the other can be named, no row of the other be given.
    scope = first.scope("vendor_manager")
    over = services.HandOver(Level.SECOND_LINE, "please", handler=second.world.users["boral_vendor_manager"].uuid)
    with activate(scope), pytest.raises(Invalid, match="no such person"):
        services.ticket_hand_over(scope=scope, uuid=ticket.uuid, expected_version=1, over=over)
    assert stored(first, ticket).state == "new"


def test_it_must_be_open_and_go_elsewhere(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    ticket = first.opened()
    with pytest.raises(Invalid, match="another vendor"):
        taken(first, ticket, contract=first.world.vendors["ANDES"].contract)
    with pytest.raises(Invalid):
        taken(first, ticket, subject=" ")
    with pytest.raises(Invalid, match="another vendor"):
        taken(first, ticket, queue=first.world.vendors["ANDES"].queues[0])
    # A refusal leaves the first vendor's ticket as it was.
    assert stored(first, ticket).state == "new"
    taken(first, ticket)
    with pytest.raises(Conflict):
        taken(first, stored(first, ticket))
    rival = second.scope("vendor_manager")
    with activate(rival), pytest.raises(NotFound):
        selectors.ticket_get(scope=rival, uuid=ticket.uuid)


def everything(browser: Client, ticket: Ticket) -> str:
    """Return all that a vendor's manager is told anywhere that could tell of a transfer."""
    paths = [
        reverse("tickets:ticket_detail", args=[ticket.uuid]),
        reverse("audit:history", args=["ticket", ticket.uuid]),
        "/tickets/?state=all",
        "/audit/",
        "/accounts/notices/",
        f"/api/v1/tickets/{ticket.uuid}",
        "/api/v1/tickets",
        "/api/v1/notices",
        f"{reverse('reports:search')}?q=bill",
    ]
    found = []
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        found.append(answer.content.decode())
    return "\n".join(found)


def test_neither_vendor_learns_of_the_other(desks: tuple[Desk, Desk], client_of: ClientOf, world: World) -> None:
    first, _second = desks
    for code in ("andes", "boral"):
        manager = world.scope(f"{code}_vendor_manager")
        events = ["ticket.created", "ticket.changed"]
        with activate(manager):
            webhook_create(scope=manager, name="hook", url="https://hook.example/in", events=events)
    ticket = first.opened(subject="The first vendor's words", text="Said to Andes only")
    scope = first.scope(at=MONDAY)
    with activate(scope):
        services.ticket_note(scope=scope, uuid=ticket.uuid, text="Our own view")
    fresh = taken(first, stored(first, ticket), note="We settle it ourselves.")

    theirs = everything(client_of("andes_vendor_manager"), ticket)
    assert "taken over by the client" in theirs
    assert "We settle it ourselves." in theirs
    for word in (str(fresh.uuid), "BORAL", "Boral", "boral", "A bill is wrong", "gave the ticket"):
        assert word not in theirs, word
    ours = everything(client_of("boral_vendor_manager"), fresh)
    assert "A bill is wrong" in ours
    assert world.client.name in ours
    for word in (
        str(ticket.uuid), "ANDES", "Andes", "andes", "Said to", "first vendor", "Our own view", "taken over",
        "programme_manager", "gave the ticket",
    ):  # fmt: skip
        assert word not in ours, word

    for code, other in (("andes", fresh), ("boral", ticket)):
        manager = world.scope(f"{code}_vendor_manager")
        with activate(manager):
            assert not Transfer.objects.visible_to(manager).exists()
            assert selectors.transfers_of(scope=manager, ticket=ticket if code == "andes" else fresh) == (None, None)
            kept = [
                *Entry.objects.visible_to(manager).values_list("changes", "object_label", "action"),
                *Delivery.objects.visible_to(manager).values_list("payload", "event_key"),
                *Notice.objects.visible_to(manager).values_list("parameters", "path"),
            ]
            assert str(other.uuid) not in str(kept)
    client = client_of("programme_manager")
    html = client.get(reverse("tickets:ticket_detail", args=[ticket.uuid])).content.decode()
    assert reverse("tickets:ticket_detail", args=[fresh.uuid]) in html
    html = client.get(reverse("tickets:ticket_detail", args=[fresh.uuid])).content.decode()
    assert reverse("tickets:ticket_detail", args=[ticket.uuid]) in html


def test_the_client_does_it_on_a_page_and_by_program(desks: tuple[Desk, Desk], client_of: ClientOf) -> None:
    first, _second = desks
    client = client_of("programme_manager")
    ticket = first.opened()
    address = reverse("tickets:ticket_transfer", args=[ticket.uuid])
    html = client.get(address).content.decode()
    contract = str(first.world.vendors["BORAL"].contract.uuid)
    body = {"contract": contract, "subject": "A bill", "start": "customer", "has_customer": "on", "expected_version": 1}
    assert contract in html
    assert str(first.world.vendors["ANDES"].contract.uuid) not in html
    assert client.post(address, body | {"subject": ""}).status_code == 422
    assert client.post(address, body | {"expected_version": 9}).status_code == 409
    done = client.post(address, body)
    assert done.status_code == 302
    assert client.get(done["Location"]).context["ticket"].opened_at == MONDAY
    assert client.get(address).status_code == 409
    other = first.opened()
    sent: dict[str, Any] = {"contract": contract, "subject": "By program", "version": 1, "customer": False}
    answer = client.post(
        f"/api/v1/tickets/{other.uuid}/transfer", json.dumps(sent), content_type="application/json",
        headers={"Idempotency-Key": "one"},
    )  # fmt: skip
    assert answer.status_code == 201
    assert (answer.json()["vendor"], answer.json()["subject"]) == ("BORAL", "By program")
    again = client.post(
        f"/api/v1/tickets/{other.uuid}/transfer", json.dumps(sent), content_type="application/json",
        headers={"Idempotency-Key": "one"},
    )  # fmt: skip
    assert again.json() == answer.json()
