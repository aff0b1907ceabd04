"""Every address for the people and programs of both rivals (D1, D2)."""

from __future__ import annotations

import pytest

from tests.access.house import House
from tests.access.marks import Harvest
from tests.access.matrix import Matrix
from tests.access.principals import PRINCIPALS, principal


@pytest.mark.parametrize("name", [who.name for who in PRINCIPALS if who.is_vendor])
def test_each_caller_gets_what_the_table_says(standing: House, stored: Harvest, name: str) -> None:
    matrix = Matrix(standing, stored, principal(name))
    matrix.run()
    assert not matrix.problems, "\n".join(matrix.problems[:60])
