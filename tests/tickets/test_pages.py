"""The pages of tickets: the list, one ticket and every deed on it, a new one, and how many queries they take."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from core.scope import activate
from tests.tickets.desk import HOUR, MONDAY, Desk, desk_make
from tests.world import World
from tickets import selectors, services
from tickets.calc.clocks import Kind
from tickets.calc.states import State, Step
from tickets.models import QuickReply, Ticket, TicketEvent
from tickets.services.events import event_add

ClientOf = Callable[[str], Client]
LIST = "/tickets/"


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_make(world)


def url(ticket: Ticket) -> str:
    """Return a ticket's page."""
    return reverse("tickets:ticket_detail", args=[ticket.uuid])


def act(browser: Client, ticket: Ticket, deed: str, **more: Any) -> Any:
    """Send the form of deeds."""
    body = {"deed": deed, "expected_version": ticket.version, "text": ""} | more
    return browser.post(reverse("tickets:ticket_act", args=[ticket.uuid]), body)


def stored(desk: Desk, ticket: Ticket) -> Ticket:
    """Read a ticket anew."""
    scope = desk.scope()
    with activate(scope):
        return selectors.ticket_get(scope=scope, uuid=ticket.uuid)


def subjects(page: Any) -> list[str]:
    """Return the subjects of a list in order."""
    return [row.subject for row in page.context["table"].page.object_list.data]


def texts(page: Any) -> str:
    """Return a page's words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


@pytest.fixture(autouse=True)
def now() -> Any:
    """Two hours into Monday."""
    with time_machine.travel(MONDAY + 2 * HOUR, tick=False) as clock:
        yield clock


def test_the_list_begins_with_what_is_overdue_and_ends_with_what_waits(desk: Desk, client_of: ClientOf) -> None:
    late = desk.opened(subject="Late")
    desk.opened(subject="Soon", at=MONDAY + 1.5 * HOUR)
    waiting = desk.opened(subject="Waiting", at=MONDAY + 1.5 * HOUR)
    browser = client_of("andes_vendor_supervisor")
    act(browser, waiting, "reply", text="We look at it.")
    assert act(browser, stored(desk, waiting), "wait_for_customer", text="the bill").status_code == 302
    page = browser.get(LIST)
    assert subjects(page) == ["Late", "Soon", "Waiting"]
    words = texts(page)
    assert "overdue by 1 h" in words
    assert "in 30 min" in words
    assert "paused" in words
    assert page.content.decode().count("ticket-late") == 1
    assert f'href="{url(late)}"' in page.content.decode()


def test_the_list_shows_the_open_ones_unless_asked_otherwise(desk: Desk, client_of: ClientOf) -> None:
    solved = desk.opened(subject="Solved one", customer="")
    desk.opened(subject="Open one")
    browser = client_of("andes_vendor_supervisor")
    act(browser, solved, "resolve", text="done")
    assert subjects(browser.get(LIST)) == ["Open one"]
    assert subjects(browser.get(LIST, {"state": "solved"})) == ["Solved one"]
    assert len(subjects(browser.get(LIST, {"state": "all"}))) == 2
    assert "Nothing matches these filters" in texts(browser.get(LIST, {"q": "nothing of the kind"}))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"due": "overdue"}, {"A", "B"}),
        ({"handler": "me"}, {"B"}),
        ({"handler": "nobody"}, {"A", "C"}),
        ({"tier": "urgent"}, {"C"}),
        ({"level": "first_line"}, {"A", "B", "C"}),
        ({"q": "#2"}, {"B"}),
        ({"q": "help"}, {"C"}),
        ({"opened_after": "2026-06-15", "opened_before": "2026-06-15"}, {"A", "B", "C"}),
        ({"opened_after": "2026-06-16"}, set()),
    ],
)
def test_every_filter_narrows_the_list(desk: Desk, client_of: ClientOf, asked: dict[str, str], found: set[str]) -> None:
    desk.opened(subject="A")
    mine = desk.opened(subject="B")
    desk.opened(subject="C", text="urgent help", at=MONDAY + 1.5 * HOUR)
    browser = client_of("andes_vendor_supervisor")
    act(browser, mine, "take")
    assert set(subjects(browser.get(LIST, asked))) == found


def test_the_export_is_exactly_what_is_filtered(desk: Desk, client_of: ClientOf) -> None:
    desk.opened(subject="A")
    desk.opened(subject="B")
    answer = client_of("andes_vendor_supervisor").get(LIST, {"q": "A", "export": "csv"})
    lines = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "A" in lines
    assert ",B," not in lines
    assert "+8613812348000" not in lines


def test_an_agent_sees_its_own_tickets_and_a_rival_none(desk: Desk, world: World, client_of: ClientOf) -> None:
    own = desk.opened(subject="Own", agent=world.vendors["ANDES"].agents[0])
    other = desk.opened(subject="Other")
    agent = client_of("andes_agent")
    assert subjects(agent.get(LIST)) == ["Own"]
    assert agent.get(url(own)).status_code == 200
    assert agent.get(url(other)).status_code == 404
    rival = client_of("boral_vendor_supervisor")
    assert rival.get(url(own)).status_code == 404
    assert act(rival, own, "note", text="mine").status_code == 404
    assert "Nothing here yet" in texts(rival.get(LIST))


def test_the_page_tells_the_arithmetic_of_each_clock(desk: Desk, client_of: ClientOf) -> None:
    ticket = desk.opened()
    page = client_of("auditor").get(url(ticket))
    words = texts(page)
    assert "24 h promised, 2 h used, due Wed 2026-06-17 15:00 Asia/Shanghai" in words
    assert "1 h promised, 2 h used, 1 h over, due Mon 2026-06-15 10:00 Asia/Shanghai" in words
    # Dragon Boat lies in the 72 business hours of the solution.
    assert "72 h promised" in words
    assert "端午节" in words or "Dragon Boat" in words
    assert "+86•••" in words or "•" in words
    assert "+8613812348000" not in words
    assert 'id="act"' not in page.content.decode()


def test_public_and_internal_words_are_told_apart(desk: Desk, client_of: ClientOf) -> None:
    ticket = desk.opened()
    browser = client_of("andes_vendor_supervisor")
    assert act(browser, ticket, "reply", text="Sent to the customer").status_code == 302
    act(browser, ticket, "note", text="Between us")
    html = browser.get(url(ticket)).content.decode()
    public, internal = (html[html.index(f"said-{kind}") :][:1500] for kind in ("public", "internal"))
    assert "Sent to the customer" in public
    assert "Between us" in internal
    assert "the customer knows" in public


def test_the_customer_knows_only_of_what_told_them_something(desk: Desk, client_of: ClientOf) -> None:
    ticket = desk.opened()
    browser = client_of("andes_vendor_supervisor")
    scope = desk.scope()
    with activate(scope):
        asked: dict[str, Any] = {"scope": scope, "uuid": ticket.uuid}
        services.ticket_asked(**asked, text="Where is it?")
        steps = (Step.WAIT_FOR_CUSTOMER, Step.RESUME, Step.WAIT_FOR_THIRD_PARTY, Step.RESOLVE)
        for version, step in enumerate(steps, start=2):
            services.ticket_step(**asked, expected_version=version, step=step, text="the bill, please")
        services.ticket_call_back(**asked, expected_version=6, outcome="settled")
        # As such rows were written before.
        old = TicketEvent(ticket=ticket, kind=Kind.STATE, state=State.ARCHIVED, is_public=True)
        event_add(scope=scope, event=old)
    html = browser.get(url(ticket)).content.decode()
    entries = [" ".join(strip_tags(entry).split()) for entry in html.split('<li class="said')[1:]]
    told = [entry for entry in entries if "the customer knows" in entry]
    assert [re.search(r"set it to: [\w ]+|called the customer back", entry)[0].strip() for entry in told] == [  # type: ignore[index]
        "set it to: waits for the customer",
        "called the customer back",
    ]


def test_a_hand_over_shows_handler_deadline_and_requirement(desk: Desk, world: World, client_of: ClientOf) -> None:
    ticket = desk.opened()
    browser = client_of("andes_vendor_supervisor")
    manager = world.users["andes_vendor_manager"]
    sent = {"level": "second_line", "handler": str(manager.uuid), "deadline": "2026-06-16T10:00"}
    assert act(browser, ticket, "hand_over", text="Check the meter", **sent).status_code == 302
    words = texts(browser.get(url(ticket)))
    assert "handed it over to andes_vendor_manager (second line)" in words
    assert "Check the meter" in words
    assert "2026-06-16 10:00" in words
    assert "deadline Tue 2026-06-16 10:00" in words
    missing = act(browser, stored(desk, ticket), "hand_over", level="technical")
    assert missing.status_code == 422
    assert "Say what is asked of whoever takes over." in texts(missing)


def test_somebody_elses_move_is_shown_and_nothing_typed_is_lost(desk: Desk, client_of: ClientOf) -> None:
    ticket = desk.opened()
    act(client_of("andes_vendor_manager"), ticket, "take")
    answer = act(client_of("andes_vendor_supervisor"), ticket, "resolve", text="The meter was read again")
    assert answer.status_code == 409
    words = texts(answer)
    assert "Somebody moved this ticket in the meantime" in words
    assert "The meter was read again" in words
    fresh = stored(desk, ticket)
    assert f'name="expected_version" value="{fresh.version}"' in answer.content.decode()


def test_the_whole_way_to_the_archive_with_a_callback(desk: Desk, client_of: ClientOf) -> None:
    ticket = desk.opened()
    browser = client_of("andes_vendor_supervisor")
    steps: list[tuple[str, dict[str, Any], State]] = [
        ("take", {}, State.ASSIGNED),
        ("start", {}, State.IN_PROGRESS),
        ("wait_for_third_party", {"text": "the grid"}, State.PENDING_THIRD_PARTY),
        ("resume", {}, State.IN_PROGRESS),
        ("resolve", {"text": "read again"}, State.CALLBACK_DUE),
        ("call_back", {"outcome": "not_reached"}, State.CALLBACK_DUE),
        ("call_back", {"outcome": "settled", "satisfaction": "5"}, State.RESOLVED),
        ("archive", {}, State.ARCHIVED),
        ("reopen", {"text": "again"}, State.IN_PROGRESS),
    ]
    for deed, more, state in steps:
        ticket = stored(desk, ticket)
        assert act(browser, ticket, deed, **more).status_code == 302, deed
        assert stored(desk, ticket).state == state
    words = texts(browser.get(url(ticket)))
    assert "called the customer back: the matter is settled, satisfaction 5 of 5" in words
    assert "but nobody answered" in words


def test_leading_deeds_are_for_leads(desk: Desk, world: World, client_of: ClientOf) -> None:
    other = desk.opened(subject="The same before")
    ticket = desk.opened(agent=world.vendors["ANDES"].agents[0])
    agent, lead = client_of("andes_agent"), client_of("andes_vendor_supervisor")
    urgent = next(policy for policy in desk.policies if policy.tier == "urgent")
    for deed, more in (
        ("retier", {"policy": str(urgent.uuid)}),
        ("assign", {"handler": str(world.users["andes_vendor_manager"].uuid)}),
        ("cancel", {"text": "no"}),
        ("merge", {"number": other.number}),
    ):
        assert act(agent, stored(desk, ticket), deed, **more).status_code == 403
        assert act(lead, stored(desk, ticket), deed, **more).status_code == (409 if deed == "merge" else 302), deed
    assert act(lead, other, "merge", number=99).status_code == 422
    assert act(lead, other, "link", number=ticket.number).status_code == 302
    assert f"#{ticket.number} A bill" in texts(lead.get(url(other)))


def test_nobody_who_could_not_work_on_a_ticket_is_given_one(desk: Desk, world: World, client_of: ClientOf) -> None:
    ticket = desk.opened()
    lead = client_of("andes_vendor_supervisor")
    for name in ("andes_vendor_qa", "programme_manager", "boral_vendor_supervisor"):
        assert act(lead, ticket, "assign", handler=str(world.users[name].uuid)).status_code == 422


def test_an_agent_that_hands_its_ticket_on_is_led_to_the_list(desk: Desk, world: World, client_of: ClientOf) -> None:
    ticket = desk.opened()
    lead, agent = client_of("andes_vendor_supervisor"), client_of("andes_agent")
    act(lead, ticket, "assign", handler=str(world.users["andes_agent"].uuid))
    answer = act(agent, stored(desk, ticket), "hand_over", text="please", level="second_line")
    assert answer["Location"] == LIST


def test_a_new_ticket_tells_its_promises_first(desk: Desk, world: World, client_of: ClientOf) -> None:
    contract = world.vendors["ANDES"].contract
    browser = client_of("andes_vendor_supervisor")
    form = browser.get(reverse("tickets:ticket_create")).context["form"]
    assert len(form.visible_fields()) <= 8
    asked: dict[str, str] = {"contract": str(contract.uuid), "subject": "urgent: no light", "channel": "call"}
    promise = texts(browser.get(reverse("tickets:ticket_promise"), asked))
    assert "urgent" in promise
    assert "first response: 2 h promised, due Mon 2026-06-15 13:00" in promise
    made = browser.post(reverse("tickets:ticket_create"), asked | {"customer": "+86 138 1234 8000"})
    assert made.status_code == 302
    assert "urgent: no light" in texts(browser.get(made["Location"]))
    refused = browser.post(reverse("tickets:ticket_create"), asked | {"subject": ""})
    assert refused.status_code == 422


def test_what_an_agent_opens_it_sees_again(desk: Desk, world: World, client_of: ClientOf) -> None:
    agent = client_of("andes_agent")
    contract = world.vendors["ANDES"].contract
    made = agent.post(
        reverse("tickets:ticket_create"), {"contract": contract.uuid, "subject": "A bill", "channel": "call"}
    )
    assert agent.get(made["Location"]).status_code == 200


def test_quick_replies_name_what_they_are_about(desk: Desk, world: World, client_of: ClientOf) -> None:
    ticket = desk.opened()
    lead = client_of("andes_vendor_supervisor")
    made = lead.post(reverse("tickets:reply_create"), {"name": "Hello", "text": "About {number}", "is_active": "on"})
    assert made.status_code == 302
    assert 'data-insert="About #1"' in lead.get(url(ticket)).content.decode()
    scope = desk.scope()
    with activate(scope):
        reply = QuickReply.objects.visible_to(scope).get()
    edited = {"name": "Hello", "text": "On {number}", "is_active": "on", "expected_version": 1}
    assert lead.post(reverse("tickets:reply_edit", args=[reply.uuid]), edited).status_code == 302
    assert client_of("boral_vendor_manager").get(reverse("tickets:reply_edit", args=[reply.uuid])).status_code == 404
    assert client_of("andes_agent").get(reverse("tickets:reply_create")).status_code == 403
    assert lead.post(reverse("tickets:reply_delete", args=[reply.uuid])).status_code == 302


@pytest.mark.parametrize("path", ["list", "detail"])
def test_more_rows_take_no_more_queries(desk: Desk, client_of: ClientOf, path: str) -> None:
    browser = client_of("programme_manager")
    first = desk.opened(subject="First")
    address = LIST if path == "list" else url(first)
    browser.get(address)
    counts = []
    for _round in range(2):
        for number in range(5):
            desk.opened(subject=f"More {number}", at=MONDAY + timedelta(minutes=number))
        for _note in range(3):
            act(browser, stored(desk, first), "note", text="again")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_steps_are_offered_by_state_and_role(desk: Desk, client_of: ClientOf) -> None:
    ticket = desk.opened()
    page = client_of("andes_vendor_supervisor").get(url(ticket))
    deeds = [name for name, _words in page.context["deeds"]]
    assert "resume" not in deeds
    assert "call_back" not in deeds
    assert {"reply", "take", "start", "hand_over", "retier", "cancel"} <= set(deeds)


def test_the_search_finds_a_ticket_by_its_number(desk: Desk, client_of: ClientOf) -> None:
    ticket = desk.opened(subject="A bill")
    search = reverse("reports:search")
    for asked in ("#1", "bill"):
        assert url(ticket) in client_of("andes_vendor_supervisor").get(search, {"q": asked}).content.decode()
        assert url(ticket) not in client_of("boral_vendor_supervisor").get(search, {"q": asked}).content.decode()
        assert url(ticket) not in client_of("andes_agent").get(search, {"q": asked}).content.decode()
