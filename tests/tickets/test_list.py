"""The list of tickets: views that are kept and counted, and deeds on many tickets at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from core.errors import Invalid
from core.scope import activate
from tests.tickets.desk import HOUR, MONDAY, Desk, desk_make
from tests.world import World
from tickets import selectors, services
from tickets.calc.states import Step
from tickets.models import Ticket, TicketView
from tickets.services import TICKETS_MOST, Bulk, Chosen, ManyDeed

ClientOf = Callable[[str], Client]
LIST = "/tickets/"


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_make(world)


@pytest.fixture(autouse=True)
def now() -> Any:
    """Two hours into Monday."""
    with time_machine.travel(MONDAY + 2 * HOUR, tick=False) as clock:
        yield clock


def bar(browser: Client, query: str = "") -> dict[str, str]:
    """Return the views above the list with their counts."""
    html = browser.get(reverse("tickets:views_bar") + query).content.decode()
    found = re.findall(r"<a href=\"[^\"]*\"[^>]*>(.*?)<span class=\"views-count\">(.*?)</span>", html, re.S)
    return {re.sub(r"<[^>]+>", "", name).strip(): count for name, count in found}


def subjects(page: Any) -> set[str]:
    """Return the subjects of a list."""
    return {row.subject for row in page.context["table"].page.object_list.data}


def test_the_built_in_views_find_what_they_say(desk: Desk, client_of: ClientOf) -> None:
    desk.opened(subject="Late")
    held = desk.opened(subject="Mine", at=MONDAY + 1.5 * HOUR)
    waiting = desk.opened(subject="Waits", at=MONDAY + 1.5 * HOUR)
    lead = client_of("andes_vendor_supervisor")
    scope = desk.scope(at=MONDAY + 2 * HOUR)
    with activate(scope):
        asked: dict[str, Any] = {"scope": scope, "expected_version": 1}
        services.ticket_assign(**asked, uuid=held.uuid, handler=desk.world.users["andes_vendor_supervisor"].uuid)
        services.ticket_reply(scope=scope, uuid=waiting.uuid, text="soon")
        services.ticket_step(scope=scope, uuid=waiting.uuid, expected_version=2, step=Step.WAIT_FOR_CUSTOMER, text="it")
    counts = bar(lead)
    assert counts == {
        "All open": "3", "My open": "1", "Unassigned": "2", "Due today": "2", "Overdue": "1", "Pending": "1",
    }  # fmt: skip
    found = {
        "state=open": {"Late", "Mine", "Waits"},
        "handler=me": {"Mine"},
        "handler=nobody": {"Late", "Waits"},
        "due=today": {"Late", "Mine"},
        "due=overdue": {"Late"},
        "state=pending": {"Waits"},
    }
    for query, names in found.items():
        assert subjects(lead.get(f"{LIST}?{query}")) == names, query
    assert 'aria-current="page">Overdue' in lead.get(f"{LIST}?due=overdue").content.decode()


def test_a_view_is_kept_for_oneself_or_for_the_organization(desk: Desk, client_of: ClientOf) -> None:
    desk.opened(subject="URGENT: no light")
    lead, manager = client_of("andes_vendor_supervisor"), client_of("andes_vendor_manager")
    keep = reverse("tickets:views_manage")
    kept = lead.post(f"{keep}?tier=urgent&sort=-opened_at&columns=number&page=3&evil=1", {"name": "Hot"})
    assert kept.status_code == 302
    assert kept["Location"] == f"{LIST}?tier=urgent&sort=-opened_at"
    assert bar(lead)["Hot"] == "1"
    assert "Hot" not in bar(manager)
    # By the same name it is replaced, and shared from now on.
    lead.post(f"{keep}?tier=normal", {"name": "Hot", "is_shared": "on"})
    assert (bar(lead)["Hot"], bar(manager)["Hot"]) == ("0", "0")
    assert "Hot" not in bar(client_of("boral_vendor_manager"))
    assert "Hot" not in bar(client_of("programme_manager"))
    scope = desk.scope()
    with activate(scope):
        view = TicketView.objects.visible_to(scope).get()
    remove = reverse("tickets:view_remove", args=[view.uuid])
    assert client_of("boral_vendor_manager").post(remove).status_code == 404
    assert client_of("andes_vendor_qa").post(remove).status_code == 403
    assert manager.post(remove).status_code == 302
    assert "Hot" not in bar(lead)
    assert lead.post(f"{keep}?tier=urgent", {"name": " "}).status_code == 422
    for number in range(20):
        lead.post(f"{keep}?tier=urgent", {"name": f"View {number}"})
    assert "remove one" in lead.post(f"{keep}?tier=urgent", {"name": "One more"}).content.decode()


def test_the_bare_list_begins_with_the_chosen_view(desk: Desk, client_of: ClientOf) -> None:
    desk.opened()
    lead = client_of("andes_vendor_supervisor")
    assert lead.get(LIST).status_code == 200
    begin = reverse("tickets:view_begin_with")
    assert lead.post(begin, {"view": "overdue"}).status_code == 302
    assert lead.get(LIST)["Location"] == f"{LIST}?due=overdue"
    assert lead.get(f"{LIST}?state=open").status_code == 200
    assert lead.get(LIST, headers={"HX-Request": "true"}).status_code == 200
    assert client_of("andes_vendor_manager").get(LIST).status_code == 200
    lead.post(f"{reverse('tickets:views_manage')}?tier=urgent", {"name": "Hot", "is_first": "on"})
    assert lead.get(LIST)["Location"] == f"{LIST}?tier=urgent"
    scope = desk.scope()
    with activate(scope):
        view = TicketView.objects.visible_to(scope).get()
    lead.post(reverse("tickets:view_remove", args=[view.uuid]))
    assert lead.get(LIST).status_code == 200
    assert lead.post(begin, {"view": "nothing"}).status_code == 404
    assert lead.post(begin, {"view": "open"}).status_code == 302
    assert lead.get(LIST).status_code == 200


def test_more_views_and_more_rows_take_no_more_queries(desk: Desk, client_of: ClientOf) -> None:
    client = client_of("programme_manager")
    queue = str(desk.world.vendors["ANDES"].queues[0].uuid)
    handler = str(desk.world.users["andes_vendor_supervisor"].uuid)
    vendor = str(desk.world.vendors["ANDES"].vendor.uuid)
    counts = []
    for number in range(2):
        for more in range(3):
            desk.opened(subject=f"More {number} {more}")
            query = f"?queue={queue}&handler={handler}&vendor={vendor}&q=more{more}"
            client.post(reverse("tickets:views_manage") + query, {"name": f"View {number} {more}"})
        for address in (f"{LIST}?state=open", reverse("tickets:views_bar")):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def chosen(*tickets: Ticket) -> list[str]:
    """Return what the check boxes post."""
    return [f"{ticket.uuid}.{ticket.version}" for ticket in tickets]


def bulk(browser: Client, deed: str, tickets: list[Ticket], **more: Any) -> Any:
    """Do something to many tickets."""
    body = {"selected": chosen(*tickets), "go": "1"} | more
    return browser.post(reverse("tickets:bulk", args=[deed]), body)


def state(desk: Desk, ticket: Ticket) -> str:
    """Return where a ticket stands now."""
    scope = desk.scope()
    with activate(scope):
        return str(selectors.ticket_get(scope=scope, uuid=ticket.uuid).state)


def test_the_check_boxes_carry_the_version_that_was_shown(desk: Desk, client_of: ClientOf) -> None:
    ticket = desk.opened()
    html = client_of("andes_vendor_supervisor").get(LIST).content.decode()
    assert f'name="selected" value="{ticket.uuid}.1"' in html
    for deed in Bulk:
        assert reverse("tickets:bulk", args=[deed.value]) in html
    assert 'name="selected"' not in client_of("auditor").get(LIST).content.decode()


def test_some_tickets_are_assigned_at_once_and_the_stale_one_is_left_alone(
    desk: Desk, world: World, client_of: ClientOf
) -> None:
    tickets = [desk.opened(subject=name) for name in ("A", "B", "Moved meanwhile")]
    scope = desk.scope()
    with activate(scope):
        services.ticket_note(scope=scope, uuid=tickets[2].uuid, text="seen")
    lead = client_of("andes_vendor_supervisor")
    asked = lead.post(reverse("tickets:bulk", args=["assign"]), {"selected": chosen(*tickets)})
    assert asked.status_code == 200
    assert "andes_vendor_manager" in asked.content.decode()
    done = bulk(lead, "assign", tickets, handler=str(world.users["andes_agent"].uuid)).content.decode()
    assert "Done with 2 tickets. 1 ticket was left as it is." in re.sub(r"\s+", " ", done)
    assert "Somebody moved this ticket in the meantime" in done
    assert [state(desk, ticket) for ticket in tickets] == ["assigned", "assigned", "new"]
    with activate(scope):
        entries = Entry.objects.visible_to(scope).filter(action="ticket.assigned")
        assert {entry.object_id for entry in entries} == {str(ticket.uuid) for ticket in tickets[:2]}


def test_many_wait_are_commented_on_and_closed(desk: Desk, client_of: ClientOf) -> None:
    lead = client_of("andes_vendor_supervisor")
    waits, called, plain, over = (
        desk.opened(subject=name, customer=customer)
        for name, customer in (("W", ""), ("C", "+8613812348000"), ("P", ""), ("O", ""))
    )
    refused = bulk(lead, "wait", [waits], step="wait_for_customer", text=" ")
    assert refused.status_code == 422
    bulk(lead, "wait", [waits], step="wait_for_third_party", text="the grid")
    assert state(desk, waits) == "pending_third_party"
    bulk(lead, "comment", [called, plain], kind="note", text="@andes_vendor_manager all alike")
    scope = desk.scope()
    with activate(scope):
        called, plain, over = (selectors.ticket_get(scope=scope, uuid=row.uuid) for row in (called, plain, over))
        assert selectors.event_list(scope=scope, ticket=plain).filter(kind="noted").count() == 1
        services.ticket_step(scope=scope, uuid=over.uuid, expected_version=1, step=Step.CANCEL, text="no matter")
        over = selectors.ticket_get(scope=scope, uuid=over.uuid)
    told = bulk(lead, "close", [called, plain, over], text="Sent again.").content.decode()
    # Whoever has a number is called back first; what ended stays as it is.
    assert [state(desk, row) for row in (called, plain, over)] == ["callback_due", "archived", "canceled"]
    assert "This cannot be done with a ticket that is: canceled." in told


def test_a_selection_holds_what_the_caller_has_and_no_more_than_so_many(desk: Desk, client_of: ClientOf) -> None:
    own, other = desk.opened(agent=desk.world.vendors["ANDES"].agents[0]), desk.opened()
    agent, rival = client_of("andes_agent"), client_of("boral_vendor_manager")
    bulk(agent, "comment", [own, other], kind="note", text="mine")
    assert bulk(rival, "comment", [own, other], kind="note", text="mine")["Location"] == LIST
    assert bulk(agent, "assign", [own], handler="").status_code == 403
    assert bulk(client_of("auditor"), "close", [own], text="x").status_code == 403
    scope = desk.scope()
    with activate(scope):
        for ticket, count in ((own, 1), (other, 0)):
            assert selectors.event_list(scope=scope, ticket=ticket).filter(kind="noted").count() == count
        many = [Chosen(own.uuid, 1)] * (TICKETS_MOST + 1)
        with pytest.raises(Invalid, match="At most 200"):
            services.tickets_do(scope=scope, chosen=many, deed=ManyDeed(Bulk.COMMENT, text="x"))


def test_the_list_counts_no_further_than_anybody_leafs(desk: Desk, client_of: ClientOf) -> None:
    desk.opened()
    page = client_of("andes_vendor_supervisor").get(LIST)
    assert page.context["table"].page.paginator.is_capped is False
