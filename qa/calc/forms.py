"""Evaluation forms: what they ask, what an answer is worth, and what is wrong with one that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qa.calc.reading import Reader, Unreadable
from qa.calc.scripts import REFERENCE_MOST, reference_read

SECTIONS_MOST, QUESTIONS_MOST, ANSWERS_MOST = 20, 100, 11
WEIGHT_MOST, POINTS_MOST = 100, 1000
TITLE_MOST, TEXT_MOST, GUIDANCE_MOST = 120, 500, 2000
# What stands for "does not apply" among answers.
NA = "na"


class Kind(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    SCALE = "scale"
    CHOICE = "choice"


class Severity(StrEnum):
    """What a failed answer does beside the points it costs."""

    NORMAL = "normal"
    # An error of its family, counted on its own (D11).
    CRITICAL = "critical"
    # The whole evaluation fails.
    FATAL = "fatal"


class Family(StrEnum):
    """Whom a critical error hurts."""

    CUSTOMER = "customer"
    BUSINESS = "business"
    COMPLIANCE = "compliance"


class FatalRule(StrEnum):
    """What becomes of the score when a fatal question failed."""

    ZERO = "zero"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer.

    Attributes:
        points: What it earns; below 0 it takes away.
        is_failure: It counts as an error: of the family for a critical question, of all for a fatal one.
    """

    key: str
    label: str
    points: int
    is_failure: bool = False
    example: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a form.

    Attributes:
        weight: 0..100; what its points are multiplied by.
        allows_na: "Does not apply" may be answered, and takes the question out of both sides of the fraction.
        family: Whom a failure hurts; needed unless the question is a normal one.
        is_bonus: Its points come on top: they are earned, and never missed.
        causes: What a failure may come from; one of them is picked then.
        script: The line of a script that it is about, as ``CODE#line``.
    """

    key: str
    text: str
    kind: Kind
    choices: tuple[Choice, ...]
    weight: int = 1
    allows_na: bool = True
    severity: Severity = Severity.NORMAL
    family: Family | None = None
    is_bonus: bool = False
    guidance: str = ""
    causes: tuple[str, ...] = ()
    script: str = ""

    @property
    def points_most(self) -> int:
        """The points of the best answer."""
        return max(choice.points for choice in self.choices)

    def choice(self, key: str) -> Choice | None:
        """Return the answer of that key; None if the question has none."""
        return next((choice for choice in self.choices if choice.key == key), None)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together.

    Attributes:
        weight: Percent of the whole, where the form is weighted by sections; else None.
    """

    key: str
    title: str
    questions: tuple[Question, ...]
    weight: int | None = None

    @property
    def is_worth(self) -> bool:
        """Whether points can be earned with it; a bonus alone earns nothing."""
        return any(not q.is_bonus and q.weight and q.points_most > 0 for q in self.questions)


@dataclass(frozen=True, slots=True)
class Form:
    """What an evaluator is asked.

    Attributes:
        pass_percent: 0..100; an evaluation at or above it passes.
        fatal_rule: What a failed fatal question does to the score.
    """

    sections: tuple[Section, ...]
    pass_percent: int = 80
    fatal_rule: FatalRule = FatalRule.ZERO

    @property
    def is_weighted(self) -> bool:
        """Whether sections count by percent of the whole, not by their points."""
        return self.sections[0].weight is not None

    @property
    def questions(self) -> Iterator[Question]:
        """All questions in their order."""
        return (question for section in self.sections for question in section.questions)


class FormError(Unreadable):
    """A form that cannot be used."""


class _Reader(Reader):
    """Knows besides what a form alone has: lists of rows, texts left out, the word that stands for no answer."""

    def mappings(self, place: str, value: Any, most: int) -> list[Mapping[str, Any]]:
        rows = value if isinstance(value, list) and all(isinstance(row, dict) for row in value) else None
        return self.rows(place, rows, 1, most)

    def text_or_none(self, place: str, value: Any, most: int) -> str:
        text = value.strip() if isinstance(value, str) else ""
        if len(text) > most or not isinstance(value, str | type(None)):
            self.wrong(place, "text", f"0–{most}")
        return text

    def key(self, place: str, value: Any, taken: set[str]) -> str:
        return super().key(place, None if value == NA else value, taken)


def form_read(body: Mapping[str, Any]) -> Form:
    """Return the form of its stored shape.

    Raises:
        FormError: With everything that is wrong, by place: ``sections.1.questions.2.weight``.
    """
    reader = _Reader()
    if not isinstance(body, Mapping):
        raise FormError([("", "rows", "")])
    reader.only("", body, ("sections", "pass_percent", "fatal_rule"))
    keys: tuple[set[str], set[str]] = (set(), set())
    rows = reader.mappings("sections", body.get("sections"), SECTIONS_MOST)
    sections = [_section(reader, f"sections.{at}.", row, keys) for at, row in enumerate(rows)]
    form = Form(
        sections=tuple(sections),
        pass_percent=reader.whole("pass_percent", body.get("pass_percent", 80), 0, 100),
        fatal_rule=reader.word("fatal_rule", body.get("fatal_rule", "zero"), FatalRule) or FatalRule.ZERO,
    )
    if sum(len(section.questions) for section in sections) > QUESTIONS_MOST:
        reader.wrong("sections", "questions", f"1–{QUESTIONS_MOST}")
    weights = [section.weight for section in sections if section.weight is not None]
    if weights and (len(weights) < len(sections) or sum(weights) != 100):
        reader.wrong("sections", "weights", "100")
    if sections and not any(section.is_worth for section in sections):
        reader.wrong("sections", "worthless")
    if reader.problems:
        raise FormError(reader.problems)
    return form


def _section(reader: _Reader, place: str, row: Mapping[str, Any], keys: tuple[set[str], set[str]]) -> Section:
    reader.only(place, row, ("key", "title", "weight", "questions"))
    weight = row.get("weight")
    rows = reader.mappings(f"{place}questions", row.get("questions"), QUESTIONS_MOST)
    return Section(
        key=reader.key(f"{place}key", row.get("key"), keys[0]),
        title=reader.text(f"{place}title", row.get("title"), TITLE_MOST),
        questions=tuple(_question(reader, f"{place}questions.{at}.", each, keys[1]) for at, each in enumerate(rows)),
        weight=None if weight is None else reader.whole(f"{place}weight", weight, 0, 100),
    )


def _question(reader: _Reader, place: str, row: Mapping[str, Any], keys: set[str]) -> Question:
    known = ("key", "text", "kind", "choices", "weight", "allows_na", "severity", "family", "is_bonus", "guidance")
    reader.only(place, row, (*known, "causes", "script"))
    severity = reader.word(f"{place}severity", row.get("severity", "normal"), Severity) or Severity.NORMAL
    family = row.get("family")
    if family is not None:
        family = reader.word(f"{place}family", family, Family)
    elif severity is not Severity.NORMAL:
        reader.wrong(f"{place}family", "word", ", ".join(Family))
    taken: set[str] = set()
    rows = reader.mappings(f"{place}choices", row.get("choices"), ANSWERS_MOST)
    choices = tuple(_choice(reader, f"{place}choices.{at}.", each, taken) for at, each in enumerate(rows))
    if choices and len(choices) < 2:
        reader.wrong(f"{place}choices", "rows", f"2–{ANSWERS_MOST}")
    if severity is not Severity.NORMAL and choices and not any(choice.is_failure for choice in choices):
        reader.wrong(f"{place}choices", "no_failure")
    if choices and all(choice.is_failure for choice in choices):
        reader.wrong(f"{place}choices", "all_failures")
    causes = row.get("causes", [])
    if not isinstance(causes, list):
        reader.wrong(f"{place}causes", "rows", "")
        causes = []
    return Question(
        key=reader.key(f"{place}key", row.get("key"), keys),
        text=reader.text(f"{place}text", row.get("text"), TEXT_MOST),
        kind=reader.word(f"{place}kind", row.get("kind", "yes_no"), Kind) or Kind.YES_NO,
        choices=choices or (Choice("yes", "", 1), Choice("no", "", 0, is_failure=True)),
        weight=reader.whole(f"{place}weight", row.get("weight", 1), 0, WEIGHT_MOST),
        allows_na=reader.truth(f"{place}allows_na", row.get("allows_na", True)),
        severity=severity,
        family=family,
        is_bonus=reader.truth(f"{place}is_bonus", row.get("is_bonus", False)),
        guidance=reader.text_or_none(f"{place}guidance", row.get("guidance", ""), GUIDANCE_MOST),
        causes=tuple(reader.text(f"{place}causes.{at}", cause, TITLE_MOST) for at, cause in enumerate(causes)),
        script=_script(reader, f"{place}script", row.get("script", "")),
    )


def _script(reader: _Reader, place: str, value: Any) -> str:
    text = reader.text_or_none(place, value, REFERENCE_MOST)
    if text and reference_read(text) is None:
        reader.wrong(place, "script")
    return text


def _choice(reader: _Reader, place: str, row: Mapping[str, Any], keys: set[str]) -> Choice:
    reader.only(place, row, ("key", "label", "points", "is_failure", "example"))
    return Choice(
        key=reader.key(f"{place}key", row.get("key"), keys),
        label=reader.text(f"{place}label", row.get("label"), TITLE_MOST),
        points=reader.whole(f"{place}points", row.get("points"), -POINTS_MOST, POINTS_MOST),
        is_failure=reader.truth(f"{place}is_failure", row.get("is_failure", False)),
        example=reader.text_or_none(f"{place}example", row.get("example", ""), GUIDANCE_MOST),
    )
