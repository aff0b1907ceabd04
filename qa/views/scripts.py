"""Scripts: the library, one version with its review, how two versions differ, and writing."""

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
from core import formats
from core.components import Action, Crumb, Fact, Next
from core.errors import Invalid, NotFound
from core.forms import FormPage, mark_refused
from core.http import scope_of
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui
from qa import selectors, services
from qa.calc.scripts import Line, ScriptState, lines_compare
from qa.filters.scripts import ScriptFilter
from qa.forms.scripts import ReviewForm, ScriptForm, WithdrawScriptForm
from qa.models import SCRIPT_LANGUAGES, STAGES, Script
from qa.tables.confirmations import confirmed_shown
from qa.tables.scripts import ScriptTable, script_url, state_badge
from vendors import selectors as vendors

SCRIPTS = Crumb(gettext_lazy("Scripts"), reverse_lazy("qa:script_list"))


class ScriptList(ListPage):
    """Every version of every script; agents see what is in use."""

    name = "scripts"
    title = gettext_lazy("Scripts")
    intro = gettext_lazy(
        "What is said on the line. A version may be used once a second person of the client approved it."
    )
    permission = "scripts.view"
    crumbs = (Crumb(gettext_lazy("Scripts")),)
    table_class = ScriptTable
    filterset_class = ScriptFilter
    template_name = "qa/script_list.html"
    action = Action(gettext_lazy("Write a script"), reverse_lazy("qa:script_create"), "plus", "scripts.edit")
    menu = (
        Action(gettext_lazy("What did the customer say?"), reverse_lazy("qa:script_lookup"), "message"),
        Action(gettext_lazy("Read and confirmed"), reverse_lazy("qa:round_list"), "checks", "agents.view"),
    )
    empty_text = gettext_lazy(
        "Opening, purpose and consent, selling points, objections, closing: begin with one script."
    )
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[Script]:
        return selectors.script_list(scope=scope)

    def get_context(self, scope: Scope) -> dict[str, Any]:
        return {"asked": selectors.rounds_waiting(scope=scope)}

    def forbidden_columns(self, scope: Scope) -> list[str]:
        readable = fields_readable(scope.role, scope.side, "script") | {"stages"}
        hidden = {name for name in ScriptTable.base_columns if name not in readable}
        return sorted(hidden if scope.is_client else hidden | {"vendor"})


def by_stage(lines: tuple[Line, ...]) -> list[tuple[str, list[Line]]]:
    """Return lines in their order, those of one stage that follow each other together."""
    groups: list[tuple[str, list[Line]]] = []
    for line in lines:
        label = str(STAGES[line.stage])
        if groups and groups[-1][0] == label:
            groups[-1][1].append(line)
        else:
            groups.append((label, [line]))
    return groups


@require_safe
def script_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one version, and the review that it waits for."""
    scope = scope_of(request)
    scope.require("scripts.view")
    script = selectors.script_get(scope=scope, uuid=uuid)
    return render(request, "qa/script_detail.html", _context(scope, script, ReviewForm()))


@require_POST
def script_review(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Approve a version, or send it back."""
    scope = scope_of(request)
    scope.require("scripts.review")
    script = selectors.script_get(scope=scope, uuid=uuid)
    form = ReviewForm(request.POST)
    if form.is_valid():
        approved = request.POST.get("verdict") == "approve"
        try:
            services.script_review(
                scope=scope,
                uuid=uuid,
                expected_version=version_seen(request, script.version),
                is_approved=approved,
                review_note=form.cleaned_data["review_note"],
            )
        except Invalid as refusal:
            mark_refused(form, refusal)
        else:
            messages.success(request, _("The script is approved.") if approved else _("The script was sent back."))
            return redirect(script_url(script))
    return render(request, "qa/script_detail.html", _context(scope, script, form), status=422)


def version_seen(request: HttpRequest, otherwise: int) -> int:
    """Return the version of a row that somebody saw, as a form told it."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise


def _context(scope: Scope, script: Script, form: ReviewForm) -> dict[str, Any]:
    waits = script.state == ScriptState.WAITING
    own = script.written_by_id is not None and script.written_by_id == scope.user_id
    versions = list(selectors.script_versions(scope=scope, script=script))
    former = next((row for row in versions if row.number < script.number), None)
    edit = reverse("qa:script_create") + f"?of={script.uuid}"
    menu = []
    if former is not None:
        compare = reverse("qa:script_compare", args=[script.uuid]) + f"?with={former.uuid}"
        menu.append(Action(_("Compare with the version before"), compare, "git-compare"))
    reading = reverse("qa:script_read", args=[script.uuid])
    menu.append(Action(_("Read on the phone"), reading, "eye"))
    if script.is_usable(scope.at) and scope.can("scripts.edit"):
        menu.append(Action(_("Ask agents to confirm"), reverse("qa:confirmation_ask", args=[script.uuid]), "checks"))
    if script.state in (ScriptState.WAITING, ScriptState.APPROVED) and scope.can("scripts.edit"):
        menu.append(Action(_("Withdraw"), reverse("qa:script_withdraw", args=[script.uuid]), "ban"))
    return {
        "title": str(script),
        "title_badge": state_badge(script, scope.at),
        "crumbs": (SCRIPTS, Crumb(str(script))),
        "action": Action(_("Write another version"), edit, "edit") if scope.can("scripts.edit") else None,
        "menu": menu,
        "script": script,
        "stages": by_stage(script.lines),
        "facts": _facts(scope, script),
        "next": _next(scope, script, own=own),
        "may_review": waits and scope.can("scripts.review") and not own,
        "form": form,
        "versions": [row for row in versions if row.pk != script.pk],
        "round": _round(scope, script),
    }


def _round(scope: Scope, script: Script) -> dict[str, Any] | None:
    """Return how far the agents' confirmation of a version is; None if nobody was asked, or to agents."""
    asked = selectors.round_of(scope=scope, script=script) if scope.can("agents.view") else None
    if asked is None:
        return None
    found = selectors.rounds_confirmed(scope=scope, rounds=[asked]).get(asked.pk, selectors.Confirmed())
    return {"text": confirmed_shown(found), "due_on": asked.due_on}


def _next(scope: Scope, script: Script, *, own: bool) -> Next | None:
    if script.state == ScriptState.WAITING:
        text = _("Until then nobody may use it.")
        if own and scope.can("scripts.review"):
            text = _("You wrote it: a second person of the client reviews it.")
        return Next(_("Waits for its review"), _("a second person of the client"), text=text, tone="warning")
    if script.state == ScriptState.APPROVED and not script.is_usable(scope.at):
        text = _("Nobody may use it, and campaigns do not call with it; write another version.")
        return Next(_("Its last day of use has passed"), text=text, tone="bad")
    return None


def _facts(scope: Scope, script: Script) -> list[Fact]:
    facts = [Fact(_("Vendor"), script.vendor.name)] if scope.is_client else []
    facts += [
        Fact(_("Version"), script.number),
        Fact(_("Code"), script.code),
        Fact(_("Kind"), script.get_kind_display()),
        Fact(_("Language"), SCRIPT_LANGUAGES[script.language]),
        Fact(_("Reasons of calls"), ", ".join(script.reasons) or _("all")),
        Fact(_("Last day of use"), ui.day(script.live_until) if script.live_until else ui.missing(_("no end"))),
    ]
    readable = fields_readable(scope.role, scope.side, "script")
    if "written_by" in readable:
        facts += [
            Fact(_("Written by"), scope.called(script.written_by, script.written_side)),
            Fact(_("Written"), ui.day(script.written_at)),
        ]
        if script.reviewed_at is not None:
            reviewer = script.reviewed_by if "reviewed_by" in readable else ""
            facts += [
                Fact(_("Reviewed by"), reviewer or _("the client")),
                Fact(_("Reviewed"), ui.day(script.reviewed_at)),
            ]
        notes = {
            _("What is new"): script.change_note,
            _("Remark of the review"): script.review_note,
            _("Why it was withdrawn"): script.withdrawn_reason,
        }
        facts += [Fact(label, text) for label, text in notes.items() if text]
    return facts


@require_safe
def script_compare(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what one version says otherwise than another of the same script."""
    scope = scope_of(request)
    scope.require("scripts.view")
    script = selectors.script_get(scope=scope, uuid=uuid)
    versions = list(selectors.script_versions(scope=scope, script=script))
    others = [row for row in versions if row.pk != script.pk]
    asked = request.GET.get("with", "")
    other = next((row for row in others if str(row.uuid) == asked), None)
    if other is None and asked:
        raise NotFound
    other = other or next((row for row in others if row.number < script.number), others[0] if others else None)
    rows = lines_compare(other.lines, script.lines) if other else []
    changed = sum(row.change != "same" for row in rows)
    context = {
        "title": _("Compare versions"),
        "crumbs": (SCRIPTS, Crumb(str(script), script_url(script)), Crumb(_("Compare"))),
        "script": script,
        "other": other,
        "others": others,
        "summary": _("Lines that differ: %(changed)s of %(count)s")
        % {"changed": formats.count_text(changed), "count": formats.count_text(len(rows))},
        "rows": [(row, STAGES[row.line.stage]) for row in rows],
    }
    return render(request, "qa/script_compare.html", context)


class ScriptPage(FormPage):
    """Write a script, or another version of one."""

    permission = "scripts.edit"
    title = gettext_lazy("Write a script")
    intro = gettext_lazy("Another text is another version; it waits for the review of a second person of the client.")
    done = gettext_lazy("Written; it waits for its review.")
    template_name = "qa/script_form.html"

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        self.former = self._former(scope)
        initial: dict[str, Any] = {}
        if self.former is not None:
            names = ("code", "name", "kind", "language", "reasons", "live_until")
            initial = {name: getattr(self.former, name) for name in names}
            initial["vendors"] = [self.former.vendor.uuid]
        return ScriptForm(data=data, scope=scope, former=self.former, initial=initial)

    def _former(self, scope: Scope) -> Script | None:
        text = self.request.GET.get("of", "")
        if not text:
            return None
        try:
            return selectors.script_get(scope=scope, uuid=UUID(text))
        except ValueError:
            raise NotFound from None

    def save(self, scope: Scope, row: Any, form: Any) -> Script:
        values = form.cleaned_data
        chosen = values.pop("vendors", None)
        if chosen is None:
            chosen = [vendors.vendor_of_id(scope=scope, vendor_id=scope.organization_id)]
        written = services.script_write(scope=scope, vendors=list(chosen), parts=form.parts, **values)
        return written[0]

    def get_done_url(self, saved: Script) -> str:
        return script_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"crumbs": (SCRIPTS, Crumb(self.title)), "cancel_url": SCRIPTS.url}


class ScriptWithdraw(FormPage):
    """Take a version out of use at once."""

    permission = "scripts.edit"
    form_class = WithdrawScriptForm
    submit_label = gettext_lazy("Withdraw")
    done = gettext_lazy("Withdrawn; nobody uses it any more.")

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        self.script = selectors.script_get(scope=scope, uuid=self.kwargs["uuid"])
        return WithdrawScriptForm(data, initial={"version": self.script.version})

    def save(self, scope: Scope, row: Any, form: Any) -> Script:
        return services.script_withdraw(
            scope=scope,
            uuid=self.script.uuid,
            expected_version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
        )

    def get_done_url(self, saved: Script) -> str:
        return script_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        page = Crumb(str(self.script), script_url(self.script))
        return {
            "title": _("Withdraw %(name)s") % {"name": self.script},
            "intro": _("Campaigns that use it stop calling at once. No earlier version comes back."),
            "crumbs": (SCRIPTS, page, Crumb(_("Withdraw"))),
            "cancel_url": page.url,
        }
