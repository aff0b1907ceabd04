"""Import profiles: what there are, one with its versions, and changing it with a sample at hand."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.calc.access import fields_readable
from calls import selectors, services
from calls.calc.canonical import FIELDS
from calls.forms.profiles import DocumentForm, MappingForm, ProfileNameForm, columns_suggest, document_text
from calls.models import ImportProfile
from calls.parsing import profile_example, profile_names
from calls.tables import ProfileTable
from calls.views.batch_page import preview_rows
from calls.views.imports import HOME
from calls.wording import note_text, problem_words, rule_remedy, rule_text
from core.components import Action, Crumb, Fact
from core.errors import Conflict, Invalid
from core.http import scope_of
from core.lists import ListPage
from core.scope import Scope

LIST = Crumb(gettext_lazy("Import profiles"), reverse_lazy("calls:profiles"))
TEXT = "text"
# What decides how a header is found.
READING = ("encoding", "delimiter", "header_row", "sheet")


class ProfileList(ListPage):
    """The current profiles."""

    name = "import-profiles"
    title = gettext_lazy("Import profiles")
    intro = gettext_lazy("How each kind of call file maps to the columns of the template. A change is a new version.")
    permission = "imports.view"
    crumbs = (HOME, Crumb(gettext_lazy("Import profiles")))
    table_class = ProfileTable
    action = Action(gettext_lazy("New profile"), reverse_lazy("calls:profile_new"), "plus", "profiles.edit")
    empty_text = gettext_lazy("Files made from the template need no profile; describe any other kind of file once.")
    empty_action = action
    empty_sample = Action(gettext_lazy("How a call file looks"), reverse_lazy("calls:format"), "file-text")

    def get_rows(self, scope: Scope) -> Any:
        _require(scope)
        return selectors.profile_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.is_client else ["vendor"]


@require_safe
def profile_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one version of a profile and the others of its name."""
    scope = scope_of(request)
    _require(scope)
    profile = selectors.profile_get(scope=scope, uuid=uuid)
    may_edit = scope.can("profiles.edit") and profile.is_current
    edit = Action(_("Change"), reverse("calls:profile_edit", args=[profile.uuid]), "edit")
    context = {
        "title": str(profile),
        "crumbs": [HOME, LIST, Crumb(profile.name)],
        "action": edit if may_edit else None,
        "zone": selectors.zone_in_common(scope=scope, vendor_id=profile.vendor_id),
        "profile": profile,
        "versions": selectors.profile_versions(scope=scope, profile=profile),
        "fields": _fields_shown(profile),
        "document": document_text(profile.document),
        "facts": [Fact(label, value) for label, value in MappingForm(former=profile.document).settings_said],
    }
    return render(request, "calls/profile_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def profile_new(request: HttpRequest) -> HttpResponse:
    """Describe a kind of file for the first time."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make a new version of a profile."""
    scope = scope_of(request)
    scope.require("profiles.edit")
    return _edit(request, selectors.profile_get(scope=scope, uuid=uuid))


@require_POST
def profile_try(request: HttpRequest, uuid: UUID | None = None) -> HttpResponse:
    """Read a sample under the mapping as it stands in the form, and store nothing."""
    scope = scope_of(request)
    scope.require("profiles.edit")
    profile = selectors.profile_get(scope=scope, uuid=uuid) if uuid else None
    names, mapping = _forms(request, scope, profile)
    sample = request.FILES.get("sample")
    context: dict[str, Any] = {}
    if sample is None:
        context["problem"] = (_("Choose a sample file first."), "")
    elif not names.is_valid() and "vendor" in names.errors:
        context["problem"] = (_("Choose the vendor first; its queues and agents are looked up."), "")
    else:
        context = _trial(scope, names.cleaned_data["vendor_id"], mapping, sample)
        context["zone"] = selectors.zone_in_common(scope=scope, vendor_id=names.cleaned_data["vendor_id"])
    return render(request, "calls/profile_trial.html", context)


def _require(scope: Scope) -> None:
    scope.require("imports.view")
    if "document" not in fields_readable(scope.role, scope.side, "profile"):
        scope.require("profiles.edit")


def _edit(request: HttpRequest, profile: ImportProfile | None) -> HttpResponse:
    scope = scope_of(request)
    scope.require("profiles.edit")
    names, mapping = _forms(request, scope, profile)
    status = 200
    if request.method == "POST":
        status = 422
        if names.is_valid() and mapping.is_valid():
            try:
                saved = services.profile_save(
                    scope=scope,
                    vendor_id=names.cleaned_data["vendor_id"],
                    name=names.cleaned_data["name"],
                    document=_document(mapping),
                    expected_number=names.cleaned_data["number"] or 0,
                )
            except Invalid as error:
                mapping.errors_place(error)
            except Conflict as error:
                names.add_error(None if profile else "name", str(error.message))
            else:
                messages.success(request, _("%(profile)s is in force for the next files.") % {"profile": saved})
                return redirect("calls:profile_detail", uuid=saved.uuid)
    page = reverse("calls:profile_edit", args=[profile.uuid]) if profile else reverse("calls:profile_new")
    trial = reverse("calls:profile_try_edit", args=[profile.uuid]) if profile else reverse("calls:profile_try")
    context = {
        "title": _("Change %(profile)s") % {"profile": profile.name} if profile else _("New import profile"),
        "intro": _("Say once where each column comes from. Try it with a sample; nothing of the sample is stored."),
        "crumbs": [HOME, LIST, Crumb(profile.name if profile else _("New"))],
        "names": names,
        "mapping": mapping,
        "is_text": isinstance(mapping, DocumentForm),
        "page_url": page,
        "trial_url": trial,
        "here": request.get_full_path(),
        "examples": [] if profile else profile_names(),
        "cancel_url": reverse("calls:profile_detail", args=[profile.uuid]) if profile else reverse("calls:profiles"),
    }
    return render(request, "calls/profile_edit.html", context, status=status)


def _forms(
    request: HttpRequest, scope: Scope, profile: ImportProfile | None
) -> tuple[ProfileNameForm, MappingForm | DocumentForm]:
    data = request.POST if request.method == "POST" else None
    former: dict[str, Any] = profile.document if profile else {}
    example = request.GET.get("example", "")
    if profile is None and example in profile_names():
        former = profile_example(example)
    kind = DocumentForm if (data or request.GET).get("as") == TEXT else MappingForm
    return ProfileNameForm(data, scope=scope, profile=profile), kind(data, former=former)


def _document(mapping: MappingForm | DocumentForm) -> dict[str, Any]:
    if isinstance(mapping, MappingForm):
        return mapping.document()
    document: dict[str, Any] = mapping.cleaned_data["document"]
    return document


def _trial(scope: Scope, vendor_id: int, mapping: MappingForm | DocumentForm, sample: Any) -> dict[str, Any]:
    if not mapping.is_valid():
        return {"problem": (_("Mend the fields marked in the form first."), ""), "form_errors": mapping.errors}
    document = _document(mapping)
    reading: dict[str, Any] = {key: document[key] for key in READING if key in document}
    context: dict[str, Any] = {}
    try:
        head = services.columns_read(
            scope=scope, vendor_id=vendor_id, settings=reading, file_name=sample.name, chunks=sample.chunks()
        )
        # Whose header was read is tried; what is wrong with its rows is told by the trial.
        if head.refusal is not None and not head.header:
            return {"problem": problem_words(code=head.refusal.code, details=head.refusal.details)}
        mapped = set(document.get("fields") or {})
        suggested = {name: column for name, column in columns_suggest(head.header).items() if name not in mapped}
        context = {"columns": head.header, "suggested": suggested}
        sample.seek(0)
        trial = services.profile_try(
            scope=scope, vendor_id=vendor_id, document=document, file_name=sample.name, chunks=sample.chunks()
        )
    except Invalid as error:
        return context | {"problem": (str(error.message), "")}
    if trial.check.refusal is not None:
        return context | {"problem": problem_words(code=trial.check.refusal.code, details=trial.check.refusal.details)}
    return context | {
        "check": trial.check,
        "rows": preview_rows(trial.rows),
        "notes": [note_text(code=note.code, details=note.details) for note in trial.check.notes],
        "errors": [
            error
            | {
                "text": rule_text(rule=error["rule"], column=error["column"], value=error["value"] or ""),
                "remedy": rule_remedy(rule=error["rule"]),
            }
            for error in trial.errors
        ],
    }


def _fields_shown(profile: ImportProfile) -> list[dict[str, Any]]:
    """Return each mapped column with its source in short."""
    form = MappingForm(former=profile.document)
    shown = []
    for name in FIELDS:
        raw = (profile.document.get("fields") or {}).get(name)
        if raw is None:
            continue
        source = raw if isinstance(raw, dict) else {"column": raw}
        rest = {k: v for k, v in source.items() if k not in ("column", "columns", "constant")}
        always = source.get("constant")
        shown.append(
            {
                "name": name,
                "column": form.initial[f"{name}-column"],
                "constant": always,
                "rest": json.dumps(rest, ensure_ascii=False) if rest else "",
            }
        )
    return shown
