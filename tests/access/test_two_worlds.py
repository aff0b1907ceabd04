"""Whatever happens to one vendor's data, the other is told the same, letter for letter (D3)."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from tests.access.answers import Door
from tests.access.asks import reads
from tests.access.changes import TENANT_TABLES, Change, changed, rows_copy
from tests.access.house import ANDES, House
from tests.access.principals import principal
from tests.world import NOW

NAMES = ["boral_vendor_manager", "boral_agent", "token boral_api"]
# The state of the whole platform, for whoever runs it; and a secret that is a new one each time.
LEFT_OUT = frozenset({"health", "mfa_activate_totp"})
# Texts that the database or the program checks against a closed list.
CLOSED = {
    "action", "bucketing", "country", "currency", "direction", "hash", "kpi", "object_id", "object_type", "operator",
    "role", "rule", "side", "source", "state", "zone",
    "algorithm", "channel", "clock", "intervention", "kind", "language", "method", "metric", "origin", "outcome",
    "part", "reason", "level", "next_clock", "threshold", "tier", "update_mode",
}  # fmt: skip
MEASURES = ("calls_call", "calls_batch", "sla_queuehalfhour", "sla_queueday", "sla_agentday", "sla_reasonday")


def other_values(cursor: Any, vendor_id: int) -> None:
    """Write every text of the vendor otherwise, and every number of its calls and figures."""
    cursor.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns c WHERE table_schema = 'public' "
        "AND EXISTS (SELECT FROM information_schema.columns v WHERE v.table_schema = 'public' "
        "  AND v.table_name = c.table_name AND v.column_name = 'vendor_id') AND table_name !~ '^calls_call_[0-9]'"
    )
    sets: dict[str, list[str]] = {}
    for table, column, kind in cursor.fetchall():
        if kind in ("text", "character varying") and column not in CLOSED:
            sets.setdefault(table, []).append(f'"{column}" = reverse("{column}")')
        elif table in MEASURES and kind in ("integer", "bigint") and not column.endswith(("id", "key", "number")):
            sets.setdefault(table, []).append(f"{column} = {column} * 3")
    for table, changes in sets.items():
        cursor.execute(f"UPDATE {table} SET {', '.join(changes)} WHERE vendor_id = %s", [vendor_id])


def more_rows(cursor: Any, vendor_id: int) -> None:
    """Give the vendor half a dozen times as much of what has a number or a place in a list."""
    rows_copy(cursor, vendor_id, times=5)


def nothing(cursor: Any, vendor_id: int) -> None:
    """Take away everything of the vendor but its people's log-ins."""
    cursor.execute(TENANT_TABLES)
    for (table,) in cursor.fetchall():
        cursor.execute(f"DELETE FROM {table} WHERE vendor_id = %s", [vendor_id])


def told(door: Door, house: House, name: str) -> dict[str, Any]:
    """Return what somebody is told by every page; the client, for whom a change must show, by the lists."""
    who, found = principal(name), {}
    for label, ask in reads(house, who, but=LEFT_OUT, only_lists=not who.is_vendor):
        answer = door.ask(who, ask)
        assert answer.status < 500, (label, answer.failure)
        found[f"{label} {ask.path}"] = answer.told()
        cache.clear()
    return found


@pytest.fixture(scope="module")
def before(house: House) -> dict[str, dict[str, Any]]:
    """What everybody is told by the house as it stands."""
    door = Door(house)
    with time_machine.travel(NOW, tick=False), door.open():
        return {name: told(door, house, name) for name in [*NAMES, "programme_manager"]}


@pytest.mark.parametrize("change", [other_values, more_rows, nothing], ids=lambda change: change.__name__)
def test_a_vendor_is_told_the_same_whatever_its_rival_has(
    standing: House, before: dict[str, dict[str, Any]], change: Change
) -> None:
    door, rival = Door(standing), standing.vendor_id(ANDES)
    assert not any(name.startswith(("andes", "token andes")) for name in NAMES)
    with door.open(), changed(change, rival):
        after = {name: told(door, standing, name) for name in NAMES}
        seen_by_client = told(door, standing, "programme_manager")
    for name in NAMES:
        assert before[name].keys() == after[name].keys()
        assert [label for label in after[name] if before[name][label] != after[name][label]] == [], name
    # The change is seen by those who may see it, so the lines above look at something.
    client = before["programme_manager"]
    assert sum(client[label] != seen_by_client[label] for label in client) > 20


def test_everything_was_put_back(standing: House, before: dict[str, dict[str, Any]]) -> None:
    door = Door(standing)
    with door.open():
        again = told(door, standing, "programme_manager")
    assert [label for label in again if again[label] != before["programme_manager"][label]] == []
