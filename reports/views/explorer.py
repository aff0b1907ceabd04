"""The KPI explorer: choose, see as a table and a chart, open the calls, take the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contracts.calc.definition import Kpi
from contracts.wording import KPI_NAMES
from core.components import Action, Crumb
from core.errors import BadParameter, HouseError, Invalid
from core.exports import export_response
from core.filters import names_unknown
from core.http import scope_of
from core.scope import Scope
from reports.addresses import with_query
from reports.periods import PeriodChoice
from reports.selectors.cells import with_vendor
from reports.selectors.explorer import (
    explore,
    explorer_parameters,
    explorer_query,
    export_columns,
    export_rows,
    kpi_heads,
)
from reports.serializers import PARAMETERS
from reports.words import DIMENSION_NAMES, INTERVAL_NAMES
from sla.calc.query import Dimension, Interval, KpiQuery
from sla.selectors import Entity, Frame, frame_load


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of the form."""

    value: str
    label: Any
    chosen: bool


@require_safe
def explorer(request: HttpRequest) -> HttpResponseBase:
    """Answer a question to the KPIs as a page or, with ``export``, as a file of all its rows."""
    scope = scope_of(request)
    scope.require("kpis.view")
    frame, is_own = frame_load(scope=scope), scope.agent_id is not None
    ignored = names_unknown(request.GET, {*PARAMETERS, "export"})
    given = {name: values for name, values in request.GET.lists() if name not in ignored}
    found, problem, status, query = None, "", 200, None
    asked: Mapping[str, Sequence[str]] = given
    period: PeriodChoice | None = None
    try:
        asked, period = explorer_parameters(scope=scope, frame=frame, parameters=given)
        query = explorer_query(asked, period)
        if request.GET.get("export"):
            if ignored:
                # A file cannot say that it holds more than was asked for.
                message = _("There is no parameter %(name)s. Known: %(known)s.")
                words = {"name": ignored[0], "known": ", ".join(PARAMETERS)}
                raise BadParameter(ignored[0], message % words, "unknown_parameter")
            return _export(scope, frame, query, period, request.GET["export"])
        found = explore(scope=scope, frame=frame, query=query)
    except HouseError as error:
        problem, status = _problem(error), error.status
    context = {
        "title": _("KPI explorer"),
        "intro": _("Your own calls alone: what you handled, by queue and when. Every figure opens its calls.")
        if is_own
        else _("Any KPI, by whom and when. Every figure opens its calls; the address holds the whole question."),
        "intro_key": "explorer-own" if is_own else "explorer",
        "is_own": is_own,
        "crumbs": [Crumb(_("Overview"), reverse("home")), Crumb(_("KPI explorer"))],
        "ignored": ignored,
        "found": found,
        "problem": problem,
        "heads": _heads(request, query) if query else (),
        "dimensions": [DIMENSION_NAMES[dimension] for dimension in query.group_by] if query else (),
        "form": _form(scope, frame, asked, period),
        "next_url": _same_page(request, next_token=found.next_token) if found and found.next_token else "",
        "first_url": _same_page(request, next_token="") if request.GET.get("next_token") else "",
        "files": _menu(request, found is not None),
        "zone": ", ".join([query.zone] if query and query.zone else found.zones if found else ()),
    }
    return render(request, "reports/explorer.html", context, status=status)


def _export(scope: Scope, frame: Frame, query: KpiQuery, period: PeriodChoice, file_format: str) -> HttpResponseBase:
    rows = list(export_rows(scope=scope, frame=frame, query=query))
    about = {
        _("Period"): period.text,
        _("Time zone"): query.zone or _("each contract's own"),
        _("Interval"): str(INTERVAL_NAMES[query.interval]),
    }
    if scope.agent_id is not None:
        about[_("Figures of")] = scope.actor
    about |= {str(DIMENSION_NAMES[dimension]): ", ".join(values) for dimension, values in query.filters.items()}
    return export_response(
        scope=scope,
        file_format=file_format,
        name="kpis",
        columns=export_columns(query),
        rows=lambda: rows,
        count=len(rows),
        about=about,
        filters={
            "metrics": list(query.metrics),
            "group_by": list(query.group_by),
            "interval": query.interval.value,
            "from": query.start.isoformat(),
            "to": query.end.isoformat(),
            **{dimension.value: list(values) for dimension, values in query.filters.items()},
        },
    )


def _problem(error: HouseError) -> str:
    if isinstance(error, Invalid) and error.fields:
        return " ".join(dict.fromkeys(message for messages in error.fields.values() for message in messages))
    return str(error.message)


def _form(
    scope: Scope, frame: Frame, asked: Mapping[str, Sequence[str]], period: PeriodChoice | None
) -> dict[str, Any]:
    """Return the form's fields with what the address chose; also where it cannot be answered."""

    def chosen(name: str) -> set[str]:
        return {part for value in asked.get(name, ()) for part in value.split(",")}

    def choices(name: str, known: Iterable[tuple[str, Any]]) -> list[Choice]:
        marked = chosen(name)
        return [Choice(value, label, value in marked) for value, label in known]

    def entities(name: str, known: Iterable[Entity], label_of: Callable[[Entity], str]) -> list[Choice]:
        marked = chosen(name)
        named = sorted((label_of(entity), str(entity.uuid), entity.code) for entity in known)
        return [Choice(uuid, label, uuid in marked or code in marked) for label, uuid, code in named]

    def whose(entity: Entity) -> str:
        return with_vendor(frame, entity, entity.name)

    zones = sorted({contract.zone for contract in frame.contracts.values()} | {"UTC"})
    dimensions = [d for d in Dimension if scope.is_client or d is not Dimension.VENDOR]
    if scope.agent_id is not None:
        dimensions = [Dimension.CONTRACT, Dimension.QUEUE]
    return {
        "metrics": choices("metrics", [(kpi.value, KPI_NAMES[kpi]) for kpi in Kpi]),
        "group_by": choices("group_by", [(d.value, DIMENSION_NAMES[d]) for d in dimensions]),
        "interval": choices("interval", [(i.value, INTERVAL_NAMES[i]) for i in reversed(Interval)]),
        "tz": choices("tz", [(zone, zone) for zone in zones]),
        "vendors": entities("vendor", frame.vendors.values(), attrgetter("name")) if scope.is_client else [],
        "contracts": entities("contract", (contract.entity for contract in frame.contracts.values()), whose),
        "queues": entities("queue", frame.queues.values(), whose),
        "agent": ", ".join(asked.get("agent", ())),
        "reason": ", ".join(asked.get("reason", ())),
        "has_people": scope.agent_id is None,
        "first": period.first if period else None,
        "after": period.after if period else None,
        "is_filtered": any(asked.get(d.value) for d in Dimension) or bool(asked.get("tz")),
    }


def _heads(request: HttpRequest, query: KpiQuery) -> list[dict[str, Any]]:
    """Return the metric columns, each with the address that orders by it."""
    heads = []
    for kpi, short, name in kpi_heads(query):
        is_down = query.order == f"-{kpi.value}"
        heads.append(
            {
                "short": short,
                "name": name,
                "url": _same_page(request, order=kpi.value if is_down else f"-{kpi.value}", next_token=""),
                "sort": "descending" if is_down else "ascending" if query.order == kpi.value else "",
            }
        )
    return heads


def _same_page(request: HttpRequest, **changes: str | None) -> str:
    pairs = [(name, value) for name, values in request.GET.lists() if name not in changes for value in values]
    return with_query(request.path, pairs + [(name, value) for name, value in changes.items() if value])


def _menu(request: HttpRequest, is_answered: bool) -> list[Action]:
    if not is_answered:
        return []
    return [
        Action(_("Export as CSV"), _same_page(request, export="csv", next_token=""), "file-type-csv"),
        Action(_("Export as XLSX"), _same_page(request, export="xlsx", next_token=""), "file-spreadsheet"),
    ]
