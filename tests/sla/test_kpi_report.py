"""The KPI report over the rollups: grain, zones, bounds, roll-up, filters, pages, and whose figures exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Organization
from contracts.calc.definition import Definition, Kpi, Status
from core.errors import Invalid
from core.periods import half_hours
from core.scope import VENDOR, Scope, activate
from sla.calc.derivation import LeftOut, left_out
from sla.calc.query import Dimension, Interval, KpiQuery
from sla.models import QueueDay
from sla.selectors import KpiReport, Row, kpi_report
from tests.sla.rollups import answered, day_add, days_add, half_hour_add
from tests.world import VendorWorld, World, vendor_make

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


def test_the_zone_of_a_contract_that_was_not_asked_for_has_no_say(world: World) -> None:
    home, andes = house_in(world, KATHMANDU), world.vendors["ANDES"]
    home.queues[0].code = "ELSEWHERE"
    with activate(world.scope("programme_manager")) as scope:
        home.queues[0].save()
        filters = {Dimension.QUEUE: (str(andes.queues[0].uuid),)}
        asked = query(VOLUME, JUNE_1, date(2026, 6, 2), filters=filters, zone="UTC")
        half_hour_add(andes, andes.queues[0], half_hours(JUNE_1, SHANGHAI)[20], offered=3)
        assert parts(only(kpi_report(scope=scope, query=asked)))[0] == 3


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
