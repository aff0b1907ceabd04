"""A vendor's supervisor hands in a file with three bad rows and gets it right; the rival sees none of it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.stage import call_on, yesterday
from tests.calls.pages import csv_of

GOOD = 60
EXPECT_MS = 20_000
UPLOAD_STEPS = 5


def file_with_three_bad_rows() -> bytes:
    """Sixty late calls of yesterday, and three rows that nobody can load."""
    day = yesterday()
    good = [call_on(day, n, hour=14, wait_seconds=95, external_id=f"late-{n}") for n in range(GOOD)]
    return csv_of(
        [
            *good,
            call_on(day, 1, external_id="bad-1", queue="NOWHERE"),
            call_on(day, 2, external_id="bad-2", offered_at="yesterday"),
            call_on(day, 3, external_id="bad-3", csat="11"),
        ]
    )


def service_level(page: Page) -> float:
    """Read the tile of the service level."""
    tile = page.locator(".tile").filter(has=page.get_by_role("link", name="Service level", exact=True))
    return float(tile.locator(".tile-value").inner_text().rstrip(" %"))


def test_a_file_with_bad_rows_comes_in_and_moves_the_figure(visit: Visit, tmp_path: Path) -> None:
    visitor = visit()
    contract = visitor.stage.world.vendors["ANDES"].contract
    day = yesterday()
    figures = f"/contracts/{contract.uuid}/kpis/?from={day}&to={day + timedelta(days=1)}"
    visitor.log_in("andes_vendor_supervisor")
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    before = service_level(visitor.go(figures))

    # From any page: the imports, upload, (choose the file,) send, load, and yes.
    visitor.count_steps()
    file = tmp_path / "yesterday.csv"
    file.write_bytes(file_with_three_bad_rows())
    page.get_by_role("link", name="Imports").click()
    page.get_by_role("link", name="Upload a file").first.click()
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button[type=submit]").click()

    load = page.get_by_role("button", name=f"Load {GOOD} good rows")
    load.wait_for(timeout=EXPECT_MS)
    rows = page.get_by_role("region", name="First rejected rows").locator("tbody tr")
    expect(rows).to_have_count(3)
    for line, column, words in (
        ("62", "queue", "There is no queue “NOWHERE”"),
        ("63", "offered_at", "“yesterday” cannot be read as a time"),
        ("64", "csat", "11"),
    ):
        row = rows.filter(has_text=line)
        expect(row.locator("td").nth(1)).to_have_text(column)
        expect(row.locator("td").nth(2)).to_contain_text(words)
        expect(row.locator("td").nth(3)).not_to_be_empty()
    load.click()
    page.locator("#confirm-yes").click()

    account = page.get_by_role("group", name="Account of rows")
    account.wait_for(timeout=EXPECT_MS)
    words = re.sub(r"\s+", " ", account.inner_text())
    assert words == "63 read = 60 new + 0 updated + 0 unchanged + 0 superseded + 0 duplicate + 3 rejected"
    assert visitor.count_steps() <= UPLOAD_STEPS
    imported = page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Rows to mend (CSV)").first.click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert len(text.splitlines()) == 4
    assert "NOWHERE" in text

    visitor.stage.wait_for_figures()
    after = service_level(visitor.go(figures))
    assert after < before - 20

    # The same bytes again, under another name: answered with the import that has them.
    file = file.rename(tmp_path / "again.csv")
    visitor.go("/calls/imports/new/")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_text("This file was received already").first).to_be_visible()

    rival = visit("boral_vendor_supervisor")
    assert rival.page.goto(imported).status == 404  # type: ignore[union-attr]
    assert rival.page.goto(rival.stage.url + figures).status == 404  # type: ignore[union-attr]
    for path in ("/", "/calls/", "/calls/imports/", "/vendors/", "/contracts/", "/kpis/", "/audit/"):
        page = rival.go(path, status=403 if path == "/audit/" else 200)
        for mark in ("yesterday.csv", "ANDES", "Andes Voice Q7X", "late-1"):
            expect(page.locator("body")).not_to_contain_text(mark)
