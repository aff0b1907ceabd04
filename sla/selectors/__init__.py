"""Reading the KPIs (reports over the rollups, and how fresh they are), incidents, and readiness for them."""

from sla.selectors.delivery import Completeness
from sla.selectors.frame import Entity, Frame, frame_load
from sla.selectors.freshness import (
    ContractFreshness,
    VendorFreshness,
    freshness,
    oldest_mark_age,
)
from sla.selectors.incidents import (
    AffectedHalfHour,
    ClockCount,
    affected_half_hours,
    clock_counts,
    entry_list,
    incident_get,
    incident_list,
    incident_list_with_queues,
    queues_of,
)
from sla.selectors.measured import INTERVALS, MeasuredSum, measured_sums
from sla.selectors.readiness import (
    drill_get,
    drill_list,
    drill_quarters,
    evidence_file_get,
    evidence_file_path,
    evidence_list,
    evidence_months,
    inspected_days,
    inspection_list,
    plan_get,
    plan_list,
)
from sla.selectors.report import Cell, KpiReport, Row, Trend, VersionRef, kpi_report, kpi_trends

__all__ = [
    "INTERVALS",
    "AffectedHalfHour",
    "Cell",
    "ClockCount",
    "Completeness",
    "ContractFreshness",
    "Entity",
    "Frame",
    "KpiReport",
    "MeasuredSum",
    "Row",
    "Trend",
    "VendorFreshness",
    "VersionRef",
    "affected_half_hours",
    "clock_counts",
    "drill_get",
    "drill_list",
    "drill_quarters",
    "entry_list",
    "evidence_file_get",
    "evidence_file_path",
    "evidence_list",
    "evidence_months",
    "frame_load",
    "freshness",
    "incident_get",
    "incident_list",
    "incident_list_with_queues",
    "inspected_days",
    "inspection_list",
    "kpi_report",
    "kpi_trends",
    "measured_sums",
    "oldest_mark_age",
    "plan_get",
    "plan_list",
    "queues_of",
]
