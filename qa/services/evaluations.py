"""Evaluating: one person at a time, answer by answer, submitted whole and released by a deed of its own."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.errors import Conflict, Forbidden
from core.scope import Scope
from qa import selectors
from qa.calc.states import State, Step
from qa.models import Evaluation
from qa.services.sheets import Sheet, check_whole, fill, percent_of, score_write
from qa.services.steps import (
    DISPUTE_WITHIN,
    TEXT_MOST,
    evaluation_lock,
    independent_require,
    own_side,
    stepped,
    text_needed,
)
from qa.services.telling import own_view_tell, released_tell

# Nobody else takes what somebody listens to; each saved answer begins the time anew.
HOLD = timedelta(minutes=30)
# Whoever gave something back is offered it again only after so long, or when nothing else waits.
GIVEN_BACK = timedelta(hours=12)


@transaction.atomic
def evaluation_take(
    *, scope: Scope, uuid: UUID | None = None, vendor: UUID | None = None, queue: UUID | None = None
) -> Evaluation | None:
    """Take an evaluation in hands: a certain one, or the next that waits for the caller's side.

    Whoever has one in hands keeps it: without ``uuid`` the caller's own comes first. Two people at once never get the
    same; the second is given the next one, or told who has it. What the caller gave back lately comes after everything
    else.

    Args:
        scope: Who evaluates.
        uuid: A certain one.
        vendor: Only the next of this vendor.
        queue: Only the next of this queue.

    Returns:
        The evaluation; None if nothing waits.

    Raises:
        NotFound: There is no such evaluation for the caller's side.
        Forbidden: The role does not evaluate.
        Conflict: Somebody else has it in hands, or it is done.
    """
    scope.require("qa.evaluate")
    waiting = selectors.queue_list(scope=scope)
    if uuid is None:
        mine = waiting.filter(state=State.DRAFT, evaluator_id=scope.user_id, held_until__gt=scope.at)
        found = mine.select_for_update(of=("self",)).first()
        found = found or _next(scope, waiting, vendor, queue)
        if found is None:
            return None
    else:
        found = evaluation_lock(scope, uuid)
        own_side(scope, found)
    if found.state == State.DRAFT and found.evaluator_id != scope.user_id and _is_held(found, scope):
        raise Conflict("taken", _("%(name)s has this evaluation in hands.") % {"name": found.evaluator_name})
    if found.state == State.DRAFT and found.evaluator_id == scope.user_id:
        found.held_until = scope.at + HOLD
        found.save(update_fields=["held_until"])
        return found
    found.evaluator_id, found.evaluator_name = scope.user_id, scope.actor[:150]
    found.taken_at, found.held_until = scope.at, scope.at + HOLD
    return stepped(scope, found, Step.TAKE)


@transaction.atomic
def evaluation_save(*, scope: Scope, uuid: UUID, sheet: Sheet) -> Evaluation:
    """Keep what is filled in so far; the book is told when it is submitted.

    Raises:
        NotFound, Forbidden: As :func:`evaluation_take`.
        Conflict: The caller does not have it in hands any more.
        Invalid: An answer is none of its question's, or a text is too long.
    """
    evaluation = _held(scope, uuid)
    fill(scope, evaluation, sheet)
    evaluation.held_until = scope.at + HOLD
    evaluation.version += 1
    evaluation.save()
    return evaluation


@transaction.atomic
def evaluation_give_back(*, scope: Scope, uuid: UUID) -> Evaluation:
    """Put an evaluation back to those that wait, with what is filled in.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`evaluation_save`.
    """
    evaluation = _held(scope, uuid)
    evaluation.evaluator_id, evaluation.evaluator_name, evaluation.held_until = None, "", None
    return stepped(scope, evaluation, Step.GIVE_BACK)


@transaction.atomic
def evaluation_submit(*, scope: Scope, uuid: UUID, sheet: Sheet) -> Evaluation:
    """Finish an evaluation: every question answered, every failure with its cause; the score follows.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`evaluation_save`.
        Invalid: Beside each question that misses something.
    """
    evaluation = _held(scope, uuid)
    fill(scope, evaluation, sheet)
    check_whole(selectors.questions_of(evaluation.form), evaluation)
    score_write(evaluation)
    evaluation.submitted_at, evaluation.held_until = scope.at, None
    stepped(scope, evaluation, Step.SUBMIT, ratio=percent_of(evaluation))
    own_view_tell(scope, evaluation)
    return evaluation


@transaction.atomic
def evaluation_release(*, scope: Scope, uuid: UUID) -> Evaluation:
    """Tell a submitted evaluation to whom it is about; from now on it can be disputed.

    Raises:
        NotFound: There is no such evaluation for the caller's side.
        Forbidden: The role does not release.
        Conflict: It is not submitted, or released already.
    """
    scope.require("qa.release")
    evaluation = evaluation_lock(scope, uuid)
    own_side(scope, evaluation)
    evaluation.released_at, evaluation.dispute_until = scope.at, scope.at + DISPUTE_WITHIN
    stepped(scope, evaluation, Step.RELEASE)
    released_tell(scope, evaluation)
    return evaluation


@transaction.atomic
def evaluation_reopen(*, scope: Scope, uuid: UUID) -> Evaluation:
    """Take a submitted evaluation back in hands before it is released; whoever submitted it does.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`evaluation_save`.
    """
    scope.require("qa.evaluate")
    evaluation = evaluation_lock(scope, uuid)
    own_side(scope, evaluation)
    if evaluation.evaluator_id != scope.user_id:
        raise Forbidden(_("Whoever submitted it takes it back."))
    independent_require(scope, evaluation)
    evaluation.submitted_at, evaluation.held_until = None, scope.at + HOLD
    evaluation.earned = evaluation.possible = None
    evaluation.is_failed, evaluation.families = False, {}
    return stepped(scope, evaluation, Step.REOPEN)


@transaction.atomic
def evaluation_drop(*, scope: Scope, uuid: UUID, text: str) -> Evaluation:
    """Leave a conversation out, because it cannot be evaluated; the sample tells that it was.

    Raises:
        NotFound, Forbidden, Conflict: As :func:`evaluation_release`.
        Invalid: No reason is given.
    """
    scope.require("qa.release")
    text = text_needed(text, "text", _("Say why it cannot be evaluated."))
    evaluation = evaluation_lock(scope, uuid)
    own_side(scope, evaluation)
    if evaluation.state == State.DRAFT and evaluation.evaluator_id != scope.user_id and _is_held(evaluation, scope):
        raise Conflict("taken", _("%(name)s has this evaluation in hands.") % {"name": evaluation.evaluator_name})
    evaluation.held_until = None
    stepped(scope, evaluation, Step.DROP, text=text)
    own_view_tell(scope, evaluation)
    return evaluation


@transaction.atomic
def evaluation_acknowledge(*, scope: Scope, uuid: UUID, text: str = "") -> Evaluation:
    """Confirm that one has read an evaluation of oneself, or of one's people.

    Raises:
        NotFound: There is no such evaluation for the caller.
        Forbidden: The role acknowledges nothing.
        Conflict: It is not released, or acknowledged already.
    """
    scope.require("qa.acknowledge")
    evaluation = evaluation_lock(scope, uuid)
    evaluation.acknowledged_at, evaluation.acknowledged_by = scope.at, scope.actor[:150]
    return stepped(scope, evaluation, Step.ACKNOWLEDGE, text=text.strip()[:TEXT_MOST])


def _next(scope: Scope, waiting: QuerySet[Evaluation], vendor: UUID | None, queue: UUID | None) -> Evaluation | None:
    if vendor is not None:
        waiting = waiting.filter(vendor__uuid=vendor)
    if queue is not None:
        waiting = waiting.filter(queue__uuid=queue)
    waiting = waiting.select_for_update(of=("self",), skip_locked=True)
    fresh = waiting.exclude(selectors.given_back_by(scope=scope, since=scope.at - GIVEN_BACK))
    return fresh.first() or waiting.first()


def _is_held(evaluation: Evaluation, scope: Scope) -> bool:
    return evaluation.held_until is not None and evaluation.held_until > scope.at


def _held(scope: Scope, uuid: UUID) -> Evaluation:
    scope.require("qa.evaluate")
    evaluation = evaluation_lock(scope, uuid)
    own_side(scope, evaluation)
    if evaluation.state != State.DRAFT or evaluation.evaluator_id != scope.user_id:
        who = evaluation.evaluator_name if _is_held(evaluation, scope) else ""
        message = (
            _("%(name)s has this evaluation in hands now.") % {"name": who} if who else _("Take it in hands first.")
        )
        raise Conflict("not_held", message)
    return evaluation
