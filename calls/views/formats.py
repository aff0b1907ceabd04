"""How a call file looks: written from the tables that the check itself works by."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calls.calc.canonical import (
    BOOLEAN_FIELDS,
    DURATION_FIELDS,
    FIELDS,
    MOMENT_FIELDS,
    REQUIRED_FIELDS,
    AbandonPlace,
    CallDirection,
    Outcome,
)
from calls.calc.rules import REFUSALS, RULES
from calls.parsing import template_csv
from calls.views.imports import HOME
from calls.wording import COLUMNS, problem_words, rule_remedy, rule_text
from core.components import Action, Crumb
from core.http import scope_of

WORDS: dict[str, type[Outcome] | type[CallDirection] | type[AbandonPlace]] = {
    "outcome": Outcome,
    "direction": CallDirection,
    "abandon_place": AbandonPlace,
}


@require_safe
def file_format(request: HttpRequest) -> HttpResponse:
    """Document the canonical columns, the words they take and every rule of the check."""
    scope_of(request).require("imports.view")
    columns = [
        {"name": name, "required": name in REQUIRED_FIELDS, "kind": _kind(name), "text": COLUMNS[name]}
        for name in FIELDS
    ]
    context = {
        "title": _("How a call file looks"),
        "intro": _("One line a call, these columns in any order. CSV or XLSX; files of another make need a profile."),
        "crumbs": [HOME, Crumb(_("How a call file looks"))],
        "action": Action(_("Download the template"), reverse("calls:template"), "file-download"),
        "columns": columns,
        "rules": [(code, rule_text(rule=code, column="…", value="…"), rule_remedy(rule=code)) for code in RULES],
        "refusals": [(code, *problem_words(code=code, details={})) for code in REFUSALS],
        "template": template_csv(),
    }
    return render(request, "calls/format.html", context)


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """Answer with the canonical header and two example calls."""
    scope_of(request).require("imports.view")
    response = HttpResponse(template_csv().encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="calls-template.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _kind(name: str) -> str:
    if name in WORDS:
        return " · ".join(member.name.lower() for member in WORDS[name])
    if name in MOMENT_FIELDS:
        return _("time with offset, such as 2026-03-01T09:12:58+08:00")
    if name in DURATION_FIELDS:
        return _("whole seconds")
    if name in BOOLEAN_FIELDS:
        return "true · false"
    return _("whole number") if name in ("revision", "csat") else _("text")
