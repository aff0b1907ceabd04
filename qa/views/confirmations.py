"""Read and confirmed: asking agents, who has and who has not, the reminder, and the agent's own confirmation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core import formats
from core.components import Action, Crumb
from core.forms import FormPage
from core.http import scope_of
from core.lists import ListPage
from core.scope import Scope
from qa import selectors, services
from qa.filters.confirmations import AskedAgentFilter, RoundFilter
from qa.forms.confirmations import AskForm
from qa.models import ConfirmationRound
from qa.selectors import Confirmed
from qa.tables.confirmations import AskedAgentTable, RoundTable, confirmed_shown
from qa.tables.scripts import script_url
from qa.views.scripts import SCRIPTS
from vendors import selectors as vendors
from vendors.models import Agent

ROUNDS = Crumb(gettext_lazy("Read and confirmed"), reverse_lazy("qa:round_list"))
DAYS = 7


class RoundList(ListPage):
    """Every round of confirmation, and how far it is."""

    name = "script-confirmations"
    title = gettext_lazy("Read and confirmed")
    intro = gettext_lazy("Which agents were asked to read a script, and how many of them confirmed that they did.")
    permission = "agents.view"
    crumbs = (SCRIPTS, Crumb(gettext_lazy("Read and confirmed")))
    table_class = RoundTable
    filterset_class = RoundFilter
    template_name = "qa/plain_list.html"
    empty_text = gettext_lazy("Open a script that is in use and ask agents to confirm it.")
    empty_action = Action(gettext_lazy("Scripts"), reverse_lazy("qa:script_list"), "file-text")

    def get_rows(self, scope: Scope) -> QuerySet[ConfirmationRound]:
        return selectors.round_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.is_client else ["vendor"]


class AgentList(ListPage):
    """Who was asked to confirm one version, and who did."""

    name = "script-confirmed"
    permission = "agents.view"
    table_class = AskedAgentTable
    filterset_class = AskedAgentFilter
    template_name = "qa/plain_list.html"
    empty_text = gettext_lazy("No active agent is asked to confirm this version.")

    def get_rows(self, scope: Scope) -> QuerySet[Agent]:
        self.asked = selectors.round_get(scope=scope, uuid=self.kwargs["uuid"])
        return selectors.agents_asked(scope=scope, asked=self.asked)

    def get_context(self, scope: Scope) -> dict[str, Any]:
        script = self.asked.script
        found = selectors.rounds_confirmed(scope=scope, rounds=[self.asked]).get(self.asked.pk, Confirmed())
        words = _("%(confirmed)s confirmed, until %(day)s.")
        action = None
        if scope.can("scripts.edit") and script.is_usable(scope.at) and found.confirmed < found.asked:
            url = reverse("qa:confirmation_remind", args=[script.uuid])
            action = Action(_("Remind those who have not"), url, "bell", post=True)
        return {
            "title": _("Who has read %(script)s") % {"script": script},
            "intro": words % {"confirmed": confirmed_shown(found), "day": formats.day_text(self.asked.due_on)},
            "crumbs": (SCRIPTS, ROUNDS, Crumb(str(script), script_url(script)), Crumb(_("Confirmations"))),
            "action": action,
        }


class AskPage(FormPage):
    """Ask agents to confirm a version."""

    permission = "scripts.edit"
    submit_label = gettext_lazy("Ask")
    done = gettext_lazy("They are asked; who can sign in is told.")

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        self.script = selectors.script_get(scope=scope, uuid=self.kwargs["uuid"])
        asked = selectors.round_of(scope=scope, script=self.script)
        agents = vendors.agent_list(scope=scope).filter(vendor_id=self.script.vendor_id, is_active=True)
        teams = sorted(team for team in set(agents.values_list("team", flat=True)) if team)
        initial: dict[str, Any] = {"due_on": scope.at.date() + timedelta(days=DAYS)}
        if asked is not None:
            initial = {"due_on": asked.due_on, "teams": asked.teams}
        return AskForm(data=data, teams=teams, initial=initial)

    def save(self, scope: Scope, row: Any, form: Any) -> ConfirmationRound:
        values = form.cleaned_data
        return services.confirmation_ask(
            scope=scope, uuid=self.script.uuid, teams=values.get("teams", []), due_on=values["due_on"]
        )

    def get_done_url(self, saved: ConfirmationRound) -> str:
        return reverse("qa:confirmation_list", args=[saved.script.uuid])

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        page = Crumb(str(self.script), script_url(self.script))
        return {
            "title": _("Ask agents to confirm %(script)s") % {"script": self.script},
            "intro": _("Each finds it on the page of scripts. A later version asks the same teams again by itself."),
            "crumbs": (SCRIPTS, page, Crumb(_("Ask to confirm"))),
            "cancel_url": page.url,
        }


@require_POST
def remind(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Tell those who have not confirmed once more."""
    told = services.confirmation_remind(scope=scope_of(request), uuid=uuid)
    messages.success(request, _("Reminded: %(count)s") % {"count": formats.count_text(told)})
    return redirect("qa:confirmation_list", uuid=uuid)


@require_POST
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Confirm, as an agent, that one has read a version."""
    services.script_confirm(scope=scope_of(request), uuid=uuid)
    messages.success(request, _("Confirmed; thank you for reading."))
    return redirect("qa:script_read", uuid=uuid)
