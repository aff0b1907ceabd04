"""Tickets as an agent, its lead and the client see them: handed over, solved, called back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from core.scope import activate
from tests.browser.conftest import Visit
from tests.browser.stage import Stage
from tests.browser.test_accessibility import severe
from tickets import services
from tickets.models import Policy, Ticket
from tickets.services import Opening


@pytest.fixture
def policies(stage: Stage, django_db_blocker: pytest.FixtureRequest) -> None:
    """Give the vendors their usual policies, around the clock so that the hour of the test is no matter."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        scope = stage.world.scope("programme_manager", at=datetime.now(UTC))
        with activate(scope):
            for each in stage.world.vendors.values():
                if not Policy.objects.visible_to(scope).filter(vendor=each.vendor).exists():
                    services.presets_create(scope=scope, vendor=each.vendor, zone="Asia/Shanghai", country="CN")


def do(page: Page, deed: str, text: str = "") -> None:
    """Choose a deed, write, and send."""
    page.locator("label[for^=deed-]", has_text=deed).first.click()
    if text:
        page.locator("#act textarea").fill(text)
    page.get_by_role("button", name="Do it").click()


@pytest.mark.usefixtures("policies")
def test_a_ticket_goes_from_an_agent_to_its_lead_and_back_to_the_customer(visit: Visit) -> None:
    agent = visit("andes_agent")
    page = agent.go("/tickets/new/")
    page.get_by_label("Subject").fill("urgent: the bill is wrong")
    page.get_by_label("Contract").select_option(index=1)
    page.get_by_label("Customer’s number").fill("+86 138 1234 8000")
    expect(page.locator("#promise")).to_contain_text("2 h promised")
    page.get_by_role("button", name="Open the ticket").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("urgent: the bill is wrong")
    address = page.url.removeprefix(agent.stage.url).partition("#")[0]
    assert not severe(page)
    do(page, "Hand over", "Read the meter again")
    # On its own record, so the agent still sees who has it now and what was asked.
    expect(page.locator(".talk")).to_contain_text("Read the meter again")

    lead = visit("andes_vendor_supervisor")
    page = lead.go("/tickets/")
    expect(page.locator("#list tbody tr").first).to_contain_text("urgent: the bill is wrong")
    assert not severe(page)
    page.locator("body").press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#clocks")).to_be_visible()
    assert not severe(page)
    do(page, "Take it")
    do(page, "Internal note", "The meter was swapped")
    expect(page.locator(".said-internal")).to_contain_text("The meter was swapped")
    do(page, "Solved", "A new bill is on its way")
    expect(page.locator("h1")).to_contain_text("callback due")
    page.locator("label[for=deed-call_back]").click()
    page.get_by_label("How did it go").select_option("settled")
    page.get_by_label("Satisfaction").select_option("5")
    page.get_by_role("button", name="Do it").click()
    expect(page.locator(".talk")).to_contain_text("the matter is settled, satisfaction 5 of 5")

    client = visit("auditor")
    page = client.go(address)
    expect(page.locator(".talk")).to_contain_text("A new bill is on its way")
    expect(page.locator("#act")).to_have_count(0)
    assert not severe(page)
    assert not severe(client.go("/tickets/rules/"))
    assert not severe(visit("programme_manager").go("/tickets/rules/calendars/new/"))
    assert visit("boral_vendor_supervisor").go(address, status=404).locator("h1").inner_text() != ""


def overdue_ticket(stage: Stage, django_db_blocker: Any, subject: str) -> Ticket:
    """Open a ticket whose first line has let its hour pass."""
    with django_db_blocker.unblock():
        scope = stage.world.scope("andes_vendor_supervisor", at=datetime.now(UTC) - timedelta(hours=3))
        with activate(scope):
            contract = stage.world.vendors["ANDES"].contract
            return services.ticket_open(scope=scope, opening=Opening(contract=contract, subject=f"urgent {subject}"))


@pytest.mark.usefixtures("policies")
def test_a_lead_reassigns_an_overdue_ticket_by_keys(stage: Stage, visit: Visit, django_db_blocker: Any) -> None:
    overdue_ticket(stage, django_db_blocker, "Nobody looked")
    page = visit("andes_vendor_supervisor").go("/tickets/")
    overdue = page.get_by_role("navigation", name="Views").get_by_role("link", name="Overdue")
    expect(overdue.locator(".views-count")).not_to_be_empty()
    overdue.click()
    expect(page.locator("#results")).to_contain_text("overdue by")
    page.locator(".filter-search").first.fill("Nobody looked")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    # What somebody types is no key of the list.
    page.locator(".filter-search").first.press("a")
    expect(page.locator("#results")).to_contain_text("Nothing matches these filters")
    page.locator(".filter-search").first.fill("Nobody looked")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    # Leaving the field asks for nothing: an answer would take the list from under the hands of whoever goes on by keys.
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("h1").click()
    page.wait_for_timeout(700)
    assert asked == []
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    expect(page.locator("#shortcuts")).to_contain_text("Assign the chosen rows")
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".bulk-bar")).to_contain_text("1 selected")
    page.keyboard.press("a")
    page.get_by_label("Handler").select_option(label="andes_agent · Andes Voice Q7X")
    assert not severe(page)
    page.get_by_role("button", name="Assign").click()
    expect(page.get_by_role("status").first).to_contain_text("Done with 1 ticket.")
    assert not severe(page)
    agent = visit("andes_agent").go("/tickets/?handler=me")
    expect(agent.locator("#results")).to_contain_text("Nobody looked")


@pytest.mark.usefixtures("policies")
def test_a_note_mentions_with_a_few_keys_and_takes_a_file(
    stage: Stage, visit: Visit, django_db_blocker: Any, tmp_path: Path
) -> None:
    ticket = overdue_ticket(stage, django_db_blocker, "Look at the bill")
    page = visit("andes_vendor_supervisor").go(f"/tickets/{ticket.uuid}/")
    expect(page.locator("#ticket-next")).to_contain_text("overdue by")
    page.keyboard.press("c")
    expect(page.locator("#act textarea")).to_be_focused()
    page.keyboard.type("Please look, @andes_vendor_m")
    expect(page.locator("#naming-list li")).to_have_count(1)
    assert not severe(page)
    page.keyboard.press("Enter")
    expect(page.locator("#act textarea")).to_have_value("Please look, @andes_vendor_manager ")
    bill = tmp_path / "bill.pdf"
    bill.write_bytes(b"%PDF-1.7 a bill")
    page.locator("#act input[type=file]").set_input_files(bill)
    page.get_by_role("button", name="Do it").click()
    expect(page.locator(".said-internal")).to_contain_text("bill.pdf")
    manager = visit("andes_vendor_manager").go("/accounts/notices/")
    expect(manager.locator("#content")).to_contain_text(f"You are mentioned in ticket #{ticket.number}")
    # The names of rivals are not even offered.
    page.keyboard.press("c")
    page.keyboard.type("@boral")
    page.wait_for_timeout(400)
    expect(page.locator("#naming-list li")).to_have_count(0)


@pytest.mark.usefixtures("policies")
def test_the_client_gives_a_matter_to_another_vendor(stage: Stage, visit: Visit, django_db_blocker: Any) -> None:
    ticket = overdue_ticket(stage, django_db_blocker, "Too slow there")
    address = f"/tickets/{ticket.uuid}/"
    page = visit("programme_manager").go(address)
    page.get_by_role("link", name="Give to another vendor").click()
    assert not severe(page)
    page.get_by_label("Contract of the other vendor").select_option(index=1)
    page.get_by_label("Subject").fill("A bill is wrong")
    page.get_by_label("What is the matter").fill("Since May.")
    page.get_by_role("button", name="Give it to the other vendor").click()
    expect(page.locator("h1")).to_contain_text("A bill is wrong")
    expect(page.locator("#content")).to_contain_text("Only the client sees this")
    assert not severe(page)
    fresh = urlsplit(page.url).path

    first = visit("andes_vendor_supervisor")
    expect(first.go(address).locator("h1")).to_contain_text("taken over by the client")
    expect(first.page.locator("#content")).not_to_contain_text("Boral")
    second = visit("boral_vendor_supervisor")
    expect(second.go(fresh).locator("h1")).to_contain_text("A bill is wrong")
    expect(second.page.locator("#content")).not_to_contain_text("Andes")
    for visitor, hidden in ((first, fresh), (second, address)):
        expect(visitor.go(hidden, status=404).locator("#content")).to_contain_text("There is nothing here")
