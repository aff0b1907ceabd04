"""axe looks at every main page, light and dark, and finds nothing serious."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.places import places

SEVERE = {"serious", "critical"}
# What a theme can break; the rest is the same in both.
COLORS = ["color-contrast", "link-in-text-block"]


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


@pytest.mark.parametrize(("theme", "rules"), [("light", None), ("dark", COLORS)])
def test_axe_finds_nothing_serious_on_any_main_page(visit: Visit, theme: str, rules: list[str] | None) -> None:
    visitor = visit("programme_manager", reduced_motion="reduce", color_scheme=theme)
    found = []
    for place in places(visitor.stage, "programme_manager"):
        found += severe(visitor.go(place.path), rules)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("username", ["", "andes_vendor_supervisor", "andes_agent"])
def test_axe_finds_nothing_serious_on_the_first_page_of_others(visit: Visit, username: str) -> None:
    page = visit(username, reduced_motion="reduce").go("/")
    assert not severe(page)
