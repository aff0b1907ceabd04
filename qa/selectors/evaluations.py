"""Reading evaluations: each side its own, and the other side's once they are released and its own view is told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import NullIf

from core.errors import NotFound
from core.scope import Scope
from qa.calc.states import OPEN, TOLD, State, Step
from qa.models import CoachingTask, Dispute, Evaluation, EvaluationEvent

_OPEN, _TOLD = sorted(OPEN), sorted(TOLD)


def evaluation_list(*, scope: Scope) -> QuerySet[Evaluation]:
    """Return the evaluations that exist for the caller, the newest conversation first.

    The other side's are there once they are released, and not while somebody of the caller's side is to evaluate the
    same conversation: two views of one call are worth something as long as neither knows the other. An agent has what
    was released about itself, no earlier than its leads. Each has ``ratio``: points of the possible ones, 0..1, None
    without a score.
    """
    rows: QuerySet[Evaluation] = Evaluation.objects.visible_to(scope).select_related(
        "vendor", "form", "contract", "queue", "agent", "reason"
    )
    own_open = Evaluation.objects.visible_to(scope).filter(
        vendor_id=OuterRef("vendor_id"),
        contract_id=OuterRef("contract_id"),
        kind=OuterRef("kind"),
        reference=OuterRef("reference"),
        side=scope.side,
        state__in=_OPEN,
    )
    told = Q(state__in=_TOLD)
    if scope.agent_id is not None:
        rows = rows.filter(told & ~Exists(own_open), agent_id=scope.agent_id)
    else:
        rows = rows.filter(Q(side=scope.side) | told & ~Exists(own_open))
    possible = NullIf("possible", Value(0, output_field=DecimalField()))
    return rows.annotate(ratio=F("earned") / possible).order_by("-day", "-pk")


def evaluation_get(*, scope: Scope, uuid: UUID) -> Evaluation:
    """Return an evaluation.

    Raises:
        NotFound: There is none for the caller.
    """
    found = evaluation_list(scope=scope).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def queue_list(*, scope: Scope) -> QuerySet[Evaluation]:
    """Return what waits for the caller's side, in the order in which it is taken: risky ones first, then the oldest."""
    rows = evaluation_list(scope=scope).filter(side=scope.side, state__in=_OPEN)
    waiting = rows.filter(Q(state=State.SAMPLED) | Q(held_until__lte=scope.at) | Q(evaluator_id=scope.user_id))
    return waiting.order_by("-is_risky", "day", "pk")


def given_back_by(*, scope: Scope, since: datetime) -> Exists:
    """Return the condition that the caller gave an evaluation back since some moment."""
    own = EvaluationEvent.objects.visible_to(scope).filter(
        vendor_id=OuterRef("vendor_id"), evaluation_id=OuterRef("pk"), kind=Step.GIVE_BACK, at__gte=since
    )
    return Exists(own.filter(actor=scope.actor[:150], side=scope.side))


def others_of(*, scope: Scope, evaluation: Evaluation) -> QuerySet[Evaluation]:
    """Return what else there is of the same conversation, as far as the caller may know it."""
    rows = evaluation_list(scope=scope).filter(
        vendor_id=evaluation.vendor_id,
        contract_id=evaluation.contract_id,
        kind=evaluation.kind,
        reference=evaluation.reference,
    )
    return rows.exclude(pk=evaluation.pk)


def event_list(*, scope: Scope, evaluation: Evaluation) -> QuerySet[EvaluationEvent]:
    """Return what happened to an evaluation, in order; to the other side from its release on."""
    rows: QuerySet[EvaluationEvent] = EvaluationEvent.objects.visible_to(scope).filter(evaluation=evaluation)
    if scope.side != evaluation.side:
        released = rows.filter(kind=Step.RELEASE).order_by("pk").values_list("pk", flat=True).first()
        rows = rows.filter(pk__gte=released) if released is not None else rows.none()
    return rows.order_by("pk")


def dispute_of(*, scope: Scope, evaluation: Evaluation) -> Dispute | None:
    """Return what is held against an evaluation; None if nothing is."""
    found: Dispute | None = Dispute.objects.visible_to(scope).filter(evaluation=evaluation).first()
    return found


def coaching_list(*, scope: Scope) -> QuerySet[CoachingTask]:
    """Return the coaching tasks, what is due first; an agent's own."""
    rows: QuerySet[CoachingTask] = CoachingTask.objects.visible_to(scope).select_related(
        "agent", "evaluation__contract", "evaluation__form", "vendor", "again"
    )
    # A task tells what an evaluation found: it exists for whom the evaluation does.
    known = evaluation_list(scope=scope).filter(vendor_id=OuterRef("vendor_id"), pk=OuterRef("evaluation_id"))
    rows = rows.filter(Exists(known.order_by()))
    if scope.agent_id is not None:
        rows = rows.filter(agent_id=scope.agent_id)
    return rows.order_by("done_at", "due_on", "pk")


def is_view_known(*, scope: Scope, side: str, vendor_id: int, contract_id: int, kind: str, reference: str) -> bool:
    """Tell whether the other side's view of a conversation is released: after that nobody's own is independent."""
    rows = Evaluation.objects.visible_to(scope).filter(
        vendor_id=vendor_id, contract_id=contract_id, kind=kind, reference=reference, state__in=_TOLD
    )
    return bool(rows.exclude(side=side).exists())


def coaching_get(*, scope: Scope, uuid: UUID) -> CoachingTask:
    """Return a coaching task.

    Raises:
        NotFound: There is none for the caller.
    """
    found: CoachingTask | None = coaching_list(scope=scope).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found
