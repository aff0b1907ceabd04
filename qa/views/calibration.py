"""Calibration sessions: the list, a new one, what a grader scores, and what the one who leads does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.components import Action, Crumb
from core.errors import Conflict, Invalid, NotFound
from core.forms import FormPage
from core.http import scope_of, zone_of
from core.lists import ListPage
from core.scope import Scope
from qa import selectors, services
from qa.filters.calibration import CalibrationFilter
from qa.forms.calibration import CalibrationForm, CallsForm, DeadlineForm
from qa.forms.sheet import SheetForm
from qa.models import Calibration, CalibrationCase, CalibrationState
from qa.services import Sheet
from qa.tables.calibration import CalibrationTable, calibration_url
from qa.views.calibration_results import detail_context

CALIBRATIONS = Crumb(gettext_lazy("Calibration"), reverse_lazy("qa:calibration_list"))


class CalibrationList(ListPage):
    """The sessions of one's own house."""

    name = "calibrations"
    title = gettext_lazy("Calibration")
    intro = gettext_lazy(
        "Several people score the same call without knowing of each other, then compare. It shows who is severe, who "
        "is lenient and which question is read in different ways. No score of an agent changes by it."
    )
    permission = "qa.compare"
    crumbs = (Crumb(gettext_lazy("Calibration")),)
    table_class = CalibrationTable
    filterset_class = CalibrationFilter
    action = Action(gettext_lazy("New session"), reverse_lazy("qa:calibration_create"), "plus", "qa.calibrate")
    menu = (Action(gettext_lazy("Graders"), reverse_lazy("qa:grader_list"), "users", "qa.compare"),)
    empty_text = gettext_lazy(
        "Sessions come here once the client begins one. Whoever is asked to score finds the call here until the "
        "deadline, and the results afterwards."
    )
    empty_action = action

    def get_rows(self, scope: Scope) -> Any:
        return selectors.calibration_list(scope=scope)

    def forbidden_columns(self, scope: Scope) -> list[str]:
        return [] if scope.is_client else ["name"]


class CalibrationNew(FormPage):
    """Begin a session, in two steps: which calls, then what each party reads and who scores."""

    permission = "qa.calibrate"
    title = gettext_lazy("New calibration session")
    submit_label = gettext_lazy("Begin blind scoring")
    done = gettext_lazy("Begun; everybody who was chosen can score now.")
    template_name = "qa/calibration_new.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        scope = self._scope(request)
        calls = CallsForm(request.GET if "calls" in request.GET and "form" in request.GET else None, scope=scope)
        if calls.is_bound and calls.is_valid():
            return super().get(request, **kwargs)
        if not calls.is_bound:
            calls.initial = {name: request.GET.get(name, "") for name in calls.fields}
        context = {
            "title": self.title,
            "intro": _("First: which calls, and by which form."),
            "form": calls,
            "crumbs": (CALIBRATIONS, Crumb(self.title)),
            "cancel_url": CALIBRATIONS.url,
        }
        return render(request, "qa/calibration_calls.html", context, status=422 if calls.is_bound else 200)

    def get_form(self, scope: Scope, row: Any, data: Any = None) -> CalibrationForm:
        calls = CallsForm(self.request.GET, scope=scope)
        if not calls.is_valid():
            raise NotFound
        files = self.request.FILES if data is not None else None
        return CalibrationForm(data, files, scope=scope, chosen=calls.chosen)

    def save(self, scope: Scope, row: Any, form: Any) -> Calibration:
        return services.calibration_begin(scope=scope, given=form.given)

    def get_done_url(self, saved: Calibration) -> str:
        return calibration_url(saved)

    def get_context(self, scope: Scope, row: Any) -> dict[str, Any]:
        return {
            "intro": _("Then: who scores, until when, and what is read of each call."),
            "crumbs": (CALIBRATIONS, Crumb(self.title)),
            "cancel_url": CALIBRATIONS.url,
        }


@require_safe
def calibration_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a session: what to do while it is blind, and the results afterwards."""
    scope = scope_of(request)
    calibration = selectors.calibration_get(scope=scope, uuid=uuid)
    context = detail_context(scope, calibration)
    return render(request, "qa/calibration_detail.html", {**context, "crumbs": (CALIBRATIONS, Crumb(str(calibration)))})


def case_of(scope: Scope, calibration: Calibration, position: int) -> CalibrationCase:
    """Return a case by its number; raises NotFound."""
    found = selectors.case_list(scope=scope, calibration=calibration).filter(position=position).first()
    if found is None:
        raise NotFound
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def calibration_case(request: HttpRequest, uuid: UUID, position: int) -> HttpResponse:
    """Score one case blind: the call or its text, and the form beside it."""
    scope = scope_of(request)
    calibration = selectors.calibration_get(scope=scope, uuid=uuid)
    case = case_of(scope, calibration, position)
    form = selectors.calibration_questions(calibration)
    seat = selectors.seat_of(scope=scope, calibration=calibration)
    is_open = calibration.state == CalibrationState.OPEN and scope.at < calibration.deadline_at
    own = selectors.sheet_list(scope=scope, calibration=calibration).filter(case=case, seat=seat).first()
    status = 200
    if request.method == "POST":
        sheet = SheetForm.read(form, request.POST)
        is_final = request.POST.get("deed") != "keep"
        try:
            services.calibration_score(scope=scope, uuid=uuid, case=case.uuid, sheet=sheet.sheet, is_final=is_final)
        except (Invalid, Conflict) as refusal:
            sheet.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("Scored.") if is_final else _("Kept; it does not count yet."))
            is_last = position >= selectors.case_list(scope=scope, calibration=calibration).count()
            if not is_final or is_last:
                return redirect(calibration_url(calibration))
            return redirect(reverse("qa:calibration_case", args=[uuid, position + 1]))
    else:
        kept = Sheet(own.answers, own.causes, own.remarks, own.comment) if own else None
        sheet = SheetForm(form, sheet=kept, is_locked=seat is None or not is_open)
    context = {
        "title": _("Case %(position)s") % {"position": position},
        "crumbs": (CALIBRATIONS, Crumb(str(calibration), calibration_url(calibration)), Crumb(f"{position}")),
        "calibration": calibration,
        "case": case,
        "call_url": call_url(scope, case),
        "sheet": sheet,
        "is_open": is_open and seat is not None,
        "zone": zone_of(scope),
    }
    return render(request, "qa/calibration_case.html", context, status=status)


def call_url(scope: Scope, case: CalibrationCase) -> str:
    """Return the call's own page, for whoever may know which it is."""
    contract_uuid = selectors.contract_uuid_of(scope=scope, case=case)
    return reverse("calls:detail", args=[contract_uuid, case.reference]) if contract_uuid else ""


@require_http_methods(["GET", "HEAD", "POST"])
def calibration_consensus(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Record what was agreed about each case, question by question, with a remark where it was talked over."""
    scope = scope_of(request)
    scope.require("qa.calibrate")
    calibration = selectors.calibration_get(scope=scope, uuid=uuid)
    if calibration.revealed_at is None:
        raise Conflict("wrong_state", _("A consensus is recorded once the session is revealed."))
    form = selectors.calibration_questions(calibration)
    cases = list(selectors.case_list(scope=scope, calibration=calibration))
    status = 200
    if request.method == "POST":
        sheets = {case: SheetForm.read(form, request.POST, prefix=f"case{case.position}-") for case in cases}
        try:
            services.calibration_agree(
                scope=scope,
                uuid=uuid,
                expected_version=_version(request),
                sheets={case.uuid: sheet.sheet for case, sheet in sheets.items()},
            )
        except (Invalid, Conflict) as refusal:
            status = refusal.status
            for case, sheet in sheets.items():
                sheet.refuse(_part_of(refusal, str(case.uuid)))
        else:
            messages.success(request, _("The consensus is recorded; everybody reads it."))
            return redirect(calibration_url(calibration))
    else:
        known = calibration.results.get("benchmark_answers", [])
        sheets = {
            case: SheetForm(
                form,
                sheet=Sheet(case.consensus or (known[at] if at < len(known) else {}), {}, case.consensus_remarks),
                prefix=f"case{case.position}-",
            )
            for at, case in enumerate(cases)
        }
    context = {
        "title": _("Consensus"),
        "intro": _("Every party reads these answers and remarks; name nobody."),
        "crumbs": (CALIBRATIONS, Crumb(str(calibration), calibration_url(calibration)), Crumb(_("Consensus"))),
        "calibration": calibration,
        "cases": list(sheets.items()),
        "cancel_url": calibration_url(calibration),
    }
    return render(request, "qa/calibration_consensus.html", context, status=status)


def _part_of(refusal: Invalid | Conflict, uuid: str) -> Invalid | Conflict:
    """Return what of a refusal is about one case."""
    if not isinstance(refusal, Invalid):
        return refusal
    begin = f"{uuid}."
    fields = {name.removeprefix(begin): texts for name, texts in refusal.fields.items() if name.startswith(begin)}
    return Invalid(refusal.code, refusal.message, fields=fields or {"": []})


class CalibrationExtend(FormPage):
    """Move the deadline."""

    permission = "qa.calibrate"
    title = gettext_lazy("Move the deadline")
    done = gettext_lazy("The deadline is moved.")

    def get_row(self, scope: Scope) -> Calibration:
        found = selectors.calibration_get(scope=scope, uuid=self.kwargs["uuid"])
        if found.state != CalibrationState.OPEN:
            raise Conflict("wrong_state", _("This session is not blind any more."))
        return found

    def get_form(self, scope: Scope, row: Calibration, data: Any = None) -> DeadlineForm:
        return DeadlineForm(data, zone=zone_of(scope), initial=row.deadline_at)

    def save(self, scope: Scope, row: Calibration, form: Any) -> Calibration:
        deadline_at = form.cleaned_data["deadline_at"]
        return services.calibration_extend(
            scope=scope, uuid=row.uuid, expected_version=row.version, deadline_at=deadline_at
        )

    def get_done_url(self, saved: Calibration) -> str:
        return calibration_url(saved)

    def get_context(self, scope: Scope, row: Calibration) -> dict[str, Any]:
        crumbs = (CALIBRATIONS, Crumb(str(row), calibration_url(row)), Crumb(self.title))
        return {"crumbs": crumbs, "cancel_url": calibration_url(row)}


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version") or request.GET.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


@require_POST
def calibration_reveal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the results before the deadline, once everybody has scored."""
    saved = services.calibration_reveal(scope=scope_of(request), uuid=uuid, expected_version=_version(request))
    messages.success(request, _("Everybody can read the results now."))
    return redirect(calibration_url(saved))


@require_POST
def calibration_cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Call a session off."""
    saved = services.calibration_cancel(scope=scope_of(request), uuid=uuid, expected_version=_version(request))
    messages.success(request, _("The session is called off."))
    return redirect(calibration_url(saved))
