"""What the answers to a form are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from qa.calc.forms import NA, Choice, Family, FatalRule, Form, Question, Section, Severity


@dataclass(frozen=True, slots=True)
class Score:
    """What answers are worth; the ratio is ``earned / possible``.

    Attributes:
        earned: Weighted points earned, bonus included; percent of the whole where sections are weighted.
        possible: Weighted points that could be earned; 0 if no question applied.
        is_failed: A fatal question failed.
        families: Family to whether an error of it was made, for the families of which a question applied.
        lost: Keys of the questions that earned less than they could.
        failed: Keys of the questions whose answer is a failure.
    """

    earned: Fraction
    possible: Fraction
    is_failed: bool
    families: Mapping[Family, bool]
    lost: tuple[str, ...]
    failed: tuple[str, ...]

    @property
    def ratio(self) -> Fraction | None:
        """0..1; None if nothing applied."""
        return self.earned / self.possible if self.possible else None


def score_of(form: Form, answers: Mapping[str, str]) -> Score:
    """Return what answers are worth.

    Args:
        form: The form that was asked.
        answers: Question to the key of its answer, or ``na``. Questions without one do not count, like ``na``.

    Raises:
        KeyError: An answer is none of its question's.

    Source: domain D11; docs/formulas.md, "QA score".

    >>> from qa.calc.forms import form_read
    >>> choices = [{"key": "yes", "label": "Yes", "points": 10}, {"key": "no", "label": "No", "points": 0}]
    >>> lines = [{"key": name, "text": name, "choices": choices} for name in ("greets", "solves", "thanks")]
    >>> form = form_read({"sections": [{"key": "all", "title": "All", "questions": lines}]})
    >>> score = score_of(form, {"greets": "yes", "solves": "no", "thanks": "na"})
    >>> (int(score.earned), int(score.possible), score.lost)
    (10, 20, ('solves',))
    """
    parts = [_section_score(section, answers) for section in form.sections]
    if form.is_weighted:
        # A section of which nothing applied leaves its percent to the others.
        counted = [
            (section.weight or 0, got, most)
            for section, (got, most) in zip(form.sections, parts, strict=True)
            if most > 0
        ]
        earned = sum((weight * got / most for weight, got, most in counted), Fraction(0))
        possible = Fraction(sum(weight for weight, _got, _most in counted))
    else:
        earned = sum((got for got, _most in parts), Fraction(0))
        possible = sum((most for _got, most in parts), Fraction(0))
    chosen = {q.key: choice for q in form.questions if (choice := _chosen(q, answers)) is not None}
    failed = tuple(q.key for q in form.questions if q.key in chosen and chosen[q.key].is_failure)
    fatal = any(q.key in failed and q.severity is Severity.FATAL for q in form.questions)
    families: dict[Family, bool] = {}
    for question in form.questions:
        if question.key in chosen and question.family is not None and question.severity is not Severity.NORMAL:
            families[question.family] = families.get(question.family, False) or question.key in failed
    if fatal and form.fatal_rule is FatalRule.ZERO:
        earned = Fraction(0)
    return Score(
        earned=max(min(earned, possible), Fraction(0)),
        possible=possible,
        is_failed=fatal,
        families=families,
        lost=tuple(q.key for q in form.questions if q.key in chosen and _is_lost(q, chosen[q.key])),
        failed=failed,
    )


def _is_lost(question: Question, choice: Choice) -> bool:
    """Tell whether an answer cost points, or the whole: a fatal question may carry none itself."""
    is_grave = choice.is_failure and question.severity is not Severity.NORMAL
    return is_grave or choice.points < (0 if question.is_bonus else question.points_most)


def _section_score(section: Section, answers: Mapping[str, str]) -> tuple[Fraction, Fraction]:
    earned = possible = Fraction(0)
    for question in section.questions:
        choice = _chosen(question, answers)
        if choice is None:
            continue
        earned += choice.points * question.weight
        possible += 0 if question.is_bonus else question.points_most * question.weight
    return earned, possible


def _chosen(question: Question, answers: Mapping[str, str]) -> Choice | None:
    key = answers.get(question.key, NA)
    if key == NA:
        return None
    choice = question.choice(key)
    if choice is None:
        raise KeyError(f"{question.key} has no answer {key}")
    return choice


def answers_missing(form: Form, answers: Mapping[str, str]) -> list[str]:
    """Return the keys of the questions that must be answered and are not: ``na`` answers only where it is allowed."""
    return [
        question.key
        for question in form.questions
        if not answers.get(question.key) or (answers[question.key] == NA and not question.allows_na)
    ]
