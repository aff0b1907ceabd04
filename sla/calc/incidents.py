"""The life of an incident and its two clocks; pure, read by services, pages and the interface alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum


class State(StrEnum):
    """Where an incident stands."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    LOCATED = "located"
    RESTORED = "restored"
    CLOSED = "closed"
    REVIEWED = "reviewed"


class Step(StrEnum):
    """What leads from one state to the next."""

    ACKNOWLEDGE = "acknowledge"
    LOCATE = "locate"
    RESTORE = "restore"
    FAIL_AGAIN = "fail_again"
    CLOSE = "close"
    REVIEW = "review"


# Every edge that exists; whatever is not here is refused.
EDGES: dict[tuple[State, Step], State] = {
    (State.RAISED, Step.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.ACKNOWLEDGED, Step.LOCATE): State.LOCATED,
    (State.LOCATED, Step.RESTORE): State.RESTORED,
    # What was restored and broke again before it was closed is the same incident: its clock runs on.
    (State.RESTORED, Step.FAIL_AGAIN): State.LOCATED,
    (State.RESTORED, Step.CLOSE): State.CLOSED,
    # Whoever closed it too early is told so by the client.
    (State.CLOSED, Step.FAIL_AGAIN): State.LOCATED,
    (State.CLOSED, Step.REVIEW): State.REVIEWED,
}
# States in which the service is not back yet.
OPEN_STATES = (State.RAISED, State.ACKNOWLEDGED, State.LOCATED)
# The field that keeps the moment of a step.
MOMENTS = {
    Step.ACKNOWLEDGE: "acknowledged_at",
    Step.LOCATE: "located_at",
    Step.RESTORE: "restored_at",
    Step.CLOSE: "closed_at",
    Step.REVIEW: "reviewed_at",
}


def next_state(state: State, step: Step) -> State | None:
    """Return where a step leads from a state; None if it cannot be taken there.

    >>> next_state(State.RAISED, Step.RESTORE) is None
    True
    """
    return EDGES.get((state, step))


def steps_from(state: State) -> list[Step]:
    """Return the steps that can be taken from a state, the one forward last.

    >>> steps_from(State.RESTORED)
    [<Step.FAIL_AGAIN: 'fail_again'>, <Step.CLOSE: 'close'>]
    """
    return [step for step in Step if (state, step) in EDGES]


class Severity(IntEnum):
    """How much of the service is gone."""

    CRITICAL = 1
    MAJOR = 2
    MINOR = 3


class Clock(StrEnum):
    """What must be done in time, counted from the moment an incident was raised, day and night."""

    LOCATE = "locate"
    RESTORE = "restore"


# Domain A91: located within one hour, restored within four. A row of its own for a severity that needs other limits.
DEFAULT_LIMITS = {Clock.LOCATE: timedelta(hours=1), Clock.RESTORE: timedelta(hours=4)}
LIMITS: dict[Severity, dict[Clock, timedelta]] = dict.fromkeys(Severity, DEFAULT_LIMITS)
# Percent of the limit at which somebody is told; the last one is the limit itself.
WARN_PERCENT, LIMIT_PERCENT = 75, 100
THRESHOLDS = (WARN_PERCENT, LIMIT_PERCENT)


def limit_seconds(severity: Severity, clock: Clock) -> int:
    """Return how long a step may take, in seconds.

    >>> limit_seconds(Severity.MAJOR, Clock.RESTORE)
    14400
    """
    return int(LIMITS[severity][clock].total_seconds())


class Verdict(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    NEAR = "near"
    OVERDUE = "overdue"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Reading:
    """A clock at one moment.

    Attributes:
        clock: Which one.
        verdict: How it stands; ``overdue`` runs on and is missed already.
        elapsed_seconds: Since the incident was raised, until the step or now.
        limit_seconds: How long it may take.
        due_at: Raised plus limit.
        stopped_at: When the step was taken; None while it runs.
    """

    clock: Clock
    verdict: Verdict
    elapsed_seconds: float
    limit_seconds: int
    due_at: datetime
    stopped_at: datetime | None

    @property
    def is_met(self) -> bool | None:
        """Whether it was in time; None while that is open."""
        if self.verdict in (Verdict.RUNNING, Verdict.NEAR):
            return None
        return self.verdict is Verdict.MET

    @property
    def left_seconds(self) -> float:
        """What is left of the limit; negative once it is over."""
        return self.limit_seconds - self.elapsed_seconds


def clock_read(
    clock: Clock, *, raised_at: datetime, stopped_at: datetime | None, limit_seconds: int, at: datetime
) -> Reading:
    """Return how a clock stands at a moment.

    It counts the time on the wall, 24 hours on 7 days, from the moment the incident was raised; the limit itself is
    still in time.

    Args:
        clock: Which one.
        raised_at: When it started, aware.
        stopped_at: When the step was taken; None while it runs.
        limit_seconds: How long it may take.
        at: Now; a moment before the start, as a clock put back can give, counts as the start.

    Source: docs/formulas.md, "The two clocks of an incident".
    """
    elapsed = max(0.0, ((stopped_at or at) - raised_at).total_seconds())
    if stopped_at is not None:
        verdict = Verdict.MET if elapsed <= limit_seconds else Verdict.MISSED
    elif elapsed > limit_seconds:
        verdict = Verdict.OVERDUE
    else:
        verdict = Verdict.NEAR if elapsed * 100 >= limit_seconds * WARN_PERCENT else Verdict.RUNNING
    due_at = raised_at + timedelta(seconds=limit_seconds)
    return Reading(clock, verdict, elapsed, limit_seconds, due_at, stopped_at)


def alert_at(*, raised_at: datetime, limit_seconds: int, percent: int) -> datetime:
    """Return the moment a threshold of a clock is reached.

    >>> from datetime import UTC
    >>> alert_at(raised_at=datetime(2026, 6, 15, 12, tzinfo=UTC), limit_seconds=3600, percent=75).isoformat()
    '2026-06-15T12:45:00+00:00'
    """
    return raised_at + timedelta(seconds=limit_seconds) * percent / 100


def thresholds_reached(
    *, raised_at: datetime, stopped_at: datetime | None, limit_seconds: int, at: datetime
) -> list[int]:
    """Return the thresholds, in percent, that somebody must have been told of at a moment.

    A warning is for a clock that runs; the limit is told of even if the step was taken, too late, since the last look.
    """
    if stopped_at is not None:
        late = (stopped_at - raised_at).total_seconds() > limit_seconds
        return [LIMIT_PERCENT] if late else []
    return [
        percent
        for percent in THRESHOLDS
        if at >= alert_at(raised_at=raised_at, limit_seconds=limit_seconds, percent=percent)
    ]


def met_of(readings: Iterable[Reading]) -> tuple[int, int]:
    """Return how many clocks were met, and how many are decided: the ratio's numerator and denominator."""
    decided = [reading.is_met for reading in readings if reading.is_met is not None]
    return sum(decided), len(decided)
