"""How alike graders grade: alignment, kappa, severity, and what a vendor's own scores are worth.

Nothing of this touches a score. Shares and scores are ratios 0..1; ±10 points are ±1/10.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations

from qa.calc.forms import NA, Form, Question
from qa.calc.intervals import Gap, Interval, gap_of

# Two scores agree within so many points of a hundred (the trade's line, D12).
TOLERANCE = Fraction(1, 10)
# Below so many calibrated items nobody's score is corrected.
SEVERITY_ITEMS_MIN = 5
# Below so many calls that both sides scored nothing is said of a vendor's own scores.
INFLATION_CALLS_MIN = 10


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question as two graders answered it.

    Attributes:
        points_most: Points of the best answer, with the question's weight.
        original: Points that the grader gave; None for "does not apply".
        benchmark: Points that the one to compare with gave; None for "does not apply".
    """

    key: str
    points_most: Fraction
    original: Fraction | None
    benchmark: Fraction | None


@dataclass(frozen=True, slots=True)
class CriterionAlignment:
    """How far two graders agree on one question.

    Attributes:
        ratio: 0..1; None where both said that it does not apply, and where it is worth no points.
        contribution: What it adds to the total, 0..1.
    """

    key: str
    ratio: Fraction | None
    contribution: Fraction


@dataclass(frozen=True, slots=True)
class Alignment:
    """How far two graders agree on one conversation; the ratio is ``aligned / possible``.

    Attributes:
        aligned: Alignment of each question times its points, summed.
        possible: Points of the questions that count; 0 if none does.
        criteria: In the order of the form.
    """

    aligned: Fraction
    possible: Fraction
    criteria: tuple[CriterionAlignment, ...]

    @property
    def ratio(self) -> Fraction | None:
        """0..1; None if no question counts."""
        return self.aligned / self.possible if self.possible else None


def alignment_of(criteria: Iterable[Criterion]) -> Alignment:
    """Return how far two graders agree, question by question: errors that cancel in the totals do not cancel here.

    A question is worth 1 − |original − benchmark| / points_most, never below 0, and weighs by its points. Whether a
    question applies is a judgement like any other. Where one says that it does not and the other grades it, they
    disagree about all of its points: 0. Leaving such a question out would reward whoever skips the hard ones. Where
    both say that it does not apply there is nothing that was graded: it leaves both sides, as it does in a score.
    Counting it as agreement would lift whoever uses a form with many questions that seldom apply.

    Args:
        criteria: The questions as both answered them; those worth no points count nowhere.

    Source: MaestroQA, Grade the Grader; domain D12; docs/formulas.md, "Grader alignment".

    >>> asks = Criterion("asks", Fraction(15), Fraction(10), Fraction(7))
    >>> lines = [asks, Criterion("rest", Fraction(65), None, None)]
    >>> alignment_of(lines).criteria[0].ratio
    Fraction(4, 5)
    >>> lines[1] = Criterion("rest", Fraction(65), Fraction(65), Fraction(65))
    >>> [float(line.contribution) for line in alignment_of(lines).criteria]
    [0.15, 0.8125]
    """
    found = [(line, _criterion_ratio(line)) for line in criteria]
    counted = [(line.points_most, ratio) for line, ratio in found if ratio is not None]
    possible = sum((points for points, _ratio in counted), Fraction(0))
    return Alignment(
        aligned=sum((points * ratio for points, ratio in counted), Fraction(0)),
        possible=possible,
        criteria=tuple(
            CriterionAlignment(line.key, ratio, Fraction(0) if ratio is None else ratio * line.points_most / possible)
            for line, ratio in found
        ),
    )


def _criterion_ratio(line: Criterion) -> Fraction | None:
    if line.points_most <= 0 or (line.original is None and line.benchmark is None):
        return None
    if line.original is None or line.benchmark is None:
        return Fraction(0)
    return max(1 - abs(line.original - line.benchmark) / line.points_most, Fraction(0))


def criteria_of(form: Form, original: Mapping[str, str], benchmark: Mapping[str, str]) -> list[Criterion]:
    """Return two graders' answers to a form as points.

    Args:
        form: What both were asked.
        original: Question to the key of its answer, or ``na``; a question without one does not apply, as in a score.
        benchmark: The same, of the one to compare with.

    Returns:
        One line for each question. Where sections are weighted, a question's points are its percent of the whole. The
        points of a bonus weigh like others: whether it was earned is a judgement too.

    Raises:
        KeyError: An answer is none of its question's.
    """
    found = []
    for section in form.sections:
        most = sum(question.points_most * question.weight for question in section.questions if not question.is_bonus)
        scale = Fraction(1)
        if section.weight is not None:
            scale = Fraction(section.weight, most) if most > 0 else Fraction(0)
        for question in section.questions:
            factor = scale * question.weight
            given = (_points(question, answers, factor) for answers in (original, benchmark))
            found.append(Criterion(question.key, question.points_most * factor, *given))
    return found


def _points(question: Question, answers: Mapping[str, str], factor: Fraction) -> Fraction | None:
    key = answers.get(question.key, NA)
    if key == NA:
        return None
    choice = question.choice(key)
    if choice is None:
        raise KeyError(f"{question.key} has no answer {key}")
    return choice.points * factor


def share_within(pairs: Iterable[tuple[Fraction, Fraction]], tolerance: Fraction = TOLERANCE) -> tuple[int, int]:
    """Return how many pairs of scores lie within a tolerance of each other, the line included, and how many there are.

    Args:
        pairs: Scores of the same conversation, 0..1.
        tolerance: 0..1.

    Returns:
        Numerator and denominator; the trade's target is above 85 %.

    Source: domain D12; docs/formulas.md, "Grader alignment".

    >>> share_within([(Fraction(90, 100), Fraction(80, 100)), (Fraction(90, 100), Fraction(79, 100))])
    (1, 2)
    """
    near = [abs(one - other) <= tolerance for one, other in pairs]
    return sum(near), len(near)


class Weighting(StrEnum):
    """How much worse it is to be further apart on the scale."""

    LINEAR = "linear"
    QUADRATIC = "quadratic"
    # Answers without an order: different is different.
    NONE = "none"


class Undefined(StrEnum):
    """Why there is no kappa."""

    # Fewer than two items that both graded.
    TOO_FEW = "too_few"
    # Both gave one and the same answer throughout: chance alone would agree as well, there is nothing to correct for.
    ONE_ANSWER = "one_answer"


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement of two graders beyond chance.

    Attributes:
        items: How many both graded; the denominator of ``same``.
        same: How many got the same answer of both.
        value: −1..1; 1 for full agreement, 0 for chance; None where it is not defined.
        interval: 95 %, −1..1, of many items; None where there is no value, and where the items' spread gives none, as
            with full agreement: a few equal answers are no certainty.
        undefined: Why there is no value.
    """

    items: int
    same: int
    value: float | None
    interval: Interval | None
    undefined: Undefined | None


def scale_of(question: Question) -> tuple[str, ...]:
    """Return the keys of a question's answers from the least points to the most; equal points keep their order."""
    return tuple(choice.key for choice in sorted(question.choices, key=lambda choice: choice.points))


def kappa_of(pairs: Iterable[tuple[str, str]], scale: Sequence[str], weighting: Weighting = Weighting.LINEAR) -> Kappa:
    """Return Cohen's weighted kappa of two graders on one question.

    Args:
        pairs: Both answers to each item. Where one is ``na`` the item is left out: "does not apply" has no place on the
            scale; what it costs is in the alignment.
        scale: All answers, two or more, in their order; those that nobody gave hold their place.
        weighting: Linear unless told, so that two steps are twice as bad as one. With two answers all are alike.

    Raises:
        ValueError: An answer is not on the scale.

    Source: Cohen (1968); Fleiss, Cohen and Everitt (1969) for the standard error, by statsmodels; docs/formulas.md,
    "Agreement".

    >>> pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    >>> found = kappa_of(pairs, ("no", "yes"))
    >>> (found.same, found.items, round(found.value, 4), [round(bound, 2) for bound in found.interval])
    (35, 50, 0.4, [0.15, 0.65])
    """
    places = {answer: place for place, answer in enumerate(scale)}
    if len(places) < max(len(scale), 2):
        raise ValueError("a scale has two answers or more, and none twice")
    graded = Counter(pair for pair in pairs if NA not in pair)
    if unknown := {answer for pair in graded for answer in pair} - set(places):
        raise ValueError(f"not on the scale: {', '.join(sorted(unknown))}")
    items, same = graded.total(), sum(count for (one, other), count in graded.items() if one == other)
    if items < 2:
        return Kappa(items, same, None, None, Undefined.TOO_FEW)
    if len(graded) == 1 and same:
        return Kappa(items, same, None, None, Undefined.ONE_ANSWER)
    from numpy import errstate  # noqa: PLC0415 - takes its time
    from statsmodels.stats.inter_rater import (  # type: ignore[import-untyped]  # noqa: PLC0415 - takes its time
        cohens_kappa,
    )

    table = [[0] * len(scale) for _row in scale]
    for (one, other), count in graded.items():
        table[places[one]][places[other]] = count
    # Full agreement, or one who always answers alike, has no spread; rounding may leave a trace of one, even below 0.
    with errstate(divide="ignore", invalid="ignore"):
        found = cohens_kappa(table, wt=None if weighting is Weighting.NONE else weighting.value)
    is_spread = float(found.var_kappa) > 1e-12
    bounds = (max(float(found.kappa_low), -1.0), min(float(found.kappa_upp), 1.0))
    return Kappa(items, same, float(found.kappa), bounds if is_spread else None, None)


@dataclass(frozen=True, slots=True)
class GroupKappa:
    """Agreement of several graders on one question.

    Attributes:
        value: Mean kappa of the pairs that have one; None if none has.
        pairs: How many pairs have a kappa.
        pairs_undefined: How many have none.
        same: Over all pairs, items with the same answer of both.
        compared: Over all pairs, items that both graded; the denominator of ``same``.
        lowest: The two who agree least; None if no pair has a kappa.
    """

    value: float | None
    pairs: int
    pairs_undefined: int
    same: int
    compared: int
    lowest: tuple[str, str] | None


def kappa_of_graders(
    answers: Mapping[str, Mapping[str, str]], scale: Sequence[str], weighting: Weighting = Weighting.LINEAR
) -> GroupKappa:
    """Return the mean weighted kappa of all pairs of graders on one question.

    The mean of the pairs, not Fleiss' kappa: Fleiss' takes answers for names without an order, wants the same number of
    graders for each item and takes them for interchangeable. In a session somebody misses an item or says that it does
    not apply, and who departs from whom is the question. For two graders it is Cohen's kappa.

    Args:
        answers: Grader to item to answer, or ``na``. Items that only one of a pair graded are left out for that pair.
        scale: As for :func:`kappa_of`.
        weighting: As for :func:`kappa_of`.

    Source: Light (1971); Conger (1980); docs/formulas.md, "Agreement".

    >>> answers = {"Chen": {"1": "yes", "2": "no", "3": "yes", "4": "no"}, "Li": {"1": "yes", "2": "no", "3": "yes"}}
    >>> answers["Ito"] = {"1": "yes", "2": "yes", "3": "no", "4": "no"}
    >>> found = kappa_of_graders(answers, ("no", "yes"))
    >>> (round(found.value, 4), found.pairs, found.same, found.compared, found.lowest)
    (0.1667, 3, 6, 10, ('Ito', 'Li'))
    """
    known: list[tuple[float, tuple[str, str]]] = []
    undefined = same = compared = 0
    for one, other in combinations(sorted(answers), 2):
        both = sorted(answers[one].keys() & answers[other].keys())
        found = kappa_of([(answers[one][item], answers[other][item]) for item in both], scale, weighting)
        same, compared = same + found.same, compared + found.items
        if found.value is None:
            undefined += 1
        else:
            known.append((found.value, (one, other)))
    value = sum(kappa for kappa, _pair in known) / len(known) if known else None
    return GroupKappa(value, len(known), undefined, same, compared, min(known)[1] if known else None)


def severity_of(scores: Mapping[str, Mapping[str, Fraction]], consensus: Mapping[str, Fraction]) -> dict[str, Gap]:
    """Return how severe each grader is: the mean of own score minus consensus over the items.

    Args:
        scores: Grader to item to score, 0..1.
        consensus: Item to the score that was agreed. Items without one are left out.

    Returns:
        Grader to the gap in ratio, −1..1. **Below 0 is severe, above 0 lenient.** A consensus that is the mean of the
        graders' own scores pulls the gap of each towards 0 by 1 / graders; one that was talked over does not.

    Source: domain B5 (leniency index), C8; docs/formulas.md, "Grader severity".

    >>> agreed = {"call-1": Fraction(80, 100), "call-2": Fraction(90, 100)}
    >>> found = severity_of({"Chen": {"call-1": Fraction(72, 100), "call-2": Fraction(86, 100)}}, agreed)
    >>> (found["Chen"].mean, found["Chen"].n)
    (Fraction(-3, 50), 2)
    """
    return {
        grader: gap_of(given[item] - consensus[item] for item in sorted(given.keys() & consensus.keys()))
        for grader, given in scores.items()
    }


def score_corrected(score: Fraction, severity: Gap, *, least: int = SEVERITY_ITEMS_MIN) -> Fraction | None:
    """Return what a grader's score would have been at the consensus' severity; shown beside the score, never for it.

    Args:
        score: 0..1, or the mean of the grader's scores.
        severity: Of :func:`severity_of`.
        least: Below so many items nothing is corrected.

    Returns:
        Score less the mean gap, kept within 0..1; None where the gap rests on too few items.

    Source: domain C8; docs/formulas.md, "Grader severity".

    >>> score_corrected(Fraction(92, 100), gap_of([Fraction(7, 100)] * 5))
    Fraction(17, 20)
    """
    if severity.mean is None or severity.n < least:
        return None
    return min(max(score - severity.mean, Fraction(0)), Fraction(1))


def self_score_inflation(pairs: Iterable[tuple[Fraction, Fraction]], *, least: int = INFLATION_CALLS_MIN) -> Gap:
    """Return how much higher a vendor scores its own calls than the client scores the same calls.

    Args:
        pairs: The vendor's score, then the client's, of each call that both scored, 0..1. The client should draw them
            by lot and score them blind; calls that were picked because they looked wrong show a larger gap.
        least: Below so many calls there is no mean and no interval.

    Returns:
        The gap in ratio, −1..1; above 0 the vendor flatters itself. The interval is that of paired differences.

    Source: paired t interval, Student (1908); domain C9; docs/formulas.md, "Self-score inflation".

    >>> gap = self_score_inflation([(Fraction(90, 100), Fraction(84, 100)), (Fraction(88, 100), Fraction(84, 100))] * 5)
    >>> (float(gap.mean), gap.n, [round(bound, 4) for bound in gap.interval])
    (0.05, 10, [0.0425, 0.0575])
    """
    return gap_of((own - client for own, client in pairs), least=least)
