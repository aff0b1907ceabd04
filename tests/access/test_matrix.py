"""Every address for nobody and for the client's people and programs (D1, D2)."""

from __future__ import annotations

import pytest

from tests.access.house import House
from tests.access.marks import Harvest
from tests.access.matrix import Matrix
from tests.access.principals import PRINCIPALS, principal
from tests.access.routes import routes
from tests.access.table import rows


def test_every_address_has_a_row() -> None:
    assert {route.name for route in routes()} - {row.route for row in rows()} == set()


def test_every_row_has_an_address() -> None:
    assert {row.route for row in rows()} - {route.name for route in routes()} == set()


@pytest.mark.parametrize("name", [who.name for who in PRINCIPALS if not who.is_vendor])
def test_each_caller_gets_what_the_table_says(standing: House, stored: Harvest, name: str) -> None:
    matrix = Matrix(standing, stored, principal(name))
    matrix.run()
    assert not matrix.problems, "\n".join(matrix.problems[:60])
