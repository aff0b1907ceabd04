"""Being ready for incidents: drills by quarter, daily checklists, monthly evidence; what is due and what is missing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

# A reading from this share of the capacity on is an early warning, unless the inspection says otherwise.
WARN_RATIO = Decimal("0.80")


class System(StrEnum):
    """What an incident can take away."""

    CRM = "crm"
    WFM = "wfm"
    CALL_SYSTEM = "call_system"
    ACCESS_NUMBER = "access_number"
    NETWORK = "network"
    OTHER = "other"


# What is inspected every day (domain A93), and what is looked at.
CHECKLISTS: dict[System, tuple[str, ...]] = {
    System.CRM: ("sign_in", "history_opens", "ticket_saved", "answers_in_time"),
    System.WFM: ("sign_in", "schedule_shown", "live_data", "forecast_run"),
    System.CALL_SYSTEM: ("test_call_in", "test_call_out", "menu_plays", "recording_kept", "transfer_works"),
}


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year, 1 to 4."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def after(self) -> date:
        """The first day after it."""
        return self.next.first

    @property
    def next(self) -> Quarter:
        """The one that follows."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    def __str__(self) -> str:
        return f"{self.year} Q{self.number}"


def quarter_of(day: date) -> Quarter:
    """Return the quarter that holds a day.

    >>> str(quarter_of(date(2026, 3, 31)))
    '2026 Q1'
    """
    return Quarter(day.year, (day.month + 2) // 3)


def quarters_until(day: date, count: int) -> list[Quarter]:
    """Return the last quarters up to the one that holds a day, oldest first.

    >>> [str(quarter) for quarter in quarters_until(date(2026, 1, 5), 2)]
    ['2025 Q4', '2026 Q1']
    """
    index = day.year * 4 + (day.month + 2) // 3 - 1
    return [Quarter(*_split(number)) for number in range(index - count + 1, index + 1)]


def _split(index: int) -> tuple[int, int]:
    return index // 4, index % 4 + 1


class DrillState(StrEnum):
    """What became of a plan's drill in one quarter."""

    HELD = "held"
    PLANNED = "planned"
    DUE = "due"
    MISSING = "missing"
    NOT_YET = "not_yet"


def drill_state(
    quarter: Quarter, *, in_force_from: date, held: Collection[date], planned: Collection[date], today: date
) -> DrillState:
    """Return whether a plan was drilled in a quarter (once a quarter, domain A92).

    Args:
        quarter: Which one.
        in_force_from: The plan's first day; quarters before it need no drill.
        held: Days on which the plan was drilled.
        planned: Days for which a drill is planned and not held yet.
        today: A quarter that is over without a drill is missing, the running one due.

    >>> day = date(2026, 5, 4)
    >>> drill_state(Quarter(2026, 1), in_force_from=date(2025, 1, 1), held=[], planned=[], today=day).value
    'missing'
    """
    if any(quarter.first <= day < quarter.after for day in held):
        return DrillState.HELD
    if quarter.after <= in_force_from:
        return DrillState.NOT_YET
    if quarter.after <= today:
        return DrillState.MISSING
    return DrillState.PLANNED if any(quarter.first <= day < quarter.after for day in planned) else DrillState.DUE


def days_missing(*, first: date, today: date, done: Collection[date]) -> list[date]:
    """Return the days before today without an inspection, newest first; today is not late yet."""
    span = (today - first).days
    return [day for day in (today - timedelta(days=n) for n in range(1, span + 1)) if day not in done]


def months_until(day: date, count: int) -> list[date]:
    """Return the first days of the last months up to the one that holds a day, oldest first.

    >>> [month.isoformat() for month in months_until(date(2026, 1, 5), 2)]
    ['2025-12-01', '2026-01-01']
    """
    index = day.year * 12 + day.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(index - count + 1, index + 1)]


def is_early_warning(*, readings: Collection[Decimal | None], warn_ratio: Decimal) -> bool:
    """Return whether load or bandwidth reached the share from which somebody must look."""
    return any(reading is not None and reading >= warn_ratio for reading in readings)
