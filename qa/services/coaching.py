"""Coaching: what somebody practices after an evaluation, until when, and the evaluation that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import rivals_refuse
from audit.rows import row_add, row_change
from calls.calc.canonical import Outcome
from calls.models import Call
from contracts import selectors as contracts
from core.errors import Conflict, Forbidden, Invalid
from core.periods import local_day
from core.scope import Scope
from qa import selectors
from qa.calc.states import TOLD, State
from qa.models import CoachingTask, Evaluation, Form, Kind, Origin
from qa.services.sheets import score_read
from qa.services.telling import coaching_tell

TEXT_MOST = 2000


@transaction.atomic
def evaluation_choose(*, scope: Scope, call: Call, form: Form, coaching: UUID | None = None) -> Evaluation:
    """Have a conversation evaluated that no lot drew: chosen by hand, or to show what coaching came to.

    It counts for the person, and in no figure of a group: what somebody picks is no sample.

    Args:
        scope: Who chooses; its side evaluates.
        call: An answered call, fetched in scope.
        form: A form that is in use at the call's vendor.
        coaching: The task whose outcome it shows; the call comes after the task was given.

    Raises:
        Forbidden: The role does not evaluate.
        NotFound: There is no such task for the caller.
        Conflict: The caller's side evaluates this conversation by this form already.
        Invalid: The call has no agent, the form is another vendor's or out of use, or the call is not the task's.
    """
    scope.require("qa.evaluate")
    fields: dict[str, list[str]] = {}
    if call.outcome != Outcome.ANSWERED or call.agent_id is None:
        fields["call"] = [_("Nobody answered this call.")]
    if form.vendor_id != call.vendor_id or not form.is_live:
        fields["form"] = [_("This form is not in use at the vendor; publish it first.")]
    task = selectors.coaching_get(scope=scope, uuid=coaching) if coaching is not None else None
    if task is not None and (task.agent_id != call.agent_id or call.offered_at <= task.made_at):
        fields["call"] = [_("Choose a call that the agent took after the task was given.")]
    if task is not None and task.done_at is not None:
        fields["coaching"] = [_("This task has ended.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    origin = Origin.COACHING if task is not None else Origin.CHOSEN
    rows = Evaluation.objects.visible_to(scope)
    same = rows.filter(
        contract_id=call.contract_id, kind=Kind.CALL, reference=call.external_id, side=scope.side, form=form
    )
    if origin == Origin.CHOSEN and same.exclude(state=State.DROPPED).exclude(origin=Origin.COACHING).exists():
        raise Conflict("evaluated", _("This conversation is evaluated by this form already."))
    if origin == Origin.CHOSEN and selectors.is_view_known(
        scope=scope,
        side=scope.side or "",
        vendor_id=call.vendor_id,
        contract_id=call.contract_id,
        kind=Kind.CALL,
        reference=call.external_id,
    ):
        message = _("The other side’s evaluation of this conversation is released: yours can no longer be independent.")
        raise Conflict("not_independent", message)
    # The call names its contract by key alone; its zone says on which day it was.
    zone = contracts.contract_zones(scope=scope)[call.contract_id]
    evaluation = Evaluation(
        vendor_id=call.vendor_id,
        number=rows.number_next(vendor_id=call.vendor_id),
        side=scope.side,
        form=form,
        origin=origin,
        contract_id=call.contract_id,
        queue_id=call.queue_id,
        agent_id=call.agent_id,
        reason_id=call.reason_id,
        reference=call.external_id,
        offered_at=call.offered_at,
        day=local_day(call.offered_at, zone),
    )
    row_add(
        scope=scope,
        action="evaluation.chosen",
        row=evaluation,
        entered={"reference": call.external_id, "origin": origin.value},
    )
    if task is not None:
        CoachingTask.objects.visible_to(scope).filter(pk=task.pk).update(again=evaluation)
    return evaluation


@transaction.atomic
def coaching_give(
    *, scope: Scope, evaluation: UUID, text: str, due_on: date, questions: Sequence[str] = ()
) -> CoachingTask:
    """Give the agent of a released evaluation something to practice.

    Args:
        scope: Who gives it.
        evaluation: The evaluation that shows why.
        text: What is practiced.
        due_on: Until when, a local day from today on.
        questions: Questions that lost points; all that did, unless some are named.

    Raises:
        NotFound: There is no such evaluation for the caller.
        Forbidden: The role coaches nobody.
        Conflict: The evaluation is not released yet.
        Invalid: The text is missing, the day has passed, or a question lost no points.
    """
    scope.require("qa.coach")
    found = selectors.evaluation_get(scope=scope, uuid=evaluation)
    if State(found.state) not in TOLD:
        raise Conflict("wrong_state", _("Release the evaluation first: nobody learns from what it was not told."))
    lost = score_read(found).lost
    chosen = list(questions) or list(lost)
    fields: dict[str, list[str]] = {}
    if not 1 <= len(text.strip()) <= TEXT_MOST:
        fields["text"] = [_("Say what is practiced.")]
    if due_on < local_day(scope.at, found.contract.zone):
        fields["due_on"] = [_("This day has passed.")]
    if found.agent_id is None or not set(chosen) <= set(lost):
        fields["questions"] = [_("Choose from the questions that lost points.")]
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    rivals_refuse(scope=scope, vendor_id=found.vendor_id, texts={"text": text})
    task = CoachingTask(
        vendor_id=found.vendor_id,
        evaluation=found,
        agent=found.agent,
        questions=chosen,
        text=text.strip(),
        due_on=due_on,
        made_at=scope.at,
        made_by=scope.actor[:150],
        made_side=scope.side,
    )
    entered = {"evaluation": str(found), "due_on": due_on.isoformat()}
    row_add(scope=scope, action="coaching_task.given", row=task, entered=entered)
    coaching_tell(scope, task)
    return task


@transaction.atomic
def coaching_end(*, scope: Scope, uuid: UUID, expected_version: int, outcome: str) -> CoachingTask:
    """Enter what came of a task; an agent cannot end its own.

    Raises:
        NotFound, Forbidden: As :func:`coaching_give`.
        Conflict: It has ended, or somebody saved it meanwhile.
        Invalid: Nothing is said.
    """
    scope.require("qa.coach")
    task = selectors.coaching_get(scope=scope, uuid=uuid)
    if scope.agent_id is not None and task.agent_id == scope.agent_id:
        raise Forbidden(_("Somebody else says what came of it."))
    if task.done_at is not None:
        raise Conflict("ended", _("This task has ended."))
    if not 1 <= len(outcome.strip()) <= TEXT_MOST:
        message = _("Say what came of it.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"outcome": [message]})
    rivals_refuse(scope=scope, vendor_id=task.vendor_id, texts={"outcome": outcome})
    row_change(
        scope=scope,
        action="coaching_task.ended",
        row=task,
        expected_version=expected_version,
        values={
            "done_at": scope.at,
            "done_by": scope.actor[:150],
            "done_side": scope.side,
            "outcome": outcome.strip(),
        },
        untold=("done_at", "done_by", "done_side"),
    )
    return task
