"""What an evaluator fills in, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from accounts.services import rivals_refuse
from core.errors import Invalid
from core.scope import Scope
from qa import selectors
from qa.calc.forms import NA, Form
from qa.calc.scoring import Score, answers_missing, score_of
from qa.models import Evaluation
from qa.services.steps import TEXT_MOST


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an evaluator filled in.

    Attributes:
        answers: Question to the key of its answer, or ``na``.
        causes: Failed question to what it came from, of the question's list.
        remarks: Question to a remark.
        comment: About the whole.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    causes: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""


def sheet_check(form: Form, sheet: Sheet) -> dict[str, str]:
    """Refuse whatever is none of the form's; return the texts of a sheet by the field that each stands in.

    Raises:
        Invalid: Beside each question.
    """
    known = {question.key: question for question in form.questions}
    fields: dict[str, list[str]] = {}
    for part in (sheet.answers, sheet.causes, sheet.remarks):
        fields |= {name: [_("The form asks no such question.")] for name in part if name not in known}
    for name, key in sheet.answers.items():
        if name in known and key != NA and known[name].choice(key) is None:
            fields[name] = [_("This is no answer of this question.")]
    for name, cause in sheet.causes.items():
        if name in known and cause and cause not in known[name].causes:
            fields[name] = [_("Choose a cause from the list.")]
    texts = {**{f"remark_{name}": text for name, text in sheet.remarks.items()}, "comment": sheet.comment}
    fields |= {name: [_("At most %(most)s characters.") % {"most": TEXT_MOST}] for name, text in texts.items()
               if len(text) > TEXT_MOST}  # fmt: skip
    if fields:
        raise Invalid("invalid", _("Please mend what is marked."), fields=fields)
    return texts


def sheet_missing(form: Form, sheet: Sheet) -> None:
    """Refuse a sheet with questions that nobody answered; raises Invalid beside each."""
    fields = {name: [_("Answer this question.")] for name in answers_missing(form, sheet.answers)}
    if fields:
        raise Invalid("incomplete", _("Some questions miss something."), fields=fields)


def fill(scope: Scope, evaluation: Evaluation, sheet: Sheet) -> None:
    """Put a sheet on an evaluation; whatever is none of the form's is refused."""
    form = selectors.questions_of(evaluation.form)
    texts = sheet_check(form, sheet)
    rivals_refuse(scope=scope, vendor_id=evaluation.vendor_id, texts=texts)
    evaluation.answers = dict(sheet.answers)
    # What did not fail came from nothing.
    failed = score_of(form, sheet.answers).failed
    evaluation.causes = {name: cause for name, cause in sheet.causes.items() if cause and name in failed}
    evaluation.remarks = {name: text.strip() for name, text in sheet.remarks.items() if text.strip()}
    evaluation.comment = sheet.comment.strip()


def check_whole(form: Form, evaluation: Evaluation) -> None:
    """Refuse a sheet with questions that miss something; raises Invalid beside each."""
    fields = {name: [_("Answer this question.")] for name in answers_missing(form, evaluation.answers)}
    failed = score_of(form, evaluation.answers).failed
    for question in form.questions:
        if question.key in failed and question.causes and not evaluation.causes.get(question.key):
            fields[question.key] = [_("Say what it came from.")]
    if fields:
        raise Invalid("incomplete", _("Some questions miss something."), fields=fields)


def score_read(evaluation: Evaluation) -> Score:
    """Return what an evaluation's answers are worth."""
    return score_of(selectors.questions_of(evaluation.form), evaluation.answers)


def score_write(evaluation: Evaluation) -> None:
    """Put the score of its answers on an evaluation."""
    score = score_read(evaluation)
    evaluation.earned, evaluation.possible = (_decimal(part) for part in (score.earned, score.possible))
    evaluation.is_failed = score.is_failed
    evaluation.families = {family.value: is_error for family, is_error in score.families.items()}


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.0001"))


def percent_of(evaluation: Evaluation) -> str | None:
    """Return an evaluation's score in percent, as the book has it."""
    if not evaluation.possible or evaluation.earned is None:
        return None
    return f"{evaluation.earned / evaluation.possible:.2%}"
