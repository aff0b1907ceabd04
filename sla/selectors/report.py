"""The KPI report: one question, one statement over the right rollup, sums first and ratios last."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contracts.calc.definition import Kpi, Status
from contracts.calc.targets import TargetTerms
from core.periods import day_start, local_day
from core.scope import Scope
from sla.calc.grid import Span, moment_of
from sla.calc.kpi import RECIPES, KpiValue, distance_to_goal, kpi_value, status_of
from sla.calc.query import Dimension, KpiQuery
from sla.selectors.delivery import Completeness, deliveries_of, last_days
from sla.selectors.frame import Entity, Frame, frame_load
from sla.selectors.lines import Line, Lines, lines_gather
from sla.selectors.pages import Page, page_of, page_rows
from sla.selectors.selection import Selection, select

# One moment of a trend: a value for each of the query's metrics.
Trend = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class VersionRef:
    """A contract version whose definitions went into a row."""

    uuid: uuids.UUID
    number: int


class Cell(NamedTuple):
    """One metric of one row; a tuple, for a report has up to a hundred thousand.

    Attributes:
        kpi: The metric.
        result: Value with numerator, denominator and unit.
        target: The target that all queues and versions of the row share; None where they differ or have none.
        is_provisional: Whether repeats that would change it can still come (first-call resolution).
        is_applicable: Whether the metric means anything for the row's groups.
    """

    kpi: Kpi
    result: KpiValue
    target: TargetTerms | None
    is_provisional: bool = False
    is_applicable: bool = True

    @property
    def status(self) -> Status:
        """How the value stands against the target."""
        return status_of(self.kpi, self.result, self.target) if self.is_applicable else Status.NOT_APPLICABLE

    @property
    def distance(self) -> float | None:
        """Distance to the goal in the KPI's unit; above 0 is better than promised."""
        return distance_to_goal(self.kpi, self.result, self.target)


@dataclass(frozen=True, slots=True)
class Row:
    """One group in one stretch of time.

    Attributes:
        groups: What it is about, in the order of the query's ``group_by``.
        vendor: Whose figures they are; None where those of several are added up.
        start: First moment, in ``zone``; the local day where contracts of several zones are added up by day.
        end: The moment (or day) after the last.
        zone: The zone of the bounds; None where they are local days of several zones.
        cells: In the order of the query's metrics.
        versions: The versions of the contracts whose definitions were applied.
        completeness: Whether the calls behind it came in.
        measures: Every summed measure, if the query asked for the parts.
    """

    groups: tuple[Entity, ...]
    vendor: Entity | None
    start: date | datetime
    end: date | datetime
    zone: str | None
    cells: tuple[Cell, ...]
    versions: tuple[VersionRef, ...]
    completeness: Completeness
    measures: Mapping[str, int] = field(default_factory=dict)

    def cell(self, kpi: Kpi) -> Cell:
        """Return the cell of a metric."""
        return next(cell for cell in self.cells if cell.kpi is kpi)


@dataclass(frozen=True, slots=True)
class KpiReport:
    """The answer to a query.

    Attributes:
        query: The query as understood: bounds are local days where they are whole days.
        rows: One page of rows.
        next_token: Asks for the next page; None on the last.
        computed_at: When the newest of the underlying days was computed.
        zones: Time zones of the contracts that were asked about.
    """

    query: KpiQuery
    rows: tuple[Row, ...]
    next_token: str | None
    computed_at: datetime | None
    zones: tuple[str, ...]


def kpi_report(*, scope: Scope, query: KpiQuery, frame: Frame | None = None) -> KpiReport:
    """Answer a query from the rollups.

    Percentages are never averaged: numerators and denominators are summed over whatever a row covers, each day under
    the definitions that its contract version froze. A covered queue without calls has a row that says so.

    Args:
        scope: Whose figures exist; the role "agent" gets its own only.
        query: The question.
        frame: What :func:`frame_load` returned for the same scope, to share it between several reports.

    Raises:
        Invalid: The filters name nothing in scope, or the rollups cannot answer at this grain.
        HouseError: The page token belongs to another query (``bad_token``).
    """
    frame = frame or frame_load(scope=scope)
    selection, maker, lines, token = _answer(scope, query, frame)
    zones = tuple(sorted({frame.contracts[pk].zone for pk in selection.contract_ids}))
    if maker is None:
        return KpiReport(selection.query, (), None, None, zones)
    rows = tuple(maker.row(line) for line in lines)
    return KpiReport(selection.query, rows, token, maker.deliveries.computed_at, zones)


def kpi_trends(*, scope: Scope, query: KpiQuery, frame: Frame) -> dict[tuple[Entity, ...], list[Trend]]:
    """Return the values that the rows of :func:`kpi_report` would have, by group, in order of time.

    A small line beside a figure needs neither targets nor versions nor completeness, which cost most of a row.
    """
    _selection, maker, lines, _token = _answer(scope, query, frame)
    found: dict[tuple[Entity, ...], list[Trend]] = {}
    if maker is None:
        return found
    for line in lines:
        found.setdefault(line.groups, []).append(maker.values(line))
    return found


def _answer(
    scope: Scope, query: KpiQuery, frame: Frame
) -> tuple[Selection, _RowMaker | None, Sequence[Line], str | None]:
    """Return one page of a query's lines, and what turns them into rows; None if there can be none."""
    selection = select(scope=scope, query=query, frame=frame)
    page = page_of(scope=scope, selection=selection, frame=frame)
    if not selection.contract_ids or page.start is None or page.end is None:
        return selection, None, (), None
    lines = lines_gather(scope=scope, selection=selection, frame=frame, start=page.start, end=page.end)
    maker = _RowMaker(scope, selection, frame, lines, page)
    return selection, maker, *page_rows(page=page, lines=lines, value_of=maker.value)


class _RowMaker:
    """Turns summed lines into rows."""

    def __init__(self, scope: Scope, selection: Selection, frame: Frame, lines: Lines, page: Page) -> None:
        self.selection, self.frame, self.lines = selection, frame, lines
        self.query = selection.query
        self.by_queue = Dimension.QUEUE in self.query.group_by
        self.targets: dict[tuple[frozenset[int], frozenset[int], Kpi], TargetTerms | None] = frame.memo.setdefault(
            "targets", {}
        )
        self.versions: dict[frozenset[int], tuple[VersionRef, ...]] = {}
        assert page.start is not None
        assert page.end is not None
        zones = [frame.contracts[pk].zone for pk in selection.contract_ids]
        firsts = [local_day(moment_of(page.start, self.query.zone or zone), zone) for zone in zones]
        last_moment = timedelta(microseconds=1)
        lasts = [local_day(moment_of(page.end, self.query.zone or zone) - last_moment, zone) for zone in zones]
        self.deliveries = deliveries_of(
            scope=scope,
            frame=frame,
            pairs=selection.pairs,
            first=min(firsts),
            after=max(lasts) + timedelta(days=1),
        )
        self.settled: dict[int, datetime] = {}
        if Kpi.FCR in self.query.metrics:
            self.settled = _settled(scope, frame, selection)

    def value(self, line: Line) -> float | None:
        """Return what the line is ordered by."""
        metric = self.query.order_metric
        return None if metric is None else self._result(metric, line, self._measures(line)).value

    def values(self, line: Line) -> Trend:
        """Return only the values of a line."""
        measures = self._measures(line)
        return tuple(self._result(kpi, line, measures).value for kpi in self.query.metrics)

    def row(self, line: Line) -> Row:
        """Return a line as a row."""
        completeness = self._completeness(line)
        version_ids = self._version_ids(line)
        measures = self._measures(line)
        start, end, zone = self._bounds(line)
        return Row(
            groups=line.groups,
            vendor=self._vendor(line),
            start=start,
            end=end,
            zone=zone,
            cells=tuple(self._cell(kpi, line, measures, version_ids) for kpi in self.query.metrics),
            versions=self._versions(version_ids if line.version_ids else frozenset()),
            completeness=completeness,
            measures=measures if self.query.parts else {},
        )

    def _versions(self, version_ids: frozenset[int]) -> tuple[VersionRef, ...]:
        found = self.versions.get(version_ids)
        if found is None:
            rows = [self.frame.versions[pk] for pk in version_ids if pk in self.frame.versions]
            rows.sort(key=lambda version: (version.contract_id, version.number))
            found = self.versions[version_ids] = tuple(VersionRef(row.uuid, row.number) for row in rows)
        return found

    def _vendor(self, line: Line) -> Entity | None:
        vendor_ids = {self.frame.contracts[pk].entity.vendor_id for pk in line.spans}
        return self.frame.vendors[vendor_ids.pop()] if len(vendor_ids) == 1 else None

    def _measures(self, line: Line) -> dict[str, int]:
        return dict(zip(self.lines.measures, line.sums, strict=True))

    def _cell(self, kpi: Kpi, line: Line, measures: Mapping[str, int], version_ids: frozenset[int]) -> Cell:
        result = self._result(kpi, line, measures)
        if self.selection.has_agents and not RECIPES[kpi].by_agent:
            return Cell(kpi, result, None, is_applicable=False)
        is_open = kpi is Kpi.FCR and result.value is not None and self._is_open(line, version_ids)
        return Cell(kpi, result, self._target(version_ids, line.queue_ids, kpi), is_open)

    def _target(self, version_ids: frozenset[int], queue_ids: frozenset[int], kpi: Kpi) -> TargetTerms | None:
        # Most rows of a report share their queues and versions.
        key = (version_ids, queue_ids, kpi)
        if key not in self.targets:
            self.targets[key] = self.frame.target(version_ids, queue_ids, kpi)
        return self.targets[key]

    def _result(self, kpi: Kpi, line: Line, measures: Mapping[str, int]) -> KpiValue:
        result = kpi_value(kpi, measures)
        if self.selection.has_agents and not RECIPES[kpi].by_agent:
            return KpiValue(None, 0, None, result.unit)
        if result.denominator is None and not line.has_rows and not self._has_calls(line):
            # Nothing came in for these days: no calls reported is not the same as no calls.
            return KpiValue(None, 0, None, result.unit)
        return result

    def _has_calls(self, line: Line) -> bool:
        return any(self.deliveries.has_calls(pk, span.first, span.after) for pk, span in line.spans.items())

    def _completeness(self, line: Line) -> Completeness:
        computed = expected = 0
        for contract_id, span in line.spans.items():
            queues: tuple[int | None, ...] = tuple(line.queue_ids) if self.by_queue else (None,)
            for queue_id in queues:
                one, other = self.deliveries.count(contract_id, queue_id, span.first, span.after)
                computed += one
                expected += other
        return Completeness(computed, expected)

    def _version_ids(self, line: Line) -> frozenset[int]:
        """Return the versions of the figures; without figures, those in force."""
        if line.version_ids:
            return frozenset(line.version_ids)
        found = (self.frame.version_on(pk, span.first) for pk, span in line.spans.items())
        return frozenset(version.pk for version in found if version is not None)

    def _is_open(self, line: Line, version_ids: frozenset[int]) -> bool:
        window = max((self.frame.fcr_window(pk) for pk in version_ids), default=timedelta())
        return any(span.end + window > self.settled[pk] for pk, span in line.spans.items())

    def _bounds(self, line: Line) -> tuple[date | datetime, date | datetime, str | None]:
        zones = {self.frame.contracts[pk].zone for pk in line.spans}
        spans: list[Span] = list(line.spans.values())
        zone = self.query.zone or (zones.pop() if len(zones) == 1 else None)
        if zone is None and not isinstance(line.label, datetime):
            return line.label, spans[0].after, None
        named = ZoneInfo(zone or "UTC")
        return spans[0].start.astimezone(named), spans[0].end.astimezone(named), zone or "UTC"


def _settled(scope: Scope, frame: Frame, selection: Selection) -> dict[int, datetime]:
    """Return up to when each contract's calls are known: the end of its newest day with calls, at most now."""
    newest = last_days(scope=scope, frame=frame, contract_ids=selection.contract_ids)
    settled = {}
    for pk in selection.contract_ids:
        contract, last = frame.contracts[pk], newest.get(pk)
        if last is None:
            settled[pk] = scope.at
        elif contract.ends_on is not None and last >= contract.ends_on:
            # The contract is over: no later day will bring the proof, only time does.
            settled[pk] = scope.at
        else:
            settled[pk] = min(scope.at, day_start(last + timedelta(days=1), contract.zone))
    return settled
