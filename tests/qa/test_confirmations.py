"""Read and confirmed: who is asked, who did, reminders, and that a later version asks again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Notice
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
from qa import selectors, services
from qa.models import ConfirmationRound, Script
from qa.selectors import Confirmed
from tests.qa.said import said, script_approve, script_write
from tests.tickets.desk import MONDAY
from tests.world import World
from vendors.models import Agent

DUE = MONDAY.date() + timedelta(days=5)
LEAD = "andes_vendor_supervisor"


@pytest.fixture
def script(world: World) -> Script:
    return approved(world)


def approved(world: World, text: str = "Good day", **more: Any) -> Script:
    """Write a version at ANDES and approve it."""
    scope = world.scope(LEAD, MONDAY)
    with activate(scope):
        made = script_write(scope=scope, vendor=world.vendors["ANDES"].vendor, name="Opening", text=text, **more)
    return script_approve(world.scope("client_qa", MONDAY), made)


def asked(world: World, script: Script, *teams: str, due_on: date = DUE) -> ConfirmationRound:
    """Ask agents to confirm."""
    scope = world.scope(LEAD, MONDAY)
    with activate(scope):
        return services.confirmation_ask(scope=scope, uuid=script.uuid, teams=teams, due_on=due_on)


def counted(world: World, row: ConfirmationRound) -> Confirmed:
    """Return how far a round is."""
    scope = world.scope(LEAD, MONDAY)
    with activate(scope):
        return selectors.rounds_confirmed(scope=scope, rounds=[row])[row.pk]


def confirm(world: World, script: Script, name: str = "andes_agent") -> None:
    """Confirm as an agent."""
    scope = world.scope(name, MONDAY)
    with activate(scope):
        services.script_confirm(scope=scope, uuid=script.uuid)


def told(world: World, name: str) -> list[str]:
    """Return the messages of somebody's notices of scripts."""
    scope = world.scope(name, MONDAY)
    with activate(scope):
        rows = Notice.objects.visible_to(scope).filter(recipient=world.users[name], kind="script")
        return list(rows.order_by("pk").values_list("message", flat=True))


def test_agents_confirm_once_and_the_share_is_of_those_asked(world: World, script: Script) -> None:
    row = asked(world, script)
    assert counted(world, row) == Confirmed(0, 3)
    confirm(world, script)
    confirm(world, script)
    assert counted(world, row) == Confirmed(1, 3)
    assert told(world, "andes_agent") == ["script_confirm"]


def test_only_the_chosen_teams_count(world: World, script: Script) -> None:
    lead = world.scope(LEAD, MONDAY)
    with activate(lead):
        other = Agent.objects.visible_to(lead).filter(code="ANDES-A2")
        other.update(team="T2")
    row = asked(world, script, "T2")
    confirm(world, script)
    assert counted(world, row) == Confirmed(0, 1)
    assert told(world, "andes_agent") == []
    with pytest.raises(Invalid, match="mend") as refused:
        asked(world, script, "T9")
    assert list(refused.value.fields) == ["teams"]
    with activate(lead):
        other.update(is_active=False)
    assert counted(world, asked(world, script)) == Confirmed(1, 2)


def test_a_later_version_asks_the_same_agents_again(world: World, script: Script) -> None:
    asked(world, script, "T1")
    confirm(world, script)
    later = approved(world, "Good evening")
    agent = world.scope("andes_agent", MONDAY)
    with activate(agent):
        waits = selectors.rounds_own(scope=agent)
        assert [(row.script_id, row.confirmed_at) for row in waits] == [(later.pk, None)]  # type: ignore[attr-defined]
        assert waits[0].due_on == DUE
        with pytest.raises(NotFound):
            services.script_confirm(scope=agent, uuid=script.uuid)
    assert len(told(world, "andes_agent")) == 2


def test_a_version_that_nobody_was_asked_about_asks_nobody_later(world: World, script: Script) -> None:
    approved(world, "Good evening")
    lead = world.scope(LEAD, MONDAY)
    with activate(lead):
        assert not selectors.round_list(scope=lead).exists()


def test_a_reminder_goes_to_those_who_have_not_and_once_a_day(world: World, script: Script) -> None:
    asked(world, script)
    lead = world.scope(LEAD, MONDAY)
    with activate(lead):
        assert services.confirmation_remind(scope=lead, uuid=script.uuid) == 1
        with pytest.raises(Conflict, match="less than a day"):
            services.confirmation_remind(scope=lead, uuid=script.uuid)
    confirm(world, script)
    later = world.scope(LEAD, MONDAY + timedelta(days=1))
    with activate(later):
        assert services.confirmation_remind(scope=later, uuid=script.uuid) == 0


def test_only_agents_confirm_and_only_what_is_in_use(world: World, script: Script) -> None:
    lead = world.scope(LEAD, MONDAY)
    with activate(lead):
        with pytest.raises(Forbidden):
            services.script_confirm(scope=lead, uuid=script.uuid)
        services.script_withdraw(scope=lead, uuid=script.uuid, expected_version=2, reason="A wrong price")
    for ask in (lambda: asked(world, script), lambda: confirm(world, script)):
        with pytest.raises((Conflict, NotFound)):
            ask()
    with pytest.raises(NotFound):
        confirm(world, script, "boral_agent")


def test_later_rooms_are_told_who_confirmed_what_and_whether_it_still_holds(world: World, script: Script) -> None:
    asked(world, script)
    confirm(world, script)
    approved(world, "Good evening")
    lead = world.scope(LEAD, MONDAY)
    with activate(lead):
        agent = world.vendors["ANDES"].agents[0]
        facts = selectors.script_confirmations(scope=lead, vendor_id=agent.vendor_id, agent_ids=[agent.pk])
    assert [(fact.number, fact.confirmed_at, fact.is_current) for fact in facts] == [
        (1, MONDAY, False), (2, None, True),
    ]  # fmt: skip


def test_people_are_told_two_weeks_before_the_last_day_and_when_it_has_passed(world: World) -> None:
    last = MONDAY.date() + timedelta(days=20)
    approved(world, live_until=last)
    for days, expected in ((0, []), (7, ["script_near"]), (8, ["script_near"]), (21, ["script_near", "script_over"])):
        services.scripts_warn(scope=replace(world.system, at=MONDAY + timedelta(days=days)))
        assert told(world, LEAD) == expected
        assert told(world, "boral_vendor_supervisor") == []


def test_lines_in_use_answer_what_a_customer_said(world: World, script: Script) -> None:
    lead = world.scope(LEAD, MONDAY)
    parts = [*said("Hello"), {"stage": "objection", "text": "Let me explain.", "triggers": ["That is too expensive"]}]
    with activate(lead):
        made = services.script_write(scope=lead, vendors=[script.vendor], name="Prices", parts=parts)[0]

    def found(name: str, words: str) -> list[str]:
        scope = world.scope(name, MONDAY)
        with activate(scope):
            return [each.reference for each in selectors.lines_suggest(scope=scope, said=words)]

    assert found(LEAD, "this is too expensive for me") == []
    script_approve(world.scope("client_qa", MONDAY), made)
    assert found("andes_agent", "well that is too expensive for me") == ["PRICES#objection"]
    assert found("andes_agent", "where is my parcel") == []
    assert found("boral_agent", "that is too expensive") == []
