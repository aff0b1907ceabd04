"""A script is written, reviewed and confirmed; an agent asks for help and gets it; the rival sees none of it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_accessibility import severe


def test_a_script_is_written_reviewed_read_and_confirmed(visit: Visit) -> None:
    lead = visit("andes_vendor_supervisor")
    page = lead.go("/qa/scripts/new/")
    page.get_by_label("Name").fill("ANDES returns")
    texts = page.get_by_label("What is said")
    texts.nth(0).fill("Good day, what can I do?")
    texts.nth(3).fill("You may send it back within 30 days.")
    page.get_by_label(re.compile("The customer says")).nth(3).fill("I want my money back")
    # The objection is told first.
    for place in (3, 2, 1):
        page.get_by_role("button", name="Move up").nth(place).click()
    page.get_by_role("button", name="Add a line").click()
    page.get_by_label("What is said").last.fill("Good bye")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".panel-now")).to_contain_text("Waits for its review")
    expect(page.locator(".script-line").first).to_contain_text("You may send it back")
    expect(page.locator(".script-line").last).to_contain_text("Good bye")
    address = page.url.removeprefix(lead.stage.url)
    assert not severe(page)

    page = visit("client_qa").go(address)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".status-badge").first).to_contain_text("approved")
    assert not severe(page)
    page = lead.go(f"{address}ask/")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("body")).to_contain_text("0 of 3 confirmed")

    agent = visit("andes_agent")
    page = agent.go("/qa/scripts/lookup/")
    page.get_by_role("link", name="ANDES returns v1").click()
    assert not severe(page)
    page.locator("body").press("/")
    page.keyboard.type("give me my money back")
    expect(page.locator("#found")).to_contain_text("You may send it back")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="I have read it").click()
    expect(page.locator("body")).to_contain_text("You confirmed this version.")
    page = lead.go(f"{address}confirmations/")
    expect(page.locator("body")).to_contain_text("1 of 3 confirmed")

    visit("boral_vendor_manager").go(address, status=404)
    expect(visit("boral_agent").go("/qa/scripts/").locator("body")).not_to_contain_text("ANDES returns")


def test_an_agent_asks_for_help_and_the_lead_sees_it_without_asking_again(visit: Visit) -> None:
    lead, rival = visit("andes_vendor_manager"), visit("boral_vendor_supervisor")
    board, other = lead.go("/qa/live/"), rival.go("/qa/live/")
    page = visit("andes_agent").go("/qa/live/new/")
    assert not severe(page)
    page.get_by_label("What is going on").fill("The customer wants the director")
    page.get_by_role("button", name="Ask for help").click()
    expect(page.locator(".panel-now")).to_contain_text("Waits for help")

    # The page follows by itself, and the time goes on.
    row = board.locator(".live-row", has_text="The customer wants the director")
    expect(row).to_be_visible()
    expect(row.locator(".live-elapsed")).to_have_text(re.compile(r"0:(0[2-9]|[1-5]\d)"))
    assert not severe(board)
    row.get_by_role("button", name="Go and help").click()
    board.locator("#id_intervention").select_option("whispered")
    board.locator("#id_outcome").select_option("calmed")
    board.locator(".form-actions button").click()
    expect(board.locator(".error-summary")).to_contain_text("Say what was done")
    board.locator("#id_note").fill("Offered a callback by the manager")
    board.locator(".form-actions button").click()
    expect(board.locator(".status-badge").first).to_contain_text("closed")
    assert not severe(board)
    expect(other.locator("#board")).to_contain_text("Nobody waits for help")
    rival.go(board.url.removeprefix(lead.stage.url), status=404)
