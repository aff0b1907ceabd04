"""Two walls, each of which holds alone: with either one taken down, nobody sees a word more (D4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from core.checks import wall_problems
from core.models import ScopedQuerySet
from tests.access.answers import Door
from tests.access.asks import reads, trespasses
from tests.access.changes import TENANT_TABLES
from tests.access.house import House
from tests.access.marks import Harvest, Scanner
from tests.access.principals import principal
from tests.conftest import superuser

NAMES = ["andes_vendor_manager", "boral_agent", "token boral_api"]
# Says whether the walls stand, which is what this test changes; and a secret that is a new one each time.
LEFT_OUT = frozenset({"health", "mfa_activate_totp"})


@contextmanager
def database_wall_down() -> Iterator[None]:
    """Take the policies off every table while the block runs."""
    with closing(superuser()) as opened, opened.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
        cursor.execute(TENANT_TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        for name in tables:
            cursor.execute(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
        try:
            assert len(wall_problems()) == len(tables)
            yield
        finally:
            for name in tables:
                cursor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    assert wall_problems() == []


@contextmanager
def python_wall_down(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let ``visible_to`` pass everything while the block runs."""

    def visible_to(self: ScopedQuerySet, scope: Any) -> ScopedQuerySet:
        everything = self.all()
        everything._told = True
        return everything

    with monkeypatch.context() as patch:
        patch.setattr(ScopedQuerySet, "visible_to", visible_to)
        yield


def answers(door: Door, house: House, name: str) -> dict[str, tuple[Any, str]]:
    """Return what somebody is told, by request, with the whole text to search."""
    who = principal(name)
    found = {}
    for label, ask in [*reads(house, who, but=LEFT_OUT), *trespasses(house, who)]:
        answer = door.ask(who, ask)
        assert answer.status < 500, (label, answer.failure)
        found[f"{label} {ask.path}"] = (answer.told(), answer.everything)
        door.cached()
    return found


@pytest.mark.parametrize("name", NAMES)
def test_each_wall_holds_alone(standing: House, stored: Harvest, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    who, door = principal(name), Door(standing)
    scanner = Scanner(standing, stored, who)
    with door.open():
        with_both = answers(door, standing, name)
        with database_wall_down():
            python_alone = answers(door, standing, name)
        with python_wall_down(monkeypatch):
            database_alone = answers(door, standing, name)
    for wall, found in (("Python", python_alone), ("the database", database_alone)):
        assert found.keys() == with_both.keys()
        differing = [label for label in found if found[label][0] != with_both[label][0]]
        assert differing == [], f"{wall} alone does not hold"
        leaks = {label: scanner.leaks(text, [label]) for label, (_told, text) in found.items()}
        assert {label: words for label, words in leaks.items() if words} == {}
