"""What differs between two versions of a form, part by part, told apart by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from qa.calc.forms import Form, Question

FIELDS = ("text", "kind", "weight", "allows_na", "severity", "family", "is_bonus", "guidance", "causes")


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs.

    Attributes:
        what: ``form``, ``section`` or ``question``.
        name: Its title or text; the newer one where there is one.
        change: ``added``, ``removed``, ``moved`` or ``changed``.
        fields: Field to its former and its new value, for what changed.
    """

    what: str
    name: str
    change: str
    fields: Mapping[str, tuple[Any, Any]]


def forms_compared(former: Form, newer: Form) -> list[Difference]:
    """Return what differs, in the order of the newer form; what was removed comes last.

    >>> from qa.calc.editing import form_blank, form_edited
    >>> from qa.calc.forms import form_read
    >>> blank = form_blank(title="All", text="Greets")
    >>> more, _place = form_edited(blank, "copy", "sections.0.questions.0")
    >>> [(each.what, each.change, each.name) for each in forms_compared(form_read(blank), form_read(more))]
    [('question', 'added', 'Greets')]
    """
    found = []
    head = _changed(former, newer, ("pass_percent", "fatal_rule"))
    if head:
        found.append(Difference("form", "", "changed", head))
    sections = {section.key: section for section in former.sections}
    questions = {q.key: (section.key, q) for section in former.sections for q in section.questions}
    in_place = _in_place(list(questions), [question.key for question in newer.questions])
    for section in newer.sections:
        before = sections.pop(section.key, None)
        if before is None:
            found.append(Difference("section", section.title, "added", {}))
        elif own := _changed(before, section, ("title", "weight")):
            found.append(Difference("section", section.title, "changed", own))
        for question in section.questions:
            held = questions.pop(question.key, None)
            if held is None:
                found.append(Difference("question", question.text, "added", {}))
                continue
            if fields := _question_changed(held[1], question):
                found.append(Difference("question", question.text, "changed", fields))
            elif held[0] != section.key or question.key not in in_place:
                found.append(Difference("question", question.text, "moved", {}))
    found += [Difference("section", section.title, "removed", {}) for section in sections.values()]
    return found + [Difference("question", question.text, "removed", {}) for _key, question in questions.values()]


def _in_place(former: list[str], newer: list[str]) -> set[str]:
    """Return the keys that kept their order: moving one question moves one, not all that it passed."""
    blocks = SequenceMatcher(None, former, newer, autojunk=False).get_matching_blocks()
    return {key for block in blocks for key in newer[block.b : block.b + block.size]}


def _question_changed(former: Question, newer: Question) -> dict[str, tuple[Any, Any]]:
    found = _changed(former, newer, FIELDS)
    if former.choices != newer.choices:
        found["choices"] = (former.choices, newer.choices)
    return found


def _changed(former: Any, newer: Any, names: tuple[str, ...]) -> dict[str, tuple[Any, Any]]:
    pairs = {name: (getattr(former, name), getattr(newer, name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
