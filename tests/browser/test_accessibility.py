"""axe looks at every main page, light and dark, and finds nothing serious."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visit
from tests.browser.places import places

SEVERE = {"serious", "critical"}


@pytest.mark.parametrize(
    ("username", "theme"),
    [("programme_manager", "light"), ("programme_manager", "dark"), ("andes_vendor_supervisor", "light")],
)
def test_axe_finds_nothing_serious(visit: Visit, username: str, theme: str) -> None:
    visitor = visit(username, color_scheme=theme, reduced_motion="reduce")
    axe, found = Axe(), []
    for path in ["/", "/accounts/login/", *(place.path for place in places(visitor.stage, username))]:
        page = visitor.go(path)
        results = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        found += [
            f"{path} {each['id']}: {node['target']} {node['failureSummary']}"
            for each in results
            if each["impact"] in SEVERE
            for node in each["nodes"][:3]
        ]
    assert not found, "\n".join(found)
