"""An agent works through a campaign; one customer asks not to be called, and no other campaign calls them."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_accessibility import severe


def bring(page: Page, *numbers: str) -> None:
    """Upload a list on the page that is open."""
    content = "\n".join(["phone,name,reference", *(f"{number},Wang,C-{number[-2:]}" for number in numbers)])
    page.set_input_files("input[type=file]", {"name": "wang.csv", "mimeType": "text/csv", "buffer": content.encode()})
    page.get_by_role("button", name="Upload").click()


def test_an_agent_works_through_two_contacts_and_a_second_campaign_skips_who_asked(visit: Visit) -> None:
    lead = visit("andes_vendor_supervisor")
    second = lead.stage.props["second_campaign"]
    page = lead.go(f"{second}upload/")
    bring(page, "+8613900007701", "+8613900007702")
    expect(page.locator(".facts")).to_contain_text("2")
    assert not severe(page)

    agent = visit("andes_agent")
    page = agent.go("/tickets/outbound/work/")
    assert not severe(page)
    page.get_by_role("link", name="Call ANDES campaign 2").click()
    expect(page.locator("#script")).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator("#contact")).to_be_visible()
    assert not severe(page)
    page.keyboard.press("d")
    expect(page.locator("#number")).to_contain_text("+8613900007701")
    page.locator("body").press("8")
    expect(page.locator("#outcome-do_not_call")).to_be_checked()
    expect(page.get_by_label("No vendor of the house may call this customer")).to_be_checked()
    page.get_by_label("Note").fill("Never again, please")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name=re.compile("Next contact"))).to_be_visible()
    page.locator("body").press("n")
    expect(page.locator("#contact")).to_be_visible()
    page.locator("body").press("d")
    expect(page.locator("#number")).to_contain_text("+8613900007702")
    page.locator("body").press("2")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name=re.compile("Next contact"))).to_be_visible()
    page.get_by_role("button", name=re.compile("Next contact")).click()
    expect(page.locator("body")).to_contain_text("Nobody is left to be called now")

    page = lead.go("/tickets/outbound/do-not-call/")
    expect(page.locator("#list")).to_contain_text("Never again, please")
    assert not severe(page)
    page = lead.go(f"{lead.stage.props['campaign']}upload/")
    bring(page, "+8613900007701", "+8613900007703")
    facts = page.locator(".facts .fact", has_text="not to be called")
    expect(facts.locator("dd")).to_have_text("1")
    page = visit("programme_manager").go(second)
    expect(page.locator("#states").locator("..")).to_contain_text("not to be called")
    assert not severe(page)
