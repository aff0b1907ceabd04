"""The builder of a form: the page's fields are the places of its parts, and each is drawn with what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from qa.calc.editing import DEEDS, Words, answers_of, form_edited, keys_given, shares_of
from qa.calc.forms import (
    ANSWERS_MOST,
    GUIDANCE_MOST,
    TEXT_MOST,
    TITLE_MOST,
    FatalRule,
    FormError,
    Kind,
    Severity,
    form_read,
)
from qa.calc.sampling import allocate
from qa.wording import FAMILY_WORDS, SEVERITY_WORDS
from qa.wording.forms import ANSWER_WORDS, FATAL_RULE_WORDS, KIND_WORDS, form_rule

PERCENT, POINTS = "percent", "points"
PASS_PERCENT = 80
# What a part that does not say otherwise is read as.
USUAL: Mapping[str, Any] = {
    "weight": 1, "allows_na": True, "is_bonus": False, "severity": "normal", "guidance": "", "causes": [], "script": "",
    "is_failure": False, "example": "",
}  # fmt: skip
LIMITS = {"title": TITLE_MOST, "text": TEXT_MOST, "guidance": GUIDANCE_MOST, "answers": ANSWERS_MOST}


def words() -> Words:
    """Return what new answers are called in the language of the page."""
    return {kind: tuple(map(str, labels)) for kind, labels in ANSWER_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Part:
    """A section, a question or an answer as it is drawn.

    Attributes:
        place: Where it stands in the form; its fields' names begin with it.
        number: Its number among its like, from 1.
        values: As typed.
        errors: Field to what is wrong with it.
        parts: What it holds.
        share: What a question is worth of the whole, 0..1; None where the form cannot be read yet.
        is_open: Whether guidance, causes and examples are shown.
    """

    place: str
    number: str
    values: Mapping[str, Any]
    errors: Mapping[str, list[str]]
    parts: tuple[Part, ...] = ()
    share: float | None = None
    is_open: bool = False


class BuilderForm:
    """A form that is being written.

    Args:
        body: As stored, or as typed: then numbers may be texts, and keys may be missing.
        code: What it is called in files and plans.
        name: What people call it.
        version: The draft's, as the writer saw it.
        former: What it was before the last part was removed; empty if nothing can be brought back.
        focus: Id of the field to stand in.
        opened: Places of questions whose guidance is shown.
    """

    def __init__(
        self,
        body: Mapping[str, Any],
        *,
        code: str = "",
        name: str = "",
        version: int = 0,
        former: str = "",
        focus: str = "",
        opened: frozenset[str] = frozenset(),
    ) -> None:
        self.body, self.code, self.name, self.version = body, code, name, version
        self.former, self.focus, self.opened = former, focus, opened
        self.form_errors: list[str] = []
        self.own_errors: dict[str, list[str]] = {}
        self.is_changed = False
        try:
            self.shares: Mapping[str, Any] = shares_of(form_read(body))
            self._wrong: tuple[tuple[str, str, str], ...] = ()
        except FormError as error:
            self.shares, self._wrong = {}, error.problems
        self.errors: dict[str, list[str]] = {}
        for place, rule, allowed in self._wrong:
            self.errors.setdefault(place, []).append(form_rule(rule, allowed))

    @classmethod
    def read(cls, data: QueryDict) -> BuilderForm:
        """Return the form that the page holds, after the deed that was asked for."""
        body = _body(data)
        deed, _sep, place = data.get("do", "").partition(":")
        former, focus = data.get("former", ""), ""
        opened = frozenset(name.removesuffix(".open") for name in data if name.endswith(".open") and data[name])
        if deed == "undo":
            body, former, focus = _former(former) or body, "", ""
        elif deed == "kind":
            focus = place
        elif deed in DEEDS:
            before = json.dumps(body) if deed == "remove" else ""
            try:
                body, there = form_edited(body, deed, place, words())
            except ValueError:
                there = ""
            former = before
            # Whoever moves a part by keys moves it on; else the first field of what is there now.
            focus = f"{deed}:{there}" if deed in ("up", "down") else there
            for question in _questions(body):
                keys_given(question["choices"])
        found = cls(
            body,
            code=data.get("code", ""),
            name=data.get("name", ""),
            version=int(version) if (version := data.get("version", "")).isdecimal() else 0,
            former=former,
            focus=focus,
            opened=opened,
        )
        found.is_changed = True
        return found

    @property
    def by(self) -> str:
        """Whether sections count by percent of the whole or by their points."""
        return PERCENT if any(row.get("weight") is not None for row in self.body.get("sections", [])) else POINTS

    @property
    def pass_percent(self) -> Any:
        """From which percentage on an evaluation passes, as typed."""
        return self.body.get("pass_percent", PASS_PERCENT)

    @property
    def fatal_rule(self) -> Any:
        """What a fatal error does to the score."""
        return self.body.get("fatal_rule", FatalRule.ZERO.value)

    @property
    def weights_sum(self) -> int:
        """Sum of the sections' weights, as far as they are numbers."""
        weights = [row.get("weight") for row in self.body.get("sections", [])]
        return sum(weight for weight in weights if isinstance(weight, int))

    @property
    def counts(self) -> dict[str, int]:
        """How many questions there are, and how many of each severity."""
        questions = list(_questions(self.body))
        found = {severity.value: sum(q.get("severity") == severity for q in questions) for severity in Severity}
        return found | {"all": len(questions), "bonus": sum(bool(q.get("is_bonus")) for q in questions)}

    @property
    def sections(self) -> list[Part]:
        """The sections with their questions and answers, as they are drawn."""
        found = []
        for at, row in enumerate(self.body.get("sections", [])):
            place = f"sections.{at}"
            questions = tuple(
                self._question(f"{place}.questions.{n}", f"{at + 1}.{n + 1}", question)
                for n, question in enumerate(row.get("questions", []))
            )
            shares = [question.share for question in questions if not question.values.get("is_bonus")]
            share = None if None in shares or not self.shares else sum(one for one in shares if one is not None)
            found.append(Part(place, str(at + 1), row, self._errors(place), questions, share))
        return found

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """What is wrong: id of the field, which part it is in words, message."""
        told = [("", "", text) for text in self.form_errors]
        told += [(field, _("Code") if field == "code" else _("Name"), t) for field in self.own_errors
                 for t in self.own_errors[field]]  # fmt: skip
        return told + [(self._field(place), _part_name(place), form_rule(*rule)) for place, *rule in self._wrong]

    def refuse(self, fields: Mapping[str, list[str]], message: str) -> None:
        """Put what a service refused beside code and name, and the rest on top."""
        self.own_errors = {name: list(fields[name]) for name in ("code", "name") if fields.get(name)}
        rest = [text for name, texts in fields.items() if name not in self.own_errors for text in texts]
        self.form_errors = rest if fields else [message]

    @property
    def choices(self) -> dict[str, Any]:
        """The choices of the selects."""
        return {
            "kinds": [(kind.value, label) for kind, label in KIND_WORDS.items()],
            "severities": [(severity.value, label) for severity, label in SEVERITY_WORDS.items()],
            "families": [(family.value, label) for family, label in FAMILY_WORDS.items()],
            "fatal_rules": [(rule.value, label) for rule, label in FATAL_RULE_WORDS.items()],
            "limits": LIMITS,
        }

    def _question(self, place: str, number: str, row: Mapping[str, Any]) -> Part:
        answers = tuple(
            Part(f"{place}.choices.{n}", str(n + 1), choice, self._errors(f"{place}.choices.{n}"))
            for n, choice in enumerate(row.get("choices", []))
        )
        errors = self._errors(place)
        causes = row.get("causes", [])
        wrong = {name for name in errors if name.partition(".")[0] in ("guidance", "causes", "script")}
        return Part(
            place,
            number,
            {
                "kind": Kind.YES_NO.value,
                "weight": 1,
                "allows_na": True,
                "severity": Severity.NORMAL.value,
                **row,
                "causes_text": "\n".join(map(str, causes)) if isinstance(causes, list) else "",
            },
            errors,
            answers,
            float(self.shares[row["key"]]) if row.get("key") in self.shares else None,
            is_open=place in self.opened or bool(wrong),
        )

    def _errors(self, place: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for where, texts in self.errors.items():
            if where.startswith(f"{place}."):
                name = where[len(place) + 1 :]
                known = "causes" if name.startswith("causes.") else name
                found.setdefault(known, []).extend(texts)
        return found

    def _field(self, place: str) -> str:
        """Return the id of the field, or of the part, that a problem is about."""
        if ".causes." in place:
            return place.rpartition(".")[0]
        return place if place.rpartition(".")[2] not in ("choices", "questions", "key") else place.rpartition(".")[0]


def _part_name(place: str) -> str:
    names = place.split(".")
    numbers = [int(name) + 1 for name in names if name.isdecimal()]
    if "choices" in names and len(numbers) > 2:
        told = {"question": f"{numbers[0]}.{numbers[1]}", "answer": numbers[2]}
        return _("Question %(question)s, answer %(answer)s") % told
    if "questions" in names and len(numbers) > 1:
        return _("Question %(question)s") % {"question": f"{numbers[0]}.{numbers[1]}"}
    return _("Section %(section)s") % {"section": numbers[0]} if numbers else _("Form")


def _body(data: QueryDict) -> dict[str, Any]:
    """Return the body that the fields of a page say, in their order."""
    body: dict[str, Any] = {
        "pass_percent": _number(data.get("pass_percent", "")),
        "fatal_rule": data.get("fatal_rule", FatalRule.ZERO.value),
    }
    by_percent = data.get("by") == PERCENT
    count = sum(name.endswith(".title") for name in data)
    # Whoever turns to percent begins with equal parts.
    even = allocate(100, dict.fromkeys(range(count), 1))
    has_weights = "sections.0.weight" in data
    sections: list[dict[str, Any]] = []
    while f"sections.{len(sections)}.key" in data:
        place = f"sections.{len(sections)}"
        section: dict[str, Any] = {"key": data[f"{place}.key"], "title": data.get(f"{place}.title", "")}
        if by_percent:
            typed = data.get(f"{place}.weight", "") or "0"
            section["weight"] = _number(typed) if has_weights else even[len(sections)]
        questions: list[dict[str, Any]] = []
        while f"{place}.questions.{len(questions)}.key" in data:
            questions.append(_question(data, f"{place}.questions.{len(questions)}"))
        sections.append(section | {"questions": questions})
    return body | {"sections": sections}


def _question(data: QueryDict, place: str) -> dict[str, Any]:
    kind, severity = data.get(f"{place}.kind", ""), data.get(f"{place}.severity", "")
    family = data.get(f"{place}.family", "")
    choices: list[dict[str, Any]] = []
    while f"{place}.choices.{len(choices)}.label" in data:
        choices.append(_choice(data, f"{place}.choices.{len(choices)}"))
    if kind in set(Kind) and data.get(f"{place}.was") not in ("", None, kind):
        choices = answers_of(Kind(kind), words())
    keys_given(choices)
    causes = [line.strip() for line in data.get(f"{place}.causes", "").splitlines() if line.strip()]
    found: dict[str, Any] = {
        "key": data[f"{place}.key"],
        "text": data.get(f"{place}.text", ""),
        "kind": kind,
        "choices": choices,
        "weight": _number(data.get(f"{place}.weight", "")),
        "allows_na": bool(data.get(f"{place}.allows_na")),
        "is_bonus": bool(data.get(f"{place}.is_bonus")),
        "severity": severity,
        "guidance": data.get(f"{place}.guidance", ""),
        "script": data.get(f"{place}.script", "").strip(),
        "causes": causes,
    }
    # Whom a usual error hurts is not asked for.
    return _told(found | ({"family": family or None} if severity != Severity.NORMAL else {}))


def _choice(data: QueryDict, place: str) -> dict[str, Any]:
    return _told(
        {
            "key": data.get(f"{place}.key", ""),
            "label": data.get(f"{place}.label", ""),
            "points": _number(data.get(f"{place}.points", "")),
            "is_failure": bool(data.get(f"{place}.is_failure")),
            "example": data.get(f"{place}.example", ""),
        }
    )


def _told(part: dict[str, Any]) -> dict[str, Any]:
    """Return a part without what goes without saying, so that the same form has the same digest, whoever wrote it."""
    return {name: value for name, value in part.items() if name not in USUAL or value != USUAL[name]}


def _number(text: str) -> int | str:
    """Return a whole number, or what was typed instead of one."""
    bare = text.strip()
    return int(bare) if bare.removeprefix("-").isdecimal() and len(bare) < 10 else text


def _former(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
        form_edited(found, "add", "sections", words())
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return found if isinstance(found, dict) and _is_drawable(found) else None


def _is_drawable(body: Mapping[str, Any]) -> bool:
    """Whether lists are lists of parts: what came back from a page may be anything."""
    rows = body.get("sections")
    if not isinstance(rows, list) or not _are_parts(rows) or not all(_are_parts(row.get("questions")) for row in rows):
        return False
    return all(_are_parts(question.get("choices")) for question in _questions(body))


def _are_parts(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _questions(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (question for section in body.get("sections", []) for question in section.get("questions", []))
