"""What a calibration session says: who agreed with the benchmark, on which question, and who grades how severely."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from qa.calc.agreement import (
    GroupKappa,
    alignment_of,
    criteria_of,
    kappa_of_graders,
    scale_of,
    severity_of,
    share_within,
)
from qa.calc.forms import NA, Form, Question
from qa.calc.intervals import Gap
from qa.calc.scoring import score_of

# Answers of all questions on one scale: the share of the question's best points, in quarters.
QUARTERS = ("0", "1", "2", "3", "4")


@dataclass(frozen=True, slots=True)
class Given:
    """What one grader answered about one case.

    Attributes:
        grader: Tells graders apart.
        case: Tells cases apart.
        answers: Question to the key of its answer, or ``na``.
    """

    grader: str
    case: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One question over all cases and graders.

    Attributes:
        agreed: Answers that are the benchmark's.
        compared: Answers in all; the denominator of ``agreed``.
        aligned: Points in which the graders are aligned with the benchmark.
        possible: Points that count; the denominator of ``aligned``.
        kappa: Agreement of the graders with each other, beyond chance.
        by_grader: Grader to the ``aligned`` and ``possible`` of its own.
    """

    key: str
    agreed: int
    compared: int
    aligned: Fraction
    possible: Fraction
    kappa: GroupKappa
    by_grader: Mapping[str, tuple[Fraction, Fraction]]


@dataclass(frozen=True, slots=True)
class GraderResult:
    """One grader over all cases.

    Attributes:
        aligned: Points in which the grader is aligned with the benchmark.
        possible: Points that count; the denominator of ``aligned``.
        within: Scores within ten points of the benchmark's, and how many there are.
        severity: Own score less that of the benchmark; below 0 is severe.
        scores: Case to the score that the grader's answers give, 0..1; cases without a score are left out.
    """

    key: str
    aligned: Fraction
    possible: Fraction
    within: tuple[int, int]
    severity: Gap
    scores: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Results:
    """What a session says.

    Attributes:
        criteria: In the order of the form.
        graders: In the order of their keys.
        kappa: Agreement of the graders over all questions, each answer as the quarter of its best points.
        benchmark: Case to the score of the benchmark, 0..1.
    """

    criteria: tuple[CriterionResult, ...]
    graders: tuple[GraderResult, ...]
    kappa: GroupKappa
    benchmark: Mapping[str, Fraction]


def benchmark_of(form: Form, answers: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return what most graders answered, question by question: the benchmark until a consensus is recorded.

    Where several answers are as frequent, the one with fewer points stands, and "does not apply" only if it is alone:
    a doubt is talked over, not resolved in anybody's favor.

    >>> from qa.calc.presets import PRESETS
    >>> from qa.calc.forms import form_read
    >>> form = form_read(PRESETS["three_dimensions"]())
    >>> benchmark_of(form, [{"greeting": "yes", "consent": "yes"}, {"greeting": "no", "consent": "yes"}])
    {'greeting': 'no', 'consent': 'yes'}
    """
    given = list(answers)
    found = {}
    for question in form.questions:
        counts = Counter(own[question.key] for own in given if own.get(question.key))
        if counts:
            most = max(counts.values())
            found[question.key] = min(
                (answer for answer, count in counts.items() if count == most),
                key=lambda answer: _points(question, answer),
            )
    return found


def _points(question: Question, answer: str) -> float:
    choice = question.choice(answer)
    return float("inf") if choice is None else choice.points


def results_of(form: Form, given: Sequence[Given], benchmark: Mapping[str, Mapping[str, str]]) -> Results:
    """Return what graders' answers say, against a benchmark.

    Args:
        form: What all were asked.
        given: One for each grader and case; who has not scored a case is left out of it.
        benchmark: Case to the answers that the graders are compared with.

    Source: domain B5, C8, D12; docs/formulas.md, "Calibration session".
    """
    compared = [one for one in given if one.case in benchmark]
    aligned: dict[tuple[str, str], list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
    same: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for one in compared:
        target = benchmark[one.case]
        for line in alignment_of(lines := criteria_of(form, one.answers, target)).criteria:
            points = next(each.points_most for each in lines if each.key == line.key)
            if line.ratio is not None:
                parts = aligned[one.grader, line.key]
                parts[0], parts[1] = parts[0] + line.ratio * points, parts[1] + points
        for question in form.questions:
            counts[question.key] += 1
            same[question.key] += one.answers.get(question.key, NA) == target.get(question.key, NA)
    graders = sorted({one.grader for one in compared})
    agreed = _scores(form, benchmark)
    scores = {key: _scores(form, {one.case: one.answers for one in compared if one.grader == key}) for key in graders}
    severities = severity_of(scores, agreed)
    return Results(
        criteria=tuple(
            CriterionResult(
                key=question.key,
                agreed=same[question.key],
                compared=counts[question.key],
                aligned=sum((aligned[key, question.key][0] for key in graders), Fraction(0)),
                possible=sum((aligned[key, question.key][1] for key in graders), Fraction(0)),
                kappa=kappa_of_graders(_answers(compared, question.key), scale_of(question)),
                by_grader={key: (aligned[key, question.key][0], aligned[key, question.key][1]) for key in graders},
            )
            for question in form.questions
        ),
        graders=tuple(
            GraderResult(
                key=key,
                aligned=sum((aligned[key, question.key][0] for question in form.questions), Fraction(0)),
                possible=sum((aligned[key, question.key][1] for question in form.questions), Fraction(0)),
                within=share_within([(score, agreed[case]) for case, score in scores[key].items() if case in agreed]),
                severity=severities[key],
                scores=scores[key],
            )
            for key in graders
        ),
        kappa=kappa_of_graders(_quarters(form, compared), QUARTERS),
        benchmark=agreed,
    )


def _scores(form: Form, answers: Mapping[str, Mapping[str, str]]) -> dict[str, Fraction]:
    found = {case: score_of(form, own).ratio for case, own in answers.items()}
    return {case: ratio for case, ratio in found.items() if ratio is not None}


def _answers(given: Sequence[Given], question: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one in given:
        found[one.grader][one.case] = one.answers.get(question, NA)
    return found


def _quarters(form: Form, given: Sequence[Given]) -> dict[str, dict[str, str]]:
    """Return grader to item to quarter; an item is a question of a case."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one in given:
        for question in form.questions:
            choice = question.choice(one.answers.get(question.key, NA))
            least = min(each.points for each in question.choices)
            span = question.points_most - least
            item = f"{one.case}|{question.key}"
            if choice is None:
                found[one.grader][item] = NA
            elif span:
                found[one.grader][item] = QUARTERS[round(Fraction(4 * (choice.points - least), span))]
    return found
