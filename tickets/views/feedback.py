"""What customers said: the list, one voice with its clock, a new one, and every step until the customer knows."""

from __future__ import annotations

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

from accounts.calc.access import fields_readable
from core.components import Action, Crumb, Fact, Next
from core.errors import Conflict, NotFound
from core.filters import Chip
from core.forms import EXPECTED, FormPage
from core.http import scope_of
from core.lists import ListPage
from core.scope import Scope
from core.templatetags import ui
from tickets import selectors, services
from tickets.calc.feedback import OPEN, ROUTE_WITHIN, Step, Verdict
from tickets.filters import OPEN_GROUP, FeedbackFilter
from tickets.forms import FeedbackForm, FeedbackStepForm
from tickets.models import Feedback, FeedbackState, Ticket
from tickets.tables import FeedbackTable, feedback_url, ticket_url
from tickets.views.opening import call_asked, contract_of_call
from tickets.wording import FEEDBACK_NOW, FEEDBACK_STEPS, FEEDBACK_TONES, routing_badge

FEEDBACK = Crumb(gettext_lazy("Feedback"), reverse_lazy("tickets:feedback_list"))
MOMENTS = ("received_at", "routed_at", "answered_at", "told_at", "closed_at")


class FeedbackList(ListPage):
    """Feedback, what waits longest for its department first; the open ones unless asked otherwise."""

    name = "feedback"
    title = gettext_lazy("Feedback")
    intro = gettext_lazy(
        "What customers say: classed, passed on to the department that owns the matter within 24 hours, answered, and "
        "closed once the customer knows."
    )
    permission = "complaints.view"
    crumbs = (Crumb(gettext_lazy("Feedback")),)
    table_class = FeedbackTable
    filterset_class = FeedbackFilter
    template_name = "tickets/feedback_list.html"
    action = Action(
        gettext_lazy("Register feedback"), reverse_lazy("tickets:feedback_create"), "plus", "complaints.edit"
    )
    menu = (
        Action(gettext_lazy("Voice of the customer"), reverse_lazy("tickets:voice"), "trending-up", "complaints.view"),
    )
    empty_text = gettext_lazy(
        "Ratings, messages and complaints come in here: by hand, from a call’s or a ticket’s page, or by another "
        "program (SMS, app, rating after the call). Each is passed on to a department within 24 hours."
    )
    empty_action = action
    empty_sample = Action(gettext_lazy("How programs send it"), reverse_lazy("api_docs"), "api")

    def get_rows(self, scope: Scope) -> Any:
        return selectors.with_pressing_first(feedback=selectors.feedback_list(scope=scope))

    def forbidden_columns(self, scope: Scope) -> list[str]:
        readable = fields_readable(scope.role, scope.side, "feedback")
        hidden = sorted(set(FeedbackTable.base_columns) - readable)
        return hidden if scope.is_client else [*hidden, "vendor"]

    def get_context(self, scope: Scope) -> dict[str, Any]:
        return {"is_filtered": selectors.feedback_list(scope=scope).exists()}

    def _filtered(self, request: HttpRequest, scope: Scope) -> tuple[Any, Any, list[Chip]]:
        rows, filterset, chips = super()._filtered(request, scope)
        if request.GET.get("state", OPEN_GROUP) == OPEN_GROUP:
            chips = [chip for chip in chips if chip.name != "state"]
        return rows, filterset, chips


@require_safe
def feedback_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one voice: what was said, how its clock stands, and what happens now."""
    scope = scope_of(request)
    feedback = selectors.feedback_get(scope=scope, uuid=uuid)
    routing = feedback.routing(scope.at)
    is_waiting = routing.verdict in (Verdict.RUNNING, Verdict.NEAR, Verdict.LATE)
    limit = int(ROUTE_WITHIN.total_seconds())
    state = ui.badge(FEEDBACK_TONES[FeedbackState(feedback.state)], feedback.get_state_display())
    complaint = ui.badge("bad", _("complaint")) if feedback.is_complaint else ""
    context = {
        "title": _("Feedback #%(number)s") % {"number": feedback.number},
        "title_badge": format_html("{} {}", state, complaint),
        "crumbs": (FEEDBACK, Crumb(f"#{feedback.number}")),
        "feedback": feedback,
        "zone": feedback.contract.zone,
        "facts": _facts(scope, feedback),
        "next": _next(scope, feedback, is_waiting=is_waiting),
        "routing": routing_badge(routing),
        "is_waiting": is_waiting,
        "used_seconds": min(max(limit - routing.seconds, 0), limit),
        "limit_seconds": limit,
        "moments": [(feedback._meta.get_field(name).verbose_name, getattr(feedback, name)) for name in MOMENTS],  # type: ignore[union-attr]
        "rating": _("%(number)s of 5") % {"number": feedback.rating} if feedback.rating else "",
    }
    return render(request, "tickets/feedback_detail.html", context)


def _facts(scope: Scope, feedback: Feedback) -> list[Fact]:
    listed: Any = feedback
    facts = [
        Fact(_("Contract"), feedback.contract.name),
        Fact(_("Came by"), feedback.get_source_display()),
        Fact(_("Class"), feedback.get_kind_display() or ui.missing(_("not classed yet"))),
        Fact(_("Owning department"), feedback.department or ui.missing(_("none yet"))),
        Fact(_("Customer"), listed.customer_masked or ui.missing(_("not known"))),
        Fact(_("Queue"), feedback.queue.name if feedback.queue else ui.missing(_("not given"))),
        Fact(_("Reason"), feedback.reason.name if feedback.reason else ui.missing(_("not given"))),
    ]
    if scope.is_client:
        facts.insert(0, Fact(_("Vendor"), feedback.vendor.name))
    if feedback.agent:
        facts.append(Fact(_("Agent"), feedback.agent.name))
    if feedback.ticket:
        link = format_html('<a href="{}">{}</a>', ticket_url(feedback.ticket), feedback.ticket)
        facts.append(Fact(_("Ticket"), link if scope.can("tickets.view") else str(feedback.ticket)))
    if feedback.call_external_id:
        call: Any = feedback.call_external_id
        if scope.can("calls.view"):
            url = reverse("calls:detail", args=[feedback.contract.uuid, feedback.call_external_id])
            call = format_html('<a href="{}">{}</a>', url, call)
        facts.append(Fact(_("Call"), call))
    if feedback.reopened_count:
        facts.append(Fact(_("Reopened"), ui.count(feedback.reopened_count)))
    return facts


def _next(scope: Scope, feedback: Feedback, *, is_waiting: bool) -> Next:
    step, text = FEEDBACK_NOW[FeedbackState(feedback.state)]
    actions = []
    if scope.can("complaints.edit"):
        actions = [
            Action(FEEDBACK_STEPS[one][0], reverse("tickets:feedback_step", args=[feedback.uuid, one.value]))
            for one in feedback.steps(is_client=scope.is_client)
        ]
    return Next(
        step=step,
        text=text,
        who="" if actions or feedback.state not in OPEN else _("a supervisor, a manager or the client"),
        due_at=feedback.route_due_at if is_waiting else None,
        actions=actions,
        tone=FEEDBACK_TONES[FeedbackState(feedback.state)],
        zone=feedback.contract.zone,
    )


class FeedbackNew(FormPage):
    """Register what a customer said: by hand, of a call, or of a ticket."""

    permission = "complaints.edit"
    title = gettext_lazy("Register feedback")
    intro = gettext_lazy(
        "A complaint, words or a rating below 4 must reach the department that owns the matter within 24 hours; the "
        "clock starts when you send this."
    )
    submit_label = gettext_lazy("Register")
    done = gettext_lazy("Registered.")
    template_name = "tickets/feedback_new.html"

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> BaseForm:
        self.call = call_asked(scope, self.request)
        self.ticket = self._ticket(scope)
        initial: dict[str, Any] = {
            name: self.request.GET[name]
            for name in ("contract", "queue", "reason", "kind")
            if self.request.GET.get(name)
        }
        origin = self.call or self.ticket
        if origin is not None and origin.reason is not None:
            initial["reason"] = origin.reason.uuid
        return FeedbackForm(data=data, initial=initial, scope=scope, is_settled=origin is not None)

    def _ticket(self, scope: Scope) -> Ticket | None:
        if not self.request.GET.get("ticket"):
            return None
        try:
            uuid = UUID(self.request.GET["ticket"])
        except ValueError:
            raise NotFound from None
        scope.require("tickets.view")
        return selectors.ticket_get(scope=scope, uuid=uuid)

    def save(self, scope: Scope, row: Any, form: Any) -> Feedback:
        if self.call is not None:
            contract = contract_of_call(scope, self.call)
        else:
            contract = self.ticket.contract if self.ticket else form.cleaned_data["contract"]
        values = form.values | ({"ticket": self.ticket} if self.ticket else {})
        customer = form.cleaned_data.get("customer", "")
        feedback, _is_new = services.feedback_register(
            scope=scope, contract=contract, values=values, customer=customer, call=self.call
        )
        return feedback

    def get_done_url(self, saved: Feedback) -> str:
        return feedback_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        zone = contract_of_call(scope, self.call).zone if self.call else ""
        return {
            "crumbs": (FEEDBACK, Crumb(self.title)),
            "cancel_url": FEEDBACK.url,
            "call": self.call,
            "ticket": self.ticket,
            "zone": zone,
        }


class FeedbackStep(FormPage):
    """Take one step with a voice."""

    permission = "complaints.edit"
    template_name = "tickets/feedback_step.html"

    def get_row(self, scope: Scope) -> Feedback:
        feedback = selectors.feedback_get(scope=scope, uuid=self.kwargs["uuid"])
        if self.kwargs["step"] not in set(Step):
            raise NotFound
        self.step = Step(self.kwargs["step"])
        self.title, self.done = FEEDBACK_STEPS[self.step]
        self.submit_label = self.title
        if self.step not in feedback.steps(is_client=scope.is_client):
            raise Conflict("wrong_state", _("This step cannot be taken from here; look where it stands."))
        return feedback

    def get_form(self, scope: Scope, row: Feedback, data: Any = None) -> BaseForm:
        return FeedbackStepForm(data, feedback=row, step=self.step, at=scope.at)

    def save(self, scope: Scope, row: Feedback, form: Any) -> Feedback:
        given = {"scope": scope, "uuid": row.uuid, "expected_version": form.cleaned_data[EXPECTED]}
        match self.step:
            case Step.CLASSIFY:
                return services.feedback_classify(**given, **form.values)
            case Step.ROUTE:
                return services.feedback_route(**given, **form.values)
            case Step.ANSWER:
                return services.feedback_answer(**given, **form.values)
            case Step.CLOSE:
                return services.feedback_close(**given, **form.values)
            case Step.REOPEN:
                return services.feedback_reopen(**given, reason=form.values["reopen_reason"])

    def get_done_url(self, saved: Feedback) -> str:
        return feedback_url(saved)

    def get_context(self, scope: Scope, row: Feedback) -> dict[str, Any]:
        page = Crumb(f"#{row.number}", feedback_url(row))
        departments = selectors.departments(scope=scope) if self.step is Step.ROUTE else []
        return {
            "crumbs": (FEEDBACK, page, Crumb(self.title)),
            "cancel_url": page.url,
            "feedback": row,
            "departments": departments,
        }
