"""What a sample of evaluations says of an agent, a team, a queue or a vendor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import inf, sqrt
from typing import NamedTuple

from qa.calc.forms import Family
from qa.calc.intervals import Interval, degrees_together, t_95
from sla.calc.kpi import wilson

# What a centre should reach: the trade's lines (COPC 2.7.1 as its users tell it, domain B5).
ACCURACY_TARGETS: Mapping[Family, Fraction] = {
    Family.CUSTOMER: Fraction(95, 100),
    Family.BUSINESS: Fraction(90, 100),
    Family.COMPLIANCE: Fraction(995, 1000),
}


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A conversation that was drawn and scored.

    Attributes:
        person: Whose it is.
        stratum: Of its draw, told apart by person and name: over several draws the name needs the draw in it.
        score: 0..1.
        stratum_count: How many of the stratum were drawn and scored, for whatever queue; 1 or more.
        stratum_population: How many there were to draw from; each stands for ``stratum_population / stratum_count``.
    """

    person: str
    stratum: str
    score: Fraction
    stratum_count: int
    stratum_population: int


@dataclass(frozen=True, slots=True)
class GroupScore:
    """The QA score of a group of conversations; the ratio is ``numerator / denominator``.

    Attributes:
        numerator: Scores, each times the conversations that it stands for.
        denominator: The conversations that the evaluations stand for; 0 if there are none.
        evaluations: How many there are; the denominator of the naive mean.
        total: Plain sum of the scores; the numerator of the naive mean.
        error: Standard error of the ratio; None where nothing tells the spread.
        interval: 95 % by Student's t, within 0..1; None where there is no error.
    """

    numerator: Fraction
    denominator: Fraction
    evaluations: int
    total: Fraction
    error: float | None
    interval: Interval | None

    @property
    def ratio(self) -> Fraction | None:
        """0..1; None without evaluations."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def naive(self) -> Fraction | None:
        """The mean of the evaluations as they are, 0..1: low performers, drawn more often, weigh too much."""
        return self.total / self.evaluations if self.evaluations else None


class _Spread(NamedTuple):
    """Residuals of evaluations: how many conversations were drawn, sum and sum of squares."""

    n: int
    total: float
    squares: float

    @property
    def variance(self) -> float:
        """Of one conversation; needs two or more."""
        return max(self.squares - self.total * self.total / self.n, 0.0) / (self.n - 1)


def group_score(evaluated: Iterable[Evaluated], populations: Mapping[str, int] | None = None) -> GroupScore:
    """Return the QA score of a group from evaluations that were drawn by strata, each for what it stands for.

    Weights are population over count of the stratum, so 6 evaluations of a high performer and 14 of a low one with as
    many conversations weigh the same. A queue takes part of a stratum's evaluations: those drawn for others count as
    drawn, and stand for none of the queue's conversations.

    The variance is that of a stratified mean (of a ratio where strata are only partly in the group), each stratum with
    its finite population correction. **A stratum with a single draw** has no spread of its own; it takes the variance
    of all its person's draws together, as if the person had no strata. That holds the differences between the strata
    too, so the interval comes out rather too wide than too narrow. A person with a single draw takes the variance of
    the whole group's draws. With one draw in all there is no interval, unless everything was drawn: then there is
    nothing left to be unsure of, and the error is 0. Degrees of freedom are Satterthwaite's.

    Args:
        evaluated: The evaluations of the group; conversations without a score are left out.
        populations: Person to all conversations that could be drawn, for groups of whole persons. Small quotas leave
            strata undrawn; the person's other strata then stand for them. Without it undrawn strata are in nothing.

    Raises:
        ValueError: Counts that contradict each other.

    Source: Cochran, Sampling Techniques (1977), 5.3–5.6, 5A.12 (collapsed strata), 6.11; domain D11; docs/formulas.md,
    "QA score of a group".

    >>> high = [Evaluated("high", "all", Fraction(score, 100), 3, 100) for score in (96, 98, 100)]
    >>> low = [Evaluated("low", "all", Fraction(score, 100), 7, 100) for score in (40, 50, 50, 60, 60, 70, 90)]
    >>> found = group_score(high + low)
    >>> (found.numerator, found.denominator, float(found.ratio), float(found.naive))
    (Fraction(158, 1), Fraction(200, 1), 0.79, 0.714)
    >>> (round(found.error, 4), [round(bound, 3) for bound in found.interval])
    (0.0303, [0.717, 0.863])
    """
    strata = _strata_of(evaluated)
    scores = [score for _size, members in strata.values() for score in members]
    total = sum(scores, Fraction(0))
    sizes = _sizes_of({key: size for key, (size, _members) in strata.items()}, populations)
    numerator = denominator = Fraction(0)
    for key, ((count, _population), members) in strata.items():
        weight = sizes[key] / count
        numerator += weight * sum(members, Fraction(0))
        denominator += weight * len(members)
    if not scores:
        return GroupScore(numerator, denominator, 0, total, None, None)
    ratio = float(numerator / denominator)
    variance, degrees = _variance_of(strata, sizes, ratio, float(denominator))
    if variance is None:
        return GroupScore(numerator, denominator, len(scores), total, None, None)
    error = sqrt(variance)
    spread = t_95(degrees) * error if error else 0.0
    interval = (max(ratio - spread, 0.0), min(ratio + spread, 1.0))
    return GroupScore(numerator, denominator, len(scores), total, error, interval)


_Strata = dict[tuple[str, str], tuple[tuple[int, int], list[Fraction]]]


def _strata_of(evaluated: Iterable[Evaluated]) -> _Strata:
    strata: _Strata = {}
    for each in evaluated:
        size = (each.stratum_count, each.stratum_population)
        former, members = strata.setdefault((each.person, each.stratum), (size, []))
        members.append(each.score)
        if former != size or not len(members) <= each.stratum_count <= each.stratum_population:
            raise ValueError(f"{each.person}, {each.stratum}: the counts contradict each other")
    return strata


def _sizes_of(
    counts: Mapping[tuple[str, str], tuple[int, int]], populations: Mapping[str, int] | None
) -> dict[tuple[str, str], Fraction]:
    """Return the conversations that each stratum stands for, its person's undrawn strata included."""
    drawn: dict[str, int] = defaultdict(int)
    for (person, _stratum), (_count, population) in counts.items():
        drawn[person] += population
    if populations is not None and any(populations[person] < size for person, size in drawn.items()):
        raise ValueError("a person has fewer conversations than the strata that were drawn from")
    return {
        (person, stratum): population * Fraction(populations[person] if populations else drawn[person], drawn[person])
        for (person, stratum), (_count, population) in counts.items()
    }


def _variance_of(
    strata: _Strata, sizes: Mapping[tuple[str, str], Fraction], ratio: float, denominator: float
) -> tuple[float | None, float]:
    """Return the variance of the ratio with its degrees of freedom; None where nothing tells it."""
    own: dict[tuple[str, ...], _Spread] = {}
    for key, ((count, _population), members) in strata.items():
        gaps = [float(score) - ratio for score in members]
        spread = _Spread(count, sum(gaps), sum(gap * gap for gap in gaps))
        own[key] = spread
        # The person's draws together, and those of the whole group: what a lonely draw falls back on.
        for wider in ((key[0],), ()):
            n, total, squares = own.get(wider, _Spread(0, 0.0, 0.0))
            own[wider] = _Spread(n + spread.n, total + spread.total, squares + spread.squares)
    # What each variance is multiplied by, over the strata that take it.
    factors: dict[tuple[str, ...], float] = defaultdict(float)
    for key, ((count, _population), _members) in strata.items():
        size = float(sizes[key])
        if size <= count:
            continue
        source = next((source for source in (key, (key[0],), ()) if own[source].n > 1), None)
        if source is None:
            return None, inf
        factors[source] += size * (size - count) / count / (denominator * denominator)
    parts = [(factor * own[source].variance, own[source].n - 1) for source, factor in factors.items()]
    return sum(variance for variance, _degrees in parts), degrees_together(parts)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Critical-error accuracy of one family; the ratio is ``numerator / denominator``.

    Attributes:
        numerator: Evaluations without an error of the family.
        denominator: Evaluations where a question of the family applied, above 0.
        interval: 95 % after Wilson, 0..1.
    """

    numerator: int
    denominator: int
    interval: Interval

    @property
    def ratio(self) -> Fraction:
        """0..1."""
        return Fraction(self.numerator, self.denominator)


def critical_accuracy(families: Iterable[Mapping[Family, bool]]) -> dict[Family, Accuracy]:
    """Return the critical-error accuracy of each family.

    It counts evaluations as they are. Of an adaptive sample it is the accuracy of what was evaluated; that of the
    group is :func:`group_score` with 1 for an evaluation without an error and 0 for one with.

    Args:
        families: Of each evaluation, family to whether an error of it was made (``Score.families``).

    Returns:
        Only families of which a question applied somewhere; of the others there is no data.

    Source: domain D11, B5; docs/formulas.md, "Critical-error accuracy".

    >>> made, none = {Family.CUSTOMER: True}, {Family.CUSTOMER: False, Family.BUSINESS: False}
    >>> found = critical_accuracy([made] + [none] * 9)
    >>> [(family.value, each.numerator, each.denominator) for family, each in found.items()]
    [('customer', 9, 10), ('business', 9, 9)]
    """
    found = list(families)
    counts = {
        family: (sum(not each[family] for each in found if family in each), sum(family in each for each in found))
        for family in Family
    }
    return {family: Accuracy(met, base, wilson(met, base)) for family, (met, base) in counts.items() if base}
