"""The interface of feedback: ratings, SMS and app send it, programs read it and move it on; and the reasons behind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from calls import selectors as calls
from calls.deeds import Deed, contract_named, refused
from calls.queries import contracts_asked, contracts_named, vendor_named
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint
from core.http import scope_of
from core.scope import Scope
from sla.queries import measured_asked
from tickets import selectors, services
from tickets.calc.feedback import OPEN, Step
from tickets.calc.kpis import FeedbackKpi
from tickets.deeds import call_named, parts_named
from tickets.filters import LATE
from tickets.models import Feedback
from tickets.queries import FeedbackKpiQuery, FeedbackQuery, VoiceQuery
from tickets.serializers import (
    FeedbackKpisSerializer,
    FeedbackNewSerializer,
    FeedbackSerializer,
    FeedbackStepSerializer,
    VoicesSerializer,
)
from vendors import selectors as vendors

# What each step needs of the body.
NEEDED = {
    Step.CLASSIFY: ("kind", "is_complaint"),
    Step.ROUTE: ("department",),
    Step.ANSWER: ("text",),
    Step.CLOSE: ("text", "customer_told"),
    Step.REOPEN: ("text",),
}


class FeedbackPages(Pages):
    """The newest first."""

    ordering: Any = ("-received_at", "-pk")


class FeedbackDeed(Deed):
    """Something that a program does with feedback, answered with it."""

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        feedback = selectors.feedback_get(scope=scope, uuid=row.uuid)
        return dict(FeedbackSerializer(feedback, context={"request": request}).data)


@extend_schema_view(get=extend_schema(operation_id="feedback_list", parameters=[FeedbackQuery], tags=["feedback"]))
class FeedbackListView(ListEndpoint, FeedbackDeed):
    """Ratings, messages and complaints, the newest first."""

    permission = "complaints.view"
    serializer_class = FeedbackSerializer
    query_class = FeedbackQuery
    pagination_class = FeedbackPages
    search_fields = ("text", "answer", "outcome")
    body_class, status = FeedbackNewSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Feedback]:
        return feedback_asked(scope, query)

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="feedback_create",
        tags=["feedback"],
        summary="Register feedback",
        parameters=[IDEMPOTENCY_KEY],
        request=FeedbackNewSerializer,
        responses={201: FeedbackSerializer},
    )
    def post(self, request: Request) -> Response:
        """Register a rating, a message or a complaint, as a channel sends it.

        Whatever a department must hear of starts the clock of 24 hours. The `external_id` of a `source` is told once:
        sent again, even under another key, it is answered with what is there; with other words it is refused (409).
        """
        scope = scope_of(request._request)
        scope.require("complaints.edit")
        body = self.body_read(request)
        contract = contract_named(scope, body)

        def register(_body: dict[str, Any]) -> Feedback:
            names = ("source", "text", "rating", "is_complaint", "kind", "external_id")
            values = {name: body[name] for name in names if body.get(name) not in (None, "")}
            values |= parts_named(scope, contract, body)
            if "ticket" in body:
                own = selectors.ticket_list(scope=scope).filter(vendor_id=contract.vendor_id)
                values["ticket"] = own.filter(uuid=body["ticket"]).first()
                if values["ticket"] is None:
                    raise refused("ticket", _("Not found."))
            return services.feedback_register(
                scope=scope,
                contract=contract,
                values=values,
                customer=body["customer"],
                call=call_named(scope, contract, body),
            )[0]

        return self.done_once(request, contract.vendor_id, register)


@extend_schema_view(get=extend_schema(operation_id="feedback_retrieve", tags=["feedback"]))
class FeedbackDetailView(DetailEndpoint):
    """One voice of a customer."""

    permission = "complaints.view"
    serializer_class = FeedbackSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Feedback:
        return selectors.feedback_get(scope=scope, uuid=uuid)


class FeedbackStepsView(FeedbackDeed):
    """Where a voice goes until the customer knows."""

    permission = "complaints.edit"
    body_class = FeedbackStepSerializer

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="feedback_step",
        tags=["feedback"],
        summary="Take a step with feedback",
        parameters=[IDEMPOTENCY_KEY],
        request=FeedbackStepSerializer,
        responses={200: FeedbackSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Classify it, pass it on to a department, enter the answer, close the loop to the customer, or reopen it."""
        scope = scope_of(request._request)
        vendor_id = selectors.feedback_get(scope=scope, uuid=uuid).vendor_id
        return self.done_once(request, vendor_id, lambda body: step_take(scope, uuid, body))


class FeedbackKpisView(APIView):
    """What becomes of feedback."""

    permission = "complaints.view"

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="feedback_kpis", tags=["feedback"], parameters=[FeedbackKpiQuery], responses=FeedbackKpisSerializer
    )
    def get(self, request: Request) -> Response:
        """Return by contract how much was passed on in time, and how much was told back to the customer.

        In time is within 24 hours. The first counts on the day on which it was passed on or became late, the
        second on the day on which the customer spoke: it grows while loops are closed.
        """
        scope, query = scope_of(request._request), FeedbackKpiQuery.read(request.query_params)
        scope.require("complaints.view")
        kpis = [query["kpi"]] if "kpi" in query else [kpi.value for kpi in FeedbackKpi]
        results = measured_asked(scope=scope, query=query, kpis=kpis)
        return Response(FeedbackKpisSerializer({"results": results}).data)


class VoiceView(APIView):
    """Which reasons are asked about more by unhappier callers."""

    permission = "complaints.view"

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="voice_of_the_customer", tags=["feedback"], parameters=[VoiceQuery], responses=VoicesSerializer
    )
    def get(self, request: Request) -> Response:
        """Return every reason with its calls and answers of the last 7 whole days and of the 28 before.

        `signal` is true where calls a day rose by a fifth or more and the satisfied share fell, both beyond chance;
        `is_enough` is false where there are too few cases to say anything, and both probabilities are null.
        """
        scope, query = scope_of(request._request), VoiceQuery.read(request.query_params)
        named = {contract.pk: contract for contract in contracts_asked(scope=scope, query=query)}
        by_queue = query["by_queue"]
        voices = selectors.voice_list(scope=scope, by_queue=by_queue, contract_ids=list(named))
        reasons = {reason.pk: reason.code for reason in calls.reason_list(scope=scope)}
        queues = {queue.pk: queue.code for queue in vendors.queue_list(scope=scope)} if by_queue else {}
        results = [
            {
                "vendor": named[voice.contract_id].vendor.code,
                "contract": named[voice.contract_id].code,
                "reason": reasons[voice.reason_id],
                "queue": queues.get(voice.queue_id) if voice.queue_id else None,
                "first_day": voice.first_day,
                "last_day": voice.last_day,
                "now": voice.now,
                "before": voice.before,
                "is_enough": voice.is_enough,
                "rise_probability": voice.rise_probability,
                "fall_probability": voice.fall_probability,
                "signal": voice.signal is not None,
            }
            for voice in voices
        ]
        return Response(VoicesSerializer({"results": results}).data)


def feedback_asked(scope: Scope, query: dict[str, Any]) -> QuerySet[Feedback]:
    """Return the feedback that the parameters ask for.

    Raises:
        BadParameter: A parameter names nothing that exists for the caller.
    """
    rows = selectors.feedback_list(scope=scope)
    if "vendor" in query:
        rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
    if "contract" in query:
        rows = rows.filter(contract_id__in=contracts_named(scope=scope, text=query["contract"]).values("pk"))
    if "state" in query:
        is_open = query["state"] == "open"
        rows = rows.filter(state__in=[state.value for state in OPEN]) if is_open else rows.filter(state=query["state"])
    rows = rows.filter(**{name: query[name] for name in ("kind", "is_complaint", "source") if name in query})
    if "department" in query:
        rows = rows.filter(department__iexact=query["department"])
    if "late" in query:
        late = LATE | Q(routed_at=None, closed_at=None, route_due_at__lt=scope.at)
        rows = rows.filter(late) if query["late"] else rows.exclude(late)
    if "received_from" in query:
        rows = rows.filter(received_at__gte=query["received_from"])
    if "received_to" in query:
        rows = rows.filter(received_at__lt=query["received_to"])
    return rows


def step_take(scope: Scope, uuid: UUID, body: dict[str, Any]) -> Feedback:
    """Take the step that a body names, by the one service that takes it."""
    step = Step(body["step"])
    for name in NEEDED[step]:
        if body.get(name) in (None, ""):
            raise refused(name, _("This step needs it."))
    asked: dict[str, Any] = {"scope": scope, "uuid": uuid, "expected_version": body["version"]}
    match step:
        case Step.CLASSIFY:
            return services.feedback_classify(**asked, kind=body["kind"], is_complaint=body["is_complaint"])
        case Step.ROUTE:
            return services.feedback_route(**asked, department=body["department"], kind=body.get("kind"))
        case Step.ANSWER:
            return services.feedback_answer(**asked, answer=body["text"])
        case Step.CLOSE:
            told = {"customer_told": body["customer_told"], "told_at": body["told_at"]}
            return services.feedback_close(**asked, outcome=body["text"], **told)
        case Step.REOPEN:
            return services.feedback_reopen(**asked, reason=body["text"])
