"""The six service-level formulas in use, over plain counts (docs/formulas.md, "Service level")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.calc.definition import Formula


@dataclass(frozen=True, slots=True)
class Counts:
    """The inbound calls of one queue and period.

    Attributes:
        answered: A.
        answered_in_time: Answered within the threshold T, under the definition's operator.
        abandoned: B.
        abandoned_in_time: Abandoned within T, under the same operator.
        abandoned_short: Abandoned after at most s seconds.
        flowed_out: F, left the queue to voice mail, another queue or a callback.
    """

    answered: int
    answered_in_time: int
    abandoned: int = 0
    abandoned_in_time: int = 0
    abandoned_short: int = 0
    flowed_out: int = 0


def service_level(counts: Counts, formula: Formula, *, count_flow_outs: bool = False) -> tuple[int, int]:
    """Return the numerator and the denominator of the service level.

    Args:
        counts: Calls of one queue and period.
        formula: Which of the six.
        count_flow_outs: Whether flow-outs join the denominator.

    Returns:
        Calls that met the threshold, calls that count. Dividing, and saying "no data" for 0, is the reader's.

    Source:
        docs/formulas.md, "Service level".

    >>> service_level(Counts(1000, 860, 60, 20, 10), Formula.SHORT_ABANDONED_LEFT_OUT)
    (860, 1050)
    """
    met = counts.answered_in_time
    base = counts.answered + counts.abandoned
    match formula:
        case Formula.ANSWERED_AND_ABANDONED_IN_TIME:
            met += counts.abandoned_in_time
        case Formula.OF_ANSWERED:
            base = counts.answered
        case Formula.OF_ANSWERED_AND_ABANDONED:
            pass
        case Formula.OF_ANSWERED_AND_LATE_ABANDONED:
            base -= counts.abandoned_in_time
        case Formula.SHORT_ABANDONED_COUNT_AS_MET:
            met += counts.abandoned_short
        case Formula.SHORT_ABANDONED_LEFT_OUT:
            base -= counts.abandoned_short
    return met, base + (counts.flowed_out if count_flow_outs else 0)


def roll_up(parts: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Return the parts of the ratio over several queues or periods: the sums, never a mean of percentages.

    Source:
        docs/formulas.md, "Roll-up".

    >>> met, base = roll_up([(725, 1092), (37, 74)])
    >>> f"{met / base:.2%}"
    '65.35%'
    """
    numerator = denominator = 0
    for part_numerator, part_denominator in parts:
        numerator += part_numerator
        denominator += part_denominator
    return numerator, denominator
