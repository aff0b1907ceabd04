"""What is known of a grader: severity in calibration, and own scores beside the client's of the same calls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from qa.calc.agreement import SEVERITY_ITEMS_MIN, score_corrected, self_score_inflation
from qa.calc.intervals import Gap, gap_of


@dataclass(frozen=True, slots=True)
class Watched:
    """One grader, or all of a vendor.

    Attributes:
        severity: Own score less the benchmark's in complete calibration sessions; below 0 is severe.
        gap: Own score less the client's of the same conversations; above 0 the vendor flatters itself.
        own_total: Sum of the own scores of those; divided by ``gap.n`` their mean.
        client_total: Sum of the client's.
    """

    severity: Gap
    gap: Gap
    own_total: Fraction
    client_total: Fraction

    @property
    def own_mean(self) -> Fraction | None:
        """Mean of the own scores, 0..1."""
        return self.own_total / self.gap.n if self.gap.n else None

    @property
    def client_mean(self) -> Fraction | None:
        """Mean of the client's scores of the same conversations, 0..1."""
        return self.client_total / self.gap.n if self.gap.n else None

    @property
    def gap_corrected(self) -> Fraction | None:
        """The gap with the own mean at the benchmark's severity; None where either rests on too few."""
        if self.own_mean is None or self.client_mean is None or self.gap.mean is None:
            return None
        own = score_corrected(self.own_mean, self.severity, least=SEVERITY_ITEMS_MIN)
        return None if own is None else own - self.client_mean


@dataclass(frozen=True, slots=True)
class Heard:
    """What customers made of the calls that a grader and the client both scored; None where the reader may not know.

    Attributes:
        satisfied: Answers in the top boxes, of ``answers``: the parts of CSAT.
        again: Calls that were followed by a repeat, of ``judged``: what FCR counts as missed.
        complained: Calls that a complaint is about, of ``calls``.
    """

    satisfied: int | None
    answers: int | None
    again: int | None
    judged: int | None
    complained: int | None
    calls: int


def watched(severities: Iterable[Fraction], pairs: Iterable[tuple[Fraction, Fraction]]) -> Watched:
    """Return what is known of a grader.

    Args:
        severities: Own score less the benchmark's, one for each calibrated case.
        pairs: Own score, then the client's, of each conversation that both scored.

    Source: domain C8, C9; docs/formulas.md, "Self-score inflation".

    >>> found = watched([Fraction(1, 10)] * 5, [(Fraction(9, 10), Fraction(8, 10))] * 10)
    >>> (found.severity.mean, found.gap.mean, found.gap_corrected)
    (Fraction(1, 10), Fraction(1, 10), Fraction(0, 1))
    """
    both = list(pairs)
    return Watched(
        severity=gap_of(severities),
        gap=self_score_inflation(both),
        own_total=sum((own for own, _client in both), Fraction(0)),
        client_total=sum((client for _own, client in both), Fraction(0)),
    )
