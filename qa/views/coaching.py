"""Coaching: what agents practice after an evaluation, what came of it, and the call that shows it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.calc.access import fields_readable
from calls import selectors as calls
from calls.calc.canonical import Outcome
from calls.models import Call
from core import formats
from core.components import Action, Crumb, Fact
from core.errors import Conflict
from core.filters import Chip
from core.forms import EXPECTED, FormPage
from core.http import scope_of
from core.lists import ListPage
from core.periods import local_day
from core.scope import Scope
from core.templatetags import ui
from qa import selectors, services
from qa.calc.states import TOLD, State
from qa.filters.evaluations import CoachingFilter
from qa.forms import ChooseForm, CoachingForm, OutcomeForm
from qa.models import CoachingTask, Evaluation
from qa.selectors import person_told
from qa.tables.evaluations import CoachingTable, coaching_url, evaluation_url, score_shown
from qa.views.lists import EVALUATIONS

COACHING = Crumb(gettext_lazy("Coaching"), reverse_lazy("qa:coaching_list"))
# A task is given for two weeks unless somebody says otherwise.
USUAL_DAYS = 14
CALLS_OFFERED = 30


class CoachingList(ListPage):
    """Coaching tasks, what is due first; an agent's own."""

    name = "coaching"
    title = gettext_lazy("Coaching")
    intro = gettext_lazy("What agents practice after an evaluation, until when, and the later call that shows it.")
    permission = "qa.view"
    crumbs = (Crumb(gettext_lazy("Coaching")),)
    table_class = CoachingTable
    filterset_class = CoachingFilter
    empty_text = gettext_lazy("Tasks are given from a released evaluation that lost points.")
    empty_action = Action(gettext_lazy("To the evaluations"), reverse_lazy("qa:evaluation_list"), "list-check")

    def get_rows(self, scope: Scope) -> Any:
        return selectors.coaching_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        readable = fields_readable(scope.role, scope.side, "coaching_task") | {"state"}
        return sorted(set(CoachingTable.base_columns) - readable | (set() if scope.is_client else {"vendor"}))

    def get_context(self, scope: Scope) -> dict[str, Any]:
        return {"is_filtered": selectors.coaching_list(scope=scope).exists()}

    def _filtered(self, request: HttpRequest, scope: Scope) -> tuple[Any, Any, list[Chip]]:
        rows, filterset, chips = super()._filtered(request, scope)
        if request.GET.get("state", "open") == "open":
            chips = [chip for chip in chips if chip.name != "state"]
        return rows, filterset, chips


@require_safe
def coaching_detail(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Show one task: what is practiced, why, and what came of it."""
    scope = scope_of(request)
    scope.require("qa.view")
    task = selectors.coaching_get(scope=scope, uuid=uuid)
    return render(request, "qa/coaching.html", _context(scope, task))


def _context(scope: Scope, task: CoachingTask) -> dict[str, Any]:
    zone = task.evaluation.contract.zone
    evaluation = selectors.evaluation_list(scope=scope).filter(pk=task.evaluation_id).first()
    again = selectors.evaluation_list(scope=scope).filter(pk=task.again_id).first() if task.again_id else None
    texts = {q.key: q.text for q in selectors.questions_of(task.evaluation.form).questions}
    late = task.done_at is None and task.due_on < local_day(scope.at, zone)
    if task.done_at is not None:
        badge = ui.badge("good", _("ended"))
    else:
        badge = ui.badge("bad", _("overdue")) if late else ui.badge("info", _("to be done"))
    facts = [
        Fact(_("Agent"), task.agent.name),
        Fact(_("Until"), formats.day_text(task.due_on)),
        Fact(_("Given by"), person_told(scope, task.made_by, task.made_side)),
    ]
    if task.done_at is not None:
        facts.append(Fact(_("Ended by"), person_told(scope, task.done_by, task.done_side)))
    is_own = scope.agent_id is not None and scope.agent_id == task.agent_id
    return {
        "title": _("Coaching of %(name)s") % {"name": task.agent.name},
        "title_badge": badge,
        "crumbs": (COACHING, Crumb(task.agent.name)),
        "task": task,
        "zone": zone,
        "facts": facts,
        "questions": [texts.get(key, key) for key in task.questions],
        "evaluation": evaluation,
        "score": score_shown(evaluation) if evaluation else "",
        "again": again,
        "again_score": score_shown(again) if again else "",
        "may_end": scope.can("qa.coach") and not is_own and task.done_at is None,
        "may_choose": scope.can("qa.evaluate") and task.again_id is None,
    }


class CoachingGive(FormPage):
    """Give the agent of a released evaluation something to practice."""

    permission = "qa.coach"
    title = gettext_lazy("Give a coaching task")
    intro = gettext_lazy("The agent is told, and a call taken afterwards shows what came of it.")
    submit_label = gettext_lazy("Give the task")
    done = gettext_lazy("Given.")

    def get_row(self, scope: Scope) -> Evaluation:
        evaluation = selectors.evaluation_get(scope=scope, uuid=self.kwargs["uuid"])
        if State(evaluation.state) not in TOLD:
            raise Conflict("wrong_state", _("Release the evaluation first: nobody learns from what it was not told."))
        return evaluation

    def get_form(self, scope: Scope, row: Evaluation, data: Any = None) -> BaseForm:
        lost = set(services.score_read(row).lost)
        questions = [(q.key, q.text) for q in selectors.questions_of(row.form).questions if q.key in lost]
        due_on = local_day(scope.at, row.contract.zone) + timedelta(days=USUAL_DAYS)
        return CoachingForm(data, lost=questions, initial={"due_on": due_on})

    def save(self, scope: Scope, row: Evaluation, form: Any) -> CoachingTask:
        values = form.cleaned_data
        return services.coaching_give(
            scope=scope,
            evaluation=row.uuid,
            text=values["text"],
            due_on=values["due_on"],
            questions=values.get("questions") or (),
        )

    def get_done_url(self, saved: CoachingTask) -> str:
        return coaching_url(saved)

    def get_context(self, scope: Scope, row: Evaluation) -> dict[str, Any]:
        page = Crumb(str(row), evaluation_url(row))
        return {"crumbs": (EVALUATIONS, page, Crumb(self.title)), "cancel_url": page.url}


class CoachingEnd(FormPage):
    """Enter what came of a task."""

    permission = "qa.coach"
    title = gettext_lazy("End the task")
    submit_label = gettext_lazy("End the task")
    done = gettext_lazy("Ended.")

    def get_row(self, scope: Scope) -> CoachingTask:
        return selectors.coaching_get(scope=scope, uuid=self.kwargs["uuid"])

    def get_form(self, scope: Scope, row: CoachingTask, data: Any = None) -> BaseForm:
        return OutcomeForm(data, version=row.version)

    def save(self, scope: Scope, row: CoachingTask, form: Any) -> CoachingTask:
        values = form.cleaned_data
        return services.coaching_end(
            scope=scope, uuid=row.uuid, expected_version=values[EXPECTED], outcome=values["outcome"]
        )

    def get_done_url(self, saved: CoachingTask) -> str:
        return coaching_url(saved)

    def get_context(self, scope: Scope, row: CoachingTask) -> dict[str, Any]:
        page = Crumb(row.agent.name, coaching_url(row))
        return {"crumbs": (COACHING, page, Crumb(self.title)), "cancel_url": page.url}


class CoachingAgain(FormPage):
    """Choose a call that the agent took after the task was given, to be evaluated."""

    permission = "qa.evaluate"
    title = gettext_lazy("Evaluate again")
    intro = gettext_lazy(
        "Choose a call that the agent took after the task was given; it counts in no figure of a group."
    )
    submit_label = gettext_lazy("Choose this call")
    done = gettext_lazy("Chosen. It waits to be evaluated.")

    def get_row(self, scope: Scope) -> CoachingTask:
        return selectors.coaching_get(scope=scope, uuid=self.kwargs["uuid"])

    def get_form(self, scope: Scope, row: CoachingTask, data: Any = None) -> BaseForm:
        self.offered = calls_after(scope, row)
        zone = row.evaluation.contract.zone
        offered = [
            (call.external_id, f"{formats.moment_text(call.offered_at, zone)} · {call.external_id}")
            for call in self.offered
        ]
        # Not a button for nothing: the same questions again unless another form is asked for.
        return ChooseForm(
            data, offered=offered, by=forms_of(scope, row.vendor_id), initial={"form": row.evaluation.form.code}
        )

    def save(self, scope: Scope, row: CoachingTask, form: Any) -> Evaluation:
        call = next(one for one in self.offered if one.external_id == form.cleaned_data["call"])
        return services.evaluation_choose(
            scope=scope, call=call, form=form_named(scope, row.vendor_id, form.cleaned_data["form"]), coaching=row.uuid
        )

    def get_done_url(self, saved: Evaluation) -> str:
        return evaluation_url(saved)

    def get_context(self, scope: Scope, row: CoachingTask) -> dict[str, Any]:
        page = Crumb(row.agent.name, coaching_url(row))
        return {"crumbs": (COACHING, page, Crumb(self.title)), "cancel_url": page.url}


def calls_after(scope: Scope, task: CoachingTask) -> list[Call]:
    """Return calls that the agent of a task took after it was given, the newest first."""
    rows = calls.call_list(scope=scope).filter(
        vendor_id=task.vendor_id,
        agent_id=task.agent_id,
        outcome=Outcome.ANSWERED,
        offered_at__gt=task.made_at,
        offered_at__lte=scope.at,
    )
    return list(rows[:CALLS_OFFERED])


def forms_of(scope: Scope, vendor_id: int) -> list[tuple[str, str]]:
    """Return the forms in use at a vendor, as choices."""
    rows = selectors.form_list(scope=scope).filter(vendor_id=vendor_id, is_live=True)
    return [(row.code, str(row)) for row in rows]


def form_named(scope: Scope, vendor_id: int, code: str) -> Any:
    """Return the form of a code that is in use at a vendor."""
    return selectors.form_live(scope=scope, vendor_id=vendor_id, code=code)
