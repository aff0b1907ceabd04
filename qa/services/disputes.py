"""Disputes: once, within their time, about lost points; somebody else than the evaluator decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.services import rivals_refuse
from core.errors import Conflict, Forbidden, Invalid
from core.scope import CLIENT, VENDOR, Scope, activate
from qa import selectors
from qa.calc.states import OPEN, TOLD, State, Step
from qa.models import Dispute, Evaluation
from qa.services.sheets import Sheet, check_whole, fill, percent_of, score_read, score_write
from qa.services.steps import OWN_VIEW_WITHIN, TEXT_MOST, evaluation_lock, own_side, stepped, text_needed
from qa.services.telling import decided_tell, disputed_tell, own_view_tell

SLICE = 500


@transaction.atomic
def evaluation_dispute(*, scope: Scope, uuid: UUID, lines: Mapping[str, str]) -> Dispute:
    """Hold something against an evaluation: question by question, once, within its time, for lost points only.

    Args:
        scope: Who disputes: somebody of the vendor, for itself or for an agent.
        uuid: The evaluation.
        lines: Question to what is held against its answer.

    Raises:
        NotFound: There is no such evaluation for the caller.
        Forbidden: The role disputes nothing.
        Conflict: It is not released, was disputed before, or its time is over.
        Invalid: A question lost no points, or nothing is said of it.
    """
    scope.require("qa.dispute")
    evaluation = evaluation_lock(scope, uuid)
    if Dispute.objects.visible_to(scope).filter(evaluation=evaluation).exists():
        raise Conflict("disputed", _("This evaluation was disputed before; what was decided stands."))
    if evaluation.dispute_until is not None and scope.at > evaluation.dispute_until:
        raise Conflict("too_late", _("The time to dispute this evaluation is over."))
    lost = set(score_read(evaluation).lost)
    fields: dict[str, list[str]] = {}
    if not lines:
        fields["lines"] = [_("Name the questions that you dispute.")]
    for question, text in lines.items():
        if question not in lost:
            fields[question] = [_("This question lost no points.")]
        elif not 1 <= len(text.strip()) <= TEXT_MOST:
            fields[question] = [_("Say what you hold against this answer.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    dispute = Dispute(
        vendor_id=evaluation.vendor_id,
        evaluation=evaluation,
        opened_at=scope.at,
        opened_by=scope.actor[:150],
        lines={question: text.strip() for question, text in lines.items()},
    )
    stepped(scope, evaluation, Step.DISPUTE, questions=sorted(lines))
    dispute.save(force_insert=True)
    disputed_tell(scope, evaluation)
    return dispute


@transaction.atomic
def evaluation_decide(*, scope: Scope, uuid: UUID, text: str, answers: Mapping[str, str] | None = None) -> Evaluation:
    """Decide a dispute: other answers revise the evaluation, none decline it; either way it is final.

    Args:
        scope: Who decides: of the side that evaluated, and not the evaluator.
        uuid: The evaluation.
        text: Why.
        answers: Disputed question to its new answer.

    Raises:
        NotFound: There is no such evaluation for the caller's side.
        Forbidden: The role decides nothing, or the caller evaluated it.
        Conflict: Nothing is disputed.
        Invalid: There is no reason, a question is not disputed, an answer is none of its question's or not allowed
            there, or the answers are worth less than before.
    """
    scope.require("qa.release")
    evaluation = evaluation_lock(scope, uuid)
    own_side(scope, evaluation)
    if scope.user_id is None or evaluation.evaluator_id == scope.user_id:
        raise Forbidden(_("Somebody else than the evaluator decides."))
    text = text_needed(text, "decision", _("Say why."))
    dispute = Dispute.objects.visible_to(scope).select_for_update().filter(evaluation=evaluation).first()
    if dispute is None or evaluation.state != State.DISPUTED:
        raise Conflict("wrong_state", _("Nothing is disputed here."))
    rivals_refuse(scope=scope, vendor_id=evaluation.vendor_id, texts={"decision": text})
    fields = {name: [_("This question is not disputed.")] for name in (answers or {}) if name not in dispute.lines}
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    changed = {name: key for name, key in (answers or {}).items() if evaluation.answers.get(name) != key}
    dispute.former = {
        "answers": dict(evaluation.answers),
        "earned": str(evaluation.earned),
        "possible": str(evaluation.possible),
        "is_failed": evaluation.is_failed,
    }
    dispute.decided_at, dispute.decided_by_id = scope.at, scope.user_id
    dispute.decided_by, dispute.decision = scope.actor[:150], text
    if changed:
        answers_now = {**evaluation.answers, **changed}
        fill(scope, evaluation, Sheet(answers_now, evaluation.causes, evaluation.remarks, evaluation.comment))
        check_whole(selectors.questions_of(evaluation.form), evaluation)
        former = _worth(evaluation)
        score_write(evaluation)
        if _worth(evaluation) < former:
            message = _("Whoever disputes loses nothing by it: choose answers that are worth as much or more.")
            raise Invalid("invalid", message, fields={name: [message] for name in changed})
    dispute.save()
    evaluation.final_at = scope.at
    step = Step.REVISE if changed else Step.DECLINE
    stepped(scope, evaluation, step, text=text, questions=sorted(changed), ratio=percent_of(evaluation))
    decided_tell(scope, evaluation, is_revised=bool(changed))
    return evaluation


def evaluations_close(*, scope: Scope) -> int:
    """Make final what nobody disputed in time, and leave out own views that never came, some at a time.

    Returns:
        How many; 0 when nothing is due.
    """
    with activate(scope):
        lapsed = _views_lapse(scope)
        due = Evaluation.objects.visible_to(scope).filter(
            state__in=[State.RELEASED, State.ACKNOWLEDGED], dispute_until__lt=scope.at
        )
        # Nobody's time runs while it may not know what there is to dispute.
        due = due.exclude(Exists(_beside(scope, VENDOR, OPEN)), side=CLIENT)
        rows = list(due.order_by("pk").select_for_update(of=("self",), skip_locked=True)[:SLICE])
        for evaluation in rows:
            evaluation.final_at = scope.at
            stepped(scope, evaluation, Step.CLOSE)
    return len(rows) + lapsed


def _views_lapse(scope: Scope) -> int:
    """Leave out what a vendor did not evaluate in time after the client had: what it never says holds nothing up."""
    told = _beside(scope, CLIENT, TOLD).filter(released_at__lt=scope.at - OWN_VIEW_WITHIN)
    late = Evaluation.objects.visible_to(scope).filter(Exists(told), side=VENDOR, state__in=sorted(OPEN))
    rows = list(late.order_by("pk").select_for_update(of=("self",), skip_locked=True)[:SLICE])
    for evaluation in rows:
        evaluation.held_until = None
        stepped(
            scope, evaluation, Step.DROP, text=_("Not evaluated in time after the client’s evaluation was released.")
        )
        own_view_tell(scope, evaluation)
    return len(rows)


def _beside(scope: Scope, side: str, states: Collection[State]) -> QuerySet[Evaluation]:
    """Return a side's evaluations of the conversation that an outer row is about."""
    same = {name: OuterRef(name) for name in ("vendor_id", "contract_id", "kind", "reference")}
    return Evaluation.objects.visible_to(scope).filter(**same, side=side, state__in=sorted(states))


def _worth(evaluation: Evaluation) -> tuple[bool, Decimal]:
    """Return what an evaluation's score is compared by: not failed first, then points of the possible ones."""
    ratio = evaluation.earned / evaluation.possible if evaluation.possible and evaluation.earned is not None else None
    return not evaluation.is_failed, Decimal(1) if ratio is None else ratio
