"""What is done with what customers say: who must hear of it, by when, and which step leads where (A94, A95)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A voice reaches the department that owns its matter within so long, on the clock on the wall (A95).
ROUTE_WITHIN = timedelta(hours=24)
# A quarter of it left: worth a look before it is late.
SOON = ROUTE_WITHIN / 4
# A rating from here on is one of the top boxes (D8).
SATISFIED_FROM = 4


class State(StrEnum):
    """How far the loop is."""

    NOTED = "noted"
    REGISTERED = "registered"
    ROUTED = "routed"
    ANSWERED = "answered"
    CLOSED = "closed"


class Step(StrEnum):
    """What may be done next."""

    CLASSIFY = "classify"
    ROUTE = "route"
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"


OPEN = frozenset({State.REGISTERED, State.ROUTED, State.ANSWERED})
_STEPS: Mapping[State, tuple[Step, ...]] = {
    State.NOTED: (Step.ROUTE, Step.CLASSIFY),
    State.REGISTERED: (Step.ROUTE, Step.CLASSIFY),
    State.ROUTED: (Step.ANSWER, Step.ROUTE, Step.CLASSIFY, Step.CLOSE),
    State.ANSWERED: (Step.CLOSE, Step.ANSWER, Step.ROUTE, Step.CLASSIFY),
    State.CLOSED: (Step.REOPEN,),
}


class Verdict(StrEnum):
    """How the way to the department stands."""

    NONE = "none"
    RUNNING = "running"
    NEAR = "near"
    LATE = "late"
    KEPT = "kept"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Routing:
    """The clock of the way to the department.

    Attributes:
        verdict: How it stands.
        seconds: Left until it is due, negative beyond; of a stopped clock at its stop.
    """

    verdict: Verdict
    seconds: int = 0


def wants_department(*, is_complaint: bool, text: str, rating: int | None) -> bool:
    """Return whether a department must hear of it: a complaint, words, or a rating below the top boxes.

    >>> wants_department(is_complaint=False, text="", rating=5), wants_department(is_complaint=False, text="", rating=3)
    (False, True)
    """
    return is_complaint or bool(text.strip()) or (rating is not None and rating < SATISFIED_FROM)


def steps_from(state: State, *, is_complaint: bool, is_answered: bool, is_client: bool) -> tuple[Step, ...]:
    """Return what may be done, the step forward first; a complaint is closed only once its department answered.

    What a department must hear of is passed on first; that nobody needs to hear of it only the client says.
    """
    steps = _STEPS[state]
    if state is State.REGISTERED and is_client:
        steps = (*steps, Step.CLOSE)
    return tuple(step for step in steps if step is not Step.CLOSE or is_answered or not is_complaint)


def routing_of(
    *, due_at: datetime | None, routed_at: datetime | None, closed_at: datetime | None, at: datetime
) -> Routing:
    """Read the clock; passing it on at the very moment is in time, and what was closed before is not counted."""
    if due_at is None:
        return Routing(Verdict.NONE)
    seconds = round((due_at - (routed_at or closed_at or at)).total_seconds())
    if routed_at is not None:
        return Routing(Verdict.KEPT if routed_at <= due_at else Verdict.MISSED, seconds)
    if closed_at is not None:
        return Routing(Verdict.NONE if closed_at <= due_at else Verdict.MISSED, seconds)
    if at > due_at:
        return Routing(Verdict.LATE, seconds)
    return Routing(Verdict.NEAR if due_at - at <= SOON else Verdict.RUNNING, seconds)
