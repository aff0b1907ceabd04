"""The states of an evaluation and the steps between them (domain B0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where an evaluation stands."""

    SAMPLED = "sampled"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RELEASED = "released"
    ACKNOWLEDGED = "acknowledged"
    DISPUTED = "disputed"
    FINAL = "final"
    DROPPED = "dropped"


class Step(StrEnum):
    """What somebody does with an evaluation."""

    TAKE = "take"
    GIVE_BACK = "give_back"
    SUBMIT = "submit"
    REOPEN = "reopen"
    RELEASE = "release"
    ACKNOWLEDGE = "acknowledge"
    DISPUTE = "dispute"
    REVISE = "revise"
    DECLINE = "decline"
    CLOSE = "close"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Edge:
    """A step: from which states, and to which."""

    sources: frozenset[State]
    to: State


# The evaluated side reads these.
TOLD = frozenset({State.RELEASED, State.ACKNOWLEDGED, State.DISPUTED, State.FINAL})
# These have a score; what is disputed counts as it stands until somebody decides.
SCORED = TOLD | {State.SUBMITTED}
OPEN = frozenset({State.SAMPLED, State.DRAFT})

EDGES: Mapping[Step, Edge] = {
    Step.TAKE: Edge(OPEN, State.DRAFT),
    Step.GIVE_BACK: Edge(frozenset({State.DRAFT}), State.SAMPLED),
    Step.SUBMIT: Edge(frozenset({State.DRAFT}), State.SUBMITTED),
    Step.REOPEN: Edge(frozenset({State.SUBMITTED}), State.DRAFT),
    Step.RELEASE: Edge(frozenset({State.SUBMITTED}), State.RELEASED),
    Step.ACKNOWLEDGE: Edge(frozenset({State.RELEASED}), State.ACKNOWLEDGED),
    Step.DISPUTE: Edge(frozenset({State.RELEASED, State.ACKNOWLEDGED}), State.DISPUTED),
    Step.REVISE: Edge(frozenset({State.DISPUTED}), State.FINAL),
    Step.DECLINE: Edge(frozenset({State.DISPUTED}), State.FINAL),
    # The window of disputes is over.
    Step.CLOSE: Edge(frozenset({State.RELEASED, State.ACKNOWLEDGED}), State.FINAL),
    Step.DROP: Edge(OPEN, State.DROPPED),
}


def state_after(state: State, step: Step) -> State | None:
    """Return the state that a step leads to; None if the step cannot be taken from there.

    >>> state_after(State.FINAL, Step.DISPUTE) is None
    True
    """
    edge = EDGES[step]
    return edge.to if state in edge.sources else None
