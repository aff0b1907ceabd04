"""Where answers are booked in the half-hour of the answer, and what totals are judged by: no ratio above one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from contracts.calc.definition import Bucketing, Definition, Kpi
from contracts.models import Target
from core.scope import activate
from sla.calc.kpi import RECIPES, Unit
from sla.calc.query import Dimension, Interval, KpiQuery
from sla.selectors import kpi_report
from tests.oracle import Row
from tests.sla.feed import drain, load
from tests.sla.rollups import answered, day_add
from tests.world import NOW, World, version_make

MAY = date(2026, 5, 1)
RATIOS = tuple(kpi for kpi in RECIPES if RECIPES[kpi].unit is Unit.RATIO)
# Half a minute before the month's end in Shanghai.
LATE = datetime(2026, 5, 31, 15, 59, 30, tzinfo=UTC)


@pytest.fixture
def by_answer(world: World) -> World:
    """Book ANDES' answers where they happen; ten callers of the last minute of May are answered in June."""
    home, scope = world.vendors["ANDES"], world.system
    with activate(scope):
        definition = replace(Definition(), bucketing=Bucketing.ANSWER)
        version_make(contract=home.contract, queues=home.queues, definition=definition, effective_from=MAY, number=2)
    late = [
        Row(external_id=f"L{n}", queue="ORDERS", offered_at=LATE + timedelta(seconds=n), wait=120, talk=60,
            answered_at=LATE + timedelta(seconds=n + 120), outcome="answered", customer=f"+86138{n:08}", csat=5)
        for n in range(10)
    ]  # fmt: skip
    early = [replace(late[n], external_id=f"E{n}", offered_at=LATE + timedelta(seconds=40 + n)) for n in range(3)]
    gone = [replace(early[0], external_id="G", outcome="abandoned", answered_at=None, talk=None, csat=None)]
    load([*late, *early, *gone], scope=scope, vendor=home)
    drain(scope)
    return world


@pytest.mark.parametrize("interval", [Interval.HALF_HOUR, Interval.HOUR, Interval.DAY, Interval.MONTH, Interval.TOTAL])
def test_no_stretch_of_time_has_more_that_met_than_there_were(by_answer: World, interval: Interval) -> None:
    query = KpiQuery(RATIOS, date(2026, 6, 1), date(2026, 7, 1), interval=interval)
    with activate(by_answer.scope("programme_manager")) as scope:
        for group_by in ((), (Dimension.CONTRACT,), (Dimension.QUEUE,)):
            rows = kpi_report(scope=scope, query=replace(query, group_by=group_by)).rows
            for cell in (cell for row in rows for cell in row.cells):
                assert cell.result.numerator <= (cell.result.denominator or 0)
                assert cell.result.interval is None or cell.result.interval[0] >= 0
        total = kpi_report(scope=scope, query=replace(query, interval=Interval.TOTAL)).rows[0]
    # Ten of May and three of June were answered in June; one of June hung up.
    assert (total.cell(Kpi.CONNECT_RATE).result.numerator, total.cell(Kpi.CONNECT_RATE).result.denominator) == (13, 14)


def test_the_interface_answers_such_months(by_answer: World) -> None:
    client = Client()
    client.force_login(by_answer.users["programme_manager"])
    asked = "/api/v1/kpis?metrics=connect_rate&group_by=contract&from=2026-06-01&to=2026-07-01"
    assert client.get(asked).status_code == 200


def test_a_total_is_not_judged_by_the_target_of_one_of_its_queues(world: World) -> None:
    home, day = world.vendors["ANDES"], date(2026, 6, 1)
    kept, free = home.queues
    with activate(world.scope("programme_manager")) as scope:
        version = version_make(contract=home.contract, queues=home.queues, effective_from=MAY, number=2, signed=False)
        Target.objects.visible_to(scope).filter(contract_version=version, queue=free).delete()
        version.state, version.submitted_by_id, version.signed_by_id, version.signed_at = "signed", 1, 2, NOW
        version.save()
        day_add(home, kept, day, version_id=version.pk, **answered(10, within=10))
        day_add(home, free, day, version_id=version.pk, **answered(100, within=0))
        query = KpiQuery((Kpi.SERVICE_LEVEL,), day, date(2026, 6, 2), filters={Dimension.VENDOR: ("ANDES",)})
        total = kpi_report(scope=scope, query=query).rows[0]
        assert (total.cells[0].target, total.cells[0].result.denominator) == (None, 110)
        by_queue = kpi_report(scope=scope, query=replace(query, group_by=(Dimension.QUEUE,))).rows
        assert sorted(row.cells[0].target is None for row in by_queue) == [False, True]
    client = Client()
    client.force_login(world.users["programme_manager"])
    page = client.get(f"/contracts/{home.contract.uuid}/kpis/?from=2026-06-01&to=2026-06-01").content.decode()
    assert "minimum missed" not in page.lower()


def test_a_total_over_contracts_and_amendments_keeps_the_target_that_all_share(world: World) -> None:
    day = date(2026, 6, 1)
    with activate(world.scope("programme_manager")) as scope:
        for home in world.vendors.values():
            day_add(home, home.queues[0], day, **answered(10, within=9))
        query = KpiQuery((Kpi.SERVICE_LEVEL,), day, date(2026, 6, 2))
        total = kpi_report(scope=scope, query=query).rows[0]
        assert total.cells[0].target is not None
        assert float(total.cells[0].target.goal) == 0.8
        # A version that is signed for one of the queues alone takes nothing from the other's target.
        home = world.vendors["ANDES"]
        later = version_make(contract=home.contract, queues=home.queues[:1], effective_from=date(2026, 6, 2), number=2)
        day_add(home, home.queues[0], date(2026, 6, 2), version_id=later.pk, **answered(10, within=9))
        query = replace(query, end=date(2026, 6, 3), filters={Dimension.VENDOR: ("ANDES",)})
        assert kpi_report(scope=scope, query=query).rows[0].cells[0].target is not None
