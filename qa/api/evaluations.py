"""The interface of evaluations: reading them, filling them in, and every step until they are final."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from calls import selectors as calls
from calls.deeds import Deed, contract_named, refused
from calls.queries import contracts_named, vendor_named
from core.api import Pages
from core.endpoints import IDEMPOTENCY_KEY, DetailEndpoint, ListEndpoint
from core.errors import NotFound
from core.http import scope_of
from core.scope import Scope
from qa import selectors, services
from qa.calc.states import TOLD, State, Step
from qa.models import Evaluation
from qa.serializers.evaluations import (
    DecisionSerializer,
    DisputeNewSerializer,
    EvaluationDetailSerializer,
    EvaluationNewSerializer,
    EvaluationNextSerializer,
    EvaluationQuery,
    EvaluationSerializer,
    EvaluationStepSerializer,
    SheetSerializer,
)
from qa.services import Sheet

TAGS = ["quality"]
STEP_NEEDS = {
    Step.TAKE: "qa.evaluate",
    Step.GIVE_BACK: "qa.evaluate",
    Step.REOPEN: "qa.evaluate",
    Step.RELEASE: "qa.release",
    Step.DROP: "qa.release",
    Step.ACKNOWLEDGE: "qa.acknowledge",
}


class EvaluationPages(Pages):
    """The newest conversation first."""

    ordering: Any = ("-day", "-pk")


def evaluation_told(scope: Scope, uuid: UUID) -> Evaluation:
    """Return an evaluation with what belongs to it, as far as the caller may know; raises NotFound."""
    found: Any = selectors.evaluation_get(scope=scope, uuid=uuid)
    prefetch_related_objects([found], Prefetch("events", selectors.event_list(scope=scope, evaluation=found)))
    is_told = found.side == scope.side or State(found.state) in TOLD
    dispute = selectors.dispute_of(scope=scope, evaluation=found) if is_told else None
    if dispute is not None:
        dispute.evaluation = found
    found.dispute = dispute
    found.others = [row.uuid for row in selectors.others_of(scope=scope, evaluation=found)]
    return found  # type: ignore[no-any-return]


class EvaluationDeed(Deed):
    """Something that a program does with an evaluation."""

    def told(self, scope: Scope, row: Any, request: Request) -> dict[str, Any]:
        """Return what the caller is told of the row that it changed."""
        found = evaluation_told(scope, row.uuid)
        return dict(EvaluationDetailSerializer(found, context={"request": request}).data)

    def on_one(self, request: Request, uuid: UUID, do: Any) -> Response:
        """Do something with one evaluation, once for one key."""
        scope = scope_of(request._request)
        vendor_id = selectors.evaluation_get(scope=scope, uuid=uuid).vendor_id
        return self.done_once(request, vendor_id, lambda body: do(scope, body))


def _documented(operation_id: str, summary: str, body: Any, status: int = 200) -> Any:
    return extend_schema(
        operation_id=operation_id,
        tags=TAGS,
        summary=summary,
        parameters=[IDEMPOTENCY_KEY],
        request=body,
        responses={status: EvaluationDetailSerializer},
    )


def _sheet(body: dict[str, Any]) -> Sheet:
    return Sheet(body["answers"], body["causes"], body["remarks"], body["comment"])


@extend_schema_view(get=extend_schema(operation_id="evaluations_list", parameters=[EvaluationQuery], tags=TAGS))
class EvaluationListView(ListEndpoint, EvaluationDeed):
    """Evaluations, the newest conversation first; an agent's token sees what was released about the agent."""

    permission = "qa.view"
    serializer_class = EvaluationSerializer
    query_class = EvaluationQuery
    pagination_class = EvaluationPages
    search_fields = ("reference",)
    body_class, status = EvaluationNewSerializer, 201

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Evaluation]:
        rows = selectors.evaluation_list(scope=scope)
        if query.get("state") == "waiting":
            rows = selectors.waiting_list(scope=scope, rows=rows)
        elif "state" in query:
            rows = rows.filter(state=query["state"])
        if "vendor" in query:
            rows = rows.filter(vendor=vendor_named(scope=scope, text=query["vendor"]))
        if "contract" in query:
            rows = rows.filter(contract_id__in=contracts_named(scope=scope, text=query["contract"]).values("pk"))
        columns = {"side": "side", "origin": "origin", "form": "form__code", "agent": "agent__code",
                   "day_from": "day__gte", "day_to": "day__lt"}  # fmt: skip
        return rows.filter(**{column: query[name] for name, column in columns.items() if name in query})

    @_documented("evaluations_create", "Have a call evaluated that no lot drew", EvaluationNewSerializer, 201)  # type: ignore[untyped-decorator]
    def post(self, request: Request) -> Response:
        """Choose a call, for itself or to show what a coaching task came to; it counts in no figure of a group."""
        scope = scope_of(request._request)
        scope.require("qa.evaluate")
        body = self.body_read(request)
        contract = contract_named(scope, body)
        try:
            call = calls.call_get(scope=scope, contract_uuid=contract.uuid, external_id=body["call"])
        except NotFound:
            raise refused("call", _("Not found.")) from None
        form = selectors.form_live(scope=scope, vendor_id=call.vendor_id, code=body["form"])
        if form is None:
            raise refused("form", _("This form is not in use at the vendor; publish it first."))
        return self.done_once(
            request,
            call.vendor_id,
            lambda _body: services.evaluation_choose(scope=scope, call=call, form=form, coaching=body.get("coaching")),
        )


@extend_schema_view(get=extend_schema(operation_id="evaluations_retrieve", tags=TAGS))
class EvaluationDetailView(DetailEndpoint):
    """One evaluation with its answers, what happened to it, and what is held against it."""

    permission = "qa.view"
    serializer_class = EvaluationDetailSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Evaluation:
        return evaluation_told(scope, uuid)


class EvaluationNextView(EvaluationDeed):
    """The next evaluation that waits."""

    permission = "qa.evaluate"
    body_class = EvaluationNextSerializer

    @_documented("evaluations_next", "Take the next one", EvaluationNextSerializer)  # type: ignore[untyped-decorator]
    def post(self, request: Request) -> Response:
        """Take what the caller has in hands, or the next that waits; two callers never get the same. None is 404.

        What the caller gave back lately comes after everything else.
        """
        scope = scope_of(request._request)

        def take(body: dict[str, Any]) -> Evaluation:
            found = services.evaluation_take(scope=scope, vendor=body.get("vendor"), queue=body.get("queue"))
            if found is None:
                raise NotFound(_("Nothing waits to be evaluated any more."))
            return found

        return self.done_once(request, scope.organization_id, take)


class EvaluationSheetView(EvaluationDeed):
    """What is filled in so far."""

    permission = "qa.evaluate"
    body_class = SheetSerializer

    @_documented("evaluations_save", "Keep what is filled in so far", SheetSerializer)  # type: ignore[untyped-decorator]
    def post(self, request: Request, uuid: UUID) -> Response:
        """Keep the sheet of an evaluation that the caller has in hands; what is left out is emptied."""
        return self.on_one(
            request, uuid, lambda scope, body: services.evaluation_save(scope=scope, uuid=uuid, sheet=_sheet(body))
        )


class EvaluationSubmitView(EvaluationDeed):
    """A finished sheet."""

    permission = "qa.evaluate"
    body_class = SheetSerializer

    @_documented("evaluations_submit", "Finish an evaluation", SheetSerializer)  # type: ignore[untyped-decorator]
    def post(self, request: Request, uuid: UUID) -> Response:
        """Submit a whole sheet: every question answered, every failure with its cause; the score follows."""
        return self.on_one(
            request, uuid, lambda scope, body: services.evaluation_submit(scope=scope, uuid=uuid, sheet=_sheet(body))
        )


class EvaluationStepsView(EvaluationDeed):
    """Where an evaluation goes."""

    permission = "qa.view"
    body_class = EvaluationStepSerializer

    @_documented("evaluations_step", "Take, give back, reopen, release, drop or acknowledge", EvaluationStepSerializer)  # type: ignore[untyped-decorator]
    def post(self, request: Request, uuid: UUID) -> Response:
        """Take a step; each needs its own right, and the side that evaluates takes all but the last."""

        def do(scope: Scope, body: dict[str, Any]) -> Any:
            step = Step(body["step"])
            scope.require(STEP_NEEDS[step])
            given: dict[str, Any] = {"scope": scope, "uuid": uuid}
            match step:
                case Step.TAKE:
                    return services.evaluation_take(**given)
                case Step.GIVE_BACK:
                    return services.evaluation_give_back(**given)
                case Step.REOPEN:
                    return services.evaluation_reopen(**given)
                case Step.RELEASE:
                    return services.evaluation_release(**given)
                case Step.DROP:
                    return services.evaluation_drop(**given, text=body["text"])
                case _:
                    return services.evaluation_acknowledge(**given, text=body["text"])

        return self.on_one(request, uuid, do)


class EvaluationDisputeView(EvaluationDeed):
    """What is held against an evaluation."""

    permission = "qa.dispute"
    body_class, status = DisputeNewSerializer, 201

    @_documented("evaluations_dispute", "Dispute lost points", DisputeNewSerializer, 201)  # type: ignore[untyped-decorator]
    def post(self, request: Request, uuid: UUID) -> Response:
        """Dispute answers that lost points: once, within the time, with a reason for each."""

        def do(scope: Scope, body: dict[str, Any]) -> Any:
            services.evaluation_dispute(scope=scope, uuid=uuid, lines=body["lines"])
            return selectors.evaluation_get(scope=scope, uuid=uuid)

        return self.on_one(request, uuid, do)


class EvaluationDecisionView(EvaluationDeed):
    """What became of a dispute."""

    permission = "qa.release"
    body_class = DecisionSerializer

    @_documented("evaluations_decide", "Decide a dispute", DecisionSerializer)  # type: ignore[untyped-decorator]
    def post(self, request: Request, uuid: UUID) -> Response:
        """Revise with other answers, or decline with none; somebody else than the evaluator does."""
        return self.on_one(
            request,
            uuid,
            lambda scope, body: services.evaluation_decide(
                scope=scope, uuid=uuid, text=body["text"], answers=body["answers"]
            ),
        )
