"""What an evaluation says, as its page tells it: answer by answer, beside what the other side says of the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.scope import Scope
from qa import selectors
from qa.calc.forms import NA, Form, Question
from qa.calc.scoring import answers_missing, score_of
from qa.calc.states import Step
from qa.forms.sheet import Line, SheetForm
from qa.models import Dispute, Evaluation, EvaluationEvent
from qa.selectors import person_told
from qa.services import Sheet
from qa.wording.evaluations import STEP_SENTENCES


@dataclass(frozen=True, slots=True)
class Cell:
    """One side's answer to a question; ``label`` is empty for "does not apply"."""

    label: str
    points: int | None
    most: int
    is_na: bool
    is_lost: bool
    is_failure: bool
    cause: str
    remark: str


@dataclass(frozen=True, slots=True)
class Row:
    """One question with the answers of each evaluation, and what is held against the first one's."""

    line: Line
    cells: tuple[Cell | None, ...]
    differs: bool
    disputed: str
    former: Cell | None


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one section."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of what happened to an evaluation."""

    at: datetime
    actor: str
    sentence: Any
    text: str
    score: str


@dataclass(frozen=True, slots=True)
class Live:
    """What a sheet is worth as far as it is filled in."""

    earned: Decimal
    possible: Decimal
    ratio: float | None
    is_failed: bool
    passes: bool
    pass_percent: int
    answered: int
    questions: int


def sheet_of(evaluation: Evaluation) -> Sheet:
    """Return what is filled in."""
    return Sheet(evaluation.answers, evaluation.causes, evaluation.remarks, evaluation.comment)


def live_of(form: Form, evaluation: Evaluation) -> Live:
    """Return what an evaluation's answers are worth now."""
    score = score_of(form, evaluation.answers)
    questions = sum(1 for _question in form.questions)
    return Live(
        earned=_decimal(score.earned),
        possible=_decimal(score.possible),
        ratio=None if score.ratio is None else float(score.ratio),
        is_failed=score.is_failed,
        passes=score.ratio is not None and not score.is_failed and 100 * score.ratio >= form.pass_percent,
        pass_percent=form.pass_percent,
        answered=questions - len(answers_missing(form, evaluation.answers)),
        questions=questions,
    )


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def sections_of(form: Form, rows: Sequence[Evaluation], dispute: Dispute | None) -> list[Section]:
    """Return the answers of some evaluations by one form side by side; the first one's dispute stands under it."""
    first = SheetForm(form, sheet=sheet_of(rows[0]), is_locked=True)
    lines = dispute.lines if dispute is not None else {}
    former = (dispute.former or {}).get("answers", {}) if dispute is not None else {}
    found = []
    for part in first.parts:
        told = []
        for line in part.lines:
            cells = tuple(_cell(line.question, row, row.answers) for row in rows)
            was = former.get(line.name)
            is_revised = was is not None and was != rows[0].answers.get(line.name)
            told.append(
                Row(
                    line=line,
                    cells=cells,
                    differs=len({cell.label if cell else "" for cell in cells}) > 1,
                    disputed=lines.get(line.name, ""),
                    former=_cell(line.question, rows[0], former) if is_revised else None,
                )
            )
        found.append(Section(part.section.title, tuple(told)))
    return found


def _cell(question: Question, evaluation: Evaluation, answers: dict[str, str]) -> Cell | None:
    key = answers.get(question.key, "")
    choice = question.choice(key)
    if choice is None and key != NA:
        return None
    return Cell(
        label=choice.label if choice else "",
        points=choice.points if choice else None,
        most=question.points_most,
        is_na=choice is None,
        is_lost=choice is not None and not question.is_bonus and choice.points < question.points_most,
        is_failure=choice is not None and choice.is_failure,
        cause=evaluation.causes.get(question.key, ""),
        remark=evaluation.remarks.get(question.key, ""),
    )


def happened(scope: Scope, events: Sequence[EvaluationEvent]) -> list[Happened]:
    """Return what happened in words, in its order."""
    return [
        Happened(
            at=event.at,
            actor=person_told(scope, event.actor, event.side),
            sentence=STEP_SENTENCES[Step(event.kind)],
            text=event.text,
            score=str(event.facts.get("ratio", "")),
        )
        for event in events
    ]


def events_of(scope: Scope, evaluation: Evaluation) -> list[Happened]:
    """Return what happened to an evaluation, as far as its reader may know it."""
    return happened(scope, list(selectors.event_list(scope=scope, evaluation=evaluation)))
