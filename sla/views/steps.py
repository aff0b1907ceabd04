"""The forms of an incident: raising it, its steps, its log, and what the client decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.components import Crumb
from core.errors import Conflict, NotFound
from core.forms import FormPage
from core.http import scope_of, zone_of
from core.scope import Scope
from sla import forms, selectors, services
from sla.calc.incidents import State, Step, next_state
from sla.models import Incident
from sla.services.incidents import TOLD
from sla.views.incidents import INCIDENTS, PLAIN, incident_url
from sla.wording import STEPS
from vendors import selectors as vendors
from vendors.models import Vendor


def seen_version(request: HttpRequest) -> int | None:
    """Return the version of the row that the person saw, as the address of a button carries it."""
    text = request.GET.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def vendor_settled(request: HttpRequest, scope: Scope) -> Vendor | None:
    """Return whose thing a new one is, if that is settled by who asks or by the address."""
    if not scope.is_client:
        return vendors.vendor_of_id(scope=scope, vendor_id=scope.organization_id)
    return vendors.vendor_named(scope=scope, text=request.GET.get("vendor", ""))


class IncidentNew(FormPage):
    """Raise an incident."""

    permission = "incidents.raise"
    title = gettext_lazy("Raise an incident")
    intro = gettext_lazy("Both clocks start when you send this. More can be added later; say at once what you know.")
    submit_label = gettext_lazy("Raise it")
    done = gettext_lazy("Raised; the clocks are running.")

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        vendor = vendor_settled(self.request, scope)
        return forms.RaiseForm(data=data, scope=scope, vendor=vendor, zone=zone_of(scope))

    def save(self, scope: Scope, row: Any, form: Any) -> Incident:
        vendor: Any = form.cleaned_data.get("vendor") or vendor_settled(self.request, scope)
        return services.incident_raise(scope=scope, vendor_id=vendor.pk, **form.values)

    def get_done_url(self, saved: Incident) -> str:
        return incident_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {"crumbs": (INCIDENTS, Crumb(self.title)), "cancel_url": INCIDENTS.url}


class IncidentFormPage(FormPage):
    """Base of the forms of one incident."""

    def get_row(self, scope: Scope) -> Incident:
        return selectors.incident_get(scope=scope, uuid=self.kwargs["uuid"])

    def get_done_url(self, saved: Incident) -> str:
        return incident_url(saved)

    def seen(self, row: Incident) -> int:
        """Return the version that the change builds on."""
        return seen_version(self.request) or row.version

    def get_context(self, scope: Scope, row: Incident) -> dict[str, Any]:
        page = Crumb(f"#{row.number}", incident_url(row))
        return {"crumbs": (INCIDENTS, page, Crumb(self.title)), "cancel_url": page.url}


class IncidentStep(IncidentFormPage):
    """Take a step; plain ones need nothing but the button."""

    permission = "incidents.step"

    def get_row(self, scope: Scope) -> Incident:
        row = super().get_row(scope)
        if self.kwargs["step"] not in set(Step):
            raise NotFound
        self.step = Step(self.kwargs["step"])
        self.title, self.done = STEPS[self.step]
        self.submit_label = self.title
        if next_state(State(row.state), self.step) is None:
            raise Conflict("wrong_state", _("This step cannot be taken from here; look where it stands."))
        return row

    def get_form(self, scope: Scope, row: Incident, data: Any = None) -> BaseForm:
        names = TOLD.get(self.step, ()) if self.step not in PLAIN else ()
        return forms.StepForm(data=data, scope=scope, incident=row, step=self.step, names=names)

    def save(self, scope: Scope, row: Incident, form: Any) -> Incident:
        return services.incident_step(
            scope=scope,
            uuid=row.uuid,
            step=self.step,
            expected_version=seen_version(self.request),
            note=form.cleaned_data["note"],
            told=form.told,
        )


class IncidentAffected(IncidentFormPage):
    """Say anew what is affected."""

    permission = "incidents.step"
    title = gettext_lazy("Change what is affected")

    def get_form(self, scope: Scope, row: Incident, data: Any = None) -> BaseForm:
        queues = [queue.uuid for queue in selectors.queues_of(row)]
        initial = {"systems": row.systems, "queues": queues}
        return forms.AffectedForm(data=data, scope=scope, vendor=row.vendor, initial=initial)

    def save(self, scope: Scope, row: Incident, form: Any) -> Incident:
        return services.incident_set_affected(
            scope=scope, uuid=row.uuid, expected_version=self.seen(row), **form.values
        )


class IncidentWindow(IncidentFormPage):
    """Correct when callers felt it."""

    permission = "incidents.judge"
    title = gettext_lazy("Correct when callers were affected")
    intro = gettext_lazy("The clocks keep their own moments; this is for the half-hours that can be relieved.")

    def get_form(self, scope: Scope, row: Incident, data: Any = None) -> BaseForm:
        names = ("affected_from", "affected_until", "affected_reason")
        initial = {name: getattr(row, name) for name in names}
        return forms.WindowForm(data=data, zone=zone_of(scope), initial=initial)

    def save(self, scope: Scope, row: Incident, form: Any) -> Incident:
        values = form.cleaned_data
        return services.incident_correct_window(
            scope=scope,
            uuid=row.uuid,
            expected_version=self.seen(row),
            affected_from=values["affected_from"],
            affected_until=values["affected_until"],
            reason=values["affected_reason"],
        )


class IncidentRelief(IncidentFormPage):
    """Decide whether it relieves the vendor."""

    permission = "incidents.judge"
    title = gettext_lazy("Decide on relief")
    intro = gettext_lazy("If it counts, the half-hours of the affected queues are left out of what the vendor owes.")

    def get_form(self, scope: Scope, row: Incident, data: Any = None) -> BaseForm:
        chosen = {True: "yes", False: "no", None: None}[row.counts_for_relief]
        return forms.ReliefForm(data=data, initial={"counts": chosen, "relief_reason": row.relief_reason})

    def save(self, scope: Scope, row: Incident, form: Any) -> Incident:
        return services.incident_judge(
            scope=scope,
            uuid=row.uuid,
            expected_version=self.seen(row),
            counts=form.cleaned_data["counts"],
            reason=form.cleaned_data["relief_reason"],
        )


@require_POST
def incident_note(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add a line to the log."""
    services.incident_note(scope=scope_of(request), uuid=uuid, text=request.POST.get("text", ""))
    messages.success(request, _("Written into the log."))
    return redirect(reverse("sla:incident_detail", args=[uuid]) + "#log")
