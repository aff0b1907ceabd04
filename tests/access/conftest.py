"""One committed house for the whole package; each request of a test happens in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

from tests.access.house import House, house_make
from tests.access.marks import Harvest, harvest
from tests.conftest import empty_database
from tests.world import NOW


@pytest.fixture(scope="package")
def house(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Build the house, and empty the database after the package."""
    uploads: Path = tmp_path_factory.mktemp("uploads")
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        # The rows of each run have the same numbers, whatever ran before: none of them looks like a stored figure.
        empty_database()
        with override_settings(UPLOAD_ROOT=uploads):
            yield house_make()
        connection.close()
        empty_database()


@pytest.fixture
def standing(house: House) -> Iterator[House]:
    """The house at its one moment, with an empty cache."""
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield house


@pytest.fixture(scope="package")
def stored(house: House) -> Harvest:
    """All that the database holds of anybody."""
    return harvest(house)
