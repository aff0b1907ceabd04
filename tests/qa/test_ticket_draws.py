"""Solved tickets are drawn from like calls: the same lot, the same list, and they are drawn again by anybody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from core.scope import activate
from qa import selectors, services
from qa.models import Evaluation
from qa.services import Sheet
from tests.qa.house import ALL_YES, House, house_make
from tests.tickets.desk import HOUR, MONDAY, Desk, desk_make
from tests.world import World
from tickets import services as tickets
from tickets.calc.states import Step
from tickets.models import Ticket

ClientOf = Callable[[str], Client]
SOLVED_ON = date(2026, 6, 15)


@pytest.fixture
def house(world: World) -> House:
    return house_make(world)


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_make(world)


def solved(desk: Desk, count: int, *, with_agent: bool = True) -> list[Ticket]:
    """Solve tickets on Monday, in turn of every agent, by phone and by app."""
    agents, scope = desk.world.vendors[desk.code].agents, desk.scope(at=MONDAY + HOUR)
    found = []
    for n in range(count):
        more: dict[str, Any] = {
            "agent": agents[n % len(agents)] if with_agent else None,
            "channel": ("call", "app")[n % 2],
        }
        found.append(stepped(desk, desk.opened(**more), Step.START, Step.RESOLVE))
    assert all(ticket.resolved_at == scope.at for ticket in found)
    return found


def stepped(desk: Desk, ticket: Ticket, *steps: Step) -> Ticket:
    """Take some steps an hour later."""
    scope = desk.scope(at=MONDAY + HOUR)
    with activate(scope):
        for step in steps:
            ticket.refresh_from_db()
            ticket = tickets.ticket_step(
                scope=scope, uuid=ticket.uuid, expected_version=ticket.version, step=step, text="so it was"
            )
    return ticket


def test_solved_tickets_of_a_day_are_drawn_and_what_was_left_out_is_said(house: House, desk: Desk) -> None:
    solved(desk, 12)
    solved(desk, 1, with_agent=False)
    stepped(desk, solved(desk, 1)[0], Step.REOPEN)
    desk.opened(agent=desk.world.vendors["ANDES"].agents[0])
    house.calls(30, day=SOLVED_ON)
    draw = house.drawn(house.plan(kind="ticket", rate_percent=50, starts_on=SOLVED_ON), SOLVED_ON)
    assert (draw.population_count, draw.excluded, draw.sampled_count) == (12, {"no_agent": 1}, 6)
    assert (draw.rules["kind"], draw.rules["strata"]) == ("ticket", "reason|channel")
    assert "talk_seconds_least" not in draw.rules
    system = house.world.system
    with activate(system):
        rows = list(Evaluation.objects.visible_to(system).filter(draw=draw))
        assert Counter((row.kind, row.day) for row in rows) == {("ticket", SOLVED_ON): 6}
        assert sorted(Counter(row.agent_id for row in rows).values()) == [2, 2, 2]
        assert selectors.draw_check(scope=system, draw_row=draw).is_right


def test_a_ticket_that_is_reopened_between_lot_and_hand_out_is_evaluated_all_the_same(house: House, desk: Desk) -> None:
    own = solved(desk, 3)
    plan, system = house.plan(kind="ticket", rate_percent=100, starts_on=SOLVED_ON), house.world.system
    draw = services.plan_draw(scope=system, uuid=plan.uuid, day=SOLVED_ON)
    assert draw is not None
    stepped(desk, own[0], Step.REOPEN)
    house.placed()
    with activate(system):
        assert selectors.draw_check(scope=system, draw_row=draw).is_right


def test_a_ticket_that_is_solved_again_is_drawn_again_and_keeps_its_one_evaluation(house: House, desk: Desk) -> None:
    (own,) = solved(desk, 1)
    plan, system = house.plan(kind="ticket", rate_percent=100, starts_on=SOLVED_ON), house.world.system
    first = house.drawn(plan, SOLVED_ON)
    stepped(desk, own, Step.REOPEN)
    again = desk.scope(at=MONDAY + timedelta(days=1))
    with activate(again):
        own.refresh_from_db()
        tickets.ticket_step(scope=again, uuid=own.uuid, expected_version=own.version, step=Step.RESOLVE, text="at last")
    second = house.drawn(plan, SOLVED_ON + timedelta(days=1))
    assert (first.sampled_count, second.sampled_count) == (1, 1)
    with activate(system):
        assert Evaluation.objects.visible_to(system).count() == 1
        assert selectors.draw_check(scope=system, draw_row=second).is_right


def test_a_day_waits_for_tickets_as_it_waits_for_calls(house: House, desk: Desk) -> None:
    house.calls(30, day=SOLVED_ON)
    house.plan(kind="ticket", starts_on=SOLVED_ON)
    ready = house.world.scope("client_qa", at=MONDAY + timedelta(days=1)).at
    system = replace(house.world.system, at=ready)
    assert services.draws_due(scope=system) == 0
    solved(desk, 2)
    assert services.draws_due(scope=system) == 1


def test_whoever_evaluates_a_ticket_reads_what_it_is_about_and_opens_it(
    house: House, desk: Desk, client_of: ClientOf
) -> None:
    (own,) = solved(desk, 1)
    house.drawn(house.plan(kind="ticket", rate_percent=100, starts_on=SOLVED_ON, side="both"), SOLVED_ON)
    population = selectors.population_for(kind="ticket")
    for name in ("client_qa", "andes_vendor_qa"):
        scope = house.scope(name)
        with activate(scope):
            (row,) = selectors.queue_list(scope=scope)
            told = {str(fact.label): fact.value for fact in population.facts(scope=scope, evaluation=row)}
            assert (row.reference, told["Subject"]) == (str(own.number), "A bill")
            assert population.address(scope=scope, evaluation=row) == f"/tickets/{own.uuid}/"
        page = client_of(name).get(f"/qa/evaluations/{row.uuid}/").content.decode()
        assert "A bill" in page
        assert f'href="/tickets/{own.uuid}/"' in page
        with activate(scope):
            services.evaluation_take(scope=scope, uuid=row.uuid)
            done = services.evaluation_submit(scope=scope, uuid=row.uuid, sheet=Sheet(ALL_YES))
            assert done.state == "submitted"
        # The ticket's page tells of its evaluations, as a call's does: the other side's once they are released.
        page = client_of(name).get(f"/tickets/{own.uuid}/").content.decode()
        assert re.findall(r'href="/qa/evaluations/([^"]+)/"', page) == [str(row.uuid)]
    rival = house.scope("boral_vendor_qa")
    with activate(rival):
        assert population.facts(scope=rival, evaluation=row) == []
        assert population.address(scope=rival, evaluation=row) == ""
