"""One evaluation: the conversation beside the sheet, filled in by whoever has it in hands, and what follows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.calc.access import fields_readable
from calls import selectors as calls
from core import formats
from core.components import Action, Crumb, Fact, Next
from core.errors import Conflict, Invalid, NotFound
from core.http import scope_of
from core.scope import Scope
from core.templatetags import ui
from qa import selectors, services
from qa.calc.states import OPEN, TOLD, State, Step
from qa.forms import SheetForm
from qa.models import Evaluation, Kind
from qa.selectors import person_told
from qa.tables.evaluations import evaluation_url, score_shown
from qa.views.lists import EVALUATIONS, kept_query, next_of
from qa.views.told import events_of, live_of, sections_of, sheet_of
from qa.wording.evaluations import STATE_TONES, STEPS_DONE

# Steps that need nothing but, some of them, a text; and what each needs of the role.
PLAIN_STEPS = {
    Step.TAKE: "qa.evaluate",
    Step.GIVE_BACK: "qa.evaluate",
    Step.REOPEN: "qa.evaluate",
    Step.RELEASE: "qa.release",
    Step.DROP: "qa.release",
    Step.ACKNOWLEDGE: "qa.acknowledge",
}


@require_safe
def evaluation_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one evaluation: the sheet to whoever has it in hands, else what it says."""
    scope = scope_of(request)
    scope.require("qa.view")
    evaluation = selectors.evaluation_get(scope=scope, uuid=uuid)
    form = None
    if is_mine(scope, evaluation):
        form = SheetForm(selectors.questions_of(evaluation.form), sheet=sheet_of(evaluation))
    return render(request, "qa/evaluation.html", page_of(scope, evaluation, form))


@require_POST
def evaluation_save(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Keep what is filled in so far, and answer with what it is worth."""
    scope = scope_of(request)
    scope.require("qa.evaluate")
    form = _posted(request, scope, uuid)
    try:
        services.evaluation_save(scope=scope, uuid=uuid, sheet=form.sheet)
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal)
        context: dict[str, Any] = {"problems": form.problems, "refusal": refusal.message}
        return render(request, "qa/_score_refused.html", context, status=refusal.status)
    # Fetched anew: its score is that of what is stored.
    evaluation = selectors.evaluation_get(scope=scope, uuid=uuid)
    context = {"live": live_of(form.form, evaluation), "saved_at": scope.at, "zone": evaluation.contract.zone}
    return render(request, "qa/_score.html", context)


@require_POST
def evaluation_submit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Finish an evaluation, and go on with the next one if asked; what misses something comes back filled in."""
    scope = scope_of(request)
    scope.require("qa.evaluate")
    form = _posted(request, scope, uuid)
    try:
        done = services.evaluation_submit(scope=scope, uuid=uuid, sheet=form.sheet)
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal)
        evaluation = selectors.evaluation_get(scope=scope, uuid=uuid)
        return render(request, "qa/evaluation.html", page_of(scope, evaluation, form), status=refusal.status)
    told = {"number": str(done), "score": services.percent_of(done) or _("no score")}
    messages.success(request, _("%(number)s submitted: %(score)s.") % told)
    return next_of(request, scope) if "next" in request.POST else redirect(evaluation_url(done))


@require_POST
def evaluation_step(request: HttpRequest, uuid: UUID, step: str) -> HttpResponse:
    """Take a step that needs no page of its own; whoever comes second is told who was first."""
    scope = scope_of(request)
    if step not in PLAIN_STEPS:
        raise NotFound
    scope.require(PLAIN_STEPS[Step(step)])
    evaluation = selectors.evaluation_get(scope=scope, uuid=uuid)
    try:
        _step_take(scope, uuid, Step(step), request.POST.get("text", ""))
    except Conflict as refusal:
        messages.error(request, refusal.message)
    except Invalid as refusal:
        messages.error(request, next(iter(refusal.fields.values()), [refusal.message])[0])
    else:
        messages.success(request, str(STEPS_DONE[Step(step)]))
        if step in (Step.GIVE_BACK, Step.DROP):
            return redirect(f"{EVALUATIONS.url}{kept_query(request)}")
    return redirect(f"{evaluation_url(evaluation)}{kept_query(request)}")


def _step_take(scope: Scope, uuid: UUID, step: Step, text: str) -> None:
    match step:
        case Step.TAKE:
            services.evaluation_take(scope=scope, uuid=uuid)
        case Step.GIVE_BACK:
            services.evaluation_give_back(scope=scope, uuid=uuid)
        case Step.REOPEN:
            services.evaluation_reopen(scope=scope, uuid=uuid)
        case Step.RELEASE:
            services.evaluation_release(scope=scope, uuid=uuid)
        case Step.DROP:
            services.evaluation_drop(scope=scope, uuid=uuid, text=text)
        case _:
            services.evaluation_acknowledge(scope=scope, uuid=uuid, text=text)


def _posted(request: HttpRequest, scope: Scope, uuid: UUID) -> SheetForm:
    evaluation = selectors.evaluation_get(scope=scope, uuid=uuid)
    return SheetForm.read(selectors.questions_of(evaluation.form), request.POST.dict())


def is_mine(scope: Scope, evaluation: Evaluation) -> bool:
    """Return whether the caller has an evaluation in hands."""
    is_own = evaluation.side == scope.side and evaluation.state == State.DRAFT
    return is_own and evaluation.evaluator_id == scope.user_id and scope.can("qa.evaluate")


def is_held(scope: Scope, evaluation: Evaluation) -> bool:
    """Return whether somebody has an evaluation in hands and its time runs."""
    return evaluation.state == State.DRAFT and (evaluation.held_until or scope.at) > scope.at


def page_of(scope: Scope, evaluation: Evaluation, form: SheetForm | None) -> dict[str, Any]:
    """Return what the page of an evaluation shows; with a form it is filled in."""
    questions = selectors.questions_of(evaluation.form)
    title = _("Evaluation %(number)s") % {"number": evaluation}
    context: dict[str, Any] = {
        "title": title,
        "title_badge": ui.badge(STATE_TONES[State(evaluation.state)], evaluation.get_state_display()),
        "crumbs": (EVALUATIONS, Crumb(str(evaluation))),
        "evaluation": evaluation,
        "zone": evaluation.contract.zone,
        "facts": facts_of(scope, evaluation),
        "recording": recording_of(scope, evaluation),
        "sheet": form,
        "has_transcript": evaluation.kind == Kind.CALL and scope.can("calls.view"),
        "may_drop": may_drop(scope, evaluation),
    }
    if form is not None:
        return context | {"live": live_of(questions, evaluation)}
    dispute = selectors.dispute_of(scope=scope, evaluation=evaluation)
    if scope.side != evaluation.side and State(evaluation.state) not in TOLD:
        dispute = None
    others = list(selectors.others_of(scope=scope, evaluation=evaluation))
    scored = [row for row in others if row.earned is not None]
    # Another form asks other things, so only the totals can be compared.
    beside = [row for row in scored if row.form.digest == evaluation.form.digest][:1]
    is_told = evaluation.earned is not None
    return context | {
        "next": _next(scope, evaluation),
        "sections": sections_of(questions, [evaluation, *beside], dispute) if is_told else [],
        "sides": [names_of_side(row) for row in (evaluation, *beside)],
        "scores": [(row, names_of_side(row), score_shown(row)) for row in (evaluation, *scored)] if is_told else [],
        "gap": _gap(evaluation, scored),
        "others": [row for row in others if row not in scored],
        "dispute": dispute,
        "dispute_by": person_told(scope, dispute.opened_by, "vendor") if dispute else "",
        "decided_by": person_told(scope, dispute.decided_by, evaluation.side) if dispute else "",
        "events": events_of(scope, evaluation),
        "coaching": _coaching(scope, evaluation),
        "may_acknowledge": scope.can("qa.acknowledge") and evaluation.state == State.RELEASED,
        "menu": _menu(scope, evaluation),
    }


def names_of_side(evaluation: Evaluation) -> str:
    """Return who evaluated, as a heading."""
    return str(evaluation.get_side_display())


def may_drop(scope: Scope, evaluation: Evaluation) -> bool:
    """Return whether the caller may leave the conversation out."""
    return evaluation.side == scope.side and scope.can("qa.release") and State(evaluation.state) in OPEN


def _gap(evaluation: Evaluation, others: list[Evaluation]) -> Any:
    if not others or not evaluation.possible or not others[0].possible:
        return None
    # The vendor's less the client's, from whichever page one looks.
    client, vendor = sorted((evaluation, others[0]), key=lambda row: row.side)
    if client.side == vendor.side:
        return None
    gap = float(vendor.earned / vendor.possible) - float(client.earned / client.possible)  # type: ignore[operator]
    return formats.points_text(gap)


def _coaching(scope: Scope, evaluation: Evaluation) -> list[Any]:
    return list(selectors.coaching_list(scope=scope).filter(evaluation=evaluation))


def _menu(scope: Scope, evaluation: Evaluation) -> list[Action]:
    if scope.can("qa.coach") and State(evaluation.state) in TOLD and evaluation.agent_id is not None:
        return [Action(_("Give a coaching task"), reverse("qa:coaching_give", args=[evaluation.uuid]), "target")]
    return []


def _next(scope: Scope, evaluation: Evaluation) -> Next:
    state = State(evaluation.state)
    is_own = evaluation.side == scope.side
    actions: list[Action] = []
    text: Any = ""
    who: Any = ""
    due_at = None

    def step(label: Any, one: Step, icon: str = "") -> Action:
        return Action(label, reverse("qa:evaluation_step", args=[evaluation.uuid, one.value]), icon, post=True)

    if is_held(scope, evaluation):
        until = formats.moment_text(evaluation.held_until, evaluation.contract.zone)
        told = {"name": person_told(scope, evaluation.evaluator_name, evaluation.side), "until": until}
        text = _("%(name)s has this in hands until %(until)s.") % told
    elif state in OPEN:
        text = _("It waits to be listened to and filled in.")
        if is_own and scope.can("qa.evaluate"):
            actions = [step(_("Take it"), Step.TAKE, "player-play")]
    elif state is State.SUBMITTED:
        text = _("Look at it once more; with the release, whom it is about is told.")
        if is_own and scope.can("qa.release"):
            actions.append(step(_("Release"), Step.RELEASE, "send"))
        if is_own and evaluation.evaluator_id == scope.user_id and scope.can("qa.evaluate"):
            actions.append(step(_("Change it again"), Step.REOPEN, "arrow-back-up"))
    elif state in (State.RELEASED, State.ACKNOWLEDGED):
        text, due_at = _("Lost points can be disputed, once, until then."), evaluation.dispute_until
        if selectors.may_dispute(scope=scope, evaluation=evaluation) and services.score_read(evaluation).lost:
            actions.append(
                Action(_("Dispute"), reverse("qa:evaluation_dispute", args=[evaluation.uuid]), "alert-circle")
            )
    elif state is State.DISPUTED:
        text = _("Somebody else than the evaluator decides.")
        if is_own and scope.can("qa.release") and evaluation.evaluator_id != scope.user_id:
            actions = [Action(_("Decide"), reverse("qa:evaluation_decide", args=[evaluation.uuid]), "scale")]
        else:
            who = _("the quality people of %(side)s") % {"side": evaluation.get_side_display()}
    return Next(
        step=evaluation.get_state_display(),
        text=text,
        who=who,
        due_at=due_at,
        actions=actions,
        tone=STATE_TONES[state],
        zone=evaluation.contract.zone,
    )


def facts_of(scope: Scope, evaluation: Evaluation) -> list[Fact]:
    """Return what is known of a conversation, and why it is evaluated."""
    readable = fields_readable(scope.role, scope.side, "evaluation")
    facts = [
        Fact(_("Conversation"), _conversation(scope, evaluation)),
        Fact(_("Of"), format_html('<time datetime="{}">{}</time>', evaluation.offered_at.isoformat(),
                                  formats.moment_text(evaluation.offered_at, evaluation.contract.zone))),
        Fact(_("Agent"), evaluation.agent.name if evaluation.agent else ui.missing(_("nobody"))),
        Fact(_("Queue"), evaluation.queue.name if evaluation.queue else ui.missing(_("not given"))),
        Fact(_("Reason"), evaluation.reason.name if evaluation.reason else ui.missing(_("not given"))),
        Fact(_("Contract"), evaluation.contract.name),
        Fact(_("Form"), str(evaluation.form)),
        Fact(_("Evaluated by"), evaluation.get_side_display()),
    ]  # fmt: skip
    if scope.is_client:
        facts.insert(0, Fact(_("Vendor"), evaluation.vendor.name))
    if "evaluator_name" in readable and evaluation.evaluator_name:
        facts.append(Fact(_("Evaluator"), person_told(scope, evaluation.evaluator_name, evaluation.side)))
    why: Any = evaluation.get_origin_display()
    if "stratum" in readable and evaluation.stratum_population:
        parts = {"count": evaluation.stratum_count, "population": evaluation.stratum_population}
        why = format_html("{} ({})", why, _("%(count)s of %(population)s of its stratum") % parts)
    facts.append(Fact(_("Why"), why))
    if "is_risky" in readable and evaluation.is_risky:
        facts.append(Fact(_("Risk"), ui.badge("warning", _("risky"), "alert-triangle")))
    if evaluation.acknowledged_at is not None:
        facts.append(Fact(_("Acknowledged"), person_told(scope, evaluation.acknowledged_by, "vendor")))
    # What only the room of the conversation knows: a ticket's subject and text.
    return facts + selectors.population_for(kind=evaluation.kind).facts(scope=scope, evaluation=evaluation)


def _conversation(scope: Scope, evaluation: Evaluation) -> Any:
    try:
        if evaluation.kind == Kind.TICKET:
            url = selectors.population_for(kind=evaluation.kind).address(scope=scope, evaluation=evaluation)
            may = bool(url)
        else:
            url = reverse("calls:detail", args=[evaluation.contract.uuid, evaluation.reference])
            may = scope.can("calls.view")
    except NoReverseMatch:
        may, url = False, ""
    if not may:
        return evaluation.reference
    return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', url, evaluation.reference)


def recording_of(scope: Scope, evaluation: Evaluation) -> dict[str, Any] | None:
    """Return where the recording of a call is kept: an address to follow if it is one, else what it says.

    The house stores no sound; pages of others are only ever linked, and opened without telling where one came from.
    """
    if evaluation.kind != Kind.CALL or not scope.can("calls.view"):
        return None
    if "recording" not in fields_readable(scope.role, scope.side, "call"):
        return None
    try:
        call = calls.call_get(scope=scope, contract_uuid=evaluation.contract.uuid, external_id=evaluation.reference)
    except NotFound:
        return None
    text = call.recording or ""
    parts = urlsplit(text)
    is_address = parts.scheme in ("http", "https") and bool(parts.netloc)
    lengths = [(_("Wait"), call.wait_seconds), (_("Talk"), call.talk_seconds), (_("Hold"), call.hold_seconds)]
    return {"text": text, "url": text if is_address else "", "lengths": lengths, "call": call}
