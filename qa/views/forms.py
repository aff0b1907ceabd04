"""Evaluation forms: what is in use where, one published version, and putting drafts to use."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.calc.access import fields_readable
from core.components import Action, Crumb, Fact
from core.errors import NotFound
from core.formats import moment_text
from core.forms import FormPage
from core.http import scope_of, zone_of
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui
from qa import selectors, services
from qa.calc.editing import form_blank, shares_of
from qa.filters.forms import FormFilter
from qa.forms import DraftNewForm, PublishForm, SheetForm
from qa.forms.builder import words
from qa.forms.drafts import SCRATCH
from qa.models import Form, FormDraft
from qa.tables.forms import FormTable
from qa.wording.forms import FATAL_RULE_WORDS, differences_told

FORMS = Crumb(gettext_lazy("Evaluation forms"), reverse_lazy("qa:form_list"))
NEW = Action(gettext_lazy("New form"), reverse_lazy("qa:draft_new"), "plus", "qa.forms")


def draft_url(draft: FormDraft) -> str:
    """Return the page on which a draft is written."""
    return reverse("qa:draft_edit", args=[draft.uuid])


class FormList(ListPage):
    """Published versions of all forms, and above them the drafts."""

    name = "evaluation-forms"
    title = gettext_lazy("Evaluation forms")
    intro = gettext_lazy(
        "What an evaluation asks. Drafts are written freely; a published version never changes, so old evaluations "
        "keep what they were asked."
    )
    permission = "qa.view"
    crumbs = (Crumb(gettext_lazy("Evaluation forms")),)
    table_class = FormTable
    filterset_class = FormFilter
    template_name = "qa/form_list.html"
    action = NEW
    empty_text = gettext_lazy("Begin a form from a preset, see how it looks, and publish it to your vendors.")
    empty_action = NEW

    def get_rows(self, scope: Scope) -> QuerySet[Form]:
        return selectors.form_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.is_client else ["vendor", "published_by"]

    def get_context(self, scope: Scope) -> dict[str, Any]:
        drafts = []
        if "name" in fields_readable(scope.role, scope.side, "form_draft"):
            drafts = list(selectors.draft_list(scope=scope))
        return {"drafts": drafts, "may_write": scope.can("qa.forms"), "draft_zone": zone_of(scope)}


class DraftNew(FormPage):
    """Begin a form: from a preset, from nothing, or from a file."""

    permission = "qa.forms"
    title = gettext_lazy("New form")
    intro = gettext_lazy("Nothing is used before it is published; begin with what comes closest.")
    submit_label = gettext_lazy("Begin")
    done = gettext_lazy("The draft is there; change what differs.")
    template_name = "qa/draft_new.html"

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        return DraftNewForm(data=data, files=self.request.FILES if data is not None else None)

    def save(self, scope: Scope, row: Any, form: Any) -> FormDraft:
        asked = form.cleaned_data
        if asked["begin"] == "file":
            return services.draft_from_file(scope=scope, content=asked["file"].read())
        own = {"code": asked["code"], "name": asked["name"]}
        if asked["begin"] == SCRATCH:
            body = form_blank(words(), title=_("First section"), text=_("First question"))
            return services.draft_create(scope=scope, body=body, **own)
        return services.draft_from_preset(scope=scope, preset=asked["begin"], **own)

    def get_done_url(self, saved: FormDraft) -> str:
        return draft_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"crumbs": (FORMS, Crumb(self.title)), "cancel_url": FORMS.url}


@require_safe
def form_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a published version: what it asks, what counts how much, and its other versions."""
    scope = scope_of(request)
    scope.require("qa.view")
    form = selectors.form_get(scope=scope, uuid=uuid)
    questions = selectors.questions_of(form)
    others = selectors.form_list(scope=scope).filter(code=form.code).exclude(pk=form.pk)
    if not scope.is_client:
        others = others.filter(vendor_id=form.vendor_id)
    former = others.filter(vendor_id=form.vendor_id, number=form.number - 1).first()
    menu = [Action(_("Export"), reverse("qa:form_export", args=[uuid]), "download")]
    if form.is_live:
        asked = _("Take “%(name)s” out of use at %(vendor)s? Plans that ask for it draw nothing.")
        told = asked % {"name": form.name, "vendor": form.vendor.name}
        retire = Action(_("Retire"), reverse("qa:form_retire", args=[uuid]), "archive", "qa.forms", True, told)
        menu.append(retire)
    facts = [
        Fact(_("Code"), form.code),
        Fact(_("Vendor"), form.vendor.name),
        Fact(_("Version"), form.number),
        Fact(_("Passed from"), f"{questions.pass_percent} %"),
        Fact(_("A fatal error"), FATAL_RULE_WORDS[questions.fatal_rule]),
        Fact(_("Published"), moment_text(form.published_at, zone_of(scope))),
        *([Fact(_("Published by"), form.published_by)] if scope.is_client else []),
        Fact(_("Digest"), form.digest[:12], hint=form.digest),
    ]
    context = {
        "title": str(form),
        "title_badge": ui.badge("good", _("in use")) if form.is_live else ui.badge("neutral", _("former version")),
        "crumbs": (FORMS, Crumb(str(form))),
        "menu": [action for action in menu if not action.permission or scope.can(action.permission)],
        "form": form,
        "facts": facts,
        "sheet": SheetForm(questions, is_locked=True),
        "shares": [
            (question, float(share))
            for question, share in zip(questions.questions, shares_of(questions).values(), strict=True)
        ],
        "others": [(other, other.digest == form.digest) for other in others[:20]],
        "former": former,
        "differences": differences_told(selectors.questions_of(former), questions) if former else [],
    }
    return render(request, "qa/form_detail.html", context)


@require_safe
def form_export(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give a published version as a file that another house can begin with."""
    scope = scope_of(request)
    scope.require("qa.view")
    form = selectors.form_get(scope=scope, uuid=uuid)
    return document(form)


def document(form: Form | FormDraft) -> HttpResponse:
    """Return a form as a file to be saved."""
    text = services.form_document(code=form.code, name=form.name, body=form.body)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = content_disposition_header(True, f"{form.code}.json")
    return response


@require_POST
def form_retire(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a form out of use at a vendor."""
    scope = scope_of(request)
    form = services.form_retire(scope=scope, uuid=uuid)
    messages.success(request, _("“%(name)s” is out of use.") % {"name": form.name})
    return redirect("qa:form_detail", uuid=form.uuid)


class DraftPublish(FormPage):
    """Put a draft to use at some vendors."""

    permission = "qa.forms"
    template_name = "qa/draft_publish.html"
    submit_label = gettext_lazy("Publish")
    done = gettext_lazy("Published. New evaluations are made with it; begun ones keep theirs.")
    intro = gettext_lazy(
        "The same words get the same digest everywhere, so that scores can be compared. Where a vendor has them "
        "already nothing is published again."
    )

    def get_row(self, scope: Scope) -> FormDraft:
        return selectors.draft_get(scope=scope, uuid=self.kwargs["uuid"])

    def get_form(self, scope: Scope, row: FormDraft, data: Any = None) -> BaseForm:
        used = [form.vendor.uuid for form in _live(scope, row)]
        return PublishForm(data=data, scope=scope, initial={"version": row.version, "vendors": used})

    def save(self, scope: Scope, row: FormDraft, form: Any) -> FormDraft:
        asked = form.cleaned_data
        services.form_publish(
            scope=scope, uuid=row.uuid, expected_version=asked["version"], vendors=list(asked["vendors"])
        )
        return row

    def get_done_url(self, saved: FormDraft) -> str:
        return str(FORMS.url)

    def get_context(self, scope: Scope, row: FormDraft) -> dict[str, Any]:
        return {
            "title": _("Publish %(name)s") % {"name": row.name},
            "crumbs": (FORMS, Crumb(row.name, draft_url(row)), Crumb(_("Publish"))),
            "cancel_url": draft_url(row),
            "comparisons": comparisons(scope, row),
        }


def _live(scope: Scope, draft: FormDraft) -> list[Form]:
    return list(selectors.form_list(scope=scope).filter(code=draft.code, is_live=True))


def comparisons(scope: Scope, draft: FormDraft) -> list[dict[str, Any]]:
    """Return how a draft differs from what is in use: each published wording once, with its vendors."""
    found: dict[str, dict[str, Any]] = {}
    for form in _live(scope, draft):
        own = found.setdefault(form.digest, {"forms": [], "differences": []})
        own["forms"].append(form)
    newer = selectors.questions_of(draft)
    for own in found.values():
        own["differences"] = differences_told(selectors.questions_of(own["forms"][0]), newer)
        own["name"] = own["forms"][0].name if own["forms"][0].name != draft.name else ""
    return list(found.values())


@require_safe
def draft_compare(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what differs between a draft and what is in use."""
    scope = scope_of(request)
    scope.require("qa.forms")
    draft = selectors.draft_get(scope=scope, uuid=uuid)
    context = {
        "title": _("What would change"),
        "crumbs": (FORMS, Crumb(draft.name, draft_url(draft)), Crumb(_("Compare"))),
        "draft": draft,
        "comparisons": comparisons(scope, draft),
        "action": Action(_("Publish"), reverse("qa:draft_publish", args=[uuid]), "check", "qa.forms"),
    }
    return render(request, "qa/draft_compare.html", context)


@require_safe
def draft_export(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give a draft as a file that another house can begin with."""
    scope = scope_of(request)
    scope.require("qa.forms")
    return document(selectors.draft_get(scope=scope, uuid=uuid))


@require_POST
def draft_delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Throw a draft away."""
    scope = scope_of(request)
    draft = selectors.draft_get(scope=scope, uuid=uuid) if scope.can("qa.forms") else None
    services.draft_delete(scope=scope, uuid=uuid)
    if draft is None:
        raise NotFound
    messages.success(request, _("The draft “%(name)s” is gone; what was published stays.") % {"name": draft.name})
    return redirect(str(FORMS.url))
