"""What waits for whom: the evaluations that somebody has to do something with now, in the order of doing it."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from core.scope import CLIENT, VENDOR, Scope
from qa.calc.states import OPEN, State
from qa.models import Evaluation
from qa.selectors.evaluations import evaluation_list


class Turn(IntEnum):
    """Why an evaluation waits for somebody; the lower, the sooner it is done."""

    MINE = 0
    DECIDE = 1
    RELEASE = 2
    EVALUATE = 3
    ANSWER = 4
    HELD = 5


def turns_of(*, scope: Scope) -> dict[Turn, Q]:
    """Return what can wait for the caller at all, by why."""
    own, turns = Q(side=scope.side), {}
    if scope.can("qa.evaluate"):
        held = own & Q(state=State.DRAFT, held_until__gt=scope.at)
        turns[Turn.MINE] = own & Q(state=State.DRAFT, evaluator_id=scope.user_id)
        turns[Turn.EVALUATE] = own & Q(state__in=sorted(OPEN)) & ~held
        turns[Turn.HELD] = held
    if scope.can("qa.release"):
        turns[Turn.DECIDE] = own & Q(state=State.DISPUTED) & ~Q(evaluator_id=scope.user_id)
        turns[Turn.RELEASE] = own & Q(state=State.SUBMITTED)
    if scope.can("qa.acknowledge"):
        about = Q(state=State.RELEASED)
        # Of its own side's evaluations the agent is told, not whoever wrote them.
        turns[Turn.ANSWER] = about if scope.agent_id is not None else about & Q(side=CLIENT)
    return turns


def waiting_list(*, scope: Scope, rows: QuerySet[Evaluation] | None = None) -> QuerySet[Evaluation]:
    """Return what waits for the caller: what it has in hands, disputes, releases, then risky and old conversations.

    Each row has ``turn``: why it is there.

    Args:
        scope: Who asks.
        rows: Of these evaluations; of all that exist for the caller unless given.
    """
    turns = turns_of(scope=scope)
    rows = evaluation_list(scope=scope) if rows is None else rows
    if not turns:
        return rows.annotate(turn=Value(Turn.HELD.value)).none()
    anything = Q()
    for condition in turns.values():
        anything |= condition
    ranks = [When(turns[turn], then=turn.value) for turn in Turn if turn in turns]
    ranked = rows.filter(anything).annotate(turn=Case(*ranks, default=Turn.HELD.value, output_field=IntegerField()))
    return ranked.order_by("turn", "-is_risky", "day", "pk")


def waiting_counts(*, scope: Scope) -> dict[Turn, int]:
    """Return how many evaluations wait for the caller, by why."""
    rows: Any = waiting_list(scope=scope).order_by()
    found = dict.fromkeys(Turn, 0)
    for turn, count in rows.values_list("turn").annotate(Count("pk")):
        found[Turn(turn)] = count
    return found


def conversation_evaluations(*, scope: Scope, kind: str, contract_id: int, reference: str) -> QuerySet[Evaluation]:
    """Return the evaluations of a call or a ticket that exist for the caller."""
    rows = evaluation_list(scope=scope).filter(contract_id=contract_id, reference=reference, kind=kind)
    return rows.order_by("side", "pk")


def may_dispute(*, scope: Scope, evaluation: Evaluation) -> bool:
    """Return whether the caller could dispute an evaluation as it stands, if it lost points."""
    in_time = evaluation.dispute_until is None or scope.at <= evaluation.dispute_until
    is_open = evaluation.state in (State.RELEASED, State.ACKNOWLEDGED)
    return scope.side == VENDOR and scope.can("qa.dispute") and is_open and in_time
