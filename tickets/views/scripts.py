"""Scripts: every version, writing another, and the review by a second person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.calc.access import fields_readable
from core.components import Action, Crumb, Fact, Next
from core.errors import Invalid, NotFound
from core.forms import FormPage, mark_refused
from core.http import scope_of, zone_of
from core.scope import Scope
from core.templatetags import ui
from tickets import selectors, services
from tickets.calc.outbound import ScriptState
from tickets.filters import ScriptFilter
from tickets.forms import ReviewForm, ScriptForm
from tickets.models import Script
from tickets.tables import SCRIPT_TONES, ScriptTable, person_shown, script_url
from tickets.views.campaigns import CAMPAIGNS, OwnListPage
from vendors import selectors as vendors

SCRIPTS = Crumb(gettext_lazy("Scripts"), reverse_lazy("tickets:script_list"))


class ScriptList(OwnListPage):
    """Every version of every script."""

    name = "scripts"
    title = gettext_lazy("Scripts")
    intro = gettext_lazy(
        "What is said on the line. A version may be used once a second person of the client approved it."
    )
    permission = "campaigns.view"
    crumbs = (CAMPAIGNS, Crumb(gettext_lazy("Scripts")))
    table_class = ScriptTable
    filterset_class = ScriptFilter
    template_name = "tickets/plain_list.html"
    action = Action(gettext_lazy("Write a script"), reverse_lazy("tickets:script_create"), "plus", "campaigns.edit")
    empty_text = gettext_lazy(
        "Opening, purpose and consent, selling points, objections, closing: begin with one script."
    )
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[Script]:
        return selectors.script_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        readable = fields_readable(scope.role, scope.side, "script")
        hidden = {name for name in ScriptTable.base_columns if name not in readable}
        return sorted({*hidden, *super().forbidden_columns(scope)})


@require_safe
def script_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one version, and the review that it waits for."""
    scope = scope_of(request)
    scope.require("campaigns.view")
    script = selectors.script_get(scope=scope, uuid=uuid)
    return render(request, "tickets/script_detail.html", _context(scope, script, ReviewForm()))


@require_POST
def script_review(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Approve a version, or send it back."""
    scope = scope_of(request)
    scope.require("scripts.review")
    script = selectors.script_get(scope=scope, uuid=uuid)
    form = ReviewForm(request.POST)
    text = request.POST.get("version", "")
    seen = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else script.version
    if form.is_valid():
        approved = request.POST.get("verdict") == "approve"
        try:
            services.script_review(
                scope=scope,
                uuid=uuid,
                expected_version=seen,
                is_approved=approved,
                review_note=form.cleaned_data["review_note"],
            )
        except Invalid as refusal:
            mark_refused(form, refusal)
        else:
            messages.success(request, _("The script is approved.") if approved else _("The script was sent back."))
            return redirect(script_url(script))
    return render(request, "tickets/script_detail.html", _context(scope, script, form), status=422)


def _context(scope: Scope, script: Script, form: ReviewForm) -> dict[str, Any]:
    waits = script.state == ScriptState.WAITING
    own = script.written_by_id is not None and script.written_by_id == scope.user_id
    may = waits and scope.can("scripts.review") and not own
    following = None
    if waits:
        text = _("Until then no campaign can go live with it.")
        if own and scope.can("scripts.review"):
            text = _("You wrote it: a second person of the client reviews it.")
        following = Next(_("Waits for its review"), _("a second person of the client"), text=text, tone="warning")
    versions = selectors.script_list(scope=scope).filter(vendor_id=script.vendor_id, name=script.name)
    facts = [
        Fact(_("Version"), script.number),
        Fact(_("Written by"), person_shown(scope, script.written_by, script.written_side)),
        Fact(_("Written"), ui.day(script.written_at)),
    ]
    if not waits:
        reviewer = script.reviewed_by if "reviewed_by" in fields_readable(scope.role, scope.side, "script") else ""
        facts += [Fact(_("Reviewed by"), reviewer or _("the client")), Fact(_("Reviewed"), ui.day(script.reviewed_at))]
    if script.review_note:
        facts.append(Fact(_("Remark of the review"), script.review_note))
    if scope.is_client:
        facts.insert(0, Fact(_("Vendor"), script.vendor.name))
    url = f"{reverse('tickets:script_create')}?of={script.uuid}"
    return {
        "title": str(script),
        "title_badge": ui.badge(SCRIPT_TONES[ScriptState(script.state)], script.get_state_display()),
        "crumbs": (CAMPAIGNS, SCRIPTS, Crumb(str(script))),
        "action": Action(_("Write another version"), url, "edit") if scope.can("campaigns.edit") else None,
        "script": script,
        "facts": facts,
        "next": following,
        "may_review": may,
        "form": form,
        "versions": [row for row in versions if row.pk != script.pk],
        "zone": zone_of(scope),
    }


class ScriptPage(FormPage):
    """Write a script, or another version of one."""

    permission = "campaigns.edit"
    title = gettext_lazy("Write a script")
    intro = gettext_lazy("Another text is another version; it waits for the review of a second person of the client.")
    done = gettext_lazy("Written; it waits for its review.")

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        self.former = self._former(scope)
        initial: dict[str, Any] = {}
        if self.former is not None:
            initial = {"name": self.former.name, "text": self.former.text, "vendor": self.former.vendor.uuid}
        return ScriptForm(data=data, scope=scope, initial=initial)

    def _former(self, scope: Scope) -> Script | None:
        text = self.request.GET.get("of", "")
        if not text:
            return None
        try:
            return selectors.script_get(scope=scope, uuid=UUID(text))
        except ValueError:
            raise NotFound from None

    def save(self, scope: Scope, row: Any, form: Any) -> Script:
        values = form.values
        vendor = values.get("vendor") or vendors.vendor_of_id(scope=scope, vendor_id=scope.organization_id)
        return services.script_write(scope=scope, vendor=vendor, name=values["name"], text=values["text"])

    def get_done_url(self, saved: Script) -> str:
        return script_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"crumbs": (CAMPAIGNS, SCRIPTS, Crumb(self.title)), "cancel_url": SCRIPTS.url}
