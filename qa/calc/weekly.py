"""The findings of a week: which questions fail most, and which of them have not become better for weeks (A117)."""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, sqrt

Counts = tuple[int, int]
# A share is worth talking about from here on, and of at least so many answers.
SHARE_LEAST, ANSWERS_LEAST = 0.10, 10
# So many weeks without getting better are a stuck point.
WEEKS_STUCK = 3
CHANCE = 0.05


def fall_probability(before: Counts, now: Counts) -> float:
    """Return how likely a share falls as much as it did by chance alone; 1 where it did not fall.

    Args:
        before: Failures and answers of the earlier week.
        now: Of the later one.

    Source: two-proportion z-test with the pooled share, one-sided; docs/formulas.md, "Findings of the week".

    >>> round(fall_probability((30, 100), (15, 100)), 4)
    0.0055
    """
    (failed, answers), (failed_now, answers_now) = before, now
    if not answers or not answers_now:
        return 1.0
    fall = failed / answers - failed_now / answers_now
    pooled = (failed + failed_now) / (answers + answers_now)
    error = sqrt(pooled * (1 - pooled) * (1 / answers + 1 / answers_now))
    return 1.0 if fall <= 0 or not error else erfc(fall / error / sqrt(2)) / 2


def weeks_stuck(weeks: Sequence[Counts]) -> int:
    """Return for how many weeks, the last one included, a question has failed often without becoming better.

    Each of these weeks has enough answers and enough failures, and the last is not below the first beyond chance.

    Args:
        weeks: Failures and answers week by week, the oldest first.

    Source: domain A117; docs/formulas.md, "Findings of the week".

    >>> weeks_stuck([(1, 50), (10, 50), (12, 50), (9, 50)])
    3
    >>> weeks_stuck([(30, 100), (25, 100), (11, 100)])
    2
    """
    found = 0
    for counts in reversed(weeks):
        failed, answers = counts
        if answers < ANSWERS_LEAST or failed / answers < SHARE_LEAST:
            break
        if fall_probability(counts, weeks[-1]) < CHANCE:
            break
        found += 1
    return found
