"""The interface of the question bank, of ideas and of exceptional service."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from calls.deeds import Deed
from calls.queries import period_of, vendor_named
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint
from core.http import scope_of
from core.scope import Scope
from qa import selectors, services
from qa.api.evaluations import TAGS
from qa.models import BankQuestion, BankReply, Idea, ServiceCase
from qa.serializers.improvement import (
    BankQuestionSerializer,
    BankReplyQuery,
    BankReplySerializer,
    ConsistencyQuery,
    ConsistencySerializer,
    IdeaDecisionSerializer,
    IdeaNewSerializer,
    IdeaQuery,
    IdeaSerializer,
    ServiceCaseQuery,
    ServiceCaseSerializer,
)


class IdeaPages(Pages):
    """The newest first."""

    ordering: Any = ("-pk",)


class IdeaDeed(Deed):
    """Something that a program does with an idea, answered with it."""

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        """Return what the caller is told of the row that it changed."""
        return dict(IdeaSerializer(selectors.idea_get(scope=scope, uuid=row.uuid), context={"request": request}).data)


@extend_schema_view(get=extend_schema(operation_id="idea_list", parameters=[IdeaQuery], tags=TAGS))
class IdeaListView(ListEndpoint, IdeaDeed):
    """Ideas, the newest first; an agent's token sees the agent's own."""

    permission = "ideas.view"
    serializer_class = IdeaSerializer
    query_class = IdeaQuery
    pagination_class = IdeaPages
    search_fields = ("title", "text")
    body_class, status = IdeaNewSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Idea]:
        rows = selectors.idea_list(scope=scope)
        if "vendor" in query:
            rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
        return rows.filter(state=query["state"]) if "state" in query else rows

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="idea_create",
        tags=TAGS,
        summary="Send an idea",
        parameters=[IDEMPOTENCY_KEY],
        request=IdeaNewSerializer,
        responses={201: IdeaSerializer},
    )
    def post(self, request: Request) -> Response:
        """Send an idea of one's own; its author is told what is decided."""
        scope = scope_of(request._request)
        scope.require("ideas.send")
        return self.done_once(request, scope.organization_id, lambda body: services.idea_send(scope=scope, values=body))


@extend_schema_view(get=extend_schema(operation_id="idea_retrieve", tags=TAGS))
class IdeaDetailView(DetailEndpoint):
    """One idea."""

    permission = "ideas.view"
    serializer_class = IdeaSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Idea:
        return selectors.idea_get(scope=scope, uuid=uuid)


class IdeaDecisionView(IdeaDeed):
    """The decision on an idea."""

    permission = "ideas.review"
    body_class = IdeaDecisionSerializer

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="idea_decide",
        tags=TAGS,
        summary="Decide on an idea",
        parameters=[IDEMPOTENCY_KEY],
        request=IdeaDecisionSerializer,
        responses={200: IdeaSerializer},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Accept, adopt or decline an idea; nobody decides on an own one."""
        scope = scope_of(request._request)
        vendor_id = selectors.idea_get(scope=scope, uuid=uuid).vendor_id

        def decide(body: dict[str, Any]) -> Idea:
            given = {name: value for name, value in body.items() if name != "version"}
            return services.idea_decide(scope=scope, uuid=uuid, expected_version=body["version"], **given)

        return self.done_once(request, vendor_id, decide)


@extend_schema_view(get=extend_schema(operation_id="service_case_list", parameters=[ServiceCaseQuery], tags=TAGS))
class ServiceCaseListView(ListEndpoint):
    """Cases of exceptional service, the newest first; an agent's token sees its approved ones."""

    permission = "ideas.view"
    serializer_class = ServiceCaseSerializer
    query_class = ServiceCaseQuery
    pagination_class = IdeaPages
    search_fields = ("title", "text")

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[ServiceCase]:
        rows = selectors.service_case_list(scope=scope)
        if "vendor" in query:
            rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
        return rows.filter(state=query["state"]) if "state" in query else rows


@extend_schema_view(get=extend_schema(operation_id="bank_question_list", tags=TAGS))
class BankQuestionListView(ListEndpoint):
    """The client's question bank, every revision; there is none for a vendor."""

    permission = "consistency.view"
    serializer_class = BankQuestionSerializer
    pagination_class = IdeaPages
    search_fields = ("code", "text")

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[BankQuestion]:
        return selectors.bank_question_list(scope=scope)


@extend_schema_view(get=extend_schema(operation_id="bank_reply_list", parameters=[BankReplyQuery], tags=TAGS))
class BankReplyListView(ListEndpoint):
    """What was answered to the question bank; a vendor's own."""

    permission = "consistency.view"
    serializer_class = BankReplySerializer
    query_class = BankReplyQuery
    pagination_class = IdeaPages
    search_fields = ("question_text", "answer")

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[BankReply]:
        rows = selectors.bank_reply_list(scope=scope)
        if "vendor" in query:
            rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
        if "code" in query:
            rows = rows.filter(question_code=query["code"])
        return rows if query["is_correct"] is None else rows.filter(is_correct=query["is_correct"])


class ConsistencyView(APIView):
    """Whether all vendors say the same."""

    permission = "consistency.view"

    @extend_schema(  # type: ignore[untyped-decorator]
        operation_id="consistency", tags=TAGS, parameters=[ConsistencyQuery], responses=ConsistencySerializer
    )
    def get(self, request: Request) -> Response:
        """Return the index over all vendors and each two of them, and each one's share of right answers.

        A vendor gets no index, for it would tell of its rivals, and its own share only.
        """
        scope, query = scope_of(request._request), ConsistencyQuery.read(request.query_params)
        first, until = period_of(query)
        days = {"first": first, "last": until - timedelta(days=1)}
        asked = {"scope": scope, **days, "language": query.get("language", "")}
        shares = [
            {"vendor": one.vendor.code, "numerator": one.correct, "denominator": one.asked, **_bounds(one.interval)}
            for one in selectors.own_shares(**asked)
        ]
        index = []
        if scope.is_client:
            report = selectors.consistency_report(**asked)
            found = [([], report.overall), *(([p.one.code, p.other.code], p.index) for p in report.pairs)]
            index = [
                {
                    "vendors": codes,
                    "numerator": one.numerator,
                    "denominator": one.denominator,
                    **_bounds(one.interval),
                }
                for codes, one in found
            ]
        return Response(ConsistencySerializer({"index": index, "shares": shares}).data)


def _bounds(interval: tuple[float, float] | None) -> dict[str, float | None]:
    low, high = interval or (None, None)
    return {"low": low, "high": high}
