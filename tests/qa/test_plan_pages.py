"""The pages of plans and draws: what is drawn in words, a day drawn by hand, and the lot drawn again by either side."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.scope import activate
from qa import selectors, services
from qa.models import Draw, Evaluation, Plan
from tests.qa.house import DAY, READY, House, house_make
from tests.world import World

ClientOf = Callable[[str], Client]


@pytest.fixture(autouse=True)
def now() -> Any:
    """The morning after the day."""
    with time_machine.travel(READY, tick=False) as clock:
        yield clock


@pytest.fixture
def house(world: World) -> House:
    found = house_make(world)
    found.calls()
    return found


def sent(**more: Any) -> dict[str, Any]:
    """Return what the form of a plan sends."""
    return {
        "name": "Daily", "kind": "call", "form_code": "SERVICE", "side": "both", "method": "rate", "rate_percent": "10",
        "least": "1", "most": "5", "base": "10", "high": "6", "high_percent": "95", "low_percent": "80",
        "new_days": "14", "talk_seconds_least": "20", "starts_on": DAY.isoformat(), "ends_on": "",
    } | more  # fmt: skip


def plan_of(house: House) -> Plan:
    scope = house.scope("client_qa")
    with activate(scope):
        return selectors.plan_list(scope=scope).get()


def test_a_plan_is_made_said_in_words_and_changed(house: House, client_of: ClientOf) -> None:
    client, contract = client_of("client_qa"), house.world.vendors["ANDES"].contract
    made = client.post(reverse("qa:plan_create"), sent(contract=str(contract.uuid)))
    assert made.status_code == 302
    page = client.get(made.headers["Location"]).content.decode()
    for sentence in (
        "10 % of them, shared out over the agents by how many each had.",
        "At least 1 of each agent; at most 5 of each agent.",
        "Of agents in their first 14 days everything is evaluated, beside the others.",
        "Calls with less than 20 s of talk are left out.",
        "Client and vendor both evaluate them, each for itself.",
        plan_of(house).first_seed,
    ):
        assert sentence in page
    edit = reverse("qa:plan_edit", args=[plan_of(house).uuid])
    assert "Daily" in client.get(edit).content.decode()
    changed = client.post(edit, sent(method="adaptive", kind="ticket", expected_version="1"))
    assert changed.status_code == 302
    words = client.get(changed.headers["Location"]).content.decode()
    assert "Whoever scores 95 % or more is high: only 6 of theirs" in words
    assert "tickets that were solved" in words
    assert client.post(edit, sent(rate_percent="0", expected_version="2")).status_code == 422
    assert client.post(edit, sent(expected_version="1")).status_code == 409


def test_a_plan_rests_goes_on_and_ends(house: House, client_of: ClientOf) -> None:
    client, plan = client_of("client_qa"), house.plan()
    for step, state in (("pause", "paused"), ("resume", "live"), ("end", "ended")):
        address = f"{reverse('qa:plan_step', args=[plan.uuid, step])}?version={plan_of(house).version}"
        assert client.post(address).status_code == 302
        assert plan_of(house).state == state
    late = client.post(f"{reverse('qa:plan_step', args=[plan.uuid, 'resume'])}?version=x", follow=True)
    assert "This step cannot be taken from here." in late.content.decode()


def test_a_day_that_waits_is_drawn_by_hand_and_handed_out_by_the_ticks(house: House, client_of: ClientOf) -> None:
    client, plan = client_of("client_qa"), house.plan(rate_percent=20)
    page = client.get(reverse("qa:plan_detail", args=[plan.uuid])).content.decode()
    assert f'value="{DAY.isoformat()}"' in page
    draw_now = reverse("qa:plan_draw", args=[plan.uuid])
    done = client.post(draw_now, {"day": DAY.isoformat()})
    detail = client.get(done.headers["Location"]).content.decode()
    assert "The sample is being handed out" in detail
    scope = house.scope("client_qa")
    with activate(scope):
        row = selectors.draw_list(scope=scope).get()
    progress = reverse("qa:draw_progress", args=[row.uuid])
    assert "0%" in client.get(progress).content.decode()
    house.placed()
    assert client.get(progress).headers["HX-Refresh"] == "true"
    for day in (DAY, DAY + timedelta(days=1), DAY - timedelta(days=1)):
        client.post(draw_now, {"day": day.isoformat()})
    assert client.post(draw_now, {"day": "today"}).status_code == 422
    with activate(scope):
        assert Draw.objects.visible_to(scope).count() == 1
        services.form_retire(scope=scope, uuid=house.forms["ANDES"].uuid)
    refused = client.get(reverse("qa:plan_detail", args=[plan.uuid])).content.decode()
    assert "nothing is drawn" in refused


def test_either_side_draws_again_on_the_page_and_takes_the_lists_along(house: House, client_of: ClientOf) -> None:
    draw = house.drawn(house.plan(rate_percent=20))
    for name in ("client_qa", "andes_vendor_qa"):
        client = client_of(name)
        page = client.get(reverse("qa:draw_detail", args=[draw.uuid])).content.decode()
        assert draw.seed in page
        assert draw.population_sha256 in page
        assert "too short to be judged" in page
        again = client.get(reverse("qa:draw_check", args=[draw.uuid])).content.decode()
        assert "everything agrees" in again
        whole = client.get(reverse("qa:draw_population", args=[draw.uuid]))
        assert hashlib.sha256(whole.content).hexdigest() == draw.population_sha256
        told = client.get(reverse("qa:draw_sample", args=[draw.uuid])).content.decode()
        sample = list(csv.DictReader(io.StringIO(told)))
        assert len(sample) == draw.sampled_count == 50
        assert all(row["ticket"] == hashlib.sha256(f"{draw.seed}:{row['id']}".encode()).hexdigest() for row in sample)
        listed = client.get(reverse("qa:draw_drawn", args=[draw.uuid]) + "?per_page=50").content.decode()
        assert all(row["ticket"] in listed for row in sample)
    system = house.world.system
    with activate(system):
        Evaluation.objects.visible_to(system).filter(draw=draw, number=1).update(reference="C-other")
    wrong = client_of("client_qa").get(reverse("qa:draw_check", args=[draw.uuid]), headers={"HX-Request": "true"})
    assert "something differs" in wrong.content.decode()
    assert "C-other" in wrong.content.decode()


def test_a_plan_that_changed_since_hands_out_what_its_draw_said(house: House) -> None:
    plan, system = house.plan(side="vendor"), house.world.system
    draw = services.plan_draw(scope=system, uuid=plan.uuid, day=DAY)
    assert draw is not None
    client = house.scope("client_qa")
    with activate(client):
        queue = house.world.vendors["ANDES"].queues[0]
        values = {"kind": "ticket", "side": "client", "queue": queue}
        services.plan_update(scope=client, uuid=plan.uuid, expected_version=1, values=values)
    house.placed()
    with activate(system):
        rows = Evaluation.objects.visible_to(system).filter(draw=draw)
        assert {(row.kind, row.side) for row in rows} == {("call", "vendor")}
        assert selectors.draw_check(scope=system, draw_row=selectors.draw_get(scope=system, uuid=draw.uuid)).is_right


def test_how_large_a_sample_must_be(client_of: ClientOf, house: House) -> None:
    client, address = client_of("andes_vendor_qa"), reverse("qa:sample_size")
    asked = {"margin": "5", "confidence": "95", "share": "50", "population": ""}
    assert "<strong>385</strong>" in client.get(address, asked).content.decode()
    assert "<strong>341</strong>" in client.get(address, asked | {"population": "3000"}).content.decode()
    assert "size-answer" not in client.get(address, asked | {"margin": "0"}).content.decode()
    plan = house.plan()
    on_plan = client.get(reverse("qa:plan_detail", args=[plan.uuid]), asked).content.decode()
    assert "<strong>385</strong>" in on_plan


def test_agents_and_rivals_learn_nothing_of_who_is_listened_to(house: House, client_of: ClientOf) -> None:
    plan = house.plan()
    draw = house.drawn(plan)
    pages = [reverse(f"qa:{name}", args=[draw.uuid]) for name in (
        "draw_detail", "draw_check", "draw_progress", "draw_drawn", "draw_population", "draw_sample")]  # fmt: skip
    pages.append(reverse("qa:plan_detail", args=[plan.uuid]))
    rival, agent = client_of("boral_vendor_qa"), client_of("andes_agent")
    assert {rival.get(page).status_code for page in pages} == {404}
    assert {agent.get(page).status_code for page in [*pages, "/qa/plans/", "/qa/draws/", "/qa/sample-size/"]} == {403}
    assert "Daily" not in rival.get("/qa/plans/").content.decode()
    assert rival.post(reverse("qa:plan_draw", args=[plan.uuid]), {"day": DAY.isoformat()}).status_code == 403


@pytest.mark.parametrize("path", ["/qa/plans/", "/qa/draws/"])
def test_lists_ask_as_often_for_many_rows_as_for_few(path: str, house: House, client_of: ClientOf) -> None:
    client, system = client_of("client_qa"), house.world.system

    def asked() -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    def drawn(numbers: range) -> None:
        for number in numbers:
            day = DAY + timedelta(days=number + 1)
            house.calls(5, day=day, mark=f"P{number:02}")
            plan = house.plan(name=f"P{number}", starts_on=day, ends_on=day)
            assert services.plan_draw(scope=system, uuid=plan.uuid, day=day) is not None

    drawn(range(2))
    few = asked()
    drawn(range(2, 12))
    assert asked() == few
