"""Tickets as an agent, its lead and the client see them: handed over, solved, called back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from core.scope import activate
from tests.browser.conftest import Visit
from tests.browser.stage import Stage
from tests.browser.test_accessibility import severe
from tickets import services
from tickets.models import Policy


@pytest.fixture
def policies(stage: Stage, django_db_blocker: pytest.FixtureRequest) -> None:
    """Give the vendor its usual policies, around the clock so that the hour of the test is no matter."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        scope = stage.world.scope("programme_manager", at=datetime.now(UTC))
        with activate(scope):
            vendor = stage.world.vendors["ANDES"].vendor
            if not Policy.objects.visible_to(scope).filter(vendor=vendor).exists():
                services.presets_create(scope=scope, vendor=vendor, zone="Asia/Shanghai", country="CN")


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
    assert visit("boral_vendor_supervisor").go(address).locator("h1").inner_text() != ""
