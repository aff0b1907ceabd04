"""axe looks at every main page, light and dark, and finds nothing serious; none is wider than a phone."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import Visit
from tests.browser.places import places

SEVERE = {"serious", "critical"}
# What a theme can break; the rest is the same in both.
COLORS = ["color-contrast", "link-in-text-block"]
FLAT = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
PHONE = ViewportSize(width=360, height=740)


def severe(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe finds on a page that shuts somebody out."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = rules
    return [
        f"{page.url} {each['id']}: {node['target']} {node['failureSummary']}"
        for each in Axe().run(page, options=options).response["violations"]
        if each["impact"] in SEVERE
        for node in each["nodes"][:3]
    ]


def test_axe_finds_nothing_serious_on_any_main_page(visit: Visit) -> None:
    visitor = visit("programme_manager", reduced_motion="reduce", color_scheme="light")
    found = []
    for place in places(visitor.stage, "programme_manager"):
        found += severe(visitor.go(place.path))
    assert not found, "\n".join(found)


def test_every_main_page_is_legible_in_the_dark_and_fits_a_phone(visit: Visit) -> None:
    visitor = visit("programme_manager", reduced_motion="reduce", color_scheme="dark")
    found, wide = severe(visitor.go("/"), COLORS), []
    visitor.page.set_viewport_size(PHONE)
    for place in places(visitor.stage, "programme_manager"):
        page = visitor.go(place.path)
        found += severe(page, COLORS)
        wide += [place.path] if page.evaluate(FLAT) > 0 else []
    assert not found, "\n".join(found)
    assert not wide


def test_no_page_of_a_vendor_is_wider_than_a_phone(visit: Visit) -> None:
    visitor = visit("andes_vendor_supervisor", viewport=PHONE)
    paths = [place.path for place in places(visitor.stage, "andes_vendor_supervisor")]
    assert [path for path in paths if visitor.go(path).evaluate(FLAT) > 0] == []


@pytest.mark.parametrize("username", ["", "andes_vendor_supervisor", "andes_agent"])
def test_axe_finds_nothing_serious_on_the_first_page_of_others(visit: Visit, username: str) -> None:
    page = visit(username, reduced_motion="reduce").go("/")
    assert not severe(page)
