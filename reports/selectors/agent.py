"""An agent's own month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from contracts.calc.definition import Kpi
from core.components import Tile
from core.periods import Period, local_day, month_of
from core.scope import Scope
from reports.selectors.cells import TileExtras, tile_of, trend_values
from reports.words import KPI_SHORT, UNITS
from sla.calc.query import Interval, KpiQuery
from sla.selectors import Row, frame_load, kpi_report

AGENT_KPIS = (Kpi.AHT, Kpi.ASA, Kpi.FCR, Kpi.CSAT, Kpi.TRANSFER_RATE)


@dataclass(frozen=True, slots=True)
class AgentDayRow:
    """One day: handled calls, then the KPIs."""

    row: Row
    handled: int
    values: tuple[tuple[float | None, str], ...]


@dataclass(frozen=True, slots=True)
class AgentMonth:
    """One agent's month: tiles, and a row for each day with calls."""

    month: Period
    tiles: tuple[Tile, ...]
    days: tuple[AgentDayRow, ...]
    columns: tuple[str, ...]
    handled: int
    zone: str


def agent_month(*, scope: Scope, month: Period | None = None) -> AgentMonth:
    """Return the figures of the agent that the scope belongs to; the KPI report gives nobody else's."""
    frame = frame_load(scope=scope)
    zones = sorted({contract.zone for contract in frame.contracts.values()})
    zone = zones[0] if zones else "UTC"
    month = month or month_of(local_day(scope.at, zone), zone)
    query = KpiQuery(AGENT_KPIS, month.first, month.last + timedelta(days=1), page_size=1000)
    total = kpi_report(scope=scope, query=query, frame=frame).rows
    days = kpi_report(scope=scope, query=replace(query, interval=Interval.DAY), frame=frame).rows
    # A role that may not read targets sees its figures without them.
    cells = [cell._replace(target=None) for cell in (total[0].cells if total else ())]
    return AgentMonth(
        month=month,
        tiles=tuple(tile_of(cell, TileExtras(trend=trend_values(days, cell.kpi))) for cell in cells),
        days=tuple(
            AgentDayRow(
                row,
                row.cell(Kpi.AHT).result.denominator or 0,
                tuple((cell.result.value, UNITS[cell.result.unit]) for cell in row.cells),
            )
            for row in reversed(days)
        ),
        columns=tuple(str(KPI_SHORT[kpi]) for kpi in AGENT_KPIS),
        handled=sum(row.cell(Kpi.AHT).result.denominator or 0 for row in total),
        zone=zone,
    )
