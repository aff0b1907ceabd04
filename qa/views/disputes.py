"""Disputing lost points question by question, and deciding what somebody disputes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.components import Crumb
from core.errors import Conflict, Forbidden, HouseError, Invalid
from core.http import scope_of
from core.scope import Scope
from qa import selectors, services
from qa.calc.states import State
from qa.forms.sheet import ANSWER, REMARK
from qa.models import Evaluation
from qa.selectors import person_told
from qa.tables.evaluations import evaluation_url, score_shown
from qa.views.lists import EVALUATIONS
from qa.views.told import sections_of

METHODS = ["GET", "HEAD", "POST"]
DECISION = "decision"


@require_http_methods(METHODS)
def evaluation_dispute(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say what is held against which answer; only lost points can be disputed."""
    scope = scope_of(request)
    scope.require("qa.dispute")
    evaluation = selectors.evaluation_get(scope=scope, uuid=uuid)
    refusal: HouseError | None = None
    if request.method == "POST":
        lines = {
            question: text.strip()
            for question in services.score_read(evaluation).lost
            if (text := request.POST.get(f"{REMARK}{question}", "")).strip()
        }
        try:
            services.evaluation_dispute(scope=scope, uuid=uuid, lines=lines)
        except (Invalid, Conflict) as error:
            refusal = error
        else:
            messages.success(request, _("Disputed. Somebody else than the evaluator decides."))
            return redirect(evaluation_url(evaluation))
    elif not selectors.may_dispute(scope=scope, evaluation=evaluation):
        raise Conflict("wrong_state", _("This evaluation cannot be disputed any more, or not yet."))
    lost = set(services.score_read(evaluation).lost)
    context = _context(scope, evaluation, refusal, _("Dispute")) | {
        "rows": [(row, request.POST.get(f"{REMARK}{row.line.name}", "")) for row in _rows(evaluation, lost)],
        "until": evaluation.dispute_until,
    }
    return render(request, "qa/dispute.html", context, status=refusal.status if refusal else 200)


@require_http_methods(METHODS)
def evaluation_decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Decide a dispute: other answers revise, none decline."""
    scope = scope_of(request)
    scope.require("qa.release")
    evaluation = selectors.evaluation_get(scope=scope, uuid=uuid)
    dispute = selectors.dispute_of(scope=scope, evaluation=evaluation)
    refusal: HouseError | None = None
    if request.method == "POST":
        is_revised = request.POST.get("verdict") == "revise"
        lines = dispute.lines if dispute is not None else {}
        answers = {name: given for name in lines if (given := request.POST.get(f"{ANSWER}{name}", ""))}
        changed = {name: key for name, key in answers.items() if key != evaluation.answers.get(name)}
        try:
            if is_revised and not changed:
                message = _("Change at least one answer, or decline.")
                raise Invalid("invalid", message, fields={"verdict": [message]})
            services.evaluation_decide(
                scope=scope, uuid=uuid, text=request.POST.get(DECISION, ""), answers=changed if is_revised else {}
            )
        except (Invalid, Conflict) as error:
            refusal = error
        else:
            messages.success(request, _("Revised.") if is_revised else _("Declined: it stays as it was."))
            return redirect(evaluation_url(evaluation))
    if refusal is None and (dispute is None or evaluation.state != State.DISPUTED or evaluation.side != scope.side):
        raise Conflict("wrong_state", _("Nothing is disputed here."))
    if evaluation.evaluator_id == scope.user_id:
        raise Forbidden(_("Somebody else than the evaluator decides."))
    given = dispute.lines if dispute is not None else {}
    context = _context(scope, evaluation, refusal, _("Decide the dispute")) | {
        "rows": [
            (row, given[row.line.name], request.POST.get(f"{ANSWER}{row.line.name}", ""))
            for row in _rows(evaluation, set(given))
        ],
        "decision": request.POST.get(DECISION, ""),
        "opened_by": person_told(scope, dispute.opened_by, "vendor") if dispute else "",
        "opened_at": dispute.opened_at if dispute else None,
    }
    return render(request, "qa/decide.html", context, status=refusal.status if refusal else 200)


def _rows(evaluation: Evaluation, names: set[str]) -> list[Any]:
    sections = sections_of(selectors.questions_of(evaluation.form), [evaluation], None)
    return [row for section in sections for row in section.rows if row.line.name in names]


def _context(scope: Scope, evaluation: Evaluation, refusal: HouseError | None, title: Any) -> dict[str, Any]:
    return {
        "title": title,
        "crumbs": (EVALUATIONS, Crumb(str(evaluation), evaluation_url(evaluation)), Crumb(title)),
        "cancel_url": evaluation_url(evaluation),
        "evaluation": evaluation,
        "zone": evaluation.contract.zone,
        "score": score_shown(evaluation),
        "problems": _problems(evaluation, refusal),
    }


def _problems(evaluation: Evaluation, refusal: HouseError | None) -> list[str]:
    if refusal is None:
        return []
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    names = {question.key: question.text for question in selectors.questions_of(evaluation.form).questions}
    told = [f"{names[name]}: {text}" if name in names else text for name, texts in fields.items() for text in texts]
    return told or [str(refusal.message)]
