"""The voice of the customer: a reason that is asked about sharply more often while its callers are unhappier (A116)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, lgamma, log, log1p
from typing import TypeVar

# Fewer cases say nothing, however small the probability looks.
CALLS_MIN = 30
ANSWERS_MIN = 20
# Share of false alarms among all signals raised (Benjamini and Hochberg).
FALSE_SHARE = 0.05
# A rise that nobody would act on is none, even if it is certain.
RISE_MIN = 1.2


@dataclass(frozen=True, slots=True)
class Stretch:
    """What came in about one reason in some days.

    Attributes:
        days: Length, 1 or more.
        calls: Offered calls.
        satisfied: Answers in the top boxes.
        answers: Valid answers; at least ``satisfied``.
    """

    days: int
    calls: int
    satisfied: int
    answers: int


@dataclass(frozen=True, slots=True)
class Signal:
    """Why a reason stands out.

    Attributes:
        rise: Calls a day now over calls a day before.
        csat: Satisfied share now.
        csat_before: Satisfied share before.
        probability: Of such a rise or such a fall by chance, the larger of the two.
    """

    rise: float
    csat: float
    csat_before: float
    probability: float


Key = TypeVar("Key")


def is_enough(now: Stretch, before: Stretch) -> bool:
    """Return whether there are calls and answers enough to say anything of a reason."""
    return now.calls >= CALLS_MIN and min(now.answers, before.answers) >= ANSWERS_MIN and before.calls > 0


def rise_probability(now: Stretch, before: Stretch) -> float:
    """Return the probability of so many calls or more now, if the rate had not changed.

    Of all calls of both stretches each falls into the present one with the share of its days: a binomial tail.

    Source: Przyborowski and Wilenski (1940), conditional test of two Poisson rates.

    >>> round(rise_probability(Stretch(1, 8, 0, 0), Stretch(1, 2, 0, 0)), 4)  # 8 or more of 10 at one half
    0.0547
    """
    total, share = now.calls + before.calls, now.days / (now.days + before.days)
    terms = (
        _log_binomial(total, k) + k * log(share) + (total - k) * log1p(-share) for k in range(now.calls, total + 1)
    )
    return min(sum(map(exp, terms)), 1.0)


def fall_probability(now: Stretch, before: Stretch) -> float:
    """Return the probability of so few satisfied answers or fewer now, if satisfaction had not changed.

    Source: Fisher's exact test, one-sided.

    >>> round(fall_probability(Stretch(1, 0, 1, 4), Stretch(1, 0, 3, 4)), 6)  # the lady tasting tea
    0.242857
    """
    satisfied, answers = now.satisfied + before.satisfied, now.answers + before.answers
    least = max(0, now.answers - (answers - satisfied))
    whole = _log_binomial(answers, now.answers)
    terms = (
        _log_binomial(satisfied, k) + _log_binomial(answers - satisfied, now.answers - k) - whole
        for k in range(least, now.satisfied + 1)
    )
    return min(sum(map(exp, terms)), 1.0)


def signals_of(pairs: Mapping[Key, tuple[Stretch, Stretch]]) -> dict[Key, Signal]:
    """Return the reasons whose volume rose and whose satisfaction fell, beyond chance and beyond trifles.

    Both must hold, so the larger probability counts for a reason; over all reasons the share of false alarms is kept
    at :data:`FALSE_SHARE`. Reasons with too few calls or answers are left out, not taken for quiet.

    Args:
        pairs: Reason to the present stretch and the one before.
    """
    found: list[tuple[float, Key, Signal]] = []
    tested = 0
    for key, (now, before) in pairs.items():
        if not is_enough(now, before):
            continue
        tested += 1
        rise = (now.calls / now.days) / (before.calls / before.days)
        csat, csat_before = now.satisfied / now.answers, before.satisfied / before.answers
        if rise < RISE_MIN or csat >= csat_before:
            continue
        probability = max(rise_probability(now, before), fall_probability(now, before))
        found.append((probability, key, Signal(rise, csat, csat_before, probability)))
    found.sort(key=lambda entry: entry[0])
    kept = 0
    for rank, (probability, _key, _signal) in enumerate(found, start=1):
        if probability <= FALSE_SHARE * rank / tested:
            kept = rank
    return {key: signal for _probability, key, signal in found[:kept]}


def _log_binomial(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
