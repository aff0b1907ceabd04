"""A list page filters, sorts, pages and exports within closed lists and the caller's scope."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.urls("tests.core.pages")


def test_page(client_of) -> None:
    r = client_of("programme_manager").get("/agents/")
    assert r.status_code == 200, r.content
