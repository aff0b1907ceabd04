"""What the figures of quality share when they say how sure they are: Student's quantile and mean gaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import inf, sqrt

Interval = tuple[float, float]


def t_95(degrees: float) -> float:
    """Return the two-sided 95 % quantile of Student's t.

    Args:
        degrees: Degrees of freedom, above 0, whole or not.

    Source: Student (1908), in every table of t.

    >>> [round(t_95(degrees), 3) for degrees in (1, 9, 1_000_000)]
    [12.706, 2.262, 1.96]
    """
    from scipy.special import stdtrit  # type: ignore[import-untyped]  # noqa: PLC0415 - takes its time

    return float(stdtrit(degrees, 0.975))


def degrees_together(parts: Iterable[tuple[float, float]]) -> float:
    """Return the degrees of freedom of a sum of independent estimated variances.

    Args:
        parts: Each variance, 0 or more, with its own degrees of freedom, above 0.

    Returns:
        At least the least and at most the sum of those of the variances above 0; infinite where none is above 0.

    Source: Satterthwaite (1946); Welch (1947).

    >>> round(degrees_together([(0.5, 4), (0.5, 4)]), 6)
    8.0
    """
    known = [(variance, degrees) for variance, degrees in parts if variance > 0]
    whole = sum(variance for variance, _degrees in known)
    # Shares first: the square of a very small variance would be nothing.
    return 1 / sum((variance / whole) ** 2 / degrees for variance, degrees in known) if known else inf


@dataclass(frozen=True, slots=True)
class Gap:
    """A mean signed difference; the unit is that of the differences.

    Attributes:
        total: Sum of the differences.
        n: How many there are.
        least: Below so many nothing is said.
        error: Standard error of the mean; None below two or below ``least``.
        interval: 95 % by Student's t with n − 1 degrees of freedom; None where there is no error. Differences that are
            all alike give one without width, which says as much as their number.
    """

    total: Fraction
    n: int
    least: int
    error: float | None
    interval: Interval | None

    @property
    def mean(self) -> Fraction | None:
        """Total over n; None where there are too few."""
        return self.total / self.n if self.n >= max(self.least, 1) else None


def gap_of(differences: Iterable[Fraction], *, least: int = 1) -> Gap:
    """Return the mean of differences with its interval.

    >>> gap = gap_of([Fraction(1), Fraction(2), Fraction(3)])
    >>> (gap.mean, round(gap.error, 4), [round(bound, 4) for bound in gap.interval])
    (Fraction(2, 1), 0.5774, [-0.4841, 4.4841])
    """
    found = list(differences)
    n, total = len(found), sum(found, Fraction(0))
    if n < max(least, 2):
        return Gap(total, n, least, None, None)
    squares = sum((each * each for each in found), Fraction(0)) - total * total / n
    error = sqrt(squares / (n * (n - 1)))
    middle, spread = float(total / n), t_95(n - 1) * error
    return Gap(total, n, least, error, (middle - spread, middle + spread))
