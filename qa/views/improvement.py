"""Improvement actions: the board, the list, one action with its figures, and every step with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from contracts import selectors as contracts
from contracts.models import Contract
from core.components import Action, Crumb, Tab
from core.errors import Conflict, NotFound
from core.filters import style
from core.forms import EXPECTED, FormPage
from core.http import scope_of
from core.lists import ListPage
from core.periods import local_day
from core.scope import Scope
from qa import selectors, services
from qa.calc.improvement import Step
from qa.filters.improvement import ImprovementFilter
from qa.forms.improvement import FiguresForm, ImprovementForm, ImprovementStepForm
from qa.models import Improvement, ImprovementOrigin
from qa.tables.improvement import ImprovementTable, improvement_url
from qa.views.improvement_parts import board_columns, detail_context
from qa.wording.improvement import IMPROVEMENT_STEPS
from vendors.selectors import one

ACTIONS = Crumb(gettext_lazy("Improvement"), reverse_lazy("qa:improvement_board"))
NEW = Action(gettext_lazy("New action"), reverse_lazy("qa:improvement_create"), "plus", "improvements.edit")
INTRO = gettext_lazy(
    "What is done otherwise: tried with a pilot group, compared with a control group over two weeks, and only then "
    "rolled out or done anew."
)


def _tabs(current: str) -> list[Tab]:
    return [
        Tab(_("Board"), reverse("qa:improvement_board"), current == "board"),
        Tab(_("List"), reverse("qa:improvement_list"), current == "list"),
    ]


@require_safe
def improvement_board(request: HttpRequest) -> HttpResponse:
    """Show the actions in columns by their state; every card has the buttons of its next steps."""
    scope = scope_of(request)
    rows = selectors.improvement_list(scope=scope)
    asked = request.GET.copy()
    asked["state"] = "all"
    filterset = ImprovementFilter(asked, queryset=rows, request=request)
    for name in set(filterset.form.fields) - {"owner", "due", "vendor"}:
        del filterset.form.fields[name]
    style(filterset.form)
    found = filterset.qs if filterset.form.is_valid() else rows.none()
    context = {
        "title": _("Improvement"),
        "intro": INTRO,
        "crumbs": (Crumb(_("Improvement")),),
        "action": NEW if scope.can("improvements.edit") else None,
        "tabs": _tabs("board"),
        "form": filterset.form,
        "is_filtered": any(request.GET.get(name) for name in ("owner", "due", "vendor")),
        "columns": board_columns(scope, found),
        "is_empty": not rows.exists(),
    }
    return render(request, "qa/improvement_board.html", context)


class ImprovementList(ListPage):
    """Improvement actions, what is due first; those not closed unless asked otherwise."""

    name = "improvement"
    title = gettext_lazy("Improvement")
    intro = INTRO
    permission = "improvements.view"
    crumbs = (ACTIONS, Crumb(gettext_lazy("List")))
    table_class = ImprovementTable
    filterset_class = ImprovementFilter
    template_name = "qa/improvement_list.html"
    action = NEW
    empty_text = gettext_lazy(
        "An action begins from a question that fails often, an evaluation, an incident, a missed KPI, or somebody’s "
        "idea. It is tried with a pilot group, checked against a control group, and only then rolled out."
    )
    empty_action = NEW

    def get_rows(self, scope: Scope) -> Any:
        return selectors.improvement_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.is_client else ["vendor"]

    def get_context(self, scope: Scope) -> dict[str, Any]:
        return {"tabs": _tabs("list"), "is_filtered": selectors.improvement_list(scope=scope).exists()}


@require_safe
def improvement_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one action: what is next, what it is about, its figures and its log."""
    scope = scope_of(request)
    action = selectors.improvement_get(scope=scope, uuid=uuid)
    context = {"crumbs": (ACTIONS, Crumb(str(action))), **detail_context(scope, action)}
    return render(request, "qa/improvement_detail.html", context)


class ImprovementNew(FormPage):
    """Plan an action: first whose service it is about, then everything else."""

    permission = "improvements.edit"
    title = gettext_lazy("New improvement action")
    intro = gettext_lazy(
        "Only the title, the problem and the target are needed at first; the rest before the pilot starts."
    )
    submit_label = gettext_lazy("Plan the action")
    done = gettext_lazy("Planned.")
    template_name = "qa/improvement_form.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask for the contract where there are several."""
        scope = self._scope(request)
        if self._contract(scope) is None:
            context = {
                "title": self.title,
                "intro": _("Whose service is it about?"),
                "crumbs": (ACTIONS, Crumb(self.title)),
                "contracts": contracts.contract_list(scope=scope),
                "kept": "".join(f"&{name}={value}" for name, value in self._begun().items()),
            }
            return render(request, "qa/improvement_choose.html", context)
        return super().get(request, **kwargs)

    def _contract(self, scope: Scope) -> Contract | None:
        rows = contracts.contract_list(scope=scope)
        asked = self.request.GET.get("contract")
        if asked:
            try:
                return one(rows, uuid=UUID(asked))
            except ValueError:
                raise NotFound from None
        only = list(rows[:2])
        return only[0] if len(only) == 1 else None

    def _begun(self) -> dict[str, str]:
        """Return what a finding, an evaluation or an incident hands over in the address."""
        names = ("origin", "origin_reference")
        found = {name: self.request.GET[name][:100] for name in names if self.request.GET.get(name)}
        return found if found.get("origin", "manual") in ImprovementOrigin.values else {}

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        contract = self._contract(scope)
        if contract is None:
            raise NotFound
        self.contract = contract
        return ImprovementForm(data, scope=scope, contract=contract, initial=self._begun())

    def save(self, scope: Scope, row: Any, form: Any) -> Improvement:
        return services.improvement_plan(
            scope=scope, contract=self.contract, values=form.values, owner=form.owner_chosen
        )

    def get_done_url(self, saved: Improvement) -> str:
        return improvement_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"crumbs": (ACTIONS, Crumb(self.title)), "cancel_url": ACTIONS.url, "contract": self.contract}


class ImprovementEdit(FormPage):
    """Change what is planned; while a pilot runs, only what is said of it."""

    permission = "improvements.edit"
    title = gettext_lazy("Edit the action")
    template_name = "qa/improvement_form.html"

    def get_row(self, scope: Scope) -> Improvement:
        action = selectors.improvement_get(scope=scope, uuid=self.kwargs["uuid"])
        if action.closed_at is not None:
            raise Conflict("wrong_state", _("This action is closed."))
        return action

    def get_form(self, scope: Scope, row: Improvement, data: Any = None) -> BaseForm:
        return ImprovementForm(data, scope=scope, contract=row.contract, action=row)

    def save(self, scope: Scope, row: Improvement, form: Any) -> Improvement:
        return services.improvement_change(
            scope=scope,
            uuid=row.uuid,
            expected_version=form.cleaned_data[EXPECTED],
            values=form.values,
            owner=form.owner_chosen,
        )

    def get_done_url(self, saved: Improvement) -> str:
        return improvement_url(saved)

    def get_context(self, scope: Scope, row: Improvement) -> dict[str, Any]:
        page = Crumb(str(row), improvement_url(row))
        return {"crumbs": (ACTIONS, page, Crumb(self.title)), "cancel_url": page.url, "contract": row.contract}


class ImprovementStep(FormPage):
    """Take one step with an action."""

    permission = "improvements.edit"

    def get_row(self, scope: Scope) -> Improvement:
        action = selectors.improvement_get(scope=scope, uuid=self.kwargs["uuid"])
        if self.kwargs["step"] not in set(Step):
            raise NotFound
        self.step = Step(self.kwargs["step"])
        self.title, self.done = IMPROVEMENT_STEPS[self.step]
        self.submit_label = self.title
        if self.step not in selectors.improvement_steps(scope=scope, improvement=action):
            if self.step in (Step.ROLL_OUT, Step.SEND_BACK):
                raise Conflict("not_checked", _("Run the check first: nothing is rolled out or sent back unchecked."))
            raise Conflict("wrong_state", _("This step cannot be taken from here; look where it stands."))
        return action

    def get_form(self, scope: Scope, row: Improvement, data: Any = None) -> BaseForm:
        return ImprovementStepForm(data, action=row, step=self.step, today=local_day(scope.at, row.contract.zone))

    def save(self, scope: Scope, row: Improvement, form: Any) -> Improvement:
        return services.improvement_step(
            scope=scope,
            uuid=row.uuid,
            step=self.step,
            expected_version=form.cleaned_data[EXPECTED],
            **form.values,
        )

    def get_done_url(self, saved: Improvement) -> str:
        return improvement_url(saved)

    def get_context(self, scope: Scope, row: Improvement) -> dict[str, Any]:
        page = Crumb(str(row), improvement_url(row))
        return {"crumbs": (ACTIONS, page, Crumb(self.title)), "cancel_url": page.url, "intro": row.title}


class ImprovementFigures(FormPage):
    """Enter the figures of a share that the system does not have, and run the check with them."""

    permission = "improvements.edit"
    title = gettext_lazy("Run the check")
    intro = gettext_lazy("Cases that met and all cases of each group, from one source; the system has none of them.")
    submit_label = gettext_lazy("Run the check")
    done = gettext_lazy("The check ran.")

    def get_row(self, scope: Scope) -> Improvement:
        action = selectors.improvement_get(scope=scope, uuid=self.kwargs["uuid"])
        if selectors.is_measured(action):
            raise Conflict("measured", _("The system counts this figure itself; nothing is typed."))
        return action

    def get_form(self, scope: Scope, row: Improvement, data: Any = None) -> BaseForm:
        return FiguresForm(data)

    def save(self, scope: Scope, row: Improvement, form: Any) -> Improvement:
        services.improvement_check(scope=scope, uuid=row.uuid, cells=form.cells, source=form.cleaned_data["source"])
        return row

    def get_done_url(self, saved: Improvement) -> str:
        return improvement_url(saved)

    def get_context(self, scope: Scope, row: Improvement) -> dict[str, Any]:
        page = Crumb(str(row), improvement_url(row))
        return {"crumbs": (ACTIONS, page, Crumb(self.title)), "cancel_url": page.url}


@require_POST
def improvement_check(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Run the check over the complete window."""
    scope = scope_of(request)
    services.improvement_check(scope=scope, uuid=uuid)
    messages.success(request, _("The check ran."))
    return redirect("qa:improvement_detail", uuid=uuid)


@require_POST
def improvement_comment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say something about an action."""
    scope = scope_of(request)
    services.improvement_comment(scope=scope, uuid=uuid, text=request.POST.get("text", ""))
    messages.success(request, _("Written."))
    return redirect("qa:improvement_detail", uuid=uuid)
