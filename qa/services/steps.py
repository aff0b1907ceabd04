"""What every deed on an evaluation is made of: its lock, its step, its event and its entry in the book."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from audit.services import record
from core.errors import Conflict, Invalid, NotFound
from core.scope import VENDOR, Scope
from qa import selectors
from qa.calc.states import State, Step, state_after
from qa.models import EVALUATION_STATES, Evaluation, EvaluationEvent
from qa.services.figures import score_mark_of

TEXT_MOST = 3072
# From the moment on at which the vendor may know of an evaluation; then it is final.
DISPUTE_WITHIN = timedelta(days=7)
# How long a vendor may take for its own view of a conversation after the client's is released.
OWN_VIEW_WITHIN = timedelta(days=7)
# What these change counts in scores, or lets the other side's count.
COUNTED = frozenset({Step.SUBMIT, Step.REOPEN, Step.RELEASE, Step.REVISE, Step.DROP})
# What the book calls each step.
DEEDS = {
    Step.TAKE: "evaluation.taken",
    Step.GIVE_BACK: "evaluation.given_back",
    Step.SUBMIT: "evaluation.submitted",
    Step.REOPEN: "evaluation.reopened",
    Step.RELEASE: "evaluation.released",
    Step.ACKNOWLEDGE: "evaluation.acknowledged",
    Step.DISPUTE: "evaluation.disputed",
    Step.REVISE: "evaluation.revised",
    Step.DECLINE: "evaluation.declined",
    Step.CLOSE: "evaluation.closed",
    Step.DROP: "evaluation.dropped",
}


def evaluation_lock(scope: Scope, uuid: UUID) -> Evaluation:
    """Return an evaluation for changing it, alone until the transaction ends; raises NotFound."""
    found: Evaluation | None = (
        selectors.evaluation_list(scope=scope).select_for_update(of=("self",)).filter(uuid=uuid).first()
    )
    if found is None:
        raise NotFound
    return found


def own_side(scope: Scope, evaluation: Evaluation) -> None:
    """Let nobody act for the other side; raises NotFound."""
    if evaluation.side != scope.side:
        raise NotFound


def independent_require(scope: Scope, evaluation: Evaluation) -> None:
    """Refuse a view that could be written off the other side's; raises Conflict."""
    same = {name: getattr(evaluation, name) for name in ("side", "vendor_id", "contract_id", "kind", "reference")}
    if selectors.is_view_known(scope=scope, **same):
        message = _("The other side’s evaluation of this conversation is released: yours can no longer be independent.")
        raise Conflict("not_independent", message)


def text_needed(text: str, name: str, missing: str) -> str:
    """Return a text that somebody must give; raises Invalid beside the field."""
    if not 1 <= len(text.strip()) <= TEXT_MOST:
        raise Invalid("invalid", _("Please mend what is marked."), fields={name: [missing]})
    return text.strip()


def stepped(scope: Scope, evaluation: Evaluation, step: Step, text: str = "", **facts: Any) -> Evaluation:
    """Take one step, with its event and its entry in the book."""
    former = State(evaluation.state)
    state = state_after(former, step)
    if state is None:
        message = _("This cannot be done with an evaluation that is: %(state)s.")
        raise Conflict("wrong_state", message % {"state": EVALUATION_STATES[former]}, details={"state": former.value})
    evaluation.state = state
    evaluation.version += 1
    evaluation.save()
    if step in COUNTED:
        score_mark_of(scope, evaluation)
    known = {name: value for name, value in facts.items() if value}
    EvaluationEvent.objects.visible_to(scope).bulk_create(
        [
            EvaluationEvent(
                vendor_id=evaluation.vendor_id,
                evaluation=evaluation,
                at=scope.at,
                kind=step.value,
                actor=scope.actor[:150],
                side=scope.side or VENDOR,
                text=text,
                facts=known,
            )
        ]
    )
    record(
        scope=scope,
        action=DEEDS[step],
        target=evaluation,
        changes={"state": [former.value, state.value], **{name: [None, value] for name, value in known.items()}},
    )
    return evaluation
