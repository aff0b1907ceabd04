"""Daily inspections, monthly evidence, and the files that prove them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.components import Action, Crumb
from core.errors import NotFound
from core.forms import FormPage
from core.http import file_response, scope_of, zone_of
from core.periods import local_day
from core.scope import Scope
from core.templatetags import ui
from sla import forms, selectors, services
from sla.calc.readiness import CHECKLISTS, System
from sla.models import Inspection, MonthlyEvidence
from sla.models.readiness import INSPECTED_LABELS
from sla.tables import (
    EvidenceFilter,
    EvidenceTable,
    InspectionFilter,
    InspectionTable,
)
from sla.views.plans import OwnListPage
from sla.views.steps import vendor_settled

INSPECTIONS = Crumb(gettext_lazy("Inspections"), reverse_lazy("sla:inspection_list"))
EVIDENCE = Crumb(gettext_lazy("Monthly evidence"), reverse_lazy("sla:evidence_list"))
DONE, MISSING, OPEN = gettext_lazy("done"), gettext_lazy("missing"), gettext_lazy("still open")


class InspectionList(OwnListPage):
    """The daily inspections, and the days that are missing."""

    name = "inspections"
    title = gettext_lazy("Inspections")
    intro = gettext_lazy("CRM, workforce system and call system are looked at every day, before callers notice.")
    permission = "inspections.view"
    crumbs = (Crumb(gettext_lazy("Inspections")),)
    table_class = InspectionTable
    filterset_class = InspectionFilter
    template_name = "sla/grid_list.html"
    menu = (Action(gettext_lazy("Monthly evidence"), reverse_lazy("sla:evidence_list"), "shield-check"),)
    empty_text = gettext_lazy("Each day's checklists will be listed here. Begin with the call system.")
    empty_action = Action(
        gettext_lazy("Inspect the call system"),
        reverse_lazy("sla:inspection_new", args=["call_system"]),
        "square-check",
        "inspections.edit",
    )

    def get_rows(self, scope: Scope) -> QuerySet[Inspection]:
        return selectors.inspection_list(scope=scope)

    def get_context(self, scope: Scope) -> dict[str, Any]:
        days, rows = selectors.inspected_days(scope=scope)
        lines = [
            {
                "name": _row_name(scope, row.vendor, INSPECTED_LABELS[row.system.value]),
                "cells": [_inspected(cell, is_last=number == len(days) - 1) for number, cell in enumerate(row.days)],
            }
            for row in rows
        ]
        menu = [
            *(
                Action(
                    _("Inspect: %(system)s") % {"system": INSPECTED_LABELS[system.value]},
                    reverse("sla:inspection_new", args=[system.value]),
                    "square-check",
                )
                for system in CHECKLISTS
                if scope.can("inspections.edit")
            ),
            *self.menu,
        ]
        heads = [f"{day:%m-%d}" for day in days]
        return {"grid_title": _("Inspected every day?"), "grid_heads": heads, "grid_lines": lines, "menu": menu}


def _row_name(scope: Scope, vendor: Any, label: Any) -> str:
    return f"{vendor.name} · {label}" if scope.is_client else str(label)


def _inspected(cell: Inspection | None, *, is_last: bool) -> Any:
    if cell is None:
        return ui.badge("neutral", OPEN) if is_last else ui.badge("bad", MISSING)
    if cell.failed_items:
        return ui.badge("bad", _("not in order"))
    return ui.badge("warning", _("near limit")) if cell.is_early_warning else ui.badge("good", DONE)


class InspectionNew(FormPage):
    """Record the day's look at one system."""

    permission = "inspections.edit"
    title: Any = gettext_lazy("Inspect")

    def get_row(self, scope: Scope) -> None:
        if self.kwargs["system"] not in CHECKLISTS:
            raise NotFound
        self.system = System(self.kwargs["system"])
        self.title = _("Inspect: %(system)s") % {"system": INSPECTED_LABELS[self.system.value]}

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        vendor = vendor_settled(self.request, scope)
        initial = {"day": local_day(scope.at, zone_of(scope)), "items": list(CHECKLISTS[self.system])}
        return forms.InspectionForm(data=data, scope=scope, system=self.system, vendor=vendor, initial=initial)

    def save(self, scope: Scope, row: Any, form: Any) -> Inspection:
        vendor: Any = form.cleaned_data.get("vendor") or vendor_settled(self.request, scope)
        return services.inspection_record(scope=scope, vendor_id=vendor.pk, system=self.system.value, **form.values)

    def get_done_url(self, saved: Inspection) -> str:
        return str(INSPECTIONS.url)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"title": self.title, "crumbs": (INSPECTIONS, Crumb(self.title)), "cancel_url": INSPECTIONS.url}


class EvidenceList(OwnListPage):
    """The monthly evidence, and the months that are missing."""

    name = "evidence"
    title = gettext_lazy("Monthly evidence")
    intro = gettext_lazy("Once a month a backup is restored on trial and weaknesses are looked for; here is the proof.")
    permission = "inspections.view"
    crumbs = (INSPECTIONS, Crumb(gettext_lazy("Monthly evidence")))
    table_class = EvidenceTable
    filterset_class = EvidenceFilter
    template_name = "sla/grid_list.html"
    action = Action(gettext_lazy("Add evidence"), reverse_lazy("sla:evidence_new"), "plus", "inspections.edit")
    empty_text = gettext_lazy("The proof of backups and vulnerability scans will be listed here, month by month.")
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[MonthlyEvidence]:
        return selectors.evidence_list(scope=scope)

    def get_context(self, scope: Scope) -> dict[str, Any]:
        months, rows = selectors.evidence_months(scope=scope)
        lines = [
            {
                "name": _row_name(scope, row.vendor, row.kind.label),
                "cells": [_proved(cell, is_last=number == len(months) - 1) for number, cell in enumerate(row.months)],
            }
            for row in rows
        ]
        heads = [f"{month:%Y-%m}" for month in months]
        return {"grid_title": _("Proved every month?"), "grid_heads": heads, "grid_lines": lines}


def _proved(cell: MonthlyEvidence | None, *, is_last: bool) -> Any:
    if cell is None:
        return ui.badge("neutral", OPEN) if is_last else ui.badge("bad", MISSING)
    if cell.finding_count:
        return ui.badge("warning", _("findings: %(count)s") % {"count": cell.finding_count})
    return ui.badge("good", DONE)


class EvidenceNew(FormPage):
    """Add a month's proof."""

    permission = "inspections.edit"
    title = gettext_lazy("Add evidence")

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        vendor = vendor_settled(self.request, scope)
        files = self.request.FILES if data is not None else None
        initial = {"month": local_day(scope.at, zone_of(scope)).replace(day=1)}
        return forms.EvidenceForm(data=data, files=files, scope=scope, vendor=vendor, initial=initial)

    def save(self, scope: Scope, row: Any, form: Any) -> MonthlyEvidence:
        values = form.values
        vendor: Any = values.pop("vendor", None) or vendor_settled(self.request, scope)
        return services.evidence_record(scope=scope, vendor_id=vendor.pk, **values)

    def get_done_url(self, saved: MonthlyEvidence) -> str:
        return str(EVIDENCE.url)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"crumbs": (INSPECTIONS, EVIDENCE, Crumb(self.title)), "cancel_url": EVIDENCE.url}


@require_safe
def file(request: HttpRequest, uuid: UUID) -> StreamingHttpResponse:
    """Send a file that proves something, always to be saved and never to be shown inside the product."""
    scope = scope_of(request)
    scope.require("inspections.view")
    kept = selectors.evidence_file_get(scope=scope, uuid=uuid)
    return file_response(selectors.evidence_file_path(kept), kept.file_name)
