"""A manager asks why the service level missed, and sends a colleague exactly that view."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.stage import yesterday

WHY_STEPS = 4


def test_from_the_overview_to_the_calls_behind_a_figure(visit: Visit) -> None:
    visitor = visit()
    visitor.log_in("programme_manager")
    page = visitor.page
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    visitor.go(f"/?month={yesterday():%Y-%m}")

    # The contract, yesterday, how the figure came about, the calls that missed it; then three of them.
    visitor.count_steps()
    page.get_by_role("link", name="BORAL hotline", exact=True).click()
    page.get_by_role("navigation", name="Usual periods").get_by_role("link").first.click()
    page.locator(".tile").filter(has_text="Service level").first.locator(".tile-drawer").click()
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", name="How it is counted")).to_be_visible()
    missed = drawer.locator("a.btn-primary")
    number = int(missed.inner_text().rsplit("(", 1)[1].rstrip(")"))
    assert number > 3
    missed.click()
    rows = page.locator("#list tbody tr")
    expect(page.locator(".list-count")).to_contain_text(f"{number} row")
    assert visitor.count_steps() <= WHY_STEPS
    view = page.url

    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
        page.get_by_role("link", name="CSV").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == number

    first = rows.first.inner_text().split()[0]
    for place in range(3):
        rows.nth(place).locator("a").first.click()
        expect(page.get_by_role("heading", name="What happened")).to_be_visible()
        page.go_back()
    assert page.url == view

    # The address is the view: a colleague sees the same rows.
    colleague = visit("client_qa").page
    colleague.goto(view)
    expect(colleague.locator(".list-count")).to_contain_text(f"{number} row")
    assert colleague.locator("#list tbody tr").first.inner_text().split()[0] == first


def test_a_figure_opens_the_calls_it_counts(visit: Visit) -> None:
    visitor = visit("programme_manager")
    day = yesterday()
    page = visitor.go(f"/kpis/?from={day}&to={day + timedelta(days=1)}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name="How Service level is computed").first.click()
    expect(page.locator("#drawer").get_by_role("heading", name="How it is counted")).to_be_visible()


def test_the_template_can_be_taken_home(visit: Visit, tmp_path: Path) -> None:
    page = visit("andes_vendor_supervisor").go("/calls/imports/new/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the template").click()
    assert Path(download.value.path()).read_text("utf-8-sig").startswith("external_id,")
