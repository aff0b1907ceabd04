"""Merges, links and reopenings as facts for billing and FCR, with moments and calls, and only the asker's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from calls.models import Call
from core.scope import Scope, activate
from tests.calls.pages import call_row, loaded
from tests.tickets.desk import HOUR, MONDAY, Desk, desk_make
from tests.world import World
from tickets import selectors, services
from tickets.calc.states import Step
from tickets.models import Ticket, TicketLink
from tickets.selectors import Change, MatterChange

DAY = timedelta(days=1)


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_make(world)


def changes(scope: Scope, first: date = date(2026, 6, 15), until: date = date(2026, 7, 1), **more: Any) -> Any:
    """Return the facts of a period as somebody may read them."""
    with activate(scope):
        return selectors.matter_changes(scope=scope, first=first, until=until, **more)


def did(desk: Desk, ticket: Ticket, at: datetime, *steps: Step, into: Ticket | None = None) -> None:
    """Take some steps, one after another."""
    scope = desk.scope(at=at)
    with activate(scope):
        for step in steps:
            version = selectors.ticket_get(scope=scope, uuid=ticket.uuid).version
            asked: dict[str, Any] = {"scope": scope, "uuid": ticket.uuid, "expected_version": version}
            if into is not None:
                services.ticket_merge(**asked, into=into.uuid)
            elif step is Step.CALL_BACK:
                services.ticket_call_back(**asked, outcome="settled")
            else:
                services.ticket_step(**asked, step=step, text="so it was")


def told(rows: Sequence[MatterChange]) -> list[tuple[Any, ...]]:
    """Return what rows say beside contract and vendor."""
    return [(row.kind, row.ticket, row.at, row.other, row.solved_at, row.call_ids) for row in rows]


def test_merges_links_and_reopenings_with_their_moments_and_calls(world: World, desk: Desk) -> None:
    loaded(world, [call_row(1, external_id="c-1"), call_row(2, external_id="c-2")])
    scope = desk.scope()
    with activate(scope):
        first, second = Call.objects.visible_to(scope).order_by("external_id")
    back, again = desk.opened(call=first), desk.opened(at=MONDAY + HOUR, call=second)
    # Solved twice: the callback only confirms the first solution.
    did(desk, back, MONDAY + HOUR, Step.RESOLVE)
    did(desk, back, MONDAY + 2 * HOUR, Step.CALL_BACK)
    did(desk, back, MONDAY + 3 * HOUR, Step.ARCHIVE)
    did(desk, back, MONDAY + DAY, Step.REOPEN)
    lead = desk.scope(at=MONDAY + 2 * DAY)
    with activate(lead):
        services.ticket_link(scope=lead, uuid=again.uuid, other=back.uuid)
    did(desk, again, MONDAY + 3 * DAY, Step.MERGE, into=back)
    # What waits and goes on is not reopened.
    did(desk, back, MONDAY + 4 * DAY, Step.WAIT_FOR_CUSTOMER, Step.RESUME)
    rows = changes(scope)
    assert told(rows) == [
        (Change.REOPENED, back.uuid, MONDAY + DAY, None, MONDAY + HOUR, ("c-1",)),
        (Change.LINKED, again.uuid, MONDAY + 2 * DAY, back.uuid, None, ("c-2", "c-1")),
        (Change.MERGED, again.uuid, MONDAY + 3 * DAY, back.uuid, None, ("c-2", "c-1")),
    ]
    contract = world.vendors["ANDES"].contract
    assert {(row.vendor_id, row.contract_id) for row in rows} == {(contract.vendor_id, contract.pk)}
    assert [row.day for row in rows] == [date(2026, 6, day) for day in (16, 17, 18)]
    assert [row.kind for row in changes(scope, until=date(2026, 6, 18))] == [Change.REOPENED, Change.LINKED]
    assert changes(scope, contract_ids=[0]) == []


def test_a_link_from_before_moments_were_kept_has_the_later_opening(desk: Desk) -> None:
    first, second = desk.opened(), desk.opened(at=MONDAY + HOUR)
    scope = desk.scope()
    with activate(scope):
        services.ticket_link(scope=scope, uuid=first.uuid, other=second.uuid)
        TicketLink.objects.visible_to(scope).update(linked_at=None)
    assert [(row.ticket, row.at) for row in changes(scope)] == [(second.uuid, MONDAY + HOUR)]


def test_nobody_reads_those_of_others(world: World, desk: Desk) -> None:
    agents = world.vendors["ANDES"].agents
    mine, theirs = desk.opened(agent=agents[0]), desk.opened(agent=agents[1])
    for ticket in (mine, theirs):
        did(desk, ticket, MONDAY + HOUR, Step.RESOLVE)
        did(desk, ticket, MONDAY + 2 * HOUR, Step.REOPEN)
    lead = desk.scope()
    with activate(lead):
        services.ticket_link(scope=lead, uuid=mine.uuid, other=theirs.uuid)
    assert len(changes(lead)) == len(changes(desk.scope("programme_manager"))) == 3
    assert changes(world.scope("boral_vendor_manager", at=MONDAY)) == []
    agent = world.scope("andes_agent", at=MONDAY)
    assert [(row.kind, row.ticket) for row in changes(agent)] == [(Change.REOPENED, mine.uuid)]
