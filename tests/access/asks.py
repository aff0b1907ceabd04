"""Turns lines of the table into requests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from django.urls import reverse

from tests.access.answers import Ask
from tests.access.bodies import body_of
from tests.access.house import House
from tests.access.kinds import KINDS
from tests.access.principals import Principal
from tests.access.table import Row, rows
from tests.access.things import Parameters


def ask_of(
    row: Row,
    method: str,
    parameters: Parameters,
    house: House,
    who: Principal,
    *,
    has_csrf: bool = True,
    headers: Mapping[str, str] | None = None,
) -> Ask:
    """Return a request for something."""
    path = reverse(row.route, kwargs=parameters) + (f"?{row.query}" if row.query else "")
    body = body_of(row.route, house, who) if method in ("POST", "PATCH") else {}
    if method in ("POST", "PATCH") and row.route.startswith("api_"):
        return Ask(method, path, json.dumps(body).encode(), {**(headers or {}), "Idempotency-Key": "fresh"}, has_csrf)
    return Ask(method, path, body, headers or {}, has_csrf)


def reads(
    house: House, who: Principal, *, but: frozenset[str] = frozenset(), only_lists: bool = False
) -> Iterator[tuple[str, Ask]]:
    """Yield every reading request of somebody: for what is theirs, and for what is hidden from them.

    Args:
        but: Routes that are left out.
        only_lists: Leave out the pages of one thing each.
    """
    for row in rows():
        if row.route in but or "GET" not in row.rules or (only_lists and row.kind != "-"):
            continue
        things = KINDS[row.kind](house, who)
        for what, many in (("own", things.own), ("hidden", things.hidden)):
            for parameters in many:
                yield f"GET {row} {what}", ask_of(row, "GET", parameters, house, who)


def trespasses(house: House, who: Principal) -> Iterator[tuple[str, Ask]]:
    """Yield every writing request for what is hidden from somebody."""
    for row in rows():
        for method in row.rules.keys() - {"GET"}:
            for parameters in KINDS[row.kind](house, who).hidden:
                yield f"{method} {row} hidden", ask_of(row, method, parameters, house, who)
