"""The life of a contract and of its versions: which step follows which, and who may take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

EXPIRES_SOON = timedelta(days=60)


class State(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SIGNED = "signed"


class Step(StrEnum):
    """What can be done to a version."""

    EDIT = "edit"
    SUBMIT = "submit"
    RETURN = "return"
    SIGN = "sign"


# Every edge that exists; whatever is not here is refused.
EDGES: dict[tuple[State, Step], State] = {
    (State.DRAFT, Step.EDIT): State.DRAFT,
    (State.DRAFT, Step.SUBMIT): State.IN_REVIEW,
    (State.IN_REVIEW, Step.RETURN): State.DRAFT,
    (State.IN_REVIEW, Step.SIGN): State.SIGNED,
}
PERMISSION: dict[Step, str] = {
    Step.EDIT: "contracts.edit",
    Step.SUBMIT: "contracts.edit",
    Step.RETURN: "contracts.sign",
    Step.SIGN: "contracts.sign",
}


def next_state(state: State, step: Step) -> State | None:
    """Return where a step leads from a state; None if the step cannot be taken there.

    >>> next_state(State.DRAFT, Step.SIGN) is None
    True
    """
    return EDGES.get((state, step))


def steps_from(state: State) -> list[Step]:
    """Return the steps that can be taken from a state."""
    return [step for step in Step if (state, step) in EDGES]


class Phase(StrEnum):
    """Where a contract stands on a day, as people name it."""

    NO_TERMS = "no_terms"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SIGNED = "signed"
    IN_EFFECT = "in_effect"
    EXPIRING = "expiring"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Stage:
    """What the phase depends on of one version.

    Attributes:
        state: Where the version stands.
        effective_from: Its first day.
    """

    state: State
    effective_from: date


def phase_on(day: date, *, ends_on: date | None, stages: Sequence[Stage]) -> Phase:
    """Return a contract's phase on a day.

    A signed version decides; a draft amendment beside it does not change what is in effect.

    Args:
        day: A local day of the contract.
        ends_on: The contract's last day; None if open.
        stages: Its versions, in any order.
    """
    if ends_on is not None and day > ends_on:
        return Phase.ENDED
    signed = [stage.effective_from for stage in stages if stage.state is State.SIGNED]
    if signed:
        if min(signed) > day:
            return Phase.SIGNED
        return Phase.EXPIRING if ends_on is not None and ends_on - day < EXPIRES_SOON else Phase.IN_EFFECT
    states = {stage.state for stage in stages}
    if State.IN_REVIEW in states:
        return Phase.IN_REVIEW
    return Phase.DRAFT if states else Phase.NO_TERMS


def effective_from_problem(
    effective_from: date, *, starts_on: date, ends_on: date | None, newest_signed_from: date | None
) -> str | None:
    """Return why a version cannot take effect on a day; None if it can.

    A version may begin in the past (its days are then measured again), but never on or before the first day of a
    signed one: an amendment adds to what was signed and replaces none of it whole.

    Returns:
        ``before_contract``, ``after_contract``, ``before_signed``, or None.
    """
    if effective_from < starts_on:
        return "before_contract"
    if ends_on is not None and effective_from > ends_on:
        return "after_contract"
    if newest_signed_from is not None and effective_from <= newest_signed_from:
        return "before_signed"
    return None


def past_days(effective_from: date, *, today: date) -> int:
    """Return how many days that have begun a version would cover, and so make to be measured again.

    >>> past_days(date(2026, 6, 1), today=date(2026, 6, 15))
    15
    """
    return max(0, (today - effective_from).days + 1)
