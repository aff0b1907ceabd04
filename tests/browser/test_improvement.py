"""An action goes from a finding to the check; nothing is rolled out before its window is over; the rival sees none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from core.scope import activate
from qa.models import Improvement
from tests.browser.conftest import Visit
from tests.browser.stage import Stage, yesterday
from tests.browser.test_accessibility import severe

WINDOW = 7
TITLE = "ANDES greets by name"


def week_later(stage: Stage, path: str) -> None:
    """Let the window of an action pass: it began so many days ago as its check looks at."""
    scope = stage.world.scope("programme_manager", at=datetime.now(UTC))
    start = yesterday() - timedelta(days=WINDOW - 1)
    days = {"baseline_first": start - timedelta(days=WINDOW), "baseline_last": start - timedelta(days=1)}
    with activate(scope):
        rows = Improvement.objects.visible_to(scope).filter(uuid=path.strip("/").rpartition("/")[2])
        assert rows.update(starts_on=start, **days) == 1


def press(page: Page, name: str) -> None:
    """Choose what is next with an action."""
    page.locator(".panel-now").get_by_text(name, exact=True).click()


def test_an_action_is_rolled_out_only_after_its_window_and_the_rival_sees_none_of_it(visit: Visit) -> None:
    manager = visit("programme_manager")
    page = manager.go("/qa/improvement/new/?origin=question&origin_reference=greets")
    page.get_by_role("link", name="ANDES hotline").click()
    expect(page.locator("#id_origin_reference")).to_have_value("greets")
    texts = {"title": TITLE, "problem": "Nobody is called by name", "measure": "The name comes first", "target": "200"}
    for name, text in (texts | {"check_days": str(WINDOW)}).items():
        page.locator(f"#id_{name}").fill(text)
    page.locator("#id_metric").select_option("aht")
    page.locator("#id_pilot").select_option(["agent:ANDES-A1", "agent:ANDES-A2"])
    page.locator("#id_control").select_option("agent:ANDES-A3")
    page.get_by_role("button", name="Plan the action").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    path = page.url.removeprefix(manager.stage.url)
    press(page, "Start the pilot")
    page.locator(".form-actions button").click()
    press(page, "Begin the check")
    page.locator(".form-actions button").click()
    expect(page.locator(".panel-now")).to_contain_text("The window ends on")

    # The window is open: neither the check nor what follows from it.
    expect(page.get_by_text("Roll out", exact=True)).to_have_count(0)
    press(page, "Run the check")
    expect(page.locator("body")).to_contain_text("The check window ends on")
    manager.go(f"{path}roll_out/", status=409)
    expect(page.locator("body")).to_contain_text("Run the check first")

    week_later(manager.stage, path)
    page = manager.go(path)
    press(page, "Run the check")
    expect(page.locator(".verdict")).to_be_visible()
    assert not severe(page)
    press(page, "Roll out")
    page.locator("#id_text").fill("From Monday on for everybody")
    page.locator(".form-actions button").click()
    expect(page.locator(".log")).to_contain_text("From Monday on for everybody")
    column = manager.go("/qa/improvement/").locator(".board-column", has_text=TITLE)
    expect(column.get_by_role("heading", level=2)).to_contain_text("rolled out")

    rival = visit("boral_vendor_manager")
    rival.go(path, status=404)
    expect(rival.go("/qa/improvement/list/?state=all").locator("body")).not_to_contain_text(TITLE)
    expect(rival.page.locator("tbody tr")).to_have_count(0)
