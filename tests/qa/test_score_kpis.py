"""QA KPIs by contract and day: the same numbers as the scores, and never before both sides may know them."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from core.scope import activate
from qa import selectors, services
from qa.calc.forms import Family
from qa.calc.kpis import PARTS_OF_ONE, QaKpi
from qa.models import Evaluation, ScoreMark
from qa.selectors import Group
from sla.models import MeasuredDay
from tests.qa.house import DAY, House, house_make, own_view
from tests.world import World

Kept = dict[tuple[date, str], tuple[int, int]]


@pytest.fixture
def house(world: World) -> House:
    """A vendor with calls of one day."""
    found = house_make(world)
    found.calls(300)
    return found


def counted(house: House) -> int:
    """Count what is marked, as the tick does; return how many days."""
    days = 0
    while found := services.score_days_count(scope=house.world.system):
        days += found
    return days


def kept(house: House) -> Kept:
    """Return day and KPI to numerator and denominator."""
    system = house.world.system
    with activate(system):
        rows = MeasuredDay.objects.visible_to(system).order_by("day", "kpi")
        return {(row.day, row.kpi): (row.numerator, row.denominator) for row in rows}


def test_the_days_add_up_to_the_scores_of_the_period(house: House) -> None:
    house.drawn(house.plan(side="both", rate_percent=15, ends_on=DAY))
    second = DAY + timedelta(days=1)
    house.calls(200, day=second, mark="D")
    house.drawn(house.plan(name="Adaptive", side="both", method="adaptive", starts_on=second), second)
    system = house.world.system
    with activate(system):
        rows = Evaluation.objects.visible_to(system)
        for n, row in enumerate(rows.order_by("side", "day", "reference")):
            families = {"customer": n % 9 == 0, "business": False} | ({"compliance": n % 4 == 0} if n % 2 else {})
            rows.filter(pk=row.pk).update(state="final", earned=70 + n % 31, possible=101, families=families)
    assert services.score_days_mark(scope=system) == 2
    assert counted(house) == 2
    found, client = kept(house), house.scope("client_qa")
    for side in ("client", "vendor"):
        asked = {"side": side, "form_code": "SERVICE", "first": DAY, "last": second}
        with activate(client):
            [told] = selectors.scores_by(scope=client, group=Group.CONTRACT, **asked)  # type: ignore[arg-type]
        sums = [sum(found[day, f"qa_score_{side}"][part] for day in (DAY, second)) for part in (0, 1)]
        assert sums[1] == told.score.denominator * PARTS_OF_ONE
        # Each day is rounded to a ten-thousandth of a conversation.
        assert abs(Fraction(sums[0], PARTS_OF_ONE) - told.score.numerator) <= Fraction(1, PARTS_OF_ONE)
        for family in Family:
            name = f"qa_{family.value}_accuracy_{side}"
            share = told.accuracy[family]
            assert [sum(found[day, name][part] for day in (DAY, second)) for part in (0, 1)] == [
                share.numerator,
                share.denominator,
            ]
    assert {kpi for _day, kpi in found} == {kpi.value for kpi in QaKpi}


def test_a_score_counts_once_it_is_released_and_both_sides_have_their_own(house: House) -> None:
    house.drawn(house.plan(side="both"))
    counted(house)
    done = house.submitted("client_qa", {"tone": "p3"})
    counted(house)
    assert kept(house) == {}
    client = house.scope("client_qa")
    with activate(client):
        services.evaluation_release(scope=client, uuid=done.uuid)
    counted(house)
    # The vendor is to evaluate the same call without knowing the client's view.
    assert kept(house) == {}
    own_view(house, done.reference)
    assert counted(house) == 1
    found = kept(house)
    assert {kpi for _day, kpi in found} >= {"qa_score_client", "qa_customer_accuracy_client"}
    assert not any(kpi.endswith("vendor") for _day, kpi in found)
    numerator, denominator = found[DAY, "qa_score_client"]
    earned, possible = done.earned or 0, done.possible or 1
    assert abs(Fraction(numerator, denominator) - Fraction(earned) / Fraction(possible)) < Fraction(1, 1_000_000)


def test_what_is_revised_is_counted_anew(house: House) -> None:
    house.drawn(house.plan())
    done = house.released("client_qa", {"tone": "p3"})
    counted(house)
    numerator, denominator = kept(house)[DAY, "qa_score_client"]
    assert numerator < denominator
    lead, second = house.scope("andes_vendor_supervisor"), house.scope("programme_manager")
    with activate(lead):
        services.evaluation_dispute(scope=lead, uuid=done.uuid, lines={"tone": "it was friendly"})
    # What is disputed counts as it stands until somebody decides.
    assert counted(house) == 0
    with activate(second):
        services.evaluation_decide(scope=second, uuid=done.uuid, text="It was.", answers={"tone": "p5"})
    assert counted(house) == 1
    assert kept(house)[DAY, "qa_score_client"] == (denominator, denominator)
    # Whatever is gone leaves no figure behind.
    system = house.world.system
    with activate(system):
        Evaluation.objects.visible_to(system).filter(pk=done.pk).update(draw=None)
    services.score_days_mark(scope=system)
    counted(house)
    assert kept(house) == {}


def test_a_counted_day_leaves_no_mark(house: House) -> None:
    house.drawn(house.plan())
    assert counted(house) == 1
    system = house.world.system
    with activate(system):
        assert not ScoreMark.objects.visible_to(system).exists()
    assert services.score_days_count(scope=system) == 0


def test_programs_read_the_days_as_they_are_kept(house: House) -> None:
    house.drawn(house.plan())
    house.released("client_qa", {"tone": "p3"})
    counted(house)
    asked = {"from": DAY.isoformat(), "to": (DAY + timedelta(days=1)).isoformat()}
    answer = got(house, "client_qa", "/api/v1/qa-kpis", **asked, interval="day", kpi="qa_score_client")
    [row] = answer["results"]
    assert (row["numerator"], row["denominator"]) == kept(house)[DAY, "qa_score_client"]
    assert row["value"] == row["numerator"] / row["denominator"]
    assert row["start"] == DAY.isoformat()
    assert got(house, "boral_vendor_qa", "/api/v1/qa-kpis", **asked)["results"] == []
    [score] = got(house, "client_qa", "/api/v1/qa-scores", **asked, form="SERVICE", by="contract")["results"]
    assert score["denominator"] * PARTS_OF_ONE == row["denominator"]
    assert set(score["accuracy"]) >= {"customer"}
    refused = Client()
    refused.force_login(house.world.users["client_qa"])
    assert refused.get("/api/v1/qa-scores", {**asked, "form": "NONE"}).status_code == 400


def got(house: House, name: str, path: str, **asked: str) -> Any:
    """Read something over the interface as somebody."""
    client = Client()
    client.force_login(house.world.users[name])
    answer = client.get(path, asked)
    assert answer.status_code == 200, answer.content
    return answer.json()
