"""The frame by hand and by keyboard: languages, themes, shortcuts, paper."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.places import Place, places
from tests.browser.stage import yesterday

# The three parts of a color that reads on paper sum to less.
DARK = 200
# Han characters: what a Chinese page is made of.
HAN = re.compile(r"[\u4e00-\u9fff]")


def focused(page: Page) -> str:
    """Return the name of what has the focus."""
    name: str = page.evaluate("() => document.activeElement.id || document.activeElement.textContent.trim()")
    return name


def test_the_language_changes_and_stays(visit: Visit) -> None:
    page = visit("programme_manager").go("/vendors/?sort=-name")
    page.get_by_role("button", name="Language").click()
    page.get_by_role("button", name="简体中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("供应商")
    assert page.url.endswith("/vendors/?sort=-name")
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    page.get_by_role("link", name="总览").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("总览")
    page.get_by_role("button", name="语言").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")


def test_the_theme_changes_at_once_and_stays(visit: Visit) -> None:
    page = visit("client_qa").go("/vendors/")
    color = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(color)
    page.get_by_role("button", name="Theme").click()
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(color)
    assert dark != light
    page.reload()
    assert page.evaluate(color) == dark
    assert visit("client_qa", color_scheme="light").go("/vendors/").evaluate(color) == dark


def test_the_calls_of_all_contracts_fit_a_desk(visit: Visit) -> None:
    page = visit("programme_manager").go(f"/calls/?from={yesterday()}")
    expect(page.locator("th", has_text="Contract")).to_be_visible()
    assert page.locator("tbody tr").count() > 10
    assert page.locator(".table-scroll").evaluate("(table) => table.scrollWidth - table.clientWidth") == 0


def test_keys_lead_everywhere(visit: Visit) -> None:
    page = visit("programme_manager").go("/vendors/")
    expect(page.locator("html[data-bs-theme], html[data-theme-choice]")).to_be_attached()
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    assert focused(page) == "content"
    page.keyboard.press("Tab")
    seen = []
    for _step in range(12):
        seen.append(focused(page))
        page.keyboard.press("Tab")
    assert any("Add vendor" in name for name in seen), seen

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()

    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#palette-input")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-input")).to_be_focused()
    page.keyboard.type("BORAL hot")
    found = page.locator("#palette-found").get_by_text("BORAL hotline").first
    expect(found).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("BORAL hotline")


def test_paper_shows_the_figures_and_not_the_frame(visit: Visit) -> None:
    visitor = visit("programme_manager", color_scheme="dark")
    contract = visitor.stage.world.vendors["BORAL"].contract
    page = visitor.go(f"/contracts/{contract.uuid}/kpis/")
    page.emulate_media(media="print")
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.locator(".topbar")).to_be_hidden()
    expect(page.locator(".tile").first).to_be_visible()
    ink = page.locator(".tile-value").first.evaluate("(tile) => getComputedStyle(tile).color")
    assert sum(map(int, re.findall(r"\d+", ink)[:3])) < DARK, ink


def test_main_pages_speak_chinese(visit: Visit) -> None:
    visitor = visit("auditor", locale="zh-CN")
    visitor.page.set_extra_http_headers({"Accept-Language": "zh-CN"})
    english = {}
    for place in places(visitor.stage, "auditor")[:-1]:  # the last names foreign parts and licenses
        found = english_lines(visitor.go(place.path), place)
        if found:
            english[place.path] = found
    assert not english, "\n".join(f"{path}: {lines}" for path, lines in english.items())


def english_lines(page: Page, place: Place) -> list[str]:
    """Return the lines of a page that are words, but no Chinese, no names and no codes."""
    lines = page.locator("body").inner_text().splitlines()
    words = [line.strip() for line in lines if not HAN.search(line)]
    return sorted({line for line in words if re.search(r"[A-Za-z]{3}", line) and not place.knows(line)})
