"""The KPI report over the rollups: grain, zones, bounds, roll-up, filters, pages, and whose figures exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from contracts.calc.definition import Definition, Kpi, Status
from contracts.models import Contract, Coverage, Target
from core.errors import HouseError, Invalid
from core.periods import half_hours
from core.scope import VENDOR, Scope, activate
from sla.calc.derivation import LeftOut, left_out
from sla.calc.query import Dimension, Interval, KpiQuery
from sla.models import QueueDay
from sla.selectors import KpiReport, Row, kpi_report
from tests.sla.rollups import agent_day_add, answered, day_add, days_add, half_hour_add, reason_day_add
from tests.world import VendorWorld, World, vendor_make, version_make
from vendors.models import Queue

SHANGHAI, BERLIN, KATHMANDU = "Asia/Shanghai", "Europe/Berlin", "Asia/Kathmandu"
JUNE_1 = date(2026, 6, 1)
SL = (Kpi.SERVICE_LEVEL,)
VOLUME = (Kpi.VOLUME,)


ANDES = {Dimension.VENDOR: ("ANDES",)}


@pytest.fixture
def scope(world: World) -> Iterator[Scope]:
    """The client's programme manager, on the database."""
    with activate(world.scope("programme_manager")) as active:
        yield active


def query(
    metrics: tuple[Kpi, ...] = SL,
    start: date | datetime = JUNE_1,
    end: date | datetime = date(2026, 6, 8),
    **changes: Any,
) -> KpiQuery:
    return replace(KpiQuery(metrics, start, end), **changes)


def parts(row: Row) -> tuple[int, int | None]:
    return row.cells[0].result.numerator, row.cells[0].result.denominator


def moment(row: Row) -> datetime:
    assert isinstance(row.start, datetime)
    return row.start.astimezone(UTC)


def only(report: KpiReport) -> Row:
    assert len(report.rows) == 1
    return report.rows[0]


def test_numerators_and_denominators_add_up_over_everything(world: World, scope: Scope) -> None:
    andes, boral = world.vendors["ANDES"], world.vendors["BORAL"]
    day_add(andes, andes.queues[0], JUNE_1, service_met=725, service_base=1092, offered=1092)
    day_add(boral, boral.queues[1], date(2026, 6, 2), service_met=37, service_base=74, offered=74)
    row = only(kpi_report(scope=scope, query=query()))
    assert parts(row) == (762, 1166)
    assert f"{row.cells[0].result.value:.2%}" == "65.35%"
    assert len(row.versions) == 2


def test_calls_without_signed_terms_enter_plain_figures_only(world: World, scope: Scope) -> None:
    home = world.vendors["ANDES"]
    day_add(home, home.queues[0], JUNE_1, **answered(40, within=30, abandoned=10))
    QueueDay.objects.create(
        vendor_id=home.contract.vendor_id, contract_id=home.contract.pk, queue_id=home.queues[1].pk, day=JUNE_1,
        offered=60, answered=50, abandoned=10, handled=50, wait_seconds=500, talk_seconds=100,
    )  # fmt: skip
    kpis = (Kpi.SERVICE_LEVEL, Kpi.CONNECT_RATE, Kpi.ABANDONMENT, Kpi.CSAT, Kpi.FCR)
    asked = replace(query(), metrics=(*kpis, Kpi.ASA, Kpi.VOLUME), filters={Dimension.VENDOR: ("ANDES",)})
    total = only(kpi_report(scope=scope, query=asked))
    assert parts(total) == (30, 50)
    connected = total.cell(Kpi.CONNECT_RATE).result
    assert (connected.numerator, connected.denominator) == (40, 50)
    assert total.cell(Kpi.VOLUME).result.value == 110
    assert total.cell(Kpi.ASA).result.denominator == 90
    by_queue = kpi_report(scope=scope, query=replace(asked, group_by=(Dimension.QUEUE,))).rows
    unsigned = next(row for row in by_queue if row.groups[0].pk == home.queues[1].pk)
    assert {unsigned.cell(kpi).status for kpi in kpis} == {Status.NO_DATA}
    assert unsigned.cell(Kpi.ASA).result.value == 10
    row = only(kpi_report(scope=scope, query=replace(asked, parts=True)))
    assert left_out(Kpi.CONNECT_RATE, row.measures, [Definition()]) == [(LeftOut.NO_TERMS, 60)]


@pytest.mark.parametrize(
    ("interval", "starts"),
    [
        (Interval.DAY, ["2026-05-30", "2026-05-31", "2026-06-01", "2026-06-02"]),
        (Interval.WEEK, ["2026-05-30", "2026-06-01"]),
        (Interval.MONTH, ["2026-05-30", "2026-06-01"]),
        (Interval.TOTAL, ["2026-05-30"]),
    ],
)
def test_days_weeks_and_months_are_clipped_to_the_period(
    world: World, scope: Scope, interval: Interval, starts: list[str]
) -> None:
    andes = world.vendors["ANDES"]
    days_add(andes, andes.queues[0], date(2026, 5, 29), 6, service_met=1, service_base=2, offered=2)
    asked = query(start=date(2026, 5, 30), end=date(2026, 6, 3), interval=interval, group_by=(Dimension.CONTRACT,))
    asked = replace(asked, filters={Dimension.VENDOR: ("ANDES",)})
    rows = kpi_report(scope=scope, query=asked).rows
    assert [f"{row.start:%Y-%m-%d}" for row in rows] == starts
    assert sum(row.cells[0].result.denominator or 0 for row in rows) == 8
    assert rows[0].start.isoformat() == "2026-05-30T00:00:00+08:00"
    assert rows[-1].end.isoformat() == "2026-06-03T00:00:00+08:00"


def house_in(world: World, zone: str) -> VendorWorld:
    """Add a vendor whose contract counts in another zone."""
    organization = Organization.objects.create(side=VENDOR, name=f"House in {zone}")
    with activate(world.system):
        return vendor_make(organization=organization, code="THIRD", zone=zone)


THIRD = {Dimension.VENDOR: ("THIRD",)}
LATER = datetime(2026, 11, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "half_hour_count", "hour_count"),
    [(date(2026, 3, 29), 46, 23), (date(2026, 6, 1), 48, 24), (date(2026, 10, 25), 50, 25)],
)
def test_days_of_46_48_and_50_half_hours(world: World, day: date, half_hour_count: int, hour_count: int) -> None:
    home = house_in(world, BERLIN)
    buckets = half_hours(day, BERLIN)
    with activate(world.scope("programme_manager", at=LATER)) as scope:
        for n, bucket in enumerate(buckets):
            half_hour_add(home, home.queues[0], bucket, offered=n + 1)
        half_hour_add(home, home.queues[0], buckets[0] - timedelta(minutes=30), offered=1000)
        half_hour_add(home, home.queues[0], buckets[-1] + timedelta(minutes=30), offered=1000)
        asked = query(VOLUME, day, day + timedelta(days=1), filters=THIRD)
        fine = kpi_report(scope=scope, query=replace(asked, interval=Interval.HALF_HOUR)).rows
        hours = kpi_report(scope=scope, query=replace(asked, interval=Interval.HOUR)).rows
        total = only(kpi_report(scope=scope, query=asked))
        in_zone = only(kpi_report(scope=scope, query=replace(asked, zone=BERLIN, interval=Interval.DAY)))
    assert [moment(row) for row in fine] == buckets
    assert (len(fine), len(hours)) == (half_hour_count, hour_count)
    assert [parts(row)[0] for row in hours] == [4 * n + 3 for n in range(hour_count)]
    assert parts(total)[0] == parts(in_zone)[0] == sum(range(1, half_hour_count + 1))


def test_the_end_is_left_out_and_midnight_belongs_to_the_new_day(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    for bucket in half_hours(date(2026, 5, 31), SHANGHAI)[-1:] + half_hours(JUNE_1, SHANGHAI)[:1]:
        half_hour_add(andes, andes.queues[0], bucket, offered=1)
    asked = query(VOLUME, date(2026, 5, 31), JUNE_1, interval=Interval.HALF_HOUR, filters=ANDES)
    rows = [row for row in kpi_report(scope=scope, query=asked).rows if parts(row)[0]]
    assert [row.start.isoformat() for row in rows] == ["2026-05-31T23:30:00+08:00"]
    following = replace(asked, start=JUNE_1, end=date(2026, 6, 2))
    rows = [row for row in kpi_report(scope=scope, query=following).rows if parts(row)[0]]
    assert [row.start.isoformat() for row in rows] == ["2026-06-01T00:00:00+08:00"]


def test_days_of_another_zone_are_sums_of_half_hours(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    # 07:30 and 08:00 in Shanghai are the last and the first half-hour of a UTC day.
    for n in (15, 16):
        half_hour_add(andes, andes.queues[0], half_hours(JUNE_1, SHANGHAI)[n], offered=n)
    asked = query(VOLUME, date(2026, 5, 31), date(2026, 6, 2), interval=Interval.DAY, zone="UTC", filters=ANDES)
    rows = kpi_report(scope=scope, query=asked).rows
    assert [(row.start.isoformat(), parts(row)[0]) for row in rows] == [
        ("2026-05-31T00:00:00+00:00", 15),
        ("2026-06-01T00:00:00+00:00", 16),
    ]


def test_half_hours_that_do_not_fit_another_zone_are_refused_by_name(world: World) -> None:
    home = house_in(world, KATHMANDU)
    with activate(world.scope("programme_manager")) as scope:
        half_hour_add(home, home.queues[0], half_hours(JUNE_1, KATHMANDU)[0], offered=1)
        asked = query(VOLUME, JUNE_1, date(2026, 6, 2), filters=THIRD)
        for interval in (Interval.HOUR, Interval.DAY, Interval.TOTAL):
            with pytest.raises(Invalid) as refused:
                kpi_report(scope=scope, query=replace(asked, interval=interval, zone="UTC"))
            assert "Asia/Kathmandu" in refused.value.fields["tz"][0]
        own = kpi_report(scope=scope, query=replace(asked, interval=Interval.HOUR)).rows
        assert own[0].start.isoformat() == "2026-06-01T00:00:00+05:45"
        assert parts(own[0])[0] == 1
        fine = replace(asked, interval=Interval.HALF_HOUR, start=date(2026, 5, 31), zone="UTC")
        with_calls = [row for row in kpi_report(scope=scope, query=fine).rows if parts(row)[0]]
        assert [row.start.isoformat() for row in with_calls] == ["2026-05-31T18:15:00+00:00"]


def test_contracts_of_several_zones_add_up_by_their_own_days(world: World) -> None:
    berlin, andes = house_in(world, BERLIN), world.vendors["ANDES"]
    with activate(world.scope("programme_manager")) as scope:
        for home, zone in ((berlin, BERLIN), (andes, SHANGHAI)):
            half_hour_add(home, home.queues[0], half_hours(JUNE_1, zone)[0], offered=5)
        asked = query(VOLUME, JUNE_1, date(2026, 6, 2), filters={Dimension.VENDOR: ("THIRD", "ANDES")})
        row = only(kpi_report(scope=scope, query=asked))
        assert (parts(row)[0], row.start, row.end, row.zone) == (10, JUNE_1, date(2026, 6, 2), None)
        fine = kpi_report(scope=scope, query=replace(asked, interval=Interval.HALF_HOUR)).rows
        starts = sorted(moment(row) for row in fine if parts(row)[0])
        assert starts == [datetime(2026, 5, 31, hour, tzinfo=UTC) for hour in (16, 22)]


def test_moments_that_are_midnights_are_days(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    day_add(andes, andes.queues[0], JUNE_1, offered=4)
    asked = query(
        VOLUME,
        datetime(2026, 5, 31, 16, tzinfo=UTC),
        datetime(2026, 6, 1, 16, tzinfo=UTC),
        interval=Interval.DAY,
        filters=ANDES,
    )
    report = kpi_report(scope=scope, query=asked)
    assert report.query.start == JUNE_1
    assert parts(only(report))[0] == 4
    with pytest.raises(Invalid) as refused:
        kpi_report(scope=scope, query=replace(asked, start=datetime(2026, 5, 31, 17, tzinfo=UTC)))
    assert "from" in refused.value.fields


def test_moments_inside_a_day_cut_half_hours(world: World, scope: Scope) -> None:
    andes = world.vendors["ANDES"]
    for n, bucket in enumerate(half_hours(JUNE_1, SHANGHAI)[:6]):
        half_hour_add(andes, andes.queues[0], bucket, offered=10**n)
    start = half_hours(JUNE_1, SHANGHAI)[1]
    asked = query(VOLUME, start, start + timedelta(minutes=90), filters=ANDES)
    assert parts(only(kpi_report(scope=scope, query=asked)))[0] == 1110
    hours = kpi_report(scope=scope, query=replace(asked, interval=Interval.HOUR)).rows
    assert [(row.start.isoformat()[11:16], parts(row)[0]) for row in hours] == [("00:30", 10), ("01:00", 1100)]
    with pytest.raises(Invalid):
        kpi_report(scope=scope, query=replace(asked, start=start + timedelta(minutes=7)))


def test_a_covered_queue_without_calls_has_a_row_that_says_no_data(world: World, scope: Scope) -> None:
    asked = query((Kpi.SERVICE_LEVEL, Kpi.VOLUME), group_by=(Dimension.QUEUE,), filters=ANDES)
    rows = kpi_report(scope=scope, query=asked).rows
    assert [row.groups[0].code for row in rows] == ["ORDERS", "SUPPORT"]
    for row in rows:
        assert [cell.result.value for cell in row.cells] == [None, None]
        assert [cell.status for cell in row.cells] == [Status.NO_DATA, Status.NO_DATA]
        assert (row.completeness.computed, row.completeness.expected) == (0, 7)


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
        ({"filters": {Dimension.QUEUE: ("NOWHERE",)}}, "queue"),
        ({"filters": {Dimension.AGENT: ("NOBODY",)}}, "agent"),
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
            with pytest.raises(Invalid, match="Not found") as refused:
                kpi_report(scope=vendor, query=replace(asked, filters={dimension: (rival,)}))
            with pytest.raises(Invalid, match="Not found") as unknown:
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
        with pytest.raises(Invalid):
            kpi_report(scope=agent_scope, query=query((Kpi.AHT,), filters={Dimension.AGENT: (andes.agents[1].code,)}))
        with pytest.raises(Invalid):
            kpi_report(scope=agent_scope, query=query((Kpi.AHT,), group_by=(Dimension.REASON,)))


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
        with pytest.raises(Invalid, match="Not found"):
            kpi_report(scope=vendor, query=replace(asked, filters={Dimension.CONTRACT: ("NEXT",)}))
