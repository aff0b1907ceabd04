"""The figures of one contract."""

from __future__ import annotations

import uuid as uuids

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contracts.wording import KPI_NAMES
from core.components import Action, Crumb
from core.errors import NotFound
from core.filters import names_unknown
from core.http import scope_of
from reports.selectors.contract import HEAT_KPIS, contract_kpis

PARAMETERS = ("from", "to", "queue", "heat")


@require_safe
def contract(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show a contract's KPIs for the period in view."""
    scope = scope_of(request)
    scope.require("kpis.view")
    if scope.agent_id is not None:
        # An agent has figures of its own only; a contract's page does not exist for it.
        raise NotFound
    page = contract_kpis(scope=scope, uuid=uuid, parameters=request.GET)
    context = {
        "title": page.contract.name,
        "intro": _("What was promised and what was delivered. Every figure opens how it was counted."),
        "intro_key": "contract-kpis",
        "crumbs": [Crumb(_("Overview"), reverse("home")), Crumb(page.contract.name)],
        "action": Action(_("Explore"), page.explorer_url, "chart-bar"),
        "zone": page.zone,
        "page": page,
        "ignored": names_unknown(request.GET, PARAMETERS),
        "heat_choices": [(kpi.value, KPI_NAMES[kpi]) for kpi in HEAT_KPIS],
    }
    return render(request, "reports/contract.html", context)
