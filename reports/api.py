"""The KPI interface: the figures of record, each with numerator, denominator and definition."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contracts.calc.definition import Kpi
from core.errors import BadParameter
from core.exports import Column, csv_lines
from core.http import scope_of
from core.scope import Scope
from reports.serializers import (
    KpiReportSerializer,
    kpi_query_read,
    report_write,
    table_cells,
    table_columns,
)
from sla import selectors
from sla.calc.query import DEFAULT_PAGE_SIZE, MAX_CELLS, MAX_DAYS_COARSE, MAX_DAYS_FINE, Dimension, Interval

BYTE_ORDER_MARK = "\ufeff".encode()


class KpiCsvRenderer(BaseRenderer):
    """The same rows, one a line."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if "error" in data:
            columns, rows = [Column("code"), Column("message")], [[data["error"]["code"], data["error"]["message"]]]
        else:
            columns = table_columns(renderer_context["view"].query)
            rows = [table_cells(data, row) for row in data["results"]]
        # Programs read this one: without the mark that spreadsheets want before the first head.
        return b"".join(csv_lines(columns=columns, rows=rows)).removeprefix(BYTE_ORDER_MARK)


def _parameter(name: str, description: str, *, required: bool = False, many: bool = False, **more: Any) -> Any:
    return OpenApiParameter(name, more.pop("type", str), description=description, required=required, many=many, **more)


KPI_PARAMETERS = [
    _parameter(
        "metrics",
        "KPIs to answer, in this order; repeat it or separate them by commas.",
        required=True,
        many=True,
        enum=[kpi.value for kpi in Kpi],
        style="form",
        explode=False,
        examples=[OpenApiExample("two", value=["service_level", "asa"])],
    ),
    _parameter(
        "from",
        "First local day (2026-06-01) or first moment with its offset (2026-06-01T00:00:00+08:00).",
        required=True,
        examples=[OpenApiExample("day", value="2026-06-01")],
    ),
    _parameter(
        "to",
        "The day or moment after the last; not part of the period. "
        f"At most {MAX_DAYS_FINE} days for half_hour and hour, {MAX_DAYS_COARSE} for longer intervals.",
        required=True,
        examples=[OpenApiExample("day", value="2026-07-01")],
    ),
    _parameter(
        "group_by",
        "One row for each of these; agent and reason are kept by day and not both at once.",
        many=True,
        enum=[dimension.value for dimension in Dimension],
        style="form",
        explode=False,
    ),
    _parameter(
        "interval",
        "One row for each of these; `total` is one row for the whole period. A day has 46, 48 or 50 half-hours.",
        enum=[interval.value for interval in Interval],
        default=Interval.TOTAL.value,
    ),
    _parameter(
        "tz",
        "IANA zone that cuts hours, days, weeks and months; each contract's own if left out. "
        "Days of another zone are sums of half-hours and are refused where these do not fit.",
        examples=[OpenApiExample("zone", value="Asia/Shanghai")],
    ),
    *(
        _parameter(name, f"Only this {name}: its code or id; repeat it for any of several.", many=True)
        for name in (dimension.value for dimension in Dimension)
    ),
    _parameter("order", "`start` or one of the metrics, with a leading minus for descending.", default="start"),
    _parameter(
        "page_size",
        f"Rows of one page; at most {MAX_CELLS} cells (rows times metrics). A page may hold fewer: "
        "go on until `next_token` is null.",
        type=OpenApiTypes.INT,
        default=DEFAULT_PAGE_SIZE,
    ),
    _parameter("next_token", "What the former page answered; every other parameter must stay the same."),
    _parameter("format", "`csv` for one line a row; the Accept header does the same.", enum=["json", "csv"]),
    OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="ETag of the answer you have."),
]


class KpiReportView(APIView):
    """KPIs from the rollups."""

    permission = "kpis.view"
    renderer_classes = (JSONRenderer, KpiCsvRenderer)

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="kpis",
        tags=["kpis"],
        summary="KPIs with numerator, denominator and definition",
        parameters=KPI_PARAMETERS,
        responses={
            (200, "application/json"): KpiReportSerializer,
            (200, "text/csv"): OpenApiTypes.STR,
            304: OpenApiResponse(description="Nothing changed since the ETag in If-None-Match."),
        },
    )
    def get(self, request: Request) -> Response:
        """Answer KPIs for a period, cut and grouped as asked.

        Percentages are never averaged: numerators and denominators are added up over whatever a row covers, each day
        under the definitions that its contract version froze. A ratio without cases is null, never 0. Covered queues
        without calls have rows; `completeness` says whether their calls came in at all.
        """
        http = request._request
        scope = scope_of(http)
        self.query = kpi_query_read(dict(http.GET.lists()), also=("format",))
        report = selectors.kpi_report(scope=scope, query=self.query)
        response = Response(report_write(scope=scope, report=report))
        response.add_post_render_callback(partial(_conditional, http, scope))
        return response

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Refuse an unknown format by its name."""
        try:
            return super().perform_content_negotiation(request, force)
        except Http404:
            raise BadParameter("format", _("format must be json or csv.")) from None


def _conditional(request: HttpRequest, scope: Scope, response: HttpResponse) -> HttpResponse | None:
    """Give the answer its strong tag, which says for whom and which bytes it is, or answer "not modified" (T11)."""
    digest = hashlib.sha256(
        json.dumps([scope.organization_id, scope.role, scope.agent_id, response["Content-Type"]]).encode()
    )
    digest.update(response.content)
    etag = f'"{digest.hexdigest()[:40]}"'
    response["ETag"] = etag
    found: HttpResponse | None = get_conditional_response(request, etag=etag, response=response)
    return found


class SchemaView(SpectacularAPIView):  # type: ignore[misc]
    """The OpenAPI document."""


class DocsView(SpectacularSwaggerSplitView):  # type: ignore[misc]
    """The interface to read and try, for people who are signed in."""

    template_name = "reports/api_docs.html"
    url_name = "schema"

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Return a page behind the log-in; the REST framework would leave it outside."""
        view = super().as_view(**initkwargs)
        view.login_required = True
        return view
