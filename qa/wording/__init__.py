"""What quality assurance calls things."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa.calc.forms import Family, Severity

PRESET_NAMES = {
    "three_dimensions": _("Compliance, accuracy, attitude"),
    "three_stages": _("Standardized, right, excellent"),
}
ERROR_WORDS = {
    Family.CUSTOMER: _("customer errors"),
    Family.BUSINESS: _("business errors"),
    Family.COMPLIANCE: _("compliance errors"),
}
# What is wrong with a part of a form; each rule of qa.calc.forms has one.
FORM_RULES = {
    "unknown": _("is not known here; known: %(allowed)s"),
    "rows": _("must be a list of %(allowed)s"),
    "text": _("must be a text of %(allowed)s characters"),
    "key": _("must begin with a letter and hold small letters, digits and _ only; “na” is taken"),
    "twice": _("is there twice: %(allowed)s"),
    "number": _("must be a whole number of %(allowed)s"),
    "truth": _("must be true or false"),
    "word": _("must be one of: %(allowed)s"),
    "no_failure": _("a critical or fatal question needs an answer that is a failure"),
    "all_failures": _("one answer must not be a failure"),
    "questions": _("hold more questions than one form may: %(allowed)s"),
    "weights": _("must either all have a weight, together %(allowed)s, or none"),
    "script": _("must name a line of a script, such as RENEWAL#opening"),
    "penalty": _("takes points away and gives none; make it a bonus, or give its best answer points"),
    "worthless": _("hold no question that points can be earned with"),
}

SEVERITY_WORDS = {
    Severity.NORMAL: _("normal"),
    Severity.CRITICAL: _("critical"),
    Severity.FATAL: _("fatal"),
}
FAMILY_WORDS = {
    Family.CUSTOMER: _("customer"),
    Family.BUSINESS: _("business"),
    Family.COMPLIANCE: _("compliance"),
}

# What is wrong with a line of a script; each rule of qa.calc.scripts has one.
PARTS_RULES = {
    "stage": _("the stage must be one of: %(allowed)s"),
    "key": _("the key must begin with a letter and hold small letters, digits and _ only"),
    "twice": _("the key is there twice: %(allowed)s"),
    "text": _("must say something, in %(allowed)s characters"),
    "triggers": _("at most %(allowed)s phrases of customers"),
    "trigger": _("a phrase of a customer has at most %(allowed)s characters"),
    "lines": _("A script has %(allowed)s lines."),
}


def form_problem(place: str, rule: str, allowed: str) -> str:
    """Return what is wrong at a place of a form."""
    words = str(FORM_RULES[rule])
    return f"{place or 'form'}: {words % {'allowed': allowed} if '%(' in words else words}"


# What is wrong with a rule or a lexicon; each rule of qa.calc.speech_rules has one.
SPEECH_RULES = {
    "rows": _("must be a list of %(allowed)s"),
    "fields": _("must be an object with fields"),
    "unknown": _("is not known here; known: %(allowed)s"),
    "text": _("must be a text of %(allowed)s characters"),
    "key": _("must begin with a letter and hold small letters, digits and _ only"),
    "twice": _("is there twice: %(allowed)s"),
    "number": _("must be a whole number of %(allowed)s"),
    "seconds": _("must be seconds of %(allowed)s"),
    "truth": _("must be true or false"),
    "word": _("must be one of: %(allowed)s"),
    "silent_phrase": _("holds nothing that can be said"),
    "one_of": _("needs one of them, and not both: %(allowed)s"),
    "script": _("must name a line of a script, such as RENEWAL#opening"),
    "from_to": _("leaves nothing out, or everything; give a range within %(allowed)s"),
}
# What is wrong with a transcript or with what it came in, and how it is mended.
TRANSCRIPT_RULES = {
    **{name: SPEECH_RULES[name] for name in ("rows", "fields", "unknown", "text", "truth", "twice", "seconds")},
    "encoding": _("cannot be read; save it as one of: %(allowed)s"),
    "size": _("is larger than allowed (%(allowed)s bytes); split it"),
    "json": _("is no JSON; look at brackets, commas and quotes"),
    "lines": _("has too many lines; a transcript has %(allowed)s"),
    "empty": _("holds no transcript"),
    "speaker": _("does not say who speaks; begin with one of: %(allowed)s"),
    "speaker_first": _("must begin with who speaks, such as one of: %(allowed)s"),
    "time": _("is no time; write %(allowed)s"),
    "ends_before": _("ends before it begins; the end must be within %(allowed)s"),
    "starts_missing": _("has an end without a start; give both or none"),
    "call_length": _("lies later than a call can last (%(allowed)s seconds); count from the connection"),
    "call_missing": _("does not say of which call it is; name the file after the call, or give its id"),
    "call_unknown": _("is of a call that this contract does not have: %(allowed)s; import the call first"),
    "encrypted": _("is locked with a password; send it without one"),
    "archive": _("cannot be unpacked; make the ZIP again"),
    "text_or_turns": _("needs one of them, and not both: %(allowed)s"),
}


def speech_problem(place: str, rule: str, allowed: str) -> str:
    """Return what is wrong at a place of a rule set or a lexicon."""
    return _told(place, SPEECH_RULES[rule], allowed)


def transcript_problem(place: str, rule: str, allowed: str) -> str:
    """Return what is wrong at a place of a transcript, and how it is mended."""
    return _told(place, TRANSCRIPT_RULES[rule], allowed)


def _told(place: str, rule: object, allowed: str) -> str:
    words = str(rule)
    told = words % {"allowed": allowed} if "%(" in words else words
    return f"{place}: {told}" if place else told


def parts_problem(place: str, rule: str, allowed: str) -> str:
    """Return what is wrong with a line of a script."""
    words = str(PARTS_RULES[rule])
    told = words % {"allowed": allowed} if "%(" in words else words
    return gettext("Line %(number)s: %(problem)s") % {"number": place, "problem": told} if place else told
