"""The life of contracts and versions as tables."""

from __future__ import annotations

from datetime import date

import pytest

from contracts.calc.lifecycle import (
    EDGES,
    Phase,
    Stage,
    State,
    Step,
    effective_from_problem,
    next_state,
    past_days,
    phase_on,
    steps_from,
)
from contracts.models import State as StoredState

TODAY = date(2026, 6, 15)


def test_every_edge_is_listed_and_signed_is_the_end() -> None:
    assert {(state, step): next_state(state, step) for state in State for step in Step} == {
        **{(state, step): None for state in State for step in Step},
        **EDGES,
    }
    assert steps_from(State.SIGNED) == []
    assert steps_from(State.IN_REVIEW) == [Step.RETURN, Step.SIGN]


def test_the_table_and_the_database_name_the_same_states() -> None:
    assert [state.value for state in State] == StoredState.values


@pytest.mark.parametrize(
    ("ends_on", "stages", "phase"),
    [
        (None, [], Phase.NO_TERMS),
        (None, [Stage(State.DRAFT, TODAY)], Phase.DRAFT),
        (None, [Stage(State.IN_REVIEW, TODAY)], Phase.IN_REVIEW),
        (None, [Stage(State.SIGNED, date(2026, 6, 16))], Phase.SIGNED),
        (None, [Stage(State.SIGNED, TODAY), Stage(State.DRAFT, TODAY)], Phase.IN_EFFECT),
        (date(2026, 8, 13), [Stage(State.SIGNED, TODAY)], Phase.EXPIRING),
        (date(2026, 8, 14), [Stage(State.SIGNED, TODAY)], Phase.IN_EFFECT),
        (TODAY, [Stage(State.SIGNED, TODAY)], Phase.EXPIRING),
        (date(2026, 6, 14), [Stage(State.SIGNED, date(2026, 1, 1))], Phase.ENDED),
    ],
)
def test_a_contracts_phase_follows_from_its_dates_and_versions(
    ends_on: date | None, stages: list[Stage], phase: Phase
) -> None:
    assert phase_on(TODAY, ends_on=ends_on, stages=stages) is phase


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        (date(2025, 12, 31), "before_contract"),
        (date(2026, 3, 1), "before_signed"),
        (date(2026, 2, 1), "before_signed"),
        (date(2026, 3, 2), None),
        (date(2026, 12, 31), None),
        (date(2027, 1, 1), "after_contract"),
    ],
)
def test_a_version_begins_inside_the_contract_and_after_the_last_signed_one(day: date, problem: str | None) -> None:
    found = effective_from_problem(
        day, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), newest_signed_from=date(2026, 3, 1)
    )
    assert found == problem


def test_days_that_have_begun_are_measured_again() -> None:
    assert past_days(date(2026, 6, 15), today=TODAY) == 1
    assert past_days(date(2026, 6, 16), today=TODAY) == 0
