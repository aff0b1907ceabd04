"""What quality assurance calls things."""

from __future__ import annotations

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


def form_problem(place: str, rule: str, allowed: str) -> str:
    """Return what is wrong at a place of a form."""
    words = str(FORM_RULES[rule])
    return f"{place or 'form'}: {words % {'allowed': allowed} if '%(' in words else words}"
