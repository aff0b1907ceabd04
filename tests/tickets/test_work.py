"""Tickets: opened under the right promises, moved along their states, and every deed in the book."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from audit.models import Entry
from core.errors import Conflict, Forbidden, HouseError, Invalid, NotFound
from core.scope import Scope, activate
from tests.tickets.desk import HOUR, MONDAY, Desk, desk_make
from tests.world import World
from tickets import selectors, services
from tickets.calc.clocks import Clock, Level
from tickets.calc.states import EDGES, ENDED, OPEN, SOLVED, State, Step
from tickets.models import Ticket, TicketClock
from tickets.services import HandOver, Opening

SHANGHAI = timedelta(hours=8)


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_make(world)


def step(desk: Desk, ticket: Ticket, what: Step, *, at: datetime = MONDAY, text: str = "because") -> Ticket:
    """Take one step as the supervisor."""
    scope = desk.scope(at=at)
    with activate(scope):
        return services.ticket_step(
            scope=scope, uuid=ticket.uuid, expected_version=ticket.version, step=what, text=text
        )


def clock(desk: Desk, ticket: Ticket, name: Clock, cycle: int = 1) -> TicketClock:
    """Return a stored cycle of a clock."""
    scope = desk.scope()
    with activate(scope):
        found: TicketClock = selectors.clock_list(scope=scope, ticket=ticket).get(clock=name, cycle=cycle)
        return found


@pytest.mark.parametrize(
    ("subject", "tier", "hours"),
    [("URGENT: no light", "urgent", 2), ("想咨询一下", "consultation", 48), ("A bill", "normal", 24)],
)
def test_the_tier_and_its_promise_follow_from_the_rules(desk: Desk, subject: str, tier: str, hours: int) -> None:
    ticket = desk.opened(subject=subject)
    assert (ticket.tier, ticket.state, ticket.number) == (tier, "new", 1)
    response = clock(desk, ticket, Clock.FIRST_RESPONSE)
    assert response.target_seconds == hours * 3600
    # The first line's hour to record presses first.
    assert (ticket.next_clock, ticket.next_due_at) == ("hop", MONDAY + HOUR)


def test_public_holidays_stand_still_and_are_named(desk: Desk) -> None:
    # 19 June 2026 is the Dragon Boat Festival, a Friday; the ticket comes on Thursday at 17:30.
    ticket = desk.opened(at=datetime(2026, 6, 18, 9, 30, tzinfo=UTC))
    hop = clock(desk, ticket, Clock.HOP)
    assert hop.due_at == datetime(2026, 6, 22, 1, 30, tzinfo=UTC)
    assert "Dragon Boat" in str(ticket.terms.body["calendar"]["exceptions"]["2026-06-19"]["name"])


def test_a_whole_life(desk: Desk) -> None:
    ticket = desk.opened()
    scope = desk.scope(at=MONDAY + timedelta(minutes=20))
    with activate(scope):
        ticket = services.ticket_assign(
            scope=scope,
            uuid=ticket.uuid,
            expected_version=ticket.version,
            handler=desk.world.users["andes_agent"].uuid,
        )
        assert (ticket.state, ticket.handler_name) == ("assigned", "andes_agent")
    ticket = step(desk, ticket, Step.START, at=MONDAY + timedelta(minutes=30))
    assert clock(desk, ticket, Clock.HOP).is_met is True
    scope = desk.scope("agent", at=MONDAY + HOUR)
    with activate(scope):
        ticket = services.ticket_reply(scope=scope, uuid=ticket.uuid, text="We look into it.")
    assert clock(desk, ticket, Clock.FIRST_RESPONSE).elapsed_seconds == 3600
    scope = desk.scope(at=MONDAY + 2 * HOUR)
    with activate(scope):
        over = HandOver(Level.SECOND_LINE, "Correct the bill of May.", deadline=MONDAY + 4 * HOUR)
        ticket = services.ticket_hand_over(scope=scope, uuid=ticket.uuid, expected_version=ticket.version, over=over)
    assert (ticket.state, ticket.level, ticket.handler_name) == ("assigned", "second_line", "")
    assert (ticket.next_clock, ticket.next_due_at) == ("hop", MONDAY + 4 * HOUR)
    ticket = step(desk, ticket, Step.WAIT_FOR_CUSTOMER, at=MONDAY + 3 * HOUR)
    scope = desk.scope(at=MONDAY + 5 * HOUR)
    with activate(scope):
        ticket = services.ticket_asked(scope=scope, uuid=ticket.uuid, text="Here is the bill.")
    assert ticket.state == "in_progress"
    ticket = step(desk, ticket, Step.RESOLVE, at=MONDAY + 6 * HOUR, text="Corrected.")
    assert (ticket.state, ticket.next_clock, ticket.next_due_at) == ("callback_due", "callback", MONDAY + 30 * HOUR)
    resolution = clock(desk, ticket, Clock.RESOLUTION)
    # Six hours, less the two that the customer was waited for.
    assert (resolution.elapsed_seconds, resolution.is_met) == (4 * 3600, True)
    scope = desk.scope(at=MONDAY + 7 * HOUR)
    with activate(scope):
        asked: dict[str, Any] = {"scope": scope, "uuid": ticket.uuid}
        ticket = services.ticket_call_back(**asked, expected_version=ticket.version, outcome="not_reached")
        assert ticket.state == "callback_due"
        ticket = services.ticket_call_back(**asked, expected_version=ticket.version, outcome="settled", satisfaction=5)
    assert (ticket.state, ticket.satisfaction) == ("resolved", 5)
    # What the customer said stays, whatever comes after.
    again = step(desk, ticket, Step.REOPEN, at=MONDAY + 7 * HOUR, text="It is wrong again.")
    ticket = step(desk, again, Step.RESOLVE, at=MONDAY + 7 * HOUR, text="Corrected again.")
    with activate(scope):
        ticket = services.ticket_call_back(**asked, expected_version=ticket.version, outcome="settled")
    assert (ticket.state, ticket.satisfaction) == ("resolved", 5)
    ticket = step(desk, ticket, Step.ARCHIVE, at=MONDAY + 8 * HOUR)
    assert (ticket.state, ticket.next_due_at) == ("archived", None)
    with activate(scope):
        actions = list(Entry.objects.visible_to(scope).filter(object_id=ticket.uuid).values_list("action", flat=True))
        deeds = {
            "opened",
            "reopened",
            "assigned",
            "started",
            "replied",
            "handed_over",
            "paused",
            "asked",
            "resumed",
            "resolved",
        }
        assert {f"ticket.{deed}" for deed in deeds | {"callback_tried", "called_back", "archived"}} == set(actions)


def test_what_is_not_settled_is_open_again_and_waits_for_its_callback_anew(desk: Desk) -> None:
    ticket = step(desk, desk.opened(), Step.RESOLVE, at=MONDAY + HOUR)
    scope = desk.scope(at=MONDAY + 2 * HOUR)
    with activate(scope):
        ticket = services.ticket_call_back(
            scope=scope, uuid=ticket.uuid, expected_version=ticket.version, outcome="not_settled", text="Still dark."
        )
    assert (ticket.state, ticket.reopened_count, ticket.resolved_at) == ("in_progress", 1, None)
    assert clock(desk, ticket, Clock.RESOLUTION).stopped_at is None
    ticket = step(desk, ticket, Step.RESOLVE, at=MONDAY + 3 * HOUR)
    assert clock(desk, ticket, Clock.CALLBACK, cycle=2).due_at == MONDAY + 27 * HOUR


def test_nothing_is_archived_before_its_callback(desk: Desk) -> None:
    ticket = step(desk, desk.opened(), Step.RESOLVE)
    with pytest.raises(Conflict, match="callback due"):
        step(desk, ticket, Step.ARCHIVE)
    # Nobody can be called back without a number.
    unknown = step(desk, desk.opened(customer=""), Step.RESOLVE)
    assert step(desk, unknown, Step.ARCHIVE).state == "archived"


def test_a_matter_solved_long_ago_is_a_new_one(desk: Desk) -> None:
    ticket = step(desk, desk.opened(customer=""), Step.RESOLVE)
    with pytest.raises(Conflict, match="more than 14 days"):
        step(desk, ticket, Step.REOPEN, at=MONDAY + timedelta(days=15))
    assert step(desk, ticket, Step.REOPEN, at=MONDAY + timedelta(days=14)).state == "in_progress"


@pytest.mark.parametrize("what", [Step.WAIT_FOR_CUSTOMER, Step.WAIT_FOR_THIRD_PARTY, Step.RESOLVE, Step.CANCEL])
def test_a_step_that_needs_a_reason_is_refused_without(desk: Desk, what: Step) -> None:
    with pytest.raises(Invalid) as refused:
        step(desk, desk.opened(), what, text=" ")
    assert list(refused.value.fields) == ["text"]


def test_two_people_at_once_are_told(desk: Desk) -> None:
    ticket = desk.opened()
    step(desk, ticket, Step.START)
    with pytest.raises(Conflict) as refused:
        step(desk, ticket, Step.RESOLVE)
    assert refused.value.code == "stale"


def test_a_merged_ticket_ends_and_names_the_other(desk: Desk) -> None:
    first, second = desk.opened(), desk.opened(subject="The same bill")
    scope = desk.scope()
    with activate(scope):
        merged = services.ticket_merge(scope=scope, uuid=second.uuid, expected_version=second.version, into=first.uuid)
        assert (merged.state, merged.merged_into_id, merged.next_due_at) == ("merged", first.pk, None)
        clocks = selectors.clock_list(scope=scope, ticket=second)
        assert {row.is_met for row in clocks} == {None}
        assert all(row.is_canceled for row in clocks)
        with pytest.raises(Invalid):
            services.ticket_merge(scope=scope, uuid=first.uuid, expected_version=first.version, into=second.uuid)


def test_other_promises_keep_start_and_pauses(desk: Desk) -> None:
    ticket = step(desk, desk.opened(), Step.START)
    ticket = step(desk, ticket, Step.WAIT_FOR_CUSTOMER, at=MONDAY + HOUR)
    ticket = step(desk, ticket, Step.RESUME, at=MONDAY + 3 * HOUR)
    scope = desk.scope(at=MONDAY + 4 * HOUR)
    with activate(scope):
        ticket = services.ticket_retier(
            scope=scope, uuid=ticket.uuid, expected_version=ticket.version, policy=desk.policies[0]
        )
    assert ticket.tier == "urgent"
    # Eight hours around the clock, two of them paused.
    assert clock(desk, ticket, Clock.RESOLUTION).due_at == MONDAY + 10 * HOUR


def test_agents_work_on_their_own_and_choose_nobody_else(desk: Desk) -> None:
    ticket = desk.opened(agent=desk.world.vendors["ANDES"].agents[0])
    other = desk.opened()
    scope = desk.scope("agent")
    with activate(scope):
        seen = list(selectors.ticket_list(scope=scope).values_list("number", flat=True))
        assert seen == [ticket.number]
        with pytest.raises(NotFound):
            services.ticket_note(scope=scope, uuid=other.uuid, text="mine now")
        asked: dict[str, Any] = {"scope": scope, "uuid": ticket.uuid, "expected_version": ticket.version}
        with pytest.raises(Forbidden):
            services.ticket_assign(**asked, handler=desk.world.users["andes_vendor_supervisor"].uuid)
        taken = services.ticket_assign(**asked, handler=desk.world.users["andes_agent"].uuid)
        assert taken.handler_name == "andes_agent"


def test_a_rival_s_ticket_and_people_do_not_exist(desk: Desk) -> None:
    ticket = desk.opened()
    rival = desk_make(desk.world, "BORAL")
    scope = rival.scope()
    with activate(scope):
        assert not selectors.ticket_list(scope=scope).exists()
        with pytest.raises(NotFound):
            services.ticket_reply(scope=scope, uuid=ticket.uuid, text="hello")
        queue, contract = desk.world.vendors["ANDES"].queues[0], desk.world.vendors["BORAL"].contract
        mixed = Opening(contract=contract, subject="x", queue=queue)
        with pytest.raises(Invalid, match="another vendor"):
            services.ticket_open(scope=scope, opening=mixed)
        own = rival.opened()
        with pytest.raises(Invalid, match="no such person"):
            services.ticket_assign(
                scope=scope,
                uuid=own.uuid,
                expected_version=own.version,
                handler=desk.world.users["andes_agent"].uuid,
            )
    client = desk.scope("programme_manager")
    with activate(client), pytest.raises(Invalid, match="same vendor"):
        services.ticket_link(scope=client, uuid=ticket.uuid, other=own.uuid)


def test_what_happened_is_not_rewritten(desk: Desk) -> None:
    ticket = desk.opened()
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with activate(desk.scope()), connection.cursor() as cursor, denied, transaction.atomic():
        cursor.execute("UPDATE tickets_ticketevent SET at = at WHERE ticket_id = %s", [ticket.pk])


def test_random_walks_never_leave_the_map(desk: Desk) -> None:
    """The states of B0, walked at random through the services: what is refused changes nothing."""
    pick = random.Random(20260615)
    walks, at = 0, MONDAY
    while walks < 60:
        ticket = desk.opened(at=at, customer=pick.choice(["", "+8613812348000"]))
        for _ in range(9):
            at += timedelta(minutes=pick.randrange(600))
            what = pick.choice(list(Step))
            before = State(ticket.state)
            try:
                ticket = _anything(desk.scope(at=at), ticket, what, pick)
            except HouseError:
                with activate(desk.scope()):
                    assert selectors.ticket_get(scope=desk.scope(), uuid=ticket.uuid).state == before
                continue
            assert before in EDGES[what].sources
            after = State(ticket.state)
            assert (after in ENDED) is (ticket.ended_at is not None)
            assert (after in SOLVED) is (ticket.resolved_at is not None)
            if after not in OPEN | {State.CALLBACK_DUE}:
                assert ticket.next_due_at is None
        walks += 1


def _anything(scope: Scope, ticket: Ticket, what: Step, pick: random.Random) -> Ticket:
    asked: dict[str, Any] = {"scope": scope, "uuid": ticket.uuid, "expected_version": ticket.version}
    with activate(scope):
        match what:
            case Step.ASSIGN:
                return services.ticket_assign(**asked, handler=None)
            case Step.HAND_OVER:
                return services.ticket_hand_over(**asked, over=HandOver(pick.choice(list(Level)), "please"))
            case Step.CALL_BACK:
                return services.ticket_call_back(**asked, outcome="settled")
            case Step.MERGE:
                raise Conflict("x", "needs another")
            case _:
                return services.ticket_step(**asked, step=what, text="so")
