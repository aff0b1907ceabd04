"""No page and no endpoint asks the database more often because there are more rows (D18)."""

from __future__ import annotations

from functools import partial
from typing import Any

from core.endpoints import ListEndpoint
from core.lists import ListPage
from tests.access.answers import Door
from tests.access.asks import reads
from tests.access.changes import changed, rows_copy
from tests.access.house import ANDES, House
from tests.access.principals import principal
from tests.access.routes import routes
from tests.access.table import rows

# Copies of each row: the lists then hold some ten and some twenty, all of them on one page.
FEW, MANY = 1, 5
NAMES = ("platform_admin", "programme_manager", "andes_vendor_manager")


def counts(door: Door, house: House, name: str) -> dict[str, int]:
    """Return how many queries each address takes."""
    who, found = principal(name), {}
    for label, ask in reads(house, who):
        answer = door.ask(who, ask)
        assert answer.status < 500, (label, answer.failure)
        found[f"{label} {ask.path}"] = answer.queries
        door.cached()
    return found


def test_every_list_is_looked_at() -> None:
    lists = {route.name for route in routes() if route.view and issubclass(route.view, ListPage | ListEndpoint)}
    assert lists <= {row.route for row in rows() if "GET" in row.rules}
    assert len(lists) > 15


def test_more_rows_take_no_more_queries(standing: House) -> None:
    door, vendor_id = Door(standing), standing.vendor_id(ANDES)
    found: dict[int, Any] = {}
    with door.open():
        for times in (FEW, MANY):
            with changed(partial(rows_copy, times=times), vendor_id):
                found[times] = {
                    name: counts(door, standing, name) for name in ("platform_admin", "andes_vendor_manager")
                }
    for name, few in found[FEW].items():
        growing = {
            label: (count, found[MANY][name][label]) for label, count in few.items() if found[MANY][name][label] > count
        }
        assert growing == {}, name
