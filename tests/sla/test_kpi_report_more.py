"""The KPI report over the rollups, second half: filters, pages, targets, and whose figures exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.calc.definition import Definition, Kpi, Status
from contracts.models import Contract, Coverage, Target
from core.errors import BadParameter, HouseError, Invalid
from core.periods import half_hours
from core.scope import Scope, activate
from sla.calc.query import Dimension, Interval
from sla.selectors import Row, kpi_report
from tests.sla.rollups import agent_day_add, answered, day_add, days_add, half_hour_add, reason_day_add
from tests.sla.test_kpi_report import ANDES, JUNE_1, SHANGHAI, VOLUME, only, parts, query, scope
from tests.world import World, version_make
from vendors.models import Queue


def test_a_silent_queue_on_a_delivered_day_has_the_volume_zero(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    day_add(andes, andes.queues[0], JUNE_1, **answered(40))
    asked = query((Kpi.SERVICE_LEVEL, Kpi.VOLUME), end=date(2026, 6, 2), group_by=(Dimension.QUEUE,), filters=ANDES)
    silent = kpi_report(scope=scope, query=asked).rows[1]
    assert [cell.result.value for cell in silent.cells] == [None, 0.0]
    assert silent.cells[0].status is Status.NO_DATA


def test_completeness_counts_ended_open_covered_days(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    # Today is the 15th; the 13th came in, the 14th did not, today is not over.
    for day in (13, 15):
        day_add(andes, andes.queues[0], date(2026, 6, day), **answered(1))
    asked = query(start=date(2026, 6, 13), end=date(2026, 6, 20), filters=ANDES)
    found = only(kpi_report(scope=scope, query=asked)).completeness
    assert (found.computed, found.expected, found.is_complete) == (1, 2, False)


def test_closed_days_are_not_expected(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    weekdays = {str(day): [["09:00", "18:00"]] for day in range(5)}
    version = version_make(contract=andes.contract, queues=andes.queues, number=2, effective_from=JUNE_1, signed=False)
    version.service_hours = weekdays
    version.state, version.submitted_by_id, version.signed_by_id = "signed", 1, 2
    version.save()
    found = only(kpi_report(scope=scope, query=query(filters=ANDES))).completeness
    assert found.expected == 5


def test_first_call_resolution_is_provisional_until_follow_ups_can_have_come_in(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    days_add(andes, andes.queues[0], JUNE_1, 14, **answered(100))
    asked = query((Kpi.FCR,), end=date(2026, 6, 15), interval=Interval.DAY, filters=ANDES)
    rows = kpi_report(scope=scope, query=asked).rows
    # Calls are known up to the end of the 14th, the window is seven days: the 7th is the last settled day.
    assert [row.cells[0].is_provisional for row in rows] == [False] * 7 + [True] * 7


def test_first_call_resolution_stays_provisional_while_later_files_are_missing(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    day_add(andes, andes.queues[0], date(2026, 3, 1), **answered(100))
    asked = query((Kpi.FCR,), date(2026, 3, 1), date(2026, 3, 2), filters=ANDES)
    assert only(kpi_report(scope=scope, query=asked)).cells[0].is_provisional


def test_definitions_in_the_row_are_the_versions_of_its_days(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    second = version_make(
        contract=andes.contract,
        queues=andes.queues,
        number=2,
        effective_from=date(2026, 6, 3),
        definition=Definition(threshold_seconds=30),
    )
    day_add(andes, andes.queues[0], date(2026, 6, 2), **answered(10))
    day_add(andes, andes.queues[0], date(2026, 6, 3), version_id=second.pk, **answered(10))
    asked = query(filters=ANDES)
    assert [ref.number for ref in only(kpi_report(scope=scope, query=asked)).versions] == [1, 2]
    first = replace(asked, end=date(2026, 6, 3))
    assert [ref.uuid for ref in only(kpi_report(scope=scope, query=first)).versions] == [andes.version.uuid]


def test_a_target_that_queues_do_not_share_is_not_made_up(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    day_add(andes, andes.queues[0], JUNE_1, **answered(100, within=76))
    row = only(kpi_report(scope=scope, query=query(filters=ANDES)))
    assert row.cells[0].status is Status.BELOW_AMBER
    assert row.cells[0].distance == pytest.approx(-0.04)
    version_make(contract=andes.contract, queues=andes.queues[:1], number=2, effective_from=date(2026, 6, 9))
    later = version_make(
        contract=andes.contract, queues=andes.queues, number=3, effective_from=date(2026, 6, 10), signed=False
    )
    Target.objects.visible_to(scope).filter(contract_version=later, queue=andes.queues[1]).update(goal="0.9")
    later.state, later.submitted_by_id, later.signed_by_id = "signed", 1, 2
    later.save()
    day_add(andes, andes.queues[0], date(2026, 6, 10), version_id=later.pk, **answered(100, within=76))
    asked = query(start=date(2026, 6, 10), end=date(2026, 6, 11), filters=ANDES)
    assert only(kpi_report(scope=scope, query=asked)).cells[0].status is Status.NO_TARGET
    by_queue = kpi_report(scope=scope, query=replace(asked, group_by=(Dimension.QUEUE,))).rows
    assert by_queue[0].cells[0].status is Status.BELOW_AMBER


def test_agents_have_no_figures_of_calls_that_nobody_answered(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    agent_day_add(andes, andes.agents[1], andes.queues[0], JUNE_1, **answered(50))
    asked = query(tuple(Kpi), group_by=(Dimension.AGENT, Dimension.QUEUE))
    row = only(kpi_report(scope=scope, query=asked))
    assert [entity.code for entity in row.groups] == ["ANDES-A2", "ORDERS"]
    missing = {cell.kpi for cell in row.cells if cell.status is Status.NOT_APPLICABLE}
    assert missing == {Kpi.SERVICE_LEVEL, Kpi.CONNECT_RATE, Kpi.ABANDONMENT, Kpi.VOLUME}
    assert row.cell(Kpi.AHT).result.value == 180
    assert row.cell(Kpi.ASA).result.value == 10


def test_calls_without_a_reason_are_a_group_of_their_own(world: World, scope: Scope) -> None:
    from calls.models import CallReason

    andes = world.vendors["ANDES"]
    bill = CallReason.objects.create(vendor=andes.vendor, code="BILL", name="Bills")
    reason_day_add(andes, bill, andes.queues[0], JUNE_1, **answered(50))
    reason_day_add(andes, None, andes.queues[0], JUNE_1, **answered(30))
    rows = kpi_report(scope=scope, query=query(VOLUME, group_by=(Dimension.REASON,))).rows
    assert [(row.groups[0].code, row.groups[0].uuid, parts(row)[0]) for row in rows] == [
        ("", None, 30),
        ("BILL", bill.uuid, 50),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"group_by": (Dimension.AGENT,), "interval": Interval.HOUR}, "interval"),
        ({"group_by": (Dimension.REASON,), "zone": "UTC", "interval": Interval.DAY}, "tz"),
        ({"group_by": (Dimension.AGENT, Dimension.REASON)}, "group_by"),
        ({"interval": Interval.HALF_HOUR, "end": date(2027, 8, 1)}, "to"),
        ({"page_size": 100_001}, "page_size"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_the_parameter_s_name(
    world: World, scope: Scope, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        kpi_report(scope=scope, query=query(**changes))
    assert list(refused.value.fields) == [field]


def test_filters_take_codes_and_uuids(world: World, scope: Scope) -> None:
    andes, boral = world.vendors["ANDES"], world.vendors["BORAL"]
    for home in (andes, boral):
        for n, queue in enumerate(home.queues):
            day_add(home, queue, JUNE_1, offered=10 ** (n + 2 * (home is boral)))
    for filters, expected in (
        ({Dimension.QUEUE: ("ORDERS",)}, 101),
        ({Dimension.QUEUE: (str(boral.queues[1].uuid).upper(),)}, 1000),
        ({Dimension.QUEUE: ("ORDERS",), Dimension.CONTRACT: ("BORAL-2026",)}, 100),
        ({Dimension.VENDOR: (str(andes.vendor.uuid),)}, 11),
    ):
        assert parts(only(kpi_report(scope=scope, query=query(VOLUME, filters=filters))))[0] == expected


def test_pages_hold_every_row_once(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    for bucket in half_hours(JUNE_1, SHANGHAI)[:20]:
        half_hour_add(andes, andes.queues[0], bucket, offered=1)
    for order in ("start", "-start", "volume", "-volume"):
        asked = query(
            VOLUME,
            end=date(2026, 6, 3),
            interval=Interval.HALF_HOUR,
            group_by=(Dimension.QUEUE,),
            filters=ANDES,
            order=order,
        )
        whole = kpi_report(scope=scope, query=asked)
        assert len(whole.rows) == 2 * 48 * 2
        assert whole.next_token is None
        collected: list[Row] = []
        token: str | None = ""
        while token is not None:
            page = kpi_report(scope=scope, query=replace(asked, page_size=17, next_token=token))
            assert len(page.rows) <= 17
            collected += page.rows
            token = page.next_token
        assert [(r.start, r.groups) for r in collected] == [(r.start, r.groups) for r in whole.rows]


def test_a_token_of_another_question_or_of_nobody_is_refused(world: World, scope: Scope) -> None:
    asked = query(group_by=(Dimension.QUEUE,), page_size=1)
    token = kpi_report(scope=scope, query=asked).next_token
    assert token
    for changed in (replace(asked, metrics=VOLUME, next_token=token), replace(asked, next_token="WzEsMV0:x")):
        with pytest.raises(HouseError, match="next_token"):
            kpi_report(scope=scope, query=changed)
    vendor = world.scope("andes_vendor_manager")
    with activate(vendor), pytest.raises(HouseError):
        kpi_report(scope=vendor, query=replace(asked, next_token=token))


def test_a_vendor_s_report_holds_its_own_rows_only(world: World, scope: Scope) -> None:
    for n, home in enumerate(world.vendors.values()):
        day_add(home, home.queues[0], JUNE_1, offered=7 + n)
    asked = query(VOLUME, group_by=(Dimension.VENDOR,))
    assert [row.groups[0].code for row in kpi_report(scope=scope, query=asked).rows] == ["ANDES", "BORAL"]
    vendor = world.scope("boral_vendor_wfm")
    with activate(vendor):
        rows = kpi_report(scope=vendor, query=asked).rows
        assert [(row.groups[0].code, parts(row)[0]) for row in rows] == [("BORAL", 8)]
        for dimension, rival in (
            (Dimension.VENDOR, "ANDES"),
            (Dimension.CONTRACT, "ANDES-2026"),
            (Dimension.AGENT, "ANDES-A1"),
            (Dimension.QUEUE, str(world.vendors["ANDES"].queues[0].uuid)),
        ):
            with pytest.raises(BadParameter, match="Not found") as refused:
                kpi_report(scope=vendor, query=replace(asked, filters={dimension: (rival,)}))
            with pytest.raises(BadParameter, match="Not found") as unknown:
                kpi_report(scope=vendor, query=replace(asked, filters={dimension: ("NO-SUCH",)}))
            assert str(refused.value).replace(rival, "") == str(unknown.value).replace("NO-SUCH", "")


def test_an_agent_sees_its_own_figures_whatever_it_asks_for(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    for n, agent in enumerate(andes.agents):
        agent_day_add(andes, agent, andes.queues[0], JUNE_1, **answered(10 * (n + 1)))
    agent_scope = world.scope("andes_agent")
    with activate(agent_scope):
        for group_by in ((), (Dimension.AGENT,), (Dimension.QUEUE,), (Dimension.VENDOR,)):
            row = only(kpi_report(scope=agent_scope, query=query((Kpi.AHT,), group_by=group_by)))
            assert row.cells[0].result.denominator == 10
        with pytest.raises(BadParameter):
            kpi_report(scope=agent_scope, query=query((Kpi.AHT,), filters={Dimension.AGENT: (andes.agents[1].code,)}))
        with pytest.raises(Invalid):
            kpi_report(scope=agent_scope, query=query((Kpi.AHT,), group_by=(Dimension.REASON,)))


@pytest.mark.parametrize("dimension", Dimension)
def test_a_filter_that_names_nothing_is_refused_by_its_name(scope: Scope, dimension: Dimension) -> None:
    with pytest.raises(BadParameter) as refused:
        kpi_report(scope=scope, query=query(VOLUME, filters={dimension: ("NOWHERE",)}))
    assert refused.value.details == {"parameter": dimension.value}


def test_every_measure_is_there_when_the_parts_are_asked_for(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    day_add(andes, andes.queues[0], JUNE_1, **answered(40, within=30, abandoned=5, short=2))
    row = only(kpi_report(scope=scope, query=query(parts=True, filters=ANDES)))
    assert {name: row.measures[name] for name in ("offered", "answered", "abandoned", "abandoned_short")} == {
        "offered": 45,
        "answered": 40,
        "abandoned": 5,
        "abandoned_short": 2,
    }


@pytest.mark.parametrize("interval", [Interval.DAY, Interval.HALF_HOUR])
def test_the_number_of_queries_does_not_grow_with_the_rows(world: World, scope: Scope, interval: Interval) -> None:
    andes = world.vendors["ANDES"]
    asked = query((Kpi.SERVICE_LEVEL, Kpi.FCR), interval=interval, group_by=(Dimension.QUEUE,))
    counts = []
    for days in (range(10), range(10, 20)):
        for n in days:
            half_hour_add(andes, andes.queues[0], half_hours(date(2026, 5, 20) + timedelta(n), SHANGHAI)[9], offered=1)
        with CaptureQueriesContext(connection) as captured:
            kpi_report(scope=scope, query=replace(asked, start=date(2026, 5, 20), end=date(2026, 6, 12)))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 11


def test_a_contract_in_the_making_does_not_exist_for_its_vendor(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    queue = Queue.objects.create(vendor=andes.vendor, code="NEXT", name="Next")
    made = Contract.objects.create(
        vendor=andes.vendor, code="NEXT", name="Next", zone=SHANGHAI, starts_on=date(2026, 6, 1)
    )
    Coverage.objects.create(vendor=andes.vendor, contract=made, queue=queue, starts_on=date(2026, 6, 1))
    version_make(contract=made, queues=[queue], effective_from=date(2026, 6, 1), signed=False)
    asked = query(group_by=(Dimension.CONTRACT,))
    assert "NEXT" in {row.groups[0].code for row in kpi_report(scope=scope, query=asked).rows}
    vendor = world.scope("andes_vendor_manager")
    with activate(vendor):
        assert [row.groups[0].code for row in kpi_report(scope=vendor, query=asked).rows] == ["ANDES-2026"]
        with pytest.raises(BadParameter, match="Not found"):
            kpi_report(scope=vendor, query=replace(asked, filters={Dimension.CONTRACT: ("NEXT",)}))
