"""One contract's figures: tiles, days, half-hours, queues and reasons of a period."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from contracts.calc.definition import Kpi
from contracts.wording import KPI_NAMES
from core.components import Tile
from core.errors import NotFound
from core.formats import day_text
from core.periods import local_day
from core.scope import Scope
from reports.addresses import calls_url, cell_url, cells_url, derivation_url, explorer_url, period_query, with_query
from reports.periods import PeriodChoice, Preset, default_period, period_read, presets
from reports.selectors.cells import TileExtras, interval_note, level_of, tile_of, trend_values
from reports.selectors.judged import Judged, judged
from reports.words import KPI_SHORT, NO_REASON, UNITS
from sla.calc.query import MAX_CELLS, Dimension, Interval, KpiQuery
from sla.selectors import Cell, Entity, Frame, KpiReport, Row, frame_load, freshness, kpi_report

# A heat map of more days is a carpet.
HEAT_DAYS_MAX = 35
HEAT_KPIS = (Kpi.SERVICE_LEVEL, Kpi.ABANDONMENT, Kpi.ASA)
WORST_MAX = 10
REASONS_MAX = 10
ALL_ROWS = MAX_CELLS // len(Kpi)
FEW_DAYS = 2


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One queue of the contract: its figures, and where each is explained."""

    queue: Entity
    url: str
    cells: tuple[tuple[Cell, str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class WorstRow:
    """A half-hour in which many calls missed the threshold."""

    start: datetime
    missed: int
    base: int
    value: float
    url: str


@dataclass(frozen=True, slots=True)
class ContractKpis:
    """What the page of one contract shows.

    Attributes:
        contract: The contract.
        vendor: Its vendor.
        zone: Its time zone.
        version: Number of the version in force at the end of the period; None before the first.
        queues: Queues to choose from.
        queue: The queue in view; None for all.
        period: The days in view.
        presets: The usual periods.
        heat_kpi: What the heat map shows.
        heat_note: Which days it shows, if not all, and by which rule it is colored.
        total: The period's row; None if the contract covers nothing then.
    """

    contract: Entity
    vendor: Entity
    zone: str
    version: int | None
    queues: tuple[Entity, ...]
    queue: Entity | None
    period: PeriodChoice
    presets: Sequence[Preset]
    heat_kpi: Kpi
    total: Row | None
    tiles: tuple[Tile, ...]
    trend: dict[str, Any]
    heat: dict[str, Any]
    heat_note: str
    worst: tuple[WorstRow, ...]
    queue_columns: tuple[str, ...]
    queue_rows: tuple[QueueRow, ...]
    reasons: dict[str, Any] | None
    explorer_url: str


def contract_kpis(*, scope: Scope, uuid: uuids.UUID, parameters: Any) -> ContractKpis:
    """Return the figures of a contract for the period and queue that an address names.

    Raises:
        NotFound: There is no such contract in scope, or no such queue in it.
        BadParameter: The period cannot be read.
    """
    frame = frame_load(scope=scope)
    contract = next((c for c in frame.contracts.values() if c.entity.uuid == uuid), None)
    if contract is None:
        raise NotFound
    pk, today = contract.entity.pk, local_day(scope.at, contract.zone)
    newest = next(
        (c.last_day for v in freshness(scope=scope, frame=frame) for c in v.contracts if c.contract.pk == pk), None
    )
    period = period_read(parameters, default_period(newest, today))
    covered = {pair.queue_id for pair in frame.coverage if pair.contract_id == pk}
    queues = tuple(sorted((frame.queues[q] for q in covered), key=lambda queue: queue.code))
    queue = _chosen(queues, parameters.get("queue", ""))
    heat_kpi = next((kpi for kpi in HEAT_KPIS if kpi.value == parameters.get("heat")), HEAT_KPIS[0])
    filters = {Dimension.CONTRACT: (str(uuid),)} | ({Dimension.QUEUE: (str(queue.uuid),)} if queue else {})
    asked = KpiQuery(tuple(Kpi), period.first, period.after, filters=filters, page_size=ALL_ROWS)
    page = _Page(scope, frame, asked, pk)
    total = page.report()
    by_queue = page.report(group_by=(Dimension.QUEUE,))
    days = page.report(interval=Interval.DAY)
    heat_first = max(period.first, period.last - timedelta(days=HEAT_DAYS_MAX - 1))
    fine = page.report(
        metrics=tuple(dict.fromkeys((Kpi.SERVICE_LEVEL, heat_kpi))), interval=Interval.HALF_HOUR, start=heat_first
    )
    colors = page.judged(fine, heat_kpi)
    version = frame.version_on(pk, min(period.last, today))
    here = [("queue", str(queue.uuid))] if queue else []

    def url_of(choice: PeriodChoice) -> str:
        heat = [("heat", heat_kpi.value)] if heat_kpi is not HEAT_KPIS[0] else []
        return with_query(reverse("reports:contract", args=[uuid]), choice.pairs + here + heat)

    pairs = [("contract", str(uuid)), *here]
    return ContractKpis(
        contract=contract.entity,
        vendor=frame.vendors[contract.entity.vendor_id],
        zone=contract.zone,
        version=version.number if version else None,
        queues=queues,
        queue=queue,
        period=period,
        presets=presets(period, newest or today, url_of),
        heat_kpi=heat_kpi,
        total=total.rows[0] if total.rows else None,
        tiles=page.tiles(total, days, by_queue.rows, pairs, period),
        trend=page.trend(days, page.judged(days, Kpi.SERVICE_LEVEL)),
        heat=page.heat(fine, heat_kpi, colors),
        heat_note=" ".join(part for part in (_heat_days(heat_first, period), colors.rule) if part),
        worst=page.worst(fine),
        queue_columns=tuple(str(KPI_SHORT[kpi]) for kpi in Kpi),
        queue_rows=() if queue else page.queue_rows(by_queue, url_of(period)),
        reasons=page.reasons(),
        explorer_url=explorer_url(
            metrics=(Kpi.SERVICE_LEVEL, Kpi.ABANDONMENT, Kpi.VOLUME),
            period=period,
            pairs=pairs,
            group_by=(Dimension.QUEUE,),
            interval=Interval.DAY.value,
        ),
    )


def _chosen(queues: Sequence[Entity], text: str) -> Entity | None:
    if not text:
        return None
    found = next((queue for queue in queues if text in (str(queue.uuid), queue.code)), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class _Page:
    """Asks the KPI report and turns its rows into the parts of the page."""

    scope: Scope
    frame: Frame
    asked: KpiQuery
    contract_id: int

    def report(self, **changes: Any) -> KpiReport:
        return kpi_report(scope=self.scope, query=replace(self.asked, **changes), frame=self.frame)

    def judged(self, report: KpiReport, kpi: Kpi) -> Judged:
        return judged(scope=self.scope, frame=self.frame, contract_id=self.contract_id, report=report, kpi=kpi)

    def tiles(
        self,
        total: KpiReport,
        days: KpiReport,
        by_queue: Sequence[Row],
        pairs: list[tuple[str, str]],
        period: PeriodChoice,
    ) -> tuple[Tile, ...]:
        if not total.rows:
            return ()
        targets = {kpi: {row.cell(kpi).target for row in by_queue} - {None} for kpi in Kpi}
        differing = {kpi: _("each queue has its own target") for kpi, found in targets.items() if len(found) > 1}
        row = total.rows[0]
        return tuple(
            tile_of(
                cell,
                TileExtras(
                    trend=trend_values(days.rows, cell.kpi),
                    url=explorer_url(
                        metrics=(cell.kpi,),
                        period=period,
                        pairs=pairs,
                        interval=(Interval.HALF_HOUR if period.days <= FEW_DAYS else Interval.DAY).value,
                    ),
                    drawer_url=derivation_url(row, self.asked, cell.kpi),
                    note=" · ".join(filter(None, (interval_note(cell), differing.get(cell.kpi)))),
                ),
            )
            for cell in row.cells
        )

    def trend(self, days: KpiReport, colors: Judged) -> dict[str, Any]:
        """Return volume and service level by day, for the chart."""
        cells = [row.cell(Kpi.SERVICE_LEVEL) for row in days.rows]
        target = next((cell.target for cell in cells if cell.target), None)
        return {
            "labels": [f"{row.start:%m-%d}" for row in days.rows],
            "x_name": _("Day"),
            "volume": {
                "name": str(KPI_NAMES[Kpi.VOLUME]),
                "values": [row.cell(Kpi.VOLUME).result.value for row in days.rows],
            },
            "rate": {
                "name": str(KPI_NAMES[Kpi.SERVICE_LEVEL]),
                "unit": "ratio",
                "values": [cell.result.value for cell in cells],
                "n": [cell.result.denominator for cell in cells],
                "levels": [level_of(colors.of(row)) for row in days.rows],
            },
            "targets": _lines(target),
            "urls": [cell_url(row, days.query, Kpi.SERVICE_LEVEL) for row in days.rows],
        }

    def heat(self, fine: KpiReport, kpi: Kpi, colors: Judged) -> dict[str, Any]:
        """Return half-hour by day, for the chart; a repeated hour has rows of its own."""
        cells: list[tuple[Row, Cell]] = []
        days: dict[date, None] = {}
        times: dict[tuple[time, int], None] = {}
        for row in fine.rows:
            assert isinstance(row.start, datetime)
            cell = row.cell(kpi)
            if cell.result.value is None:
                continue
            days.setdefault(row.start.date(), None)
            times.setdefault((row.start.time(), row.start.fold), None)
            cells.append((row, cell))
        x = {day: n for n, day in enumerate(sorted(days))}
        y = {place: n for n, place in enumerate(sorted(times))}
        return {
            "name": str(KPI_NAMES[kpi]),
            "unit": UNITS[cells[0][1].result.unit] if cells else "ratio",
            "x": [f"{day:%m-%d}" for day in x],
            "x_name": _("Day"),
            "y": [_("%(time)s again") % {"time": f"{t:%H:%M}"} if fold else f"{t:%H:%M}" for t, fold in y],
            "y_name": _("Half-hour"),
            # All addresses begin alike; a month has more than a thousand.
            "url": cells_url(cells[0][0], fine.query, kpi) if cells else "",
            "cells": [
                [
                    x[row.start.date()],
                    y[row.start.time(), row.start.fold],
                    cell.result.value,
                    cell.result.denominator,
                    level_of(colors.of(row)),
                    period_query(row),
                ]
                for row, cell in cells
                if isinstance(row.start, datetime)
            ],
        }

    def worst(self, fine: KpiReport) -> tuple[WorstRow, ...]:
        """Return the half-hours with the most calls that missed the threshold."""
        found = []
        for row in fine.rows:
            result = row.cell(Kpi.SERVICE_LEVEL).result
            missed = (result.denominator or 0) - result.numerator
            if missed and result.value is not None and isinstance(row.start, datetime):
                found.append((missed, row, result))
        found.sort(key=lambda item: (-item[0], item[1].start))
        return tuple(
            WorstRow(
                row.start,
                missed,
                result.denominator or 0,
                result.value or 0.0,
                calls_url(row, fine.query, "service_missed"),
            )
            for missed, row, result in found[:WORST_MAX]
            if isinstance(row.start, datetime)
        )

    def queue_rows(self, report: KpiReport, url: str) -> tuple[QueueRow, ...]:
        return tuple(
            QueueRow(
                row.groups[0],
                f"{url}&queue={row.groups[0].uuid}",
                tuple(
                    (
                        cell,
                        str(KPI_NAMES[cell.kpi]),
                        UNITS[cell.result.unit],
                        level_of(cell.status),
                        derivation_url(row, report.query, cell.kpi),
                    )
                    for cell in row.cells
                ),
            )
            for row in report.rows
        )

    def reasons(self) -> dict[str, Any] | None:
        """Return the most frequent reasons, the rest as one, for the chart; None where no call has one."""
        report = self.report(metrics=(Kpi.VOLUME,), group_by=(Dimension.REASON,), order="-volume")
        counted = [(row, row.cells[0].result.numerator) for row in report.rows]
        if not any(row.groups[0].uuid for row, _count in counted):
            return None
        rows = [
            {
                "name": row.groups[0].name or str(NO_REASON),
                "value": count,
                "url": calls_url(row, report.query),
            }
            for row, count in counted[:REASONS_MAX]
        ]
        rest = sum(count for _row, count in counted[REASONS_MAX:])
        if rest:
            rows.append({"name": _("all others"), "value": rest, "url": ""})
        return {"name": str(KPI_NAMES[Kpi.VOLUME]), "row_name": _("Reason"), "unit": "count", "rows": rows}


def _lines(target: Any) -> list[dict[str, Any]]:
    if target is None:
        return []
    return [
        {"name": _("goal"), "value": float(target.goal)},
        {"name": _("minimum"), "value": float(target.minimum)},
    ]


def _heat_days(first: date, period: PeriodChoice) -> str:
    """Return which days the heat map shows, if not all of the period."""
    return f"{day_text(first)} – {day_text(period.last)}." if first != period.first else ""
