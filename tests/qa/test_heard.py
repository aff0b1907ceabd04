"""What customers made of the calls that both sides scored stands beside the gap, by the definitions of record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from calls.selectors import call_get
from core.scope import activate
from qa import selectors
from qa.calc.watch import Heard
from qa.models import Evaluation
from qa.selectors import Asked
from tests.oracle import Row
from tests.qa.house import DAY, House, house_make
from tests.sla.feed import load
from tests.world import World
from tickets import services as tickets

ASKED = Asked("client", "SERVICE", DAY, DAY)
MIDNIGHT = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) - timedelta(hours=8)


def call(n: int, *, csat: int | None, customer: str, hours: float) -> Row:
    """Return an answered call of the day."""
    offered = MIDNIGHT + timedelta(hours=hours)
    return Row(
        external_id=f"H{n}", queue="ORDERS", offered_at=offered, answered_at=offered + timedelta(seconds=5),
        outcome="answered", wait=5, talk=120, agent="ANDES-A1", reason="BILL", csat=csat, customer=customer,
    )  # fmt: skip


@pytest.fixture
def house(world: World) -> House:
    """Five calls of four customers: one comes back after five hours; all were scored by both sides."""
    found = house_make(world)
    rows = [
        call(1, csat=5, customer="8601", hours=9),
        call(2, csat=1, customer="8602", hours=10),
        call(3, csat=None, customer="8603", hours=11),
        call(4, csat=4, customer="8604", hours=12),
        call(5, csat=2, customer="8601", hours=14),
    ]
    load(rows, scope=world.system, vendor=world.vendors["ANDES"])
    found.drawn(found.plan(side="both", rate_percent=100))
    lead = world.users["andes_vendor_supervisor"]
    with activate(world.system):
        evaluations = Evaluation.objects.visible_to(world.system)
        for row in evaluations.filter(side="vendor"):
            own = {"evaluator_id": lead.pk, "evaluator_name": "Ana"}
            evaluations.filter(pk=row.pk).update(state="final", earned=100, possible=100, **own)
        evaluations.filter(side="client").update(state="final", earned=80, possible=100, evaluator_id=1)
    return found


def test_answers_repeats_and_complaints_are_those_of_the_same_calls(house: House) -> None:
    manager = house.scope("programme_manager")
    contract = house.world.vendors["ANDES"].contract
    with activate(manager):
        heard = selectors.watch_list(scope=manager, asked=ASKED)[0].heard
        # Top boxes are 4 and 5; the first customer came back.
        assert heard == Heard(satisfied=2, answers=4, again=1, judged=5, complained=0, calls=5)
        for number, is_complaint in ((2, True), (3, False)):
            found = call_get(scope=manager, contract_uuid=contract.uuid, external_id=f"H{number}")
            values = {"source": "call", "text": "Hm.", "is_complaint": is_complaint, "kind": "attitude"}
            tickets.feedback_register(scope=manager, contract=contract, values=values, call=found)
        heard = selectors.watch_list(scope=manager, asked=ASKED, by_house=True)[0].heard
        assert (heard.complained, heard.calls) == (1, 5)


def test_whoever_may_not_see_complaints_is_told_none(house: House) -> None:
    scope = house.scope("programme_manager")
    blind = replace(scope, permissions=scope.permissions - {"complaints.view", "kpis.view"})
    with activate(blind):
        assert selectors.watch_list(scope=blind, asked=ASKED)[0].heard == Heard(None, None, None, None, None, 5)
