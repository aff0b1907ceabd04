"""The overview that everybody opens first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from babel.dates import format_skeleton
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.components import Action
from core.filters import names_unknown
from core.formats import locale
from core.http import scope_of
from core.periods import Period, month_of
from core.scope import Scope
from reports.addresses import address
from reports.periods import month_read, month_text
from reports.selectors.agent import agent_month
from reports.selectors.begin import beginning
from reports.selectors.home import Home, home

PARAMETERS = ("month",)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the month in view: contracts against their targets, or an agent's own figures."""
    scope = scope_of(request)
    scope.require("kpis.view")
    month = month_read(request.GET.get("month", ""), scope.at.date()) if request.GET.get("month") else None
    if scope.agent_id is not None:
        found = agent_month(scope=scope, month=month)
        context = {"title": _("My figures"), "zone": found.zone, "agent": found, **_months(found.month)}
        context["ignored"] = names_unknown(request.GET, PARAMETERS)
        return render(request, "reports/home_agent.html", context)
    shown = home(scope=scope, month=month)
    context = {
        "title": _("Overview"),
        "intro": _("Every contract's month against its targets. Colors follow the contract; “no data” is never 0%."),
        "home": shown,
        "zone": ", ".join(shown.zones),
        "is_loading": shown.rows_expected > 0 or shown.days_waiting > 0,
        "steps": _steps(scope) if scope.is_client and not shown.has_calls else (),
        "empty_action": _import_action(scope),
        "empty_sample": _sample_action(scope),
        "action": _explorer_action(shown),
        "ignored": names_unknown(request.GET, PARAMETERS),
        **_months(shown.month),
    }
    return render(request, "reports/home.html", context)


def _months(month: Period) -> dict[str, object]:
    former = month_of(month.first - timedelta(days=1), "UTC")
    following = month_of(month.last + timedelta(days=1), "UTC")
    return {
        "month_value": f"{month.first:%Y-%m}",
        "month_text": month_text(month.first),
        "former_text": month_text(former.first),
        "former_short": format_skeleton("MMM", former.first, locale=locale()),
        "former_value": f"{former.first:%Y-%m}",
        "following_text": month_text(following.first),
        "following_value": f"{following.first:%Y-%m}",
    }


def _steps(scope: Scope) -> list[tuple[Action, str, bool]]:
    """Return the way from an empty house to figures: what to do, why, and whether it is done."""
    done = beginning(scope=scope)
    people = Action(_("Add two people for contracts"), reverse("accounts:user_create"), "", "users.manage")
    vendor = Action(_("Add a vendor"), reverse("vendors:vendor_create"), "", "vendors.edit")
    queue = Action(_("Add its queues"), reverse("vendors:queue_create"), "", "vendors.edit")
    contract = Action(_("Make a contract and have its terms signed"), reverse("contracts:contract_list"), "")
    calls = Action(_("Import the first file of calls"), reverse("calls:import_new"), "", "calls.import")
    steps = [
        (vendor, _("Whoever answers your calls; its people sign in for it later."), done.has_vendor),
        (queue, _("The lines that calls arrive on, named as the call files name them."), done.has_queue),
        (contract, _("Which queues, service hours and targets; one person drafts, another one signs."), done.has_terms),
        (calls, _("The figures appear within a minute after it is loaded."), False),
    ]
    if done.has_people is not None:
        why = _("In the roles programme manager or contracts and finance; what one drafts the other one signs.")
        steps.insert(0, (people, why, done.has_people))
    return [
        (replace(step, url=step.url if not step.permission or scope.can(step.permission) else ""), why, is_done)
        for step, why, is_done in steps
    ]


def _explorer_action(shown: Home) -> Action | None:
    return Action(_("Explore the KPIs"), reverse("reports:explorer"), "chart-bar") if shown.has_calls else None


def _import_action(scope: Scope) -> Action | None:
    url = address("calls:import_new")
    return Action(_("Import calls"), url, "file-upload") if url and scope.can("calls.import") else None


def _sample_action(scope: Scope) -> Action | None:
    url = address("calls:sample")
    return Action(_("Download a sample file"), url, "file-type-csv") if url and scope.can("calls.import") else None
