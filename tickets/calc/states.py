"""The states of a ticket and the steps between them (domain B0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    PENDING_CUSTOMER = "pending_customer"
    PENDING_THIRD_PARTY = "pending_third_party"
    RESOLVED = "resolved"
    CALLBACK_DUE = "callback_due"
    ARCHIVED = "archived"
    MERGED = "merged"
    CANCELED = "canceled"
    # The client took the matter away and settles it elsewhere.
    TRANSFERRED = "transferred"


class Step(StrEnum):
    """What somebody does with a ticket."""

    ASSIGN = "assign"
    START = "start"
    WAIT_FOR_CUSTOMER = "wait_for_customer"
    WAIT_FOR_THIRD_PARTY = "wait_for_third_party"
    RESUME = "resume"
    HAND_OVER = "hand_over"
    RESOLVE = "resolve"
    CALL_BACK = "call_back"
    ARCHIVE = "archive"
    REOPEN = "reopen"
    MERGE = "merge"
    CANCEL = "cancel"
    TRANSFER = "transfer"


PENDING = frozenset({State.PENDING_CUSTOMER, State.PENDING_THIRD_PARTY})
WORKING = frozenset({State.NEW, State.ASSIGNED, State.IN_PROGRESS})
OPEN = WORKING | PENDING
# Solved, however the callback goes; a reopened ticket leaves these.
SOLVED = frozenset({State.RESOLVED, State.CALLBACK_DUE, State.ARCHIVED})
ENDED = frozenset({State.ARCHIVED, State.MERGED, State.CANCELED, State.TRANSFERRED})
PAUSABLE = PENDING | {State.NEW, State.ASSIGNED}


@dataclass(frozen=True, slots=True)
class Edge:
    """A step: from which states, and to which; ``to`` None keeps the state."""

    sources: frozenset[State]
    to: State | None


EDGES: Mapping[Step, Edge] = {
    Step.ASSIGN: Edge(OPEN, None),
    Step.START: Edge(frozenset({State.NEW, State.ASSIGNED}), State.IN_PROGRESS),
    Step.WAIT_FOR_CUSTOMER: Edge(OPEN - {State.PENDING_CUSTOMER}, State.PENDING_CUSTOMER),
    Step.WAIT_FOR_THIRD_PARTY: Edge(OPEN - {State.PENDING_THIRD_PARTY}, State.PENDING_THIRD_PARTY),
    Step.RESUME: Edge(PENDING, State.IN_PROGRESS),
    Step.HAND_OVER: Edge(OPEN, State.ASSIGNED),
    Step.RESOLVE: Edge(OPEN, State.RESOLVED),
    Step.CALL_BACK: Edge(frozenset({State.CALLBACK_DUE}), State.RESOLVED),
    Step.ARCHIVE: Edge(frozenset({State.RESOLVED}), State.ARCHIVED),
    Step.REOPEN: Edge(SOLVED, State.IN_PROGRESS),
    Step.MERGE: Edge(OPEN, State.MERGED),
    Step.CANCEL: Edge(OPEN, State.CANCELED),
    Step.TRANSFER: Edge(OPEN, State.TRANSFERRED),
}


def state_after(state: State, step: Step, *, callback: bool = False) -> State | None:
    """Return the state that a step leads to; None if the step cannot be taken from there.

    Args:
        state: Where the ticket stands.
        step: What is done.
        callback: The policy asks for a callback, so that a resolved ticket waits for it first.

    >>> state_after(State.IN_PROGRESS, Step.RESOLVE, callback=True)
    <State.CALLBACK_DUE: 'callback_due'>
    """
    edge = EDGES[step]
    if state not in edge.sources:
        return None
    if step is Step.ASSIGN:
        return State.ASSIGNED if state is State.NEW else state
    if step is Step.RESOLVE and callback:
        return State.CALLBACK_DUE
    return edge.to


def steps_from(state: State) -> tuple[Step, ...]:
    """Return the steps that a state allows, in the order in which they are offered."""
    return tuple(step for step, edge in EDGES.items() if state in edge.sources)
