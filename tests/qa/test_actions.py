"""Improvement actions: from a finding over a pilot and a check to a decision, and never around the check."""

from __future__ import annotations

import contextlib
import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.errors import Conflict, Forbidden, HouseError, Invalid, NotFound
from core.scope import Scope, activate
from qa import selectors, services
from qa.calc.improvement import EDGES, NEED_CHECK, State, Step, next_state
from qa.models import Improvement
from tests.oracle import Row
from tests.sla.feed import drain, load
from tests.world import World
from vendors.models import Agent

# Baseline 1st to 14th, pilot from the 15th, window to the 28th of May.
START = date(2026, 5, 15)
OVER = datetime(2026, 5, 29, 4, tzinfo=UTC)
STARTED = datetime(2026, 5, 15, 4, tzinfo=UTC)
PILOT, CONTROL = ["ANDES-A1", "ANDES-A2"], ["ANDES-A3", "ANDES-A4"]


@dataclass
class Desk:
    """Handles to a vendor whose pilot talks shorter from the start on."""

    world: World

    def scope(self, name: str = "programme_manager", at: datetime = STARTED) -> Scope:
        return self.world.scope(name, at=at)

    def plan(self, name: str = "programme_manager", code: str = "ANDES", **values: Any) -> Improvement:
        scope = self.scope(name)
        given: dict[str, Any] = {
            "title": "Shorter wrap-up", "problem": "AHT is too high", "measure": "Templates for notes",
            "metric": "aht", "target": "150", "pilot": PILOT, "control": CONTROL,
        } | values  # fmt: skip
        with activate(scope):
            return services.improvement_plan(scope=scope, contract=self.world.vendors[code].contract, values=given)

    def step(self, action: Improvement, step: Step, name: str = "programme_manager", **more: Any) -> Improvement:
        scope = self.scope(name, more.pop("at", STARTED))
        with activate(scope):
            now = selectors.improvement_get(scope=scope, uuid=action.uuid)
            more.setdefault("text", "Because.")
            return services.improvement_step(
                scope=scope, uuid=action.uuid, step=step, expected_version=now.version, **more
            )

    def check(self, action: Improvement, at: datetime = OVER, name: str = "programme_manager", **more: Any) -> Any:
        scope = self.scope(name, at)
        with activate(scope):
            return services.improvement_check(scope=scope, uuid=action.uuid, **more)

    def checking(self, **values: Any) -> Improvement:
        """Return an action whose pilot runs and whose check has begun."""
        action = self.step(self.plan(**values), Step.START_PILOT, starts_on=START)
        return self.step(action, Step.START_CHECK)

    def calls(self, last: date = date(2026, 5, 28)) -> None:
        """Load four calls a day of four agents: the pilot's fall from 200 to 140 s, the control's to 190."""
        rows = []
        for n in range((last - date(2026, 5, 1)).days + 1):
            day = date(2026, 5, 1) + timedelta(days=n)
            for number in range(16):
                agent = f"ANDES-A{number % 4 + 1}"
                talk = 200 if day < START else (140 if agent in PILOT else 190)
                offered = datetime(day.year, day.month, day.day, 2, tzinfo=UTC) + timedelta(minutes=5 * number)
                # Agents differ, so that the effect has a spread.
                talk += (number % 4) * (2 if day < START else 3)
                rows.append(
                    Row(
                        external_id=f"I{n:03}{number:03}", queue="ORDERS" if number % 2 else "SUPPORT",
                        offered_at=offered, answered_at=offered + timedelta(seconds=5), outcome="answered", wait=5,
                        talk=talk, hold=0, wrap=0, agent=agent, reason=None,
                    )
                )  # fmt: skip
        load(rows, scope=self.world.system, vendor=self.world.vendors["ANDES"])
        drain(self.world.system)


@pytest.fixture
def desk(world: World) -> Desk:
    andes = world.vendors["ANDES"]
    with activate(world.system):
        Agent.objects.create(vendor=andes.vendor, site=andes.site, code="ANDES-A4", name="ANDES Agent 4", team="T2")
    found = Desk(world)
    found.calls()
    return found


def test_the_baseline_is_counted_by_the_system_from_the_days_before(desk: Desk) -> None:
    action = desk.step(desk.plan(), Step.START_PILOT, starts_on=START)
    assert (action.baseline_first, action.baseline_last) == (date(2026, 5, 1), date(2026, 5, 14))
    # Two agents, 14 days, four calls a day: 200 and 202 seconds.
    assert action.baseline_denominator == 112
    assert action.baseline_numerator == 56 * 200 + 56 * 202
    assert action.state == State.DO
    assert action.due_on == date(2026, 5, 29)


def test_a_check_compares_what_pilot_and_control_changed(desk: Desk) -> None:
    check = desk.check(desk.checking())
    # Pilot: 140-200 and 143-202; control: 196-204 and 199-206.
    assert check.effect == pytest.approx(((140 - 200) + (143 - 202)) / 2 - ((196 - 204) + (199 - 206)) / 2)
    assert (check.method, check.verdict) == ("units", "reached")
    assert check.low < check.effect < check.high < 0
    cells = check.figures["cells"]
    assert cells["pilot_after"] == {"numerator": 56 * 140 + 56 * 143, "denominator": 112, "n": 112}
    assert [unit["key"] for unit in check.figures["units"]] == PILOT + CONTROL


def test_nothing_is_acted_on_before_the_check_and_no_check_runs_before_its_window_is_complete(desk: Desk) -> None:
    action = desk.checking()
    for step in (Step.ROLL_OUT, Step.SEND_BACK):
        with pytest.raises(Conflict) as refused:
            desk.step(action, step, at=OVER)
        assert refused.value.code == "not_checked"
    with pytest.raises(Conflict) as refused:
        desk.check(action, at=OVER - timedelta(days=1))
    assert refused.value.code == "window_open"
    desk.check(action)
    assert desk.step(action, Step.ROLL_OUT, at=OVER).state == State.ROLLED_OUT


def test_a_day_without_its_calls_keeps_the_window_open(world: World) -> None:
    andes = world.vendors["ANDES"]
    with activate(world.system):
        Agent.objects.create(vendor=andes.vendor, site=andes.site, code="ANDES-A4", name="ANDES Agent 4", team="T2")
    desk = Desk(world)
    desk.calls(last=date(2026, 5, 27))
    action = desk.checking()
    with pytest.raises(Conflict) as refused:
        desk.check(action, at=OVER + timedelta(days=20))
    assert refused.value.code == "window_open"
    scope = desk.scope(at=OVER)
    with activate(scope):
        figures = selectors.figures_of(scope=scope, improvement=action)
    assert figures is not None
    assert figures.final_through == date(2026, 5, 27)


def test_a_check_of_a_former_round_counts_for_nothing(desk: Desk) -> None:
    action = desk.checking()
    desk.check(action)
    desk.step(action, Step.SEND_BACK, at=OVER)
    again = desk.step(action, Step.PLAN_AGAIN, at=OVER)
    assert (again.round, again.starts_on, again.state) == (2, None, State.PLAN)
    desk.step(action, Step.START_PILOT, at=OVER, starts_on=date(2026, 5, 28))
    desk.step(action, Step.START_CHECK, at=OVER)
    with pytest.raises(Conflict):
        desk.step(action, Step.ROLL_OUT, at=OVER)


def test_figures_that_the_system_has_are_never_typed(desk: Desk) -> None:
    cells = dict.fromkeys(("pilot_before", "pilot_after", "control_before", "control_after"), (1, 2))
    with pytest.raises(Invalid):
        desk.check(desk.checking(), cells=cells, source="my sheet")
    with pytest.raises(Invalid):
        desk.plan(baseline_source="my sheet")


def test_a_share_that_the_system_does_not_have_is_typed_with_its_source(desk: Desk) -> None:
    given = {"metric": "other", "metric_name": "Complaints solved", "target": "0.9", "direction": "higher"}
    action = desk.checking(**given)
    cells = {"pilot_before": (160, 200), "pilot_after": (180, 200), "control_before": (240, 300)}
    with pytest.raises(Invalid) as refused:
        desk.check(action, cells=cells, source="")
    assert set(refused.value.fields) == {"control_after", "source"}
    check = desk.check(action, cells={**cells, "control_after": (243, 300)}, source="Complaint log of May")
    assert (check.effect, check.verdict) == (pytest.approx(0.09), "unsure")
    assert [round(check.low, 4), round(check.high, 4)] == [-0.0044, 0.1844]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"pilot": ["NOBODY"]}, "pilot"),
        ({"control": PILOT}, "control"),
        ({"metric": "service_level", "target": "0.8"}, "group_by"),
        ({"metric": "qa_score", "target": "0.8", "form_code": "NONE"}, "form_code"),
        ({"metric": "fcr", "target": "80"}, "target"),
        ({"title": " "}, "title"),
    ],
)
def test_a_plan_that_could_not_be_checked_is_refused_beside_its_field(
    desk: Desk, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        desk.plan(**values)
    assert field in refused.value.fields


def test_a_pilot_needs_both_groups_and_a_measure(desk: Desk) -> None:
    lacking: list[dict[str, Any]] = [{"control": []}, {"measure": ""}]
    for values in lacking:
        with pytest.raises(Invalid):
            desk.step(desk.plan(**values), Step.START_PILOT)


def test_what_an_action_is_measured_by_stands_from_the_start_on(desk: Desk) -> None:
    action = desk.step(desk.plan(), Step.START_PILOT, starts_on=START)
    scope = desk.scope()
    with activate(scope):
        with pytest.raises(Conflict):
            services.improvement_change(
                scope=scope, uuid=action.uuid, expected_version=action.version, values={"target": 100}
            )
        changed = services.improvement_change(
            scope=scope, uuid=action.uuid, expected_version=action.version, values={"cause": "No templates"}
        )
    assert changed.cause == "No templates"


def test_both_sides_work_on_it_and_the_rival_and_agents_know_of_none(desk: Desk) -> None:
    action = desk.plan("andes_vendor_supervisor")
    desk.step(action, Step.START_PILOT, "andes_vendor_manager", starts_on=START)
    desk.step(action, Step.START_CHECK, "client_qa")
    for name in ("boral_vendor_manager", "boral_vendor_supervisor"):
        with pytest.raises(NotFound):
            desk.step(action, Step.START_CHECK, name)
        scope = desk.scope(name)
        with activate(scope):
            assert not selectors.improvement_list(scope=scope).exists()
            with pytest.raises(NotFound):
                services.improvement_check(scope=scope, uuid=action.uuid)
            with pytest.raises(NotFound):
                services.improvement_comment(scope=scope, uuid=action.uuid, text="What is this?")
    for name in ("andes_agent", "auditor", "andes_vendor_wfm"):
        with pytest.raises(Forbidden):
            desk.step(action, Step.START_CHECK, name)


def test_vendor_and_client_get_the_same_check(desk: Desk) -> None:
    action = desk.checking()
    one, other = desk.check(action), desk.check(action, name="andes_vendor_qa")
    assert (one.effect, one.low, one.high, one.figures) == (other.effect, other.low, other.high, other.figures)


def test_an_owner_is_told_once_of_each_due_day(desk: Desk) -> None:
    desk.plan()
    late = replace(desk.world.system, at=STARTED + timedelta(days=40))
    assert services.improvements_overdue(scope=late) == 1
    assert services.improvements_overdue(scope=late) == 0


def test_no_walk_leaves_the_edges(desk: Desk) -> None:
    """Walks that try everything everywhere: only the edges of the rules are taken, and none to act unchecked."""
    dice, taken = random.Random(20260529), set()
    for number in range(12):
        action = desk.plan(title=f"Walk {number}")
        for _try in range(40):
            with activate(desk.scope(at=OVER)) as scope:
                now = selectors.improvement_get(scope=scope, uuid=action.uuid)
                is_checked = selectors.improvement_check_of(scope=scope, improvement=now) is not None
            former, step = State(now.state), dice.choice([*Step, "check"])
            if step == "check":
                with contextlib.suppress(Conflict):
                    desk.check(action)
                    assert former is State.CHECK
                continue
            try:
                after = State(desk.step(action, Step(step), at=OVER, starts_on=START).state)
            except HouseError:
                assert next_state(former, Step(step), is_checked=is_checked) is None
                continue
            assert EDGES[former, Step(step)] is after
            assert step not in NEED_CHECK or is_checked
            taken.add((former, step))
    assert taken == set(EDGES)
