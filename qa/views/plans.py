"""Sampling plans: what they draw in words, their days, and drawing one that waits."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.components import Action, Crumb, Fact
from core.errors import Conflict, Forbidden, Invalid
from core.forms import EXPECTED, FormPage
from core.http import scope_of
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui
from qa import selectors, services
from qa.filters.plans import PlanFilter
from qa.forms.plans import PlanForm, SampleSizeForm
from qa.models import Plan
from qa.tables.plans import PLAN_TONES, PlanTable, draw_url, plan_url
from qa.views.forms import FORMS
from qa.wording.plans import plan_sentences

PLANS = Crumb(gettext_lazy("Sampling plans"), reverse_lazy("qa:plan_list"))
NEW = Action(gettext_lazy("New plan"), reverse_lazy("qa:plan_create"), "plus", "qa.forms")
DAYS_SHOWN = 14


def plans_scope(request: HttpRequest) -> Scope:
    """Return the scope of somebody who may know how people are sampled: everybody with the right but agents."""
    scope = scope_of(request)
    scope.require("qa.view")
    if scope.agent_id is not None:
        raise Forbidden
    return scope


class PlanList(ListPage):
    """Sampling plans and what they draw."""

    name = "sampling-plans"
    title = gettext_lazy("Sampling plans")
    intro = gettext_lazy(
        "Which conversations are evaluated. Each day is drawn by a lot that was fixed before the first call, and that "
        "either side can draw again."
    )
    permission = "qa.view"
    crumbs = (FORMS, Crumb(gettext_lazy("Sampling plans")))
    table_class = PlanTable
    filterset_class = PlanFilter
    template_name = "qa/plan_list.html"
    action = NEW
    menu = (
        Action(gettext_lazy("Draws"), reverse_lazy("qa:draw_list"), "list-details"),
        Action(gettext_lazy("Sample size"), reverse_lazy("qa:sample_size"), "scale"),
    )
    empty_text = gettext_lazy("Publish a form, then say how many conversations of whom are evaluated.")
    empty_action = NEW

    def get_rows(self, scope: Scope) -> QuerySet[Plan]:
        plans_scope(self.request)
        return selectors.with_draws(scope=scope, plans=selectors.plan_list(scope=scope))

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.is_client else ["vendor"]


@require_safe
def plan_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a plan: what it draws in words, its fixed seed, its last days, and how large a sample should be."""
    scope = plans_scope(request)
    plan = selectors.plan_get(scope=scope, uuid=uuid)
    size = SampleSizeForm(request.GET if "margin" in request.GET else None)
    menu = [
        Action(_("Edit plan"), reverse("qa:plan_edit", args=[uuid]), "edit", "qa.forms"),
        *_steps(plan),
        Action(_("All draws"), f"{reverse('qa:draw_list')}?plan={plan.uuid}", "list-details"),
    ]
    form = selectors.form_live(scope=scope, vendor_id=plan.vendor_id, code=plan.form_code)
    days = selectors.plan_days(scope=scope, plan=plan, count=DAYS_SHOWN)
    context = {
        "title": plan.name,
        "title_badge": ui.badge(PLAN_TONES[plan.state], plan.get_state_display()),
        "crumbs": (PLANS, Crumb(plan.name)),
        "menu": [action for action in menu if not action.permission or scope.can(action.permission)],
        "plan": plan,
        "sentences": plan_sentences(plan),
        "form": form,
        "facts": [
            *([Fact(_("Vendor"), plan.vendor.name)] if scope.is_client else []),
            Fact(_("Contract"), plan.contract.name),
            Fact(_("First day"), ui.day(plan.starts_on)),
            Fact(_("Last day"), ui.day(plan.ends_on) if plan.ends_on else _("open")),
        ],
        "days": [(each, draw_url(each.made) if each.made else "") for each in days],
        "may_draw": scope.can("qa.forms") and plan.state == "live",
        **size_context(size),
        "zone": plan.contract.zone,
    }
    return render(request, "qa/plan_detail.html", context)


def size_context(form: SampleSizeForm) -> dict[str, Any]:
    """Return the helper for the size of a sample, with its answer where something was asked."""
    return {"size": form, "size_answer": form.answer() if form.is_bound and form.is_valid() else None}


def _steps(plan: Plan) -> list[Action]:
    def step(label: str, name: str, icon: str, confirm: str = "") -> Action:
        url = f"{reverse('qa:plan_step', args=[plan.uuid, name])}?version={plan.version}"
        return Action(label, url, icon, "qa.forms", True, confirm)

    end = step(_("End"), "end", "x", _("End “%(name)s” for good? It draws nothing any more.") % {"name": plan.name})
    found = {
        "live": [step(_("Pause"), "pause", "player-pause"), end],
        "paused": [step(_("Let it go on"), "resume", "player-play"), end],
    }
    return found.get(plan.state, [])


@require_POST
def plan_step(request: HttpRequest, uuid: UUID, step: str) -> HttpResponse:
    """Pause a plan, let it go on, or end it."""
    scope = scope_of(request)
    version = request.GET.get("version", "")
    expected = int(version) if version.isdecimal() and len(version) < 10 else 0
    try:
        plan = services.plan_step(scope=scope, uuid=uuid, expected_version=expected, step=step)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("“%(name)s”: %(state)s.") % {"name": plan.name, "state": plan.get_state_display()})
    return redirect("qa:plan_detail", uuid=uuid)


@require_POST
def plan_draw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Draw a day that waits; its evaluations are made by the next ticks."""
    scope = scope_of(request)
    scope.require("qa.forms")
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise Invalid("day", _("This is no day.")) from error
    try:
        made = services.plan_draw_now(scope=scope, uuid=uuid, day=day)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect("qa:plan_detail", uuid=uuid)
    told = _("%(count)s of %(whole)s conversations were drawn; they are being handed out.")
    messages.success(request, told % {"count": made.sampled_count, "whole": made.population_count})
    return redirect(draw_url(made))


class PlanPage(FormPage):
    """Begin or change a plan."""

    permission = "qa.forms"
    template_name = "qa/plan_form.html"
    title = gettext_lazy("New plan")
    intro = gettext_lazy("What was drawn keeps the rules of its day; a change holds from the next draw on.")

    def get_row(self, scope: Scope) -> Plan | None:
        return selectors.plan_get(scope=scope, uuid=self.kwargs["uuid"]) if "uuid" in self.kwargs else None

    def get_form(self, scope: Scope, row: Plan | None, data: Any = None) -> BaseForm:
        given: dict[str, Any] = {} if row is None else {"instance": row}
        return PlanForm(data=data, scope=scope, **given)

    def save(self, scope: Scope, row: Plan | None, form: Any) -> Plan:
        if row is None:
            values = {name: value for name, value in form.values.items() if name != "contract"}
            return services.plan_create(scope=scope, contract=form.cleaned_data["contract"], values=values)
        version = form.cleaned_data[EXPECTED]
        return services.plan_update(scope=scope, uuid=row.uuid, expected_version=version, values=form.values)

    def get_done_url(self, saved: Plan) -> str:
        return plan_url(saved)

    def get_context(self, scope: Scope, row: Plan | None) -> dict[str, Any]:
        title = _("Edit %(name)s") % {"name": row.name} if row else self.title
        return {"title": title, "crumbs": (PLANS, Crumb(title)), "cancel_url": plan_url(row) if row else PLANS.url}


@require_safe
def sample_size(request: HttpRequest) -> HttpResponse:
    """Say how many evaluations tell a share to within a margin."""
    plans_scope(request)
    form = SampleSizeForm(request.GET if "margin" in request.GET else None)
    context = {
        "title": _("Sample size"),
        "intro": _("How many evaluations it takes to know a share as exactly as you want."),
        "crumbs": (PLANS, Crumb(_("Sample size"))),
        **size_context(form),
    }
    return render(request, "qa/sample_size.html", context)
