"""What hangs on other pages or stands alone: the derivation drawer, the search of the palette, about."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.errors import NotFound
from core.http import scope_of
from reports.about import licenses, version
from reports.periods import PeriodChoice
from reports.selectors.derivation import Derivation, derivation
from reports.selectors.search import search
from reports.serializers import kpi_query_read


@require_safe
def explain(request: HttpRequest) -> HttpResponse:
    """Show how one figure came about; the address names it as the KPI interface does."""
    scope = scope_of(request)
    scope.require("kpis.view")
    if scope.agent_id is not None:
        # Contract terms do not exist for an agent.
        raise NotFound
    query = kpi_query_read(dict(request.GET.lists()))
    found = derivation(scope=scope, query=query)
    context = {
        "d": found,
        "period": _period_text(found) if found else "",
        "title": found.name if found else _("How it is counted"),
        "crumbs": (),
    }
    template = "reports/derivation.html" if request.headers.get("HX-Request") else "reports/derivation_page.html"
    return render(request, template, context)


def _period_text(found: Derivation) -> str:
    start, end = found.row.start, found.row.end
    if isinstance(start, datetime) and isinstance(end, datetime):
        if start.hour or start.minute or end.hour or end.minute:
            return f"{start:%Y-%m-%d %H:%M} – {end:%Y-%m-%d %H:%M} ({found.row.zone})"
        start, end = start.date(), end.date()
    return PeriodChoice(start, end - timedelta(days=1)).text


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Answer the palette: vendors, contracts, queues and agents whose code or name holds the text."""
    scope = scope_of(request)
    groups = search(scope=scope, text=request.GET.get("q", ""))
    return render(request, "reports/search.html", {"groups": groups})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Show which version runs and what it is made of."""
    scope = scope_of(request)
    # Which exact versions run is the enterprise's business, not its vendors'.
    context = {"title": _("About"), "version": version(), "licenses": licenses(), "with_versions": scope.is_client}
    return render(request, "reports/about.html", context)
