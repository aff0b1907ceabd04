"""The interface of calls and imports: reading the calls behind a figure, following an import, sending rows."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from calls import selectors, services
from calls.calc.canonical import Outcome
from calls.calc.parts import Part
from calls.forms import CallFilterForm
from calls.models import Batch, Call
from calls.serializers import (
    BatchDetailSerializer,
    BatchQuery,
    BatchSerializer,
    CallRowsSerializer,
    CallSerializer,
    RowsAnswerSerializer,
    RowsQuery,
    RowsRefusedSerializer,
)
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint, unknown
from core.errors import BadParameter, Invalid
from core.http import scope_of
from core.scope import Scope
from vendors import selectors as vendors


def _asked(name: str, description: str, *, many: bool = False, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, more.pop("type", str), description=description, many=many, **more)


CALL_PARAMETERS = [
    _asked(
        "from",
        "First local day (2026-06-15) or moment (2026-06-15T09:30) of each call's own contract zone, or a moment "
        "with its offset. With `to` left out too: the last day with calls.",
    ),
    _asked("to", "The day or moment after the last; not part of the period. At most 100 days at once."),
    _asked("half_hour", "Start of one half-hour with its offset, instead of `from` and `to`."),
    _asked("tz", "IANA zone of local days and moments; each contract's own if left out."),
    *(
        _asked(name, f"Only this {name}: its code or id; repeat it for any of several.", many=True)
        for name in ("vendor", "contract", "queue", "agent")
    ),
    _asked("reason", "Only this call reason: its code or id, `none` for calls without one; repeatable.", many=True),
    _asked(
        "part",
        "Only the calls that count in this figure, under the definition in force for each of them, and booked in "
        "the period as that definition books them. Their number is the numerator or denominator of the KPI.",
        enum=[part.value for part in Part],
    ),
    _asked("service", "Only calls that met or missed the service level.", enum=["met", "missed"]),
    _asked(
        "outcome",
        "How the call left the queue; repeatable.",
        many=True,
        enum=[outcome.name.lower() for outcome in Outcome if outcome != Outcome.WITHDRAWN],
    ),
    _asked("direction", "Which side dialed.", enum=["inbound", "outbound"], many=True),
    _asked("wait_min", "Shortest wait in seconds.", type=OpenApiTypes.INT),
    _asked("wait_max", "Longest wait in seconds.", type=OpenApiTypes.INT),
    _asked("csat", "Survey answer; repeatable.", type=OpenApiTypes.INT, many=True),
    _asked("resolved", "Whether the agent marked it as resolved.", enum=["true", "false"]),
    _asked("external_id", "Exactly this call; needs no period."),
    _asked("customer_of", "Calls of the customer of this call: `contract id:external_id`; needs no period.", many=True),
    _asked("import", "Calls whose newest revision came with this import (its id); needs no period."),
]
KNOWN = frozenset(parameter.name for parameter in CALL_PARAMETERS)


class CallPages(Pages):
    """Calls in the order they were offered."""

    ordering: Any = ("offered_at", "contract_id", "external_id")


@extend_schema_view(get=extend_schema(operation_id="calls_list", parameters=CALL_PARAMETERS, tags=["calls"]))
class CallListView(ListEndpoint):
    """Calls in the order they were offered; withdrawn ones are left out.

    An agent's token sees that agent's calls. Moments are UTC.
    """

    permission = "calls.view"
    serializer_class = CallSerializer
    pagination_class = CallPages

    def get_queryset(self) -> QuerySet[Call]:
        scope, asked = scope_of(self.request._request), self.request._request.GET
        for name in asked:
            if name not in KNOWN | {Pages.page_size_query_param, Pages.cursor_query_param}:
                message = _("There is no parameter %(name)s. Known: %(known)s.")
                known = ", ".join(sorted(KNOWN))
                raise BadParameter(name, message % {"name": name, "known": known}, "unknown_parameter")
        form = CallFilterForm(asked, scope=scope)
        if not form.is_valid():
            name, errors = next(iter(form.errors.items()))
            raise BadParameter(name, str(errors[0]))
        self.contracts = form.contracts
        calls = selectors.call_select(scope=scope, selection=form.selection)
        return selectors.with_names(scope=scope, calls=calls).select_related("vendor")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "contracts": getattr(self, "contracts", {})}


class BatchPages(Pages):
    """The newest import first."""

    ordering: Any = ("-received_at", "-pk")


@extend_schema_view(get=extend_schema(operation_id="imports_list", parameters=[BatchQuery], tags=["imports"]))
class BatchListView(ListEndpoint):
    """Imports, the newest first, whichever way they came in."""

    permission = "imports.view"
    serializer_class = BatchSerializer
    query_class = BatchQuery
    pagination_class = BatchPages

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Batch]:
        rows = selectors.batch_list(scope=scope)
        if "vendor" in query:
            rows = rows.filter(vendor=_vendor(scope, query["vendor"]))
        if "state" in query:
            rows = rows.filter(state=query["state"])
        return rows


@extend_schema_view(get=extend_schema(operation_id="imports_retrieve", tags=["imports"]))
class BatchDetailView(DetailEndpoint):
    """One import: how far it is, the account of its rows, and its first rejected cells."""

    permission = "imports.view"
    serializer_class = BatchDetailSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Batch:
        return selectors.batch_get(scope=scope, uuid=uuid)


class CallBatchView(APIView):
    """Takes rows."""

    permission = "calls.import"

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="calls_batch",
        tags=["calls"],
        summary="Send up to 1,000 calls",
        parameters=[
            RowsQuery,
            IDEMPOTENCY_KEY,
        ],
        request=CallRowsSerializer,
        responses={
            201: RowsAnswerSerializer,
            409: OpenApiResponse(
                RowsRefusedSerializer,
                description="Rows were rejected, nothing was stored; `error.details.rows` says of each row whether it "
                "is `valid` or `rejected`, and why.",
            ),
            422: OpenApiResponse(description="No or a used key, too many rows, or not a list of rows."),
        },
        examples=[
            OpenApiExample(
                "an answered and an abandoned call",
                request_only=True,
                value={
                    "rows": [
                        {
                            "external_id": "20260301-000001",
                            "queue": "sales",
                            "customer": "+8613800138000",
                            "agent": "A1001",
                            "offered_at": "2026-03-01T09:12:58+08:00",
                            "wait_seconds": 12,
                            "talk_seconds": 250,
                            "wrap_seconds": 35,
                            "outcome": "answered",
                            "csat": 5,
                        },
                        {
                            "external_id": "20260301-000002",
                            "queue": "sales",
                            "offered_at": "2026-03-01T09:13:05+08:00",
                            "wait_seconds": 45,
                            "outcome": "abandoned",
                            "abandon_place": "queue",
                        },
                    ]
                },
            ),
            OpenApiExample(
                "rejected",
                response_only=True,
                status_codes=["409"],
                value={
                    "error": {
                        "code": "rows_rejected",
                        "message": "Nothing was stored: some rows were rejected.",
                        "details": {
                            "rows": [
                                {
                                    "index": 0, "external_id": "20260301-000001", "status": "rejected",
                                    "errors": [
                                        {
                                            "row": 0, "field": "queue", "code": "queue_unknown",
                                            "message": "There is no queue “sale”.",
                                            "remedy": "Correct the code, or create the queue first.",
                                            "value": "sale",
                                        },
                                    ],
                                },
                            ],
                        },
                    },
                },
            ),
            OpenApiExample(
                "stored",
                response_only=True,
                status_codes=["201"],
                value={
                    "batch": "0b9f7c1e-3a52-4b8e-9d35-7d1c2a0f6e11",
                    "number": 118,
                    "account": {
                        "read": 2, "new": 2, "updated": 0, "unchanged": 0,
                        "superseded": 0, "duplicate": 0, "rejected": 0,
                    },
                    "same_revision": 0,
                    "rows": [
                        {
                            "index": 0, "external_id": "20260301-000001",
                            "status": "accepted", "result": "new", "errors": [],
                        },
                        {
                            "index": 1, "external_id": "20260301-000002",
                            "status": "accepted", "result": "new", "errors": [],
                        },
                    ],
                },
            ),
        ],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Store calls at once, all or none, or the good ones with `partial=true`.

        Whose calls they are follows from the token. A call is known by its vendor and `external_id`, whatever its
        contract: two telephone systems of one vendor need ids that differ, such as `east-123`. Sent again with a higher
        `revision` it replaces the former one, unchanged it counts as unchanged, and with the outcome `withdrawn` it is
        taken back. Figures of the days follow within seconds.
        """
        scope = scope_of(request._request)
        query = RowsQuery.read(request.query_params)
        if "vendor" in query:
            vendor_id = _vendor(scope, query["vendor"]).pk
        elif scope.is_client:
            raise BadParameter(
                "vendor",
                _("These calls need a vendor; name the vendor as a parameter: ?vendor=CODE."),
                "vendor_missing",
            )
        else:
            vendor_id = scope.organization_id
        try:
            # The bytes as sent, before anything reads them: the key stands for them.
            body = request._request.body
        except RequestDataTooBig as error:
            raise Invalid("body_too_large", _("The body is too large; send fewer rows.")) from error
        data = request.data
        rows = data.get("rows") if isinstance(data, dict) else None
        if not isinstance(rows, list) or set(data) != {"rows"}:
            message = _('Send one JSON object with a list "rows" and nothing else.')
            if isinstance(data, dict) and "vendor" in data:
                message = _("The vendor is no part of the body; name the vendor as a parameter: ?vendor=CODE.")
            raise Invalid("rows_missing", message, fields={"rows": [message]})
        status, answer = services.rows_load(
            scope=scope,
            vendor_id=vendor_id,
            key=request.headers.get("Idempotency-Key", ""),
            body=body,
            rows=rows,
            is_partial=query["partial"],
        )
        return Response(answer, status=status)


def _vendor(scope: Scope, text: str) -> Any:
    vendor = vendors.vendor_asked(scope=scope, text=text)
    if vendor is None:
        raise unknown("vendor", text)
    return vendor
