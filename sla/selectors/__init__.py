"""Reading the KPIs: reports over the rollups, and how fresh they are."""

from sla.selectors.frame import Entity, Frame, frame_load
from sla.selectors.freshness import (
    ContractFreshness,
    VendorFreshness,
    contract_days_waiting,
    freshness,
    oldest_mark_age,
)
from sla.selectors.report import Cell, Completeness, KpiReport, Row, VersionRef, kpi_report

__all__ = [
    "Cell",
    "Completeness",
    "ContractFreshness",
    "Entity",
    "Frame",
    "KpiReport",
    "Row",
    "VendorFreshness",
    "VersionRef",
    "contract_days_waiting",
    "frame_load",
    "freshness",
    "kpi_report",
    "oldest_mark_age",
]
