"""The sheet of an evaluation: what a form asks as it is drawn, and what came back as the services take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import HouseError, Invalid
from qa.calc.forms import NA, Family, Form, Question, Section, Severity
from qa.services import Sheet
from qa.wording import FAMILY_WORDS, SEVERITY_WORDS

# Fields of a POST beside the comment: what each begins with, before the key of its question.
ANSWER, CAUSE, REMARK, COMMENT = "answer-", "cause-", "remark-", "comment"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it is drawn.

    Attributes:
        digit: The key that chooses it: 1–9, 0 for the tenth, ``n`` for "does not apply"; empty for the eleventh.
    """

    key: str
    label: str
    points: int | None
    example: str
    is_failure: bool
    is_chosen: bool
    digit: str


@dataclass(frozen=True, slots=True)
class Line:
    """One question as it is drawn, with what was answered and what is wrong with it."""

    question: Question
    name: str
    answers: tuple[Answer, ...]
    cause: str
    remark: str
    errors: tuple[str, ...]

    @property
    def severity(self) -> str:
        """What a failure does, and whom it hurts; empty for the usual ones."""
        if self.question.severity is Severity.NORMAL:
            return ""
        family = FAMILY_WORDS[self.question.family] if isinstance(self.question.family, Family) else ""
        return f"{SEVERITY_WORDS[self.question.severity]} · {family}"

    @property
    def is_fatal(self) -> bool:
        """Whether a failure fails the whole."""
        return self.question.severity is Severity.FATAL

    @property
    def has_more(self) -> bool:
        """Whether there is anything to read beside the question."""
        return bool(self.question.guidance or self.question.script) or any(answer.example for answer in self.answers)

    @property
    def chosen(self) -> Answer | None:
        """The answer that was given."""
        return next((answer for answer in self.answers if answer.is_chosen), None)


@dataclass(frozen=True, slots=True)
class Part:
    """One section as it is drawn."""

    section: Section
    lines: tuple[Line, ...]


class SheetForm:
    """A form of questions to be filled in; ``templates/qa/_sheet.html`` draws it.

    It reads and draws; what fits is for the services to say, and :meth:`refuse` puts their answer beside the fields.

    Args:
        form: What is asked.
        sheet: What is filled in so far.
        prefix: Begins the names of all fields, where a page has several sheets.
        is_locked: It is only looked at.
    """

    def __init__(self, form: Form, *, sheet: Sheet | None = None, prefix: str = "", is_locked: bool = False) -> None:
        self.form, self.prefix, self.is_locked = form, prefix, is_locked
        self.sheet = sheet or Sheet()
        self.errors: dict[str, list[str]] = {}
        self.form_errors: list[str] = []

    @classmethod
    def read(cls, form: Form, data: Mapping[str, str], *, prefix: str = "") -> SheetForm:
        """Return the sheet that a POST filled in; a cause is left out where nothing failed."""
        answers, causes, remarks = {}, {}, {}
        for question in form.questions:
            if answer := data.get(f"{prefix}{ANSWER}{question.key}", ""):
                answers[question.key] = answer
            choice = question.choice(answer) if answer else None
            if choice is not None and choice.is_failure and (cause := data.get(f"{prefix}{CAUSE}{question.key}", "")):
                causes[question.key] = cause
            if remark := data.get(f"{prefix}{REMARK}{question.key}", "").strip():
                remarks[question.key] = remark
        comment = data.get(f"{prefix}{COMMENT}", "").strip()
        return cls(form, sheet=Sheet(answers, causes, remarks, comment), prefix=prefix)

    def refuse(self, refusal: HouseError) -> None:
        """Put what a service refused beside the questions that it names, and the rest on top."""
        keys = {question.key for question in self.form.questions}
        fields = refusal.fields if isinstance(refusal, Invalid) else {}
        for name, texts in fields.items():
            key = name if name in keys else name.removeprefix("remark_")
            if key in keys or name == COMMENT:
                self.errors.setdefault(key, []).extend(texts)
            else:
                self.form_errors.extend(texts)
        if not fields:
            self.form_errors.append(str(refusal.message))

    @property
    def parts(self) -> list[Part]:
        """The sections with their questions, as they are drawn."""
        return [
            Part(section, tuple(self._line(question) for question in section.questions))
            for section in self.form.sections
        ]

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """What is wrong, in the order of the form: address on the page, question, message."""
        told = [("", "", text) for text in self.form_errors]
        for question in self.form.questions:
            texts = self.errors.get(question.key, [])
            told += [(f"#{self.prefix}question-{question.key}", question.text, text) for text in texts]
        return told + [(f"#{self.prefix}{COMMENT}", "", text) for text in self.errors.get(COMMENT, [])]

    @property
    def comment_errors(self) -> list[str]:
        """What is wrong with the comment."""
        return self.errors.get(COMMENT, [])

    def _line(self, question: Question) -> Line:
        given = self.sheet.answers.get(question.key, "")
        answers = [
            Answer(
                key=choice.key,
                label=choice.label,
                points=choice.points,
                example=choice.example,
                is_failure=choice.is_failure,
                is_chosen=choice.key == given,
                digit=str(at % 10) if at <= 10 else "",
            )
            for at, choice in enumerate(question.choices, start=1)
        ]
        if question.allows_na:
            answers.append(Answer(NA, "", None, "", is_failure=False, is_chosen=given == NA, digit="n"))
        return Line(
            question=question,
            name=question.key,
            answers=tuple(answers),
            cause=self.sheet.causes.get(question.key, ""),
            remark=self.sheet.remarks.get(question.key, ""),
            errors=tuple(self.errors.get(question.key, ())),
        )
