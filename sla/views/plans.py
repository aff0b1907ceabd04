"""Contingency plans, and their drills by quarter."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.calc.access import fields_writable
from core.components import Action, Crumb, Fact
from core.forms import EXPECTED, FormPage
from core.http import scope_of, zone_of
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui
from sla import forms, selectors, services
from sla.models import ContingencyPlan, Drill
from sla.tables import (
    DrillFilter,
    DrillTable,
    PlanFilter,
    PlanTable,
)
from sla.views.steps import vendor_settled
from sla.wording import DRILL_STATES

PLANS = Crumb(gettext_lazy("Contingency plans"), reverse_lazy("sla:plan_list"))
DRILLS = Crumb(gettext_lazy("Drills"), reverse_lazy("sla:drill_list"))


class OwnListPage(ListPage):
    """A list in which only the client is told the vendor."""

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.is_client else ["vendor"]


class PlanList(OwnListPage):
    """The contingency plans."""

    name = "plans"
    title = gettext_lazy("Contingency plans")
    intro = gettext_lazy(
        "What to do when systems fail, callers flood in, or a complaint goes public. Each is drilled once a quarter."
    )
    permission = "plans.view"
    crumbs = (Crumb(gettext_lazy("Contingency plans")),)
    table_class = PlanTable
    filterset_class = PlanFilter
    action = Action(gettext_lazy("Add plan"), reverse_lazy("sla:plan_new"), "plus", "plans.edit")
    menu = (Action(gettext_lazy("Drills"), reverse_lazy("sla:drill_list"), "target", "inspections.view"),)
    empty_text = gettext_lazy("Begin with a system failure: the steps, the offline script, and where the standby is.")
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[ContingencyPlan]:
        return selectors.plan_list(scope=scope)


class PlanDetail(View):
    """One plan."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Show it, its steps first."""
        scope = scope_of(request)
        scope.require("plans.view")
        plan = selectors.plan_get(scope=scope, uuid=uuid)
        is_due = plan.review_on < scope.at.date()
        review = ui.badge("warning", _("review overdue")) if is_due else ui.day(plan.review_on)
        facts = [
            Fact(_("For"), plan.get_kind_display()),
            Fact(_("Owner"), plan.owner),
            Fact(_("Offline script"), plan.offline_script),
            Fact(_("Standby server"), plan.standby_server),
            Fact(_("Review"), review),
            Fact(_("Last drill"), ui.day(plan.drilled_on)),  # type: ignore[attr-defined]
            Fact(_("Version"), f"v{plan.version}"),
        ]
        edit = Action(_("Edit plan"), reverse("sla:plan_edit", args=[plan.uuid]), "edit", "plans.edit")
        context = {
            "title": plan.title,
            "title_badge": "" if plan.is_active else ui.badge("neutral", _("laid aside")),
            "crumbs": (PLANS, Crumb(plan.title)),
            "facts": facts if not scope.is_client else [Fact(_("Vendor"), plan.vendor), *facts],
            "plan": plan,
            "steps": [line.strip() for line in plan.steps.splitlines() if line.strip()],
            "action": edit if scope.can("plans.edit") else None,
            "zone": zone_of(scope),
        }
        return render(request, "sla/plan_detail.html", context)


class PlanEdit(FormPage):
    """Write or change a plan."""

    permission = "plans.edit"
    title = gettext_lazy("Add plan")

    def get_row(self, scope: Scope) -> ContingencyPlan | None:
        return selectors.plan_get(scope=scope, uuid=self.kwargs["uuid"]) if "uuid" in self.kwargs else None

    def get_form(self, scope: Scope, row: ContingencyPlan | None, data: Any = None) -> BaseForm:
        given: dict[str, Any] = {} if row is None else {"instance": row}
        vendor = row.vendor if row is not None else vendor_settled(self.request, scope)
        writable = fields_writable(scope.role, scope.side, "plan")
        return forms.PlanForm(data=data, scope=scope, vendor=vendor, writable=writable, **given)

    def save(self, scope: Scope, row: ContingencyPlan | None, form: Any) -> ContingencyPlan:
        values = form.values
        if row is not None:
            version = form.cleaned_data[EXPECTED]
            return services.plan_update(scope=scope, uuid=row.uuid, expected_version=version, values=values)
        vendor: Any = values.pop("vendor", None) or vendor_settled(self.request, scope)
        return services.plan_create(scope=scope, vendor_id=vendor.pk, **values)

    def get_done_url(self, saved: ContingencyPlan) -> str:
        return reverse("sla:plan_detail", args=[saved.uuid])

    def get_context(self, scope: Scope, row: ContingencyPlan | None) -> dict[str, Any]:
        if row is None:
            return {"crumbs": (PLANS, Crumb(self.title)), "cancel_url": PLANS.url}
        page = Crumb(row.title, reverse("sla:plan_detail", args=[row.uuid]))
        title = _("Edit %(name)s") % {"name": row.title}
        return {"title": title, "crumbs": (PLANS, page, Crumb(_("Edit"))), "cancel_url": page.url}


class DrillList(OwnListPage):
    """The drills, and which quarter of which plan is missing."""

    name = "drills"
    title = gettext_lazy("Drills")
    intro = gettext_lazy("Every plan in use is drilled once a quarter; a quarter that ends without a drill is missing.")
    permission = "inspections.view"
    crumbs = (Crumb(gettext_lazy("Drills")),)
    table_class = DrillTable
    filterset_class = DrillFilter
    template_name = "sla/grid_list.html"
    action = Action(gettext_lazy("Plan a drill"), reverse_lazy("sla:drill_new"), "plus", "plans.edit")
    menu = (Action(gettext_lazy("Contingency plans"), reverse_lazy("sla:plan_list"), "clipboard-list", "plans.view"),)
    empty_text = gettext_lazy("Planned and held drills will be listed here, with their findings and evidence.")
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[Drill]:
        return selectors.drill_list(scope=scope)

    def get_context(self, scope: Scope) -> dict[str, Any]:
        quarters, rows = selectors.drill_quarters(scope=scope)
        lines = [
            {
                "name": row.plan.title if not scope.is_client else f"{row.plan.vendor.name} · {row.plan.title}",
                "url": reverse("sla:plan_detail", args=[row.plan.uuid]),
                "cells": [ui.badge(DRILL_STATES[state][1], DRILL_STATES[state][0]) for state in row.states],
            }
            for row in rows
        ]
        return {"grid_title": _("Drilled once a quarter?"), "grid_heads": quarters, "grid_lines": lines}


class DrillNew(FormPage):
    """Plan a drill."""

    permission = "plans.edit"
    title = gettext_lazy("Plan a drill")
    done = gettext_lazy("Planned; record it here once it was held.")

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        return forms.DrillPlanForm(data=data, scope=scope)

    def save(self, scope: Scope, row: Any, form: Any) -> Drill:
        values = form.cleaned_data
        return services.drill_plan(scope=scope, plan_uuid=values["plan"].uuid, planned_on=values["planned_on"])

    def get_done_url(self, saved: Drill) -> str:
        return str(DRILLS.url)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"crumbs": (DRILLS, Crumb(self.title)), "cancel_url": DRILLS.url}


class DrillDetail(View):
    """One drill: what was found, and what proves it."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Show it."""
        scope = scope_of(request)
        scope.require("inspections.view")
        drill = selectors.drill_get(scope=scope, uuid=uuid)
        held = ui.missing(_("not held yet")) if drill.held_on is None else ui.day(drill.held_on)
        facts = [
            Fact(_("Planned on"), ui.day(drill.planned_on)),
            Fact(_("Held on"), held),
            Fact(_("Result"), drill.get_result_display()),
            Fact(_("Who took part"), drill.participants),
        ]
        record = Action(_("Record the drill"), reverse("sla:drill_record", args=[drill.uuid]), "edit", "plans.edit")
        context = {
            "title": drill.plan.title,
            "crumbs": (DRILLS, Crumb(drill.planned_on.isoformat())),
            "facts": facts if not scope.is_client else [Fact(_("Vendor"), drill.vendor), *facts],
            "drill": drill,
            "action": record if scope.can("plans.edit") else None,
            "zone": zone_of(scope),
        }
        return render(request, "sla/drill_detail.html", context)


class DrillRecord(FormPage):
    """Record how a drill went."""

    permission = "plans.edit"
    title = gettext_lazy("Record the drill")

    def get_row(self, scope: Scope) -> Drill:
        return selectors.drill_get(scope=scope, uuid=self.kwargs["uuid"])

    def get_form(self, scope: Scope, row: Drill, data: Any = None) -> BaseForm:
        files = self.request.FILES if data is not None else None
        return forms.DrillForm(data=data, files=files, instance=row)

    def save(self, scope: Scope, row: Drill, form: Any) -> Drill:
        values = form.values
        upload = values.pop("upload", None)
        version = form.cleaned_data[EXPECTED]
        return services.drill_record(scope=scope, uuid=row.uuid, expected_version=version, values=values, upload=upload)

    def get_done_url(self, saved: Drill) -> str:
        return reverse("sla:drill_detail", args=[saved.uuid])

    def get_context(self, scope: Scope, row: Drill) -> dict[str, Any]:
        page = Crumb(row.planned_on.isoformat(), reverse("sla:drill_detail", args=[row.uuid]))
        return {"crumbs": (DRILLS, page, Crumb(self.title)), "cancel_url": page.url}
