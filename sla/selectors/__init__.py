"""Reading the KPIs: reports over the rollups, and how fresh they are."""

from sla.selectors.delivery import Completeness
from sla.selectors.frame import Entity, Frame, frame_load
from sla.selectors.freshness import (
    ContractFreshness,
    VendorFreshness,
    freshness,
    oldest_mark_age,
)
from sla.selectors.report import Cell, KpiReport, Row, Trend, VersionRef, kpi_report, kpi_trends

__all__ = [
    "Cell",
    "Completeness",
    "ContractFreshness",
    "Entity",
    "Frame",
    "KpiReport",
    "Row",
    "Trend",
    "VendorFreshness",
    "VersionRef",
    "frame_load",
    "freshness",
    "kpi_report",
    "kpi_trends",
    "oldest_mark_age",
]
