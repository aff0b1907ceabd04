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
from reports.selectors.cells import QueueCell, is_judged, level_of, queues_behind, value_less_goal
from reports.selectors.notices import Notice, changes, data_notices, target_notices
from reports.words import KPI_SHORT, UNITS
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
        queues: The queues that stand worse than the contract as a whole, the worst first.
        drawer_url: Where the figure is explained.
    """

    cell: Cell
    name: str
    unit: str
    level: str
    distance: float | None
    trend: Sequence[float | None]
    former: Cell | None
    queues: tuple[QueueCell, ...]
    drawer_url: str

    @property
    def queues_text(self) -> str:
        """The queues with their figures, in one line."""
        return " · ".join(queue.text for queue in self.queues)

    @property
    def is_judged(self) -> bool:
        """Whether it stands against a target."""
        return is_judged(self.cell)


@dataclass(frozen=True, slots=True)
class HomeRow:
    """One contract; ``vendor_name`` is empty before the vendor itself."""

    vendor_name: str
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
        more_notices: The less urgent rest of them.
        fresh: How fresh each vendor's figures are.
        has_calls: Whether any call ever came in.
    """

    month: Period
    is_running: bool
    columns: tuple[tuple[str, str], ...]
    rows: tuple[HomeRow, ...]
    notices: tuple[Notice, ...]
    more_notices: tuple[Notice, ...]
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
    rows = tuple(sorted(rows, key=lambda row: (frame.vendors[row.contract.vendor_id].code, row.contract.code)))
    notices = (
        *target_notices(rows, (Status.MINIMUM_MISSED, Status.BELOW_AMBER)),
        *data_notices(scope=scope, fresh=fresh),
        *target_notices(rows, (Status.AMBER,)),
        *changes(rows, former),
    )
    return Home(
        month=month,
        is_running=month.last >= today,
        columns=tuple((str(KPI_SHORT[kpi]), str(KPI_NAMES[kpi])) for kpi in HOME_KPIS),
        rows=rows,
        notices=notices[:NOTICES_MAX],
        more_notices=notices[NOTICES_MAX:],
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
        cells.append(
            HomeCell(
                cell=cell,
                name=str(KPI_NAMES[cell.kpi]),
                unit=UNITS[cell.result.unit],
                level=level_of(cell.status),
                distance=value_less_goal(cell),
                trend=[values[n] for values in days],
                former=former[0].cells[n] if former else None,
                queues=queues_behind(cell, (QueueCell(queue.groups[1], queue.cells[n]) for queue in queues)),
                drawer_url=derivation_url(row, query, cell.kpi),
            )
        )
    url = with_query(
        reverse("reports:contract", args=[contract.uuid]),
        [("from", query.start.isoformat()), ("to", query.end.isoformat())],
    )
    return HomeRow(
        vendor_name=frame.vendors[contract.vendor_id].name if len(frame.vendors) > 1 else "",
        contract=contract,
        url=url,
        cells=tuple(cells),
        days_computed=row.completeness.computed,
        days_expected=row.completeness.expected,
    )
