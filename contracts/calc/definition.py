"""The recipe of every KPI, as a contract version freezes it (docs/formulas.md)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import IntEnum, StrEnum
from typing import Any


class Formula(IntEnum):
    """The six service-level formulas in use (domain D1).

    A answered, B abandoned, T threshold, s short-abandon seconds.
    """

    ANSWERED_AND_ABANDONED_IN_TIME = 1  # (answered <= T + abandoned <= T) / (A + B)
    OF_ANSWERED = 2  # answered <= T / A
    OF_ANSWERED_AND_ABANDONED = 3  # answered <= T / (A + B)
    OF_ANSWERED_AND_LATE_ABANDONED = 4  # answered <= T / (A + abandoned > T)
    SHORT_ABANDONED_COUNT_AS_MET = 5  # (answered <= T + abandoned <= s) / (A + B)
    SHORT_ABANDONED_LEFT_OUT = 6  # answered <= T / (A + B - abandoned <= s)


class Operator(StrEnum):
    """Whether a call answered after exactly T seconds met the threshold."""

    WITHIN = "<="
    BELOW = "<"


class Bucketing(StrEnum):
    """Which half-hour an answered call's figures are booked in."""

    ARRIVAL = "arrival"
    ANSWER = "answer"


RANGES: dict[str, tuple[int, int]] = {
    "threshold_seconds": (0, 3600),
    "short_abandon_seconds": (0, 300),
    "fcr_window_hours": (1, 720),
    "fcr_forward_minutes": (0, 60),
    "csat_best": (1, 10),
    "csat_top_from": (1, 10),
}


@dataclass(frozen=True, slots=True)
class Definition:
    """One queue's recipe.

    Attributes:
        formula: Service-level formula, 1 to 6.
        threshold_seconds: T, 0 to 3600.
        operator: Comparison of the wait with T.
        short_abandon_seconds: s, 0 to 300; an abandon after at most s seconds is short.
        count_flow_outs: Whether calls that left the queue count in the service level's denominator.
        connect_excludes_short: Connect rate over O minus short abandons instead of O.
        abandonment_excludes_short: Short abandons in neither part of the abandonment.
        bucketing: Half-hour of arrival or of answer.
        fcr_window_hours: A repeat within so many hours means "not resolved", 1 to 720.
        fcr_same_reason: Only a call for the same reason is a repeat.
        fcr_forward_minutes: A next call starting this soon is a forward, not a repeat, 0 to 60.
        csat_top_from: The lowest answer that counts as satisfied.
        csat_best: The best answer of the scale, 1 to 10.
    """

    formula: Formula = Formula.SHORT_ABANDONED_LEFT_OUT
    threshold_seconds: int = 20
    operator: Operator = Operator.WITHIN
    short_abandon_seconds: int = 5
    count_flow_outs: bool = False
    connect_excludes_short: bool = False
    abandonment_excludes_short: bool = False
    bucketing: Bucketing = Bucketing.ARRIVAL
    fcr_window_hours: int = 168
    fcr_same_reason: bool = True
    fcr_forward_minutes: int = 0
    csat_top_from: int = 4
    csat_best: int = 5

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} must lie between {low} and {high}")
        if self.csat_top_from > self.csat_best:
            raise ValueError("csat_top_from cannot lie above csat_best")

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values, in the order of the fields."""
        return {name: getattr(value, "value", value) for name, value in asdict(self).items()}


DEFINITION_FIELDS = tuple(field.name for field in fields(Definition))


class Kpi(StrEnum):
    """The KPIs of record."""

    SERVICE_LEVEL = "service_level"
    CONNECT_RATE = "connect_rate"
    ASA = "asa"
    ABANDONMENT = "abandonment"
    AHT = "aht"
    FCR = "fcr"
    CSAT = "csat"
    TRANSFER_RATE = "transfer_rate"
    VOLUME = "volume"


class Better(StrEnum):
    """Which way a KPI improves."""

    HIGHER = "higher"
    LOWER = "lower"


BETTER: dict[Kpi, Better] = {
    Kpi.SERVICE_LEVEL: Better.HIGHER,
    Kpi.CONNECT_RATE: Better.HIGHER,
    Kpi.ASA: Better.LOWER,
    Kpi.ABANDONMENT: Better.LOWER,
    Kpi.AHT: Better.LOWER,
    Kpi.FCR: Better.HIGHER,
    Kpi.CSAT: Better.HIGHER,
    Kpi.TRANSFER_RATE: Better.LOWER,
}


class Status(StrEnum):
    """Where a value stands against its target."""

    GOAL = "goal"
    AMBER = "amber"
    BELOW_AMBER = "below_amber"
    MINIMUM_MISSED = "minimum_missed"
    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"
    NO_TARGET = "no_target"
