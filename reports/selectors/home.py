"""The overview: every contract's month against its targets, what changed, and what to do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.urls import reverse

from contracts.calc.definition import Kpi, Status
from contracts.wording import KPI_NAMES
from core.periods import Period, local_day, month_of
from core.scope import Scope
from reports.addresses import derivation_url, with_query
from reports.selectors.cells import is_judged, level_of, value_less_goal, worst
from reports.selectors.notices import Notice, changes, data_notices, target_notices
from reports.words import KPI_SHORT, UNITS
from sla.calc.kpi import SEVERITY
from sla.calc.query import MAX_CELLS, Dimension, Interval, KpiQuery
from sla.selectors import (
    Cell,
    Entity,
    Frame,
    Row,
    Trend,
    VendorFreshness,
    frame_load,
    freshness,
    kpi_report,
    kpi_trends,
)

HOME_KPIS = (Kpi.SERVICE_LEVEL, Kpi.ABANDONMENT, Kpi.ASA, Kpi.AHT, Kpi.FCR, Kpi.CSAT, Kpi.VOLUME)
NOTICES_MAX = 8
CONTRACT_QUEUE = (Dimension.CONTRACT, Dimension.QUEUE)
# Days of a month times contracts: room for more than 400 of them.
ALL_ROWS = MAX_CELLS // len(HOME_KPIS)


@dataclass(frozen=True, slots=True)
class HomeCell:
    """One contract's KPI in the month.

    Attributes:
        cell: The figure.
        name: The KPI in words.
        unit: Unit name of the page parts.
        level: How it stands.
        distance: Value less goal.
        trend: The days of the month.
        former: The figure of the month before.
        queue: The queue that stands worse than the contract as a whole; None if none does.
        queue_level: How that queue stands.
        drawer_url: Where the figure is explained.
    """

    cell: Cell
    name: str
    unit: str
    level: str
    distance: float | None
    trend: Sequence[float | None]
    former: Cell | None
    queue: Entity | None
    queue_level: str
    drawer_url: str

    @property
    def is_judged(self) -> bool:
        """Whether it stands against a target."""
        return is_judged(self.cell)


@dataclass(frozen=True, slots=True)
class HomeRow:
    """One contract."""

    vendor: Entity
    contract: Entity
    url: str
    cells: tuple[HomeCell, ...]
    days_computed: int
    days_expected: int


@dataclass(frozen=True, slots=True)
class Home:
    """The overview of one month.

    Attributes:
        month: The month.
        is_running: Whether it is not over yet.
        columns: Short and full names of the KPIs.
        rows: The contracts in effect, by vendor and code.
        notices: What to do and what changed, worst first.
        hidden_notices: How many more there are.
        fresh: How fresh each vendor's figures are.
        has_calls: Whether any call ever came in.
    """

    month: Period
    is_running: bool
    columns: tuple[tuple[str, str], ...]
    rows: tuple[HomeRow, ...]
    notices: tuple[Notice, ...]
    hidden_notices: int
    fresh: tuple[VendorFreshness, ...]
    has_calls: bool
    zones: tuple[str, ...]

    @property
    def rows_seen(self) -> int:
        """Rows read so far of files on their way in."""
        return sum(vendor.rows_seen for vendor in self.fresh)

    @property
    def rows_expected(self) -> int:
        """Rows of files on their way in."""
        return sum(vendor.rows_expected for vendor in self.fresh)

    @property
    def days_waiting(self) -> int:
        """Contract-days that wait to be computed."""
        return sum(vendor.days_waiting for vendor in self.fresh)


def home_default_day(*, scope: Scope, fresh: Sequence[VendorFreshness]) -> date:
    """Return a day of the month to open with: the newest with calls, at most today."""
    today = local_day(scope.at, "UTC")
    days = [vendor.last_day for vendor in fresh if vendor.last_day is not None]
    return min(max(days, default=today), today + timedelta(days=1))


def home(*, scope: Scope, month: Period | None = None) -> Home:
    """Return the overview of a month, by default the one with the newest calls."""
    frame = frame_load(scope=scope)
    fresh = tuple(freshness(scope=scope, frame=frame))
    month = month or month_of(home_default_day(scope=scope, fresh=fresh), "UTC")
    today = max((local_day(scope.at, c.zone) for c in frame.contracts.values()), default=scope.at.date())
    query = KpiQuery(HOME_KPIS, month.first, month.last + timedelta(days=1), page_size=ALL_ROWS)
    former = month_of(month.first - timedelta(days=1), "UTC")
    by_contract = replace(query, group_by=(Dimension.CONTRACT,))
    now = _by_contract(scope, frame, by_contract)
    before = _by_contract(scope, frame, replace(by_contract, start=former.first, end=month.first))
    days = kpi_trends(scope=scope, query=replace(by_contract, interval=Interval.DAY), frame=frame)
    queues: dict[int, list[Row]] = defaultdict(list)
    for row in kpi_report(scope=scope, query=replace(query, group_by=CONTRACT_QUEUE), frame=frame).rows:
        queues[row.groups[0].pk].append(row)
    rows = tuple(
        _row(frame, by_contract, found[0], before.get(pk, []), days.get(found[0].groups, []), queues[pk])
        for pk, found in now.items()
    )
    rows = tuple(sorted(rows, key=lambda row: (row.vendor.code, row.contract.code)))
    notices = [
        *target_notices(rows),
        *data_notices(scope=scope, fresh=fresh),
        *changes(rows, former),
    ]
    return Home(
        month=month,
        is_running=month.last >= today,
        columns=tuple((str(KPI_SHORT[kpi]), str(KPI_NAMES[kpi])) for kpi in HOME_KPIS),
        rows=rows,
        notices=tuple(notices[:NOTICES_MAX]),
        hidden_notices=max(0, len(notices) - NOTICES_MAX),
        fresh=fresh,
        has_calls=any(vendor.last_day for vendor in fresh),
        zones=tuple(sorted({contract.zone for contract in frame.contracts.values()})),
    )


def _by_contract(scope: Scope, frame: Frame, query: KpiQuery) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in kpi_report(scope=scope, query=query, frame=frame).rows:
        found.setdefault(row.groups[0].pk, []).append(row)
    return found


def _row(
    frame: Frame, query: KpiQuery, row: Row, former: Sequence[Row], days: Sequence[Trend], queues: Sequence[Row]
) -> HomeRow:
    contract = row.groups[0]
    cells = []
    for n, cell in enumerate(row.cells):
        bad = worst([queue.cells[n] for queue in queues])
        is_worse = bad is not None and is_judged(bad) and SEVERITY.index(bad.status) > SEVERITY.index(cell.status)
        queue = next((q.groups[1] for q in queues if q.cells[n] is bad), None) if is_worse else None
        cells.append(
            HomeCell(
                cell=cell,
                name=str(KPI_NAMES[cell.kpi]),
                unit=UNITS[cell.result.unit],
                level=level_of(cell.status),
                distance=value_less_goal(cell),
                trend=[values[n] for values in days],
                former=former[0].cells[n] if former else None,
                queue=queue,
                queue_level=level_of(bad.status if bad and queue else Status.NO_TARGET),
                drawer_url=derivation_url(row, query, cell.kpi),
            )
        )
    url = with_query(
        reverse("reports:contract", args=[contract.uuid]),
        [("from", query.start.isoformat()), ("to", query.end.isoformat())],
    )
    return HomeRow(
        vendor=frame.vendors[contract.vendor_id],
        contract=contract,
        url=url,
        cells=tuple(cells),
        days_computed=row.completeness.computed,
        days_expected=row.completeness.expected,
    )
