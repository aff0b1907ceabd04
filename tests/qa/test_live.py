"""Calls in progress: flagged, told to the leads, taken once, noted, lapsed; the rival sees nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notice
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
from qa import selectors, services
from qa.calc.live import Intervention, LiveOutcome, LiveReason, LiveState
from qa.models import LiveCall
from qa.services import Flag
from tests.oracle import Row
from tests.sla.feed import load
from tests.tickets.desk import MONDAY
from tests.world import World

ClientOf = Callable[[str], Any]
LEAD, LIVE = "andes_vendor_supervisor", "/api/v1/live-calls"


def flagged(world: World, name: str = "andes_agent", at: datetime = MONDAY, **values: Any) -> LiveCall:
    """Flag a call of ANDES."""
    scope = world.scope(name, at)
    with activate(scope):
        flag = Flag(**{"reason": LiveReason.HELP, "detail": "The customer shouts", **values})
        return services.live_flag(scope=scope, vendor=world.vendors["ANDES"].vendor, flag=flag)


def taken(world: World, live: LiveCall, name: str = LEAD, at: datetime = MONDAY) -> LiveCall:
    """Go and help."""
    scope = world.scope(name, at)
    with activate(scope):
        return services.live_take(scope=scope, uuid=live.uuid, expected_version=live.version)


def closed(world: World, live: LiveCall, name: str = LEAD, at: datetime = MONDAY, **values: Any) -> LiveCall:
    """Note what was done."""
    scope = world.scope(name, at)
    given = {"intervention": Intervention.WHISPERED, "outcome": LiveOutcome.CALMED, "note": "Said sorry", **values}
    with activate(scope):
        return services.live_close(scope=scope, uuid=live.uuid, expected_version=2, **given)


def told(world: World, name: str) -> int:
    """Return how many notices of live calls somebody has."""
    scope = world.scope(name, MONDAY)
    with activate(scope):
        return Notice.objects.visible_to(scope).filter(recipient=world.users[name], kind="live").count()


def test_the_leads_are_told_one_of_them_helps_and_notes_what_was_done(world: World) -> None:
    live = flagged(world)
    assert (live.source, live.agent) == ("agent", world.vendors["ANDES"].agents[0])
    assert [told(world, name) for name in (LEAD, "andes_vendor_manager", "boral_vendor_supervisor")] == [1, 1, 0]
    live = taken(world, live, at=MONDAY + timedelta(seconds=45))
    assert live.wait_seconds == 45
    with pytest.raises(Conflict, match="already"):
        taken(world, live, "andes_vendor_manager")
    with pytest.raises(Forbidden):
        closed(world, live, "andes_vendor_manager")
    with pytest.raises(Invalid) as refused:
        closed(world, live, note=" ")
    assert list(refused.value.fields) == ["note"]
    done = closed(world, live, external_id="C-7")
    assert (done.state, done.outcome, done.external_id) == ("closed", "calmed", "C-7")
    with pytest.raises(Conflict):
        closed(world, done)


def test_a_call_that_is_flagged_already_is_the_same_flag_until_it_is_closed(world: World) -> None:
    first = flagged(world, LEAD, external_id="C-1")
    assert flagged(world, LEAD, external_id="C-1", reason=LiveReason.SILENCE).pk == first.pk
    assert flagged(world, LEAD, external_id="C-2").pk != first.pk
    closed(world, taken(world, first), note="ok")
    again = flagged(world, LEAD, external_id="C-1")
    assert (again.pk != first.pk, again.number) == (True, 3)


def test_a_flag_that_nobody_takes_lapses_after_half_an_hour(world: World) -> None:
    live = flagged(world, LEAD, external_id="C-1")
    late = MONDAY + timedelta(minutes=30)
    scope = world.scope(LEAD, late)
    with activate(scope):
        assert selectors.live_now(scope=scope) == []
        assert selectors.live_totals(scope=scope, flags=selectors.live_list(scope=scope)).lapsed == 1
    with pytest.raises(Conflict, match="over"):
        taken(world, live, at=late)
    # Before any sweep, the same call can be flagged again.
    assert flagged(world, LEAD, at=late, external_id="C-1").pk != live.pk
    flagged(world, LEAD, at=late)
    assert services.live_lapse(scope=replace(world.system, at=late + timedelta(minutes=29))) == 0
    assert services.live_lapse(scope=replace(world.system, at=late + timedelta(minutes=30))) == 2


def test_figures_have_their_numerators_and_denominators(world: World) -> None:
    for seconds in (20, 100):
        taken(world, flagged(world), at=MONDAY + timedelta(seconds=seconds))
    flagged(world)
    services.live_lapse(scope=replace(world.system, at=MONDAY + timedelta(hours=1)))
    flagged(world, at=MONDAY + timedelta(hours=1))
    scope = world.scope(LEAD, MONDAY + timedelta(hours=1))
    with activate(scope):
        found = selectors.live_totals(scope=scope, flags=selectors.live_list(scope=scope))
    assert (found.flagged, found.taken, found.lapsed, found.quick, found.wait_seconds) == (3, 2, 1, 1, 120)
    assert (found.mean_wait_seconds, found.taken_ratio, found.quick_ratio) == (60, 2 / 3, 1 / 3)


def test_an_agent_sees_its_own_flags_and_a_rival_none(world: World) -> None:
    own = flagged(world)
    other = flagged(world, LEAD, agent=world.vendors["ANDES"].agents[1])
    for name, visible in (("andes_agent", {own.pk}), (LEAD, {own.pk, other.pk}), ("boral_vendor_manager", set())):
        scope = world.scope(name, MONDAY)
        with activate(scope):
            assert set(selectors.live_list(scope=scope).values_list("pk", flat=True)) == visible
    rival = world.scope("boral_vendor_supervisor", MONDAY)
    with activate(rival), pytest.raises(NotFound):
        services.live_take(scope=rival, uuid=own.uuid, expected_version=1)
    with pytest.raises(Forbidden):
        taken(world, own, "andes_agent")


def test_a_rivals_agent_cannot_be_flagged(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        flagged(world, "client_qa", agent=world.vendors["BORAL"].agents[0])
    assert list(refused.value.fields) == ["agent"]


def test_a_flag_finds_its_call_once_it_is_imported(world: World) -> None:
    live = flagged(world, LEAD, external_id="C-1")
    scope = world.scope(LEAD, MONDAY)
    with activate(scope):
        assert selectors.live_contract(scope=scope, live=live) is None
    row = Row(external_id="C-1", queue="ORDERS", offered_at=MONDAY, answered_at=MONDAY, outcome="answered", talk=60)
    load([row], scope=world.system, vendor=world.vendors["ANDES"])
    with activate(scope):
        contract = world.vendors["ANDES"].contract
        assert selectors.live_contract(scope=scope, live=live) == contract
        assert selectors.live_of_call(scope=scope, vendor_id=contract.vendor_id, external_id="C-1") == [live]


@pytest.fixture
def now() -> Any:
    """Nine o'clock of a Monday."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def texts(page: Any) -> str:
    """Return a page's words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def url(name: str, live: LiveCall | None = None) -> str:
    """Return an address of the room."""
    return reverse(f"qa:{name}", args=[live.uuid] if live else [])


@pytest.mark.usefixtures("now")
def test_an_agent_asks_a_lead_comes_and_notes_it_on_the_pages(world: World, client_of: ClientOf) -> None:
    agent, lead, rival = client_of("andes_agent"), client_of(LEAD), client_of("boral_vendor_supervisor")
    made = agent.post(url("live_flag"), {"reason": "help", "detail": "He wants the director"})
    scope = world.scope(LEAD, MONDAY)
    with activate(scope):
        live = selectors.live_list(scope=scope).get()
    assert made.url == url("live_detail", live)
    assert "He wants the director" in texts(lead.get(url("live_board")))
    part = lead.get(url("live_board"), headers={"HX-Request": "true", "HX-Target": "board"})
    assert ("He wants the director" in texts(part), "<html" in part.content.decode()) == (True, False)
    assert "Go and help" not in texts(agent.get(made.url))
    assert "Nobody waits for help" in texts(rival.get(url("live_board")))
    assert rival.get(made.url).status_code == 404
    assert lead.post(url("live_take", live), {"version": 1}).status_code == 302
    second = client_of("andes_vendor_manager").post(url("live_take", live), {"version": 1})
    assert (second.status_code, "helping already" in texts(second)) == (409, True)
    body = {"intervention": "listened", "outcome": "solved", "version": 2}
    bare = lead.post(url("live_close", live), body)
    assert (bare.status_code, "Say what was done" in texts(bare)) == (422, True)
    assert lead.post(url("live_close", live), {**body, "note": "Was right"}).status_code == 302
    # What the lead noted is not the agent's to read.
    assert ("Was right" in texts(lead.get(made.url)), "Was right" in texts(agent.get(made.url))) == (True, False)
    listed = texts(lead.get(url("live_list")))
    assert "100.0% · 1 of 1" in listed
    assert LEAD not in texts(agent.get(url("live_list")))


@pytest.mark.usefixtures("now")
def test_the_board_and_the_list_cost_the_same_for_more_flags(world: World, client_of: ClientOf) -> None:
    browser = client_of("client_qa")

    def queries(name: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(url(name)).status_code == 200
        return len(seen)

    flagged(world)
    names = ("live_board", "live_list")
    for name in names:
        queries(name)
    before = [queries(name) for name in names]
    for number in range(5):
        taken(world, flagged(world, LEAD, external_id=f"C-{number}", agent=world.vendors["ANDES"].agents[1]))
    assert [queries(name) for name in names] == before
    found = browser.get(url("live_list"), {"waited": "quick", "state": "taken", "day_after": "2026-06-15"})
    assert len(found.context["table"].rows) == 5
    assert browser.get(url("live_list") + "?export=csv").status_code == 200


def send(client: Any, path: str, body: Any, *, key: str) -> Any:
    """Send a body as a program does."""
    return client.post(path, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key})


@pytest.mark.usefixtures("now", "world")
def test_the_phone_system_flags_and_the_same_call_is_one_flag(client_of: ClientOf) -> None:
    lead = client_of(LEAD)
    body = {"reason": "risky_words", "call": "C-1", "agent": "ANDES-A2", "detail": "lawyer"}
    first = send(lead, LIVE, body, key="1")
    assert (first.status_code, first.json()["source"], first.json()["agent"]) == (201, "switch", "ANDES-A2")
    assert send(lead, LIVE, body, key="1").json() == first.json()
    assert send(lead, LIVE, body, key="2").json()["id"] == first.json()["id"]
    assert send(lead, LIVE, {**body, "agent": "BORAL-A1"}, key="3").status_code == 422
    here = f"{LIVE}/{first.json()['id']}"
    assert send(lead, f"{here}/take", {"version": 1}, key="4").json()["state"] == "taken"
    done = {"intervention": "took_over", "outcome": "solved", "note": "Took it", "version": 2}
    assert send(lead, f"{here}/close", done, key="5").json()["taken_by"] == LEAD
    assert [row["number"] for row in lead.get(LIVE, {"state": LiveState.CLOSED.value}).json()["results"]] == [1]
    assert lead.get("/api/v1/live-figures", {"from": "2026-06-15T00:00:00Z"}).json()["taken"] == 1
    assert lead.get("/api/v1/live-figures", {"to": "2026-06-15T00:00:00Z"}).json()["taken_ratio"] is None
    rival = client_of("boral_vendor_supervisor")
    assert rival.get(here).status_code == 404
    assert rival.get(LIVE).json()["results"] == []
