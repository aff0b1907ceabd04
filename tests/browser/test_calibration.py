"""Three people score one call blind: the client, its own vendor, and a peer that never learns whose call it is."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from calls.models import Call
from core.scope import activate
from tests.access.stock.calibration import FORM, form_make
from tests.browser.conftest import Visit
from tests.browser.stage import Stage

TEXT = "Agent: Good morning, what can I do for you?\nCaller: My bill is wrong.\nAgent: It is mended."


@pytest.fixture
def asked(stage: Stage) -> str:
    """Return the address of a new session about one call of ANDES, with BORAL as the peer."""
    world = stage.world
    for code in world.vendors:
        form_make(world, code)
    client, small = world.scope("client_qa"), world.vendors["ANDES"]
    with activate(client):
        call = Call.objects.visible_to(client).filter(vendor=small.vendor, outcome=1).earliest("offered_at")
    peer = world.vendors["BORAL"].vendor
    return "/qa/calibration/new/?" + urlencode(
        {"contract": small.contract.uuid, "calls": call.external_id, "form": FORM, "peer": peer.uuid}
    )


def newest(page: Page) -> None:
    """Open the newest session from the list."""
    page.locator("tbody tr").first.get_by_role("link").first.click()


def score(page: Page, tone: str) -> None:
    """Score the first case: the best answer to every question, and another for the tone."""
    page.get_by_role("link", name="Score", exact=True).click()
    for question in page.locator("fieldset.question").all():
        question.locator("label.btn").first.click()
    page.locator("fieldset[data-question=tone] label.btn").filter(has_text=tone).click()
    page.get_by_role("button", name="Score", exact=True).click()
    expect(page.get_by_text("The results come once everybody has scored").or_(results_of(page))).to_be_visible()


def results_of(page: Page) -> Locator:
    """Return the heading of the results."""
    return page.get_by_role("heading", name="The graders")


def test_three_graders_score_blind_and_rivals_stay_unknown_to_each_other(visit: Visit, asked: str) -> None:
    client = visit("client_qa")
    page = client.go(asked)
    page.get_by_label("Name").fill("Lumora’s three")
    for name in ("client_qa", "andes_vendor_qa", "boral_vendor_qa"):
        page.get_by_label(name, exact=True).check()
    page.get_by_label("What was said in").fill("Welcome to ANDES.")
    page.get_by_role("button", name="Begin blind scoring").click()
    expect(page.get_by_role("alert")).to_contain_text("This would tell whose call it is: ANDES")
    page.get_by_label("What was said in").fill(TEXT)
    page.get_by_role("button", name="Begin blind scoring").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lumora’s three")
    lead = page.url
    score(page, "Good")

    owner, peer = visit("andes_vendor_qa"), visit("boral_vendor_qa")
    for window in (owner, peer):
        own = window.go("/qa/calibration/")
        newest(own)
        expect(own.get_by_text("blind scoring").first).to_be_visible()
        assert "The graders" not in own.content()
        if window is owner:
            score(own, "Excellent")
            assert results_of(own).count() == 0
        else:
            score(own, "Good")
    # Whoever is quicker, the platform or the one who leads.
    page.goto(lead)
    more = page.get_by_role("button", name="More actions")
    if more.count():
        more.click()
        page.get_by_role("button", name="Reveal now").click()
    expect(results_of(page)).to_be_visible()
    for window in (owner, peer):
        window.page.reload()
        expect(results_of(window.page)).to_be_visible()
    told = peer.page.content()
    for word in ("ANDES", "Andes", "andes", "client_qa", "Lumora’s three"):
        assert word not in told
    told = owner.page.content()
    for word in ("BORAL", "Boral", "boral"):
        assert word not in told
    expect(page.get_by_text("boral_vendor_qa · an anonymous peer").first).to_be_visible()
