"""The list of incidents, and one with its clocks, its log and what happens now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.calc.access import fields_readable
from core.components import Action, Crumb, Event, Fact, Next
from core.http import scope_of, zone_of
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui
from sla import selectors
from sla.calc.incidents import OPEN_STATES, Clock, Severity, State, Step, steps_from
from sla.models import Incident
from sla.models.incidents import SYSTEM_LABELS
from sla.tables import IncidentFilter, IncidentTable
from sla.wording import (
    CLOCKS,
    NOW,
    RELIEF,
    SEVERITIES,
    STATES,
    STEPS,
    VERDICT_TONES,
    entry_words,
    reading_words,
)

INCIDENTS = Crumb(gettext_lazy("Incidents"), reverse_lazy("sla:incident_list"))
# Steps that need no word: a button is enough.
PLAIN = (Step.ACKNOWLEDGE, Step.CLOSE, Step.FAIL_AGAIN)
ENTRIES_SHOWN = 200


def incident_url(incident: Incident) -> str:
    """Return an incident's page."""
    return reverse("sla:incident_detail", args=[incident.uuid])


class IncidentList(ListPage):
    """The incidents that the caller may see, with live clocks."""

    name = "incidents"
    title = gettext_lazy("Incidents")
    intro = gettext_lazy(
        "Failures of the service: located and restored in time by the contract, day and night. Both clocks start "
        "when the incident is raised."
    )
    permission = "incidents.view"
    crumbs = (Crumb(gettext_lazy("Incidents")),)
    table_class = IncidentTable
    filterset_class = IncidentFilter
    template_name = "sla/incident_list.html"
    action = Action(
        gettext_lazy("Raise an incident"), reverse_lazy("sla:incident_new"), "alert-triangle", "incidents.raise"
    )
    menu = (
        Action(gettext_lazy("Contingency plans"), reverse_lazy("sla:plan_list"), "clipboard-list", "plans.view"),
        Action(gettext_lazy("Drills"), reverse_lazy("sla:drill_list"), "target", "inspections.view"),
    )
    empty_text = gettext_lazy("No failure was raised. If calls are cut or a system is gone, raise it here at once.")
    empty_action = action

    def get_rows(self, scope: Scope) -> QuerySet[Incident]:
        return selectors.incident_list_with_queues(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        readable = fields_readable(scope.role, scope.side, "incident")
        hidden = [] if "counts_for_relief" in readable else ["counts_for_relief"]
        return hidden if scope.is_client else [*hidden, "vendor"]


class IncidentDetail(View):
    """One incident."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Show it; the part with the clocks asks again by itself while one of them runs."""
        scope = scope_of(request)
        scope.require("incidents.view")
        incident = selectors.incident_get(scope=scope, uuid=uuid)
        readable = fields_readable(scope.role, scope.side, "incident")
        zone = zone_of(scope)
        word, tone = STATES[State(incident.state)]
        context = {
            "incident": incident,
            "readable": readable,
            "zone": zone,
            "title": f"#{incident.number} {incident.title}",
            "title_badge": ui.badge(tone, word),
            "crumbs": (INCIDENTS, Crumb(f"#{incident.number}")),
            "facts": _facts(scope, incident, readable),
            "next": _next(scope, incident, zone),
            "menu": _menu(scope, incident),
            "clocks": [_clock(incident, clock, scope) for clock in Clock],
            "is_open": incident.state in OPEN_STATES,
            "moments": _moments(incident, readable),
            "queues": selectors.queues_of(incident),
            "systems": [label for key, label in SYSTEM_LABELS.items() if key in incident.systems],
            "relief": RELIEF[incident.counts_for_relief],
            "plan_steps": incident.plan.steps.splitlines() if incident.plan else [],
            **_log(scope, incident),
        }
        return render(request, "sla/incident_detail.html", context)


def _facts(scope: Scope, incident: Incident, readable: frozenset[str]) -> list[Fact]:
    word, tone = SEVERITIES[Severity(incident.severity)]
    facts = [Fact(_("Severity"), ui.badge(tone, word))]
    if scope.is_client:
        url = reverse("vendors:vendor_detail", args=[incident.vendor.uuid])
        facts.insert(0, Fact(_("Vendor"), format_html('<a href="{}">{}</a>', url, incident.vendor)))
    if "raised_by" in readable:
        facts.append(Fact(_("Raised by"), scope.called(incident.raised_by, incident.raised_side)))
    if "cause_class" in readable:
        facts.append(Fact(_("Cause"), incident.get_cause_class_display() or ui.missing(_("not known yet"))))
    return facts


def _clock(incident: Incident, clock: Clock, scope: Scope) -> dict[str, Any]:
    reading = incident.reading(clock, scope.at)
    return {
        "name": CLOCKS[clock],
        "badge": ui.badge(VERDICT_TONES[reading.verdict], reading_words(reading), "clock"),
        "tone": VERDICT_TONES[reading.verdict],
        "elapsed": min(reading.elapsed_seconds, reading.limit_seconds),
        "elapsed_seconds": reading.elapsed_seconds,
        "limit": reading.limit_seconds,
        "due_at": reading.due_at,
        "stopped_at": reading.stopped_at,
    }


def _moments(incident: Incident, readable: frozenset[str]) -> list[tuple[Any, Any]]:
    names = ("raised_at", "acknowledged_at", "located_at", "restored_at", "closed_at", "reviewed_at")
    return [
        (getattr(incident._meta.get_field(name), "verbose_name", name), getattr(incident, name))
        for name in names
        if name in readable
    ]


def step_action(incident: Incident, step: Step) -> Action:
    """Return the button of a step; it carries the version that the person saw."""
    label = STEPS[step][0]
    url = f"{reverse('sla:incident_step', args=[incident.uuid, step.value])}?version={incident.version}"
    questions = {
        Step.CLOSE: _("Close incident #%(number)s?"),
        Step.FAIL_AGAIN: _("Report that #%(number)s failed again?"),
    }
    confirm = questions[step] % {"number": incident.number} if step in questions else ""
    return Action(label, url, "", "incidents.step", post=step in PLAIN, confirm=confirm)


def _next(scope: Scope, incident: Incident, zone: str) -> Next:
    state = State(incident.state)
    step, text = NOW[state]
    # The step forward is the primary one.
    steps = list(reversed(steps_from(state)))
    if state is State.CLOSED and not scope.can("incidents.judge"):
        steps.remove(Step.FAIL_AGAIN)
    actions = [step_action(incident, each) for each in steps] if scope.can("incidents.step") else []
    due = {State.RAISED: Clock.LOCATE, State.ACKNOWLEDGED: Clock.LOCATE, State.LOCATED: Clock.RESTORE}.get(state)
    return Next(
        step=step,
        text=text,
        who="" if actions or not steps else _("a supervisor or manager"),
        due_at=incident.reading(due, scope.at).due_at if due else None,
        actions=actions,
        tone=STATES[state][1],
        zone=zone,
    )


def _menu(scope: Scope, incident: Incident) -> list[Action]:
    links = [
        Action(
            _("Change what is affected"),
            reverse("sla:incident_affected", args=[incident.uuid]),
            "edit",
            "incidents.step" if incident.counts_for_relief is None else "incidents.judge",
        ),
        Action(
            _("Correct when callers were affected"),
            reverse("sla:incident_window", args=[incident.uuid]),
            "clock",
            "incidents.judge",
        ),
    ]
    if incident.restored_at is not None:
        url = reverse("sla:incident_relief", args=[incident.uuid])
        links.append(Action(_("Decide on relief"), url, "scale", "incidents.judge"))
    return [action for action in links if scope.can(action.permission)]


def _log(scope: Scope, incident: Incident) -> dict[str, Any]:
    """Return the log as the history component draws it; agents are not told it."""
    if "text" not in fields_readable(scope.role, scope.side, "incident_entry"):
        return {"has_log": False}
    events = []
    for entry in selectors.entry_list(scope=scope, incident=incident)[:ENTRIES_SHOWN]:
        deed, text = entry_words(entry)
        who = "Callsteward" if entry.kind == "alert" else scope.called(entry.actor, entry.side)
        events.append(Event(entry.at, who, f"{deed}: {text}" if text else deed))
    return {"has_log": True, "events": events}
