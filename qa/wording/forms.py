"""What forms, their parts and their differences are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from qa.calc.comparing import forms_compared
from qa.calc.forms import Choice, FatalRule, Form, Kind
from qa.wording import FAMILY_WORDS, FORM_RULES, SEVERITY_WORDS

KIND_WORDS = {Kind.YES_NO: _("yes or no"), Kind.SCALE: _("scale"), Kind.CHOICE: _("choice")}
FATAL_RULE_WORDS = {FatalRule.ZERO: _("makes the score 0"), FatalRule.KEEP: _("leaves the score as it is")}
# What the answers of a new question are called.
ANSWER_WORDS = {
    Kind.YES_NO: (_("Yes"), _("No")),
    Kind.SCALE: (_("Excellent"), _("Good"), _("Fair"), _("Poor"), _("Very poor")),
    Kind.CHOICE: (_("First answer"), _("Second answer")),
}
FAILURE = _("error")
CHANGE_WORDS = {"added": _("added"), "removed": _("removed"), "moved": _("moved"), "changed": _("changed")}
PART_WORDS = {"form": _("Form"), "section": _("Section"), "question": _("Question")}
FIELD_WORDS = {
    "pass_percent": _("Passed from (%)"),
    "fatal_rule": _("A fatal error"),
    "title": _("Title"),
    "text": _("Text"),
    "kind": _("Kind"),
    "weight": _("Weight"),
    "allows_na": _("May not apply"),
    "severity": _("Severity"),
    "family": _("Whom an error hurts"),
    "is_bonus": _("Bonus"),
    "guidance": _("Guidance"),
    "causes": _("Causes"),
    "choices": _("Answers"),
}


def form_rule(rule: str, allowed: str) -> str:
    """Return what is wrong with a part of a form, whatever part it is."""
    words = str(FORM_RULES[rule])
    return words % {"allowed": allowed} if "%(" in words else words


@dataclass(frozen=True, slots=True)
class Told:
    """One difference of two versions of a form, in words."""

    part: str
    name: str
    change: str
    tone: str
    fields: tuple[tuple[str, str, str], ...]


def differences_told(former: Form, newer: Form) -> list[Told]:
    """Return what differs between two versions of a form, in words."""
    tones = {"added": "good", "removed": "bad", "moved": "neutral", "changed": "info"}
    return [
        Told(
            part=str(PART_WORDS[each.what]),
            name=each.name,
            change=str(CHANGE_WORDS[each.change]),
            tone=tones[each.change],
            fields=tuple(
                (str(FIELD_WORDS[name]), _value_words(old), _value_words(new))
                for name, (old, new) in each.fields.items()
            ),
        )
        for each in forms_compared(former, newer)
    ]


def _value_words(value: Any) -> str:
    for known in (KIND_WORDS, SEVERITY_WORDS, FAMILY_WORDS, FATAL_RULE_WORDS):
        # Kinds of words are enumerations: a value of one is no value of another.
        if any(value is key for key in known):
            return str(known[value])
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, tuple):
        return " · ".join(_answer_words(one) if isinstance(one, Choice) else str(one) for one in value) or "–"
    return "–" if value in (None, "") else str(value)


def _answer_words(choice: Choice) -> str:
    failure = f", {FAILURE}" if choice.is_failure else ""
    return f"{choice.label} ({choice.points}{failure})"
