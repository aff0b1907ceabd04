"""The builder of a draft: every button answers with the form as it is typed, changed by one deed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import View

from core.components import Action, Crumb
from core.errors import Conflict, Invalid
from core.http import scope_of
from core.scope import Scope
from qa import selectors, services
from qa.calc.editing import DEEDS
from qa.calc.forms import FormError, form_read
from qa.forms import BuilderForm, SheetForm
from qa.models import FormDraft
from qa.views.forms import FORMS, draft_url

# What saving answers, where a page would be shown again.
SAVED = 302


class Builder(View):
    """Write a draft. A deed of :data:`DEEDS` changes what is typed and saves nothing; ``save`` saves."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Show the draft as it is saved."""
        scope = self._scope(request)
        draft = selectors.draft_get(scope=scope, uuid=uuid)
        builder = BuilderForm(draft.body, code=draft.code, name=draft.name, version=draft.version)
        return self._page(request, scope, draft, builder)

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Do what was asked for with what is typed."""
        scope = self._scope(request)
        draft = selectors.draft_get(scope=scope, uuid=uuid)
        builder = BuilderForm.read(request.POST)
        deed = request.POST.get("do", "save").partition(":")[0]
        if deed == "look":
            return render(request, "qa/_builder_summary.html", {"builder": builder, "draft": draft})
        if deed == "preview":
            return _preview(request, draft, builder)
        status = 200 if deed in DEEDS or deed in ("undo", "kind") else self._save(scope, draft, builder)
        if status != SAVED:
            return self._page(request, scope, draft, builder, status)
        messages.success(request, _("Saved."))
        return redirect(reverse("qa:draft_publish", args=[uuid]) if deed == "publish" else draft_url(draft))

    @staticmethod
    def _save(scope: Scope, draft: FormDraft, builder: BuilderForm) -> int:
        if builder.problems:
            return 422
        values = {"code": builder.code.strip().upper(), "name": builder.name.strip(), "body": builder.body}
        try:
            services.draft_change(scope=scope, uuid=draft.uuid, expected_version=builder.version, values=values)
        except Invalid as refusal:
            builder.refuse(refusal.fields, str(refusal.message))
            return refusal.status
        except Conflict as refusal:
            told = _("%(name)s saved this draft meanwhile. Saving again replaces what they saved.")
            builder.refuse({}, told % {"name": draft.changed_by})
            builder.version = draft.version
            return refusal.status
        return SAVED

    @staticmethod
    def _scope(request: HttpRequest) -> Scope:
        scope = scope_of(request)
        scope.require("qa.forms")
        return scope

    @staticmethod
    def _page(
        request: HttpRequest, scope: Scope, draft: FormDraft, builder: BuilderForm, status: int = 200
    ) -> HttpResponse:
        htmx: Any = request.htmx  # type: ignore[attr-defined]
        if htmx:
            return render(request, "qa/_builder.html", {"builder": builder, "draft": draft}, status=status)
        confirm = _("Throw the draft “%(name)s” away? What was published stays.") % {"name": draft.name}
        context = {
            "title": draft.name,
            "intro": _("Nothing is used before it is published. Every button keeps what is typed."),
            "crumbs": (FORMS, Crumb(draft.name)),
            "menu": [
                Action(_("Compare"), reverse("qa:draft_compare", args=[draft.uuid]), "git-compare"),
                Action(_("Export"), reverse("qa:draft_export", args=[draft.uuid]), "download"),
                Action(_("Delete"), reverse("qa:draft_delete", args=[draft.uuid]), "trash", "", True, confirm),
            ],
            "draft": draft,
            "builder": builder,
        }
        return render(request, "qa/builder.html", context, status=status)


@require_safe
def draft_preview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a saved draft as evaluators will see it."""
    scope = scope_of(request)
    scope.require("qa.forms")
    draft = selectors.draft_get(scope=scope, uuid=uuid)
    return _preview(request, draft, BuilderForm(draft.body, code=draft.code, name=draft.name))


def _preview(request: HttpRequest, draft: FormDraft, builder: BuilderForm) -> HttpResponse:
    try:
        sheet = SheetForm(form_read(builder.body))
    except FormError:
        sheet = None
    context = {
        "title": _("Preview: %(name)s") % {"name": builder.name or draft.name},
        "intro": _("As evaluators will see it; nothing is saved."),
        "crumbs": (FORMS, Crumb(draft.name, draft_url(draft)), Crumb(_("Preview"))),
        "draft": draft,
        "builder": builder,
        "sheet": sheet,
    }
    return render(request, "qa/draft_preview.html", context, status=200 if sheet else 422)
