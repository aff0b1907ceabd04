"""Reading plans, drills, inspections and evidence, and what of them is missing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from core.scope import Scope
from core.uploads import vendor_folder
from sla.calc.readiness import (
    CHECKLISTS,
    DrillState,
    Quarter,
    System,
    drill_state,
    months_until,
    quarters_until,
)
from sla.models import ContingencyPlan, Drill, EvidenceFile, Inspection, MonthlyEvidence
from sla.models.readiness import EvidenceKind
from vendors import selectors as vendors
from vendors.models import Vendor

QUARTERS_SHOWN = 5
DAYS_SHOWN = 14
MONTHS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class PlanQuarters:
    """What became of a plan's drill, quarter by quarter."""

    plan: ContingencyPlan
    states: tuple[DrillState, ...]


@dataclass(frozen=True, slots=True)
class InspectedDays:
    """A vendor's system and its last days, oldest first: the inspection, or None where there is none."""

    vendor: Vendor
    system: System
    days: tuple[Inspection | None, ...]


@dataclass(frozen=True, slots=True)
class EvidenceMonths:
    """A vendor's kind of evidence and its last months, oldest first; None where there is none."""

    vendor: Vendor
    kind: EvidenceKind
    months: tuple[MonthlyEvidence | None, ...]


def plan_list(*, scope: Scope) -> QuerySet[ContingencyPlan]:
    """Return the visible plans with the day of their last drill, those in use first."""
    plans = ContingencyPlan.objects.visible_to(scope).select_related("vendor")
    held = Max("drills__held_on", filter=Q(drills__vendor_id__in=scope.vendor_ids))
    listed: QuerySet[ContingencyPlan] = plans.annotate(drilled_on=held)
    return listed.order_by("-is_active", "vendor__name", "title", "pk")


def plan_get(*, scope: Scope, uuid: UUID) -> ContingencyPlan:
    """Return one plan; raises NotFound."""
    return vendors.one(plan_list(scope=scope), uuid=uuid)


def drill_list(*, scope: Scope) -> QuerySet[Drill]:
    """Return the visible drills, the newest first."""
    return Drill.objects.visible_to(scope).select_related("vendor", "plan", "file").order_by("-planned_on", "-pk")


def drill_get(*, scope: Scope, uuid: UUID) -> Drill:
    """Return one drill; raises NotFound."""
    return vendors.one(drill_list(scope=scope), uuid=uuid)


def drill_quarters(*, scope: Scope) -> tuple[list[Quarter], list[PlanQuarters]]:
    """Return the last quarters, and for every plan in use whether it was drilled in each (domain A92)."""
    today = scope.at.date()
    quarters = quarters_until(today, QUARTERS_SHOWN)
    held: dict[int, list[date]] = defaultdict(list)
    planned: dict[int, list[date]] = defaultdict(list)
    recent = Q(planned_on__gte=quarters[0].first) | Q(held_on__gte=quarters[0].first)
    for plan_id, planned_on, held_on in (
        Drill.objects.visible_to(scope).filter(recent).values_list("plan_id", "planned_on", "held_on")
    ):
        if held_on is None:
            planned[plan_id].append(planned_on)
        else:
            held[plan_id].append(held_on)
    rows = [
        PlanQuarters(
            plan,
            tuple(
                drill_state(
                    quarter,
                    in_force_from=plan.in_force_from,
                    held=held[plan.pk],
                    planned=planned[plan.pk],
                    today=today,
                )
                for quarter in quarters
            ),
        )
        for plan in plan_list(scope=scope).filter(is_active=True)
    ]
    return quarters, rows


def inspection_list(*, scope: Scope) -> QuerySet[Inspection]:
    """Return the visible inspections, the newest day first."""
    return Inspection.objects.visible_to(scope).select_related("vendor").order_by("-day", "system", "-pk")


def inspected_days(*, scope: Scope) -> tuple[list[date], list[InspectedDays]]:
    """Return the last days, and for every vendor and system its inspections on them: two queries.

    Vendors that never recorded one are shown too: every day of theirs is missing.
    """
    today = scope.at.date()
    days = [today - timedelta(days=number) for number in reversed(range(DAYS_SHOWN))]
    found = {
        (row.vendor_id, row.system, row.day): row
        for row in Inspection.objects.visible_to(scope).filter(day__gte=days[0])
    }
    rows = [
        InspectedDays(vendor, system, tuple(found.get((vendor.pk, system.value, day)) for day in days))
        for vendor in vendors.vendor_list(scope=scope).filter(is_active=True)
        for system in CHECKLISTS
    ]
    return days, rows


def evidence_list(*, scope: Scope) -> QuerySet[MonthlyEvidence]:
    """Return the visible monthly evidence, the newest month first."""
    return MonthlyEvidence.objects.visible_to(scope).select_related("vendor", "file").order_by("-month", "kind", "-pk")


def evidence_months(*, scope: Scope) -> tuple[list[date], list[EvidenceMonths]]:
    """Return the last months, and for every vendor and kind its evidence of them: two queries."""
    months = months_until(scope.at.date(), MONTHS_SHOWN)
    found = {
        (row.vendor_id, row.kind, row.month): row for row in evidence_list(scope=scope).filter(month__gte=months[0])
    }
    rows = [
        EvidenceMonths(vendor, kind, tuple(found.get((vendor.pk, kind.value, month)) for month in months))
        for vendor in vendors.vendor_list(scope=scope).filter(is_active=True)
        for kind in EvidenceKind
    ]
    return months, rows


def evidence_file_get(*, scope: Scope, uuid: UUID) -> EvidenceFile:
    """Return one file; raises NotFound."""
    files: QuerySet[EvidenceFile] = EvidenceFile.objects.visible_to(scope)
    return vendors.one(files, uuid=uuid)


def evidence_file_path(file: EvidenceFile) -> Path:
    """Return where a file lies; the name is the server's, never the sender's."""
    return vendor_folder(file.vendor_id) / "evidence" / str(file.uuid)
