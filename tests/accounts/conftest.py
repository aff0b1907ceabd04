"""What the tests of accounts share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    """Forget counted log-ins, so that no test slows another down."""
    cache.clear()
    yield
    cache.clear()
