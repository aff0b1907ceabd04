"""Ideas of agents and supervisors, cases of exceptional service, and what of both counts for whom."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core import formats
from core.components import Action, Crumb, Fact, Tab
from core.errors import Conflict
from core.forms import EXPECTED, FormPage
from core.http import scope_of, zone_of
from core.lists import ListPage
from core.periods import local_day
from core.scope import Scope
from core.templatetags import ui
from qa import selectors, services
from qa.filters.ideas import IdeaFilter, ServiceCaseFilter
from qa.forms.ideas import CaseDecisionForm, IdeaDecisionForm, IdeaForm, ServiceCaseForm
from qa.models import CaseState, Idea, IdeaState, Kind, ServiceCase
from qa.services.ideas import IDEA_STEPS
from qa.tables.ideas import IdeaCountTable, IdeaTable, ServiceCaseTable, case_url, idea_url
from qa.wording.improvement import CASE_TONES, IDEA_TONES, PROOFS

IDEAS = Crumb(gettext_lazy("Ideas"), reverse_lazy("qa:idea_list"))
CASES = Crumb(gettext_lazy("Exceptional service"), reverse_lazy("qa:case_list"))
COUNT_MONTHS = 12


def _tabs(current: str) -> list[Tab]:
    return [
        Tab(label, reverse(f"qa:{name}"), name == current)
        for name, label in (
            ("idea_list", _("Ideas")),
            ("case_list", _("Exceptional service")),
            ("idea_counts", _("By agent and month")),
        )
    ]


class _TabbedList(ListPage):
    """A list of which only the client is told the vendor."""

    permission = "ideas.view"
    template_name = "qa/improvement_list.html"
    tab = ""

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.is_client else ["vendor"]

    def get_context(self, scope: Scope) -> dict[str, Any]:
        return {"tabs": _tabs(self.tab)}


class IdeaList(_TabbedList):
    """Ideas, the newest first; an agent's own."""

    name = tab = "idea_list"
    title = gettext_lazy("Ideas")
    intro = gettext_lazy(
        "What agents and supervisors suggest. Each is answered; what is adopted counts for its author in that month."
    )
    crumbs = (Crumb(gettext_lazy("Ideas")),)
    table_class = IdeaTable
    filterset_class = IdeaFilter
    action = Action(gettext_lazy("Send an idea"), reverse_lazy("qa:idea_new"), "plus", "ideas.send")
    empty_text = gettext_lazy("Whoever answers customers knows best what could go better. Nobody has sent an idea yet.")
    empty_action = action

    def get_rows(self, scope: Scope) -> Any:
        return selectors.idea_list(scope=scope)


class CaseList(_TabbedList):
    """Cases of exceptional service, the newest first."""

    name = tab = "case_list"
    title = gettext_lazy("Exceptional service")
    intro = gettext_lazy("Conversations in which somebody did more than was asked, with the call or ticket as proof.")
    crumbs = (IDEAS, Crumb(gettext_lazy("Exceptional service")))
    table_class = ServiceCaseTable
    filterset_class = ServiceCaseFilter
    action = Action(gettext_lazy("Propose a case"), reverse_lazy("qa:case_new"), "plus", "ideas.review")
    empty_text = gettext_lazy("Both sides propose cases; the client approves them, and they count for the agent.")
    empty_action = action

    def get_rows(self, scope: Scope) -> Any:
        return selectors.service_case_list(scope=scope)


class IdeaCounts(_TabbedList):
    """What each agent brought in each month of the last year; later appraisal reads the same figures."""

    name = tab = "idea_counts"
    title = gettext_lazy("Ideas and exceptional service by agent and month")
    crumbs = (IDEAS, Crumb(gettext_lazy("By agent and month")))
    table_class = IdeaCountTable
    empty_text = gettext_lazy("Counted once an agent’s idea is adopted or a case is approved.")

    def get_rows(self, scope: Scope) -> Any:
        today = local_day(scope.at, zone_of(scope))
        first = date(today.year - 1, today.month, 1)
        after = date(today.year + today.month // 12, today.month % 12 + 1, 1)
        return sorted(
            selectors.idea_facts(scope=scope, first=first, until=after), key=lambda facts: facts.month, reverse=True
        )


class IdeaNew(FormPage):
    """Send an idea."""

    permission = "ideas.send"
    form_class = IdeaForm
    title = gettext_lazy("Send an idea")
    submit_label = gettext_lazy("Send")
    done = gettext_lazy("Sent. You are told what is decided.")

    def save(self, scope: Scope, row: Any, form: Any) -> Idea:
        return services.idea_send(scope=scope, values=form.cleaned_data)

    def get_done_url(self, saved: Idea) -> str:
        return idea_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"crumbs": (IDEAS, Crumb(self.title)), "cancel_url": IDEAS.url}


@require_safe
def idea_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one idea with its decision."""
    scope = scope_of(request)
    idea = selectors.idea_get(scope=scope, uuid=uuid)
    zone = zone_of(scope)
    facts = [
        Fact(_("Author"), idea.author_name),
        Fact(_("About"), idea.get_topic_display()),
        Fact(_("Sent"), formats.moment_text(idea.sent_at, zone)),
        Fact(_("Decided by"), scope.called(idea.decided_by, idea.decided_side) or ui.missing(_("nobody yet"))),
        Fact(_("Used from"), formats.day_text(idea.adopted_on) if idea.adopted_on else ui.missing(_("not yet"))),
    ]
    if scope.is_client:
        facts.insert(0, Fact(_("Vendor"), idea.vendor.name))
    may = scope.can("ideas.review") and idea.author_id != scope.user_id and IDEA_STEPS[idea.state]
    context = {
        "crumbs": (IDEAS, Crumb(str(idea))),
        "title": idea.title,
        "title_badge": ui.badge(IDEA_TONES[IdeaState(idea.state)], idea.get_state_display()),
        "action": Action(_("Decide"), reverse("qa:idea_decide", args=[uuid])) if may else None,
        "facts": facts,
        "text": idea.text,
        "decision": idea.decision,
        "effect": idea.effect,
        "object_type": "idea",
        "uuid": uuid,
        "zone": zone,
        "has_history": scope.agent_id is None,
    }
    return render(request, "qa/idea_detail.html", context)


class IdeaDecide(FormPage):
    """Accept, adopt or decline an idea."""

    permission = "ideas.review"
    title = gettext_lazy("Decide on the idea")
    submit_label = gettext_lazy("Decide")
    done = gettext_lazy("Decided; the author is told.")

    def get_row(self, scope: Scope) -> Idea:
        idea = selectors.idea_get(scope=scope, uuid=self.kwargs["uuid"])
        if not IDEA_STEPS[idea.state]:
            raise Conflict("wrong_state", _("This idea was decided already."))
        return idea

    def get_form(self, scope: Scope, row: Idea, data: Any = None) -> BaseForm:
        return IdeaDecisionForm(data, idea=row)

    def save(self, scope: Scope, row: Idea, form: Any) -> Idea:
        given = {name: value for name, value in form.cleaned_data.items() if name != EXPECTED}
        return services.idea_decide(scope=scope, uuid=row.uuid, expected_version=form.cleaned_data[EXPECTED], **given)

    def get_done_url(self, saved: Idea) -> str:
        return idea_url(saved)

    def get_context(self, scope: Scope, row: Idea) -> dict[str, Any]:
        page = Crumb(str(row), idea_url(row))
        return {"crumbs": (IDEAS, page, Crumb(self.title)), "cancel_url": page.url, "intro": row.title}


class CaseNew(FormPage):
    """Propose a case of exceptional service; a call's page hands over the call."""

    permission = "ideas.review"
    title = gettext_lazy("Propose exceptional service")
    submit_label = gettext_lazy("Propose")
    done = gettext_lazy("Proposed; the client decides.")

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        initial = {name: self.request.GET[name] for name in ("contract", "reference") if self.request.GET.get(name)}
        return ServiceCaseForm(data, scope=scope, today=local_day(scope.at, zone_of(scope)), initial=initial)

    def save(self, scope: Scope, row: Any, form: Any) -> ServiceCase:
        return services.service_case_propose(scope=scope, values=form.values)

    def get_done_url(self, saved: ServiceCase) -> str:
        return case_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"crumbs": (IDEAS, CASES, Crumb(self.title)), "cancel_url": CASES.url}


@require_safe
def case_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one case with what proves it."""
    scope = scope_of(request)
    case = selectors.service_case_get(scope=scope, uuid=uuid)
    proof: Any = case.reference
    if case.kind == Kind.CALL and scope.can("calls.view"):
        url = reverse("calls:detail", args=[case.contract.uuid, case.reference])
        proof = format_html('<a href="{}">{}</a>', url, case.reference)
    facts = [
        Fact(_("Agent"), case.agent.name),
        Fact(_("Day"), formats.day_text(case.happened_on)),
        Fact(_("Proved by"), format_html("{} {}", PROOFS[case.kind], proof)),
        Fact(_("Proposed by"), scope.called(case.proposed_by, case.proposed_side)),
        Fact(_("Decided by"), scope.called(case.decided_by, "client") or ui.missing(_("nobody yet"))),
    ]
    if scope.is_client:
        facts.insert(0, Fact(_("Vendor"), case.vendor.name))
    may = scope.is_client and scope.can("ideas.review") and case.state == CaseState.PROPOSED
    may = may and case.proposed_by_id != scope.user_id
    context = {
        "crumbs": (IDEAS, CASES, Crumb(str(case))),
        "title": case.title,
        "title_badge": ui.badge(CASE_TONES[CaseState(case.state)], case.get_state_display()),
        "action": Action(_("Decide"), reverse("qa:case_decide", args=[uuid])) if may else None,
        "facts": facts,
        "text": case.text,
        "decision": case.decision,
        "effect": "",
        "object_type": "servicecase",
        "uuid": uuid,
        "zone": case.contract.zone,
        "has_history": scope.agent_id is None,
    }
    return render(request, "qa/idea_detail.html", context)


class CaseDecide(FormPage):
    """Approve or decline a case, as the client."""

    permission = "ideas.review"
    title = gettext_lazy("Decide on the case")
    submit_label = gettext_lazy("Decide")
    done = gettext_lazy("Decided.")

    def get_row(self, scope: Scope) -> ServiceCase:
        case = selectors.service_case_get(scope=scope, uuid=self.kwargs["uuid"])
        if case.state != CaseState.PROPOSED:
            raise Conflict("wrong_state", _("This case was decided already."))
        if not scope.is_client:
            raise Conflict("client_only", _("The client decides on cases of exceptional service."))
        return case

    def get_form(self, scope: Scope, row: ServiceCase, data: Any = None) -> BaseForm:
        return CaseDecisionForm(data, case=row)

    def save(self, scope: Scope, row: ServiceCase, form: Any) -> ServiceCase:
        given = form.cleaned_data
        return services.service_case_decide(
            scope=scope,
            uuid=row.uuid,
            expected_version=given[EXPECTED],
            is_approved=given["is_approved"],
            decision=given["decision"],
        )

    def get_done_url(self, saved: ServiceCase) -> str:
        return case_url(saved)

    def get_context(self, scope: Scope, row: ServiceCase) -> dict[str, Any]:
        page = Crumb(str(row), case_url(row))
        return {"crumbs": (IDEAS, CASES, page, Crumb(self.title)), "cancel_url": page.url, "intro": row.title}
