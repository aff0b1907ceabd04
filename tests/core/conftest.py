"""Tests with pages of their own leave the house's addresses as they were."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from config import navigation


@pytest.fixture(autouse=True)
def own_addresses(request: pytest.FixtureRequest) -> Iterator[None]:
    """Forget what the rail keeps of addresses, once a test that has others is done."""
    yield
    if request.node.get_closest_marker("urls"):
        navigation.address.cache_clear()
        navigation._drawn.cache_clear()
