"""A day is drawn once, handed out whole whatever breaks, and drawn again by anybody who has list and seed."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, transaction

from audit.models import Entry
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Scope, activate
from qa import selectors, services
from qa.calc.sampling import seed_follows
from qa.models import Draw, Evaluation, Form, Plan
from tests.qa.house import DAY, READY, House, house_make
from tests.world import World


@pytest.fixture
def house(world: World) -> House:
    found = house_make(world)
    found.calls()
    return found


def test_a_tenth_of_the_day_is_handed_out_and_what_was_left_out_is_said(house: House) -> None:
    draw = house.drawn(house.plan())
    # 300 calls, 30 abandoned; of 270 with an agent 20 were too short to be judged.
    assert (draw.population_count, draw.excluded) == (250, {"no_agent": 0, "short": 20})
    assert (draw.sampled_count, draw.placed_count) == (25, 25)
    system = house.world.system
    with activate(system):
        rows = list(Evaluation.objects.visible_to(system).filter(draw=draw))
    assert {row.side for row in rows} == {"client"}
    assert sorted(Counter(row.agent_id for row in rows).values()) == [7, 9, 9]
    assert all(row.stratum_count and row.stratum_population for row in rows)
    assert len({row.reference for row in rows}) == 25


def test_anybody_draws_again_from_list_seed_and_quotas(house: House) -> None:
    draw = house.drawn(house.plan(rate_percent=20))
    vendor = house.scope("andes_vendor_qa")
    with activate(vendor):
        told = selectors.draw_get(scope=vendor, uuid=draw.uuid)
        check = selectors.draw_check(scope=vendor, draw_row=told)
        rows = list(csv.DictReader(io.StringIO(selectors.population_of(told))))
    assert (check.is_seed_fixed, check.is_list_whole) == (True, True)
    # The vendor sees nothing of what the client evaluates yet, and knows what it will.
    counts = Counter((one.item.person, one.item.stratum) for one in check.drawn)
    own = set()
    for key, count in counts.items():
        ids = [row["id"] for row in rows if (row["person"], row["stratum"]) == key]
        own |= set(sorted(ids, key=lambda one: hashlib.sha256(f"{told.seed}:{one}".encode()).hexdigest())[:count])
    system = house.world.system
    with activate(system):
        placed = Evaluation.objects.visible_to(system).filter(draw=draw)
        assert set(placed.values_list("reference", flat=True)) == own
        assert selectors.draw_check(scope=system, draw_row=told).is_right
        # Somebody else was put in.
        placed.filter(number=1).update(reference="C00002x")
        wrong = selectors.draw_check(scope=system, draw_row=told)
    assert (wrong.is_right, wrong.beyond, len(wrong.missing)) == (False, ["C00002x"], 1)


def test_a_command_draws_again_and_says_what_differs(house: House, tmp_path: Path) -> None:
    draw, said = house.drawn(house.plan()), io.StringIO()
    call_command("qa_redraw", str(draw.uuid), "--csv", str(tmp_path / "sample.csv"), stdout=said)
    assert "drawn again: 25 of 25" in said.getvalue()
    assert len((tmp_path / "sample.csv").read_text().splitlines()) == 26
    system = house.world.system
    with activate(system):
        Evaluation.objects.visible_to(system).filter(number=3).update(reference="C-other")
    with pytest.raises(SystemExit):
        call_command("qa_redraw", str(draw.uuid), stdout=said)
    assert "evaluated, but not drawn: C-other" in said.getvalue()


def test_each_seed_was_fixed_by_the_one_before_and_is_used_once(house: House) -> None:
    plan = house.plan()
    house.calls(60, day=DAY + timedelta(days=1), mark="D")
    draws = [house.drawn(plan), house.drawn(plan, DAY + timedelta(days=1))]
    chain = [bytes.fromhex(seed) for seed in (plan.first_seed, draws[0].seed, draws[1].seed)]
    assert [seed_follows(later, former) for former, later in itertools.pairwise(chain)] == [True, True]
    assert services.plan_draw(scope=house.world.system, uuid=plan.uuid, day=DAY) is None


def test_the_oldest_day_that_waits_is_drawn_once_its_night_is_over(house: House) -> None:
    house.plan()
    system = house.world.system
    early = house.scope("client_qa", READY - timedelta(hours=2))
    assert services.draws_due(scope=_at(house, early.at)) == 0
    assert services.draws_due(scope=_at(house, READY)) == 1
    assert services.draws_due(scope=_at(house, READY)) == 0
    # The next day has no calls yet: it is waited for, and a week later it has none.
    assert services.draws_due(scope=_at(house, READY + timedelta(days=1))) == 0
    assert services.draws_due(scope=_at(house, READY + timedelta(days=8))) == 1
    with activate(system):
        days = list(Draw.objects.visible_to(system).order_by("number").values_list("day", "sampled_count"))
    assert days == [(DAY, 25), (DAY + timedelta(days=1), 0)]


def _at(house: House, at: datetime) -> Scope:
    return replace(house.world.system, at=at)


def test_both_sides_evaluate_each_for_itself(house: House) -> None:
    draw = house.drawn(house.plan(side="both"))
    system = house.world.system
    with activate(system):
        rows = Evaluation.objects.visible_to(system).filter(draw=draw)
        assert Counter(rows.values_list("side", flat=True)) == {"client": 25, "vendor": 25}
        assert selectors.draw_check(scope=system, draw_row=draw).is_right
    for name in ("client_qa", "andes_vendor_qa"):
        scope = house.scope(name)
        with activate(scope):
            assert {row.side for row in selectors.evaluation_list(scope=scope)} == {scope.side}


def test_low_performers_are_listened_to_more_and_the_budget_holds(house: House) -> None:
    first = house.drawn(house.plan(rate_percent=30, ends_on=DAY))
    system = house.world.system
    codes = [agent.code for agent in house.world.vendors["ANDES"].agents]
    with activate(system):
        rows = Evaluation.objects.visible_to(system).filter(draw=first)
        for code, earned in zip(codes, (99, 85, 40), strict=True):
            rows.filter(agent__code=code).update(state="final", earned=earned, possible=100)
    house.calls(120, day=DAY + timedelta(days=1), mark="D")
    day = DAY + timedelta(days=1)
    second = house.drawn(house.plan(name="Adaptive", method="adaptive", starts_on=day), day)
    found = {code: (own["standing"], own["quota"]) for code, own in second.quotas.items()}
    assert found == {codes[0]: ("high", 6), codes[1]: ("middle", 10), codes[2]: ("low", 14)}
    assert second.sampled_count == 30


def test_who_is_new_is_listened_to_whole(house: House) -> None:
    agent, system = house.world.vendors["ANDES"].agents[0], house.world.system
    with activate(system):
        agent.hired_on = DAY - timedelta(days=5)
        agent.save()
    draw = house.drawn(house.plan(new_days=14))
    own = draw.quotas[agent.code]
    assert (own["is_new"], own["quota"]) == (True, own["population"])


def test_nothing_of_a_draw_is_rewritten_and_a_plan_keeps_its_seeds(house: House) -> None:
    plan, system = house.plan(), house.world.system
    draw = house.drawn(plan)
    for model, change in (
        (Draw, {"seed": "0" * 64}),
        (Draw, {"placed_count": 1}),
        (Plan, {"first_seed": "0" * 64}),
        (Form, {"body": {}}),
    ):
        with activate(system), pytest.raises(ProgrammingError), transaction.atomic():
            model.objects.visible_to(system).update(**change)
    with activate(system):
        told = Entry.objects.visible_to(system).get(action="draw.made")
        assert told.changes["seed"] == [None, draw.seed]


def test_plans_are_the_client_s_and_rivals_know_nothing_of_each_other_s(house: House) -> None:
    plan = house.plan()
    draw = house.drawn(plan)
    rival, vendor = house.scope("boral_vendor_manager"), house.scope("andes_vendor_manager")
    with activate(rival):
        assert not selectors.plan_list(scope=rival).exists()
        for get, uuid in ((selectors.plan_get, plan.uuid), (selectors.draw_get, draw.uuid)):
            with pytest.raises(NotFound):
                get(scope=rival, uuid=uuid)
    with activate(vendor), pytest.raises(Forbidden):
        services.plan_step(scope=vendor, uuid=plan.uuid, expected_version=1, step="end")
    client = house.scope("client_qa")
    with activate(client):
        for values, field in (
            ({"form_code": "NONE"}, "form_code"),
            ({"queue": house.world.vendors["BORAL"].queues[0]}, "queue"),
            ({"rate_percent": 0}, "rate_percent"),
            ({"high": 20}, "high"),
        ):
            with pytest.raises(Invalid) as refusal, transaction.atomic():
                services.plan_update(scope=client, uuid=plan.uuid, expected_version=1, values=values)
            assert field in refusal.value.fields or "__all__" in refusal.value.fields
        ended = services.plan_step(scope=client, uuid=plan.uuid, expected_version=1, step="end")
        with pytest.raises(Conflict):
            services.plan_step(scope=client, uuid=plan.uuid, expected_version=ended.version, step="resume")


def test_no_two_plans_draw_the_same_conversations_for_one_form(house: House) -> None:
    after, client = DAY + timedelta(days=1), house.scope("client_qa")
    orders, support = house.world.vendors["ANDES"].queues[:2]
    first = house.plan(queue=orders)
    same: list[dict[str, Any]] = [{}, {"queue": orders}, {"side": "both"}, {"ends_on": DAY}, {"starts_on": after}]
    for values in same:
        with pytest.raises(Invalid) as refused:
            house.plan(name="Second", **values)
        assert "“Daily”" in refused.value.fields["form_code"][0]
    other: list[dict[str, Any]] = [{"queue": support}, {"side": "vendor"}, {"kind": "ticket"}]
    for number, values in enumerate(other):
        house.plan(name=f"Other {number}", **values)
    house.plan("BORAL", name="Theirs")
    before = house.plan(name="Before", starts_on=DAY - timedelta(days=9), ends_on=DAY - timedelta(days=1))
    with activate(client), pytest.raises(Invalid):
        services.plan_update(scope=client, uuid=before.uuid, expected_version=before.version, values={"ends_on": DAY})
    # What has ended stands in nobody's way after its last draw.
    house.drawn(first)
    with activate(client):
        services.plan_step(scope=client, uuid=first.uuid, expected_version=first.version, step="end")
    with pytest.raises(Invalid):
        house.plan(name="Third", queue=orders)
    house.plan(name="Third", queue=orders, starts_on=after)


def test_what_a_plan_drew_stays_drawn_whatever_becomes_of_the_plan(house: House) -> None:
    plan, client = house.plan(starts_on=DAY - timedelta(days=3)), house.scope("client_qa")
    house.drawn(plan)
    with activate(client):
        values = {"ends_on": DAY - timedelta(days=2)}
        services.plan_update(scope=client, uuid=plan.uuid, expected_version=plan.version, values=values)
    with pytest.raises(Invalid):
        house.plan(name="Again")
    with pytest.raises(Invalid):
        house.plan(name="Again", queue=house.world.vendors["ANDES"].queues[0], ends_on=DAY)
    house.plan(name="After", starts_on=DAY + timedelta(days=1))
