"""One ticket: what was said and done, its clocks with their arithmetic, its customer's history, and every deed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from calls import selectors as calls
from contracts.wording import hours_lines
from core.components import Action, Crumb, Fact
from core.errors import Conflict, Invalid
from core.forms import mark_refused
from core.http import scope_of
from core.scope import Scope
from core.templatetags import ui
from qa import selectors as qa
from qa.tables.evaluations import score_shown
from tickets import selectors, services
from tickets.calc.clocks import Run
from tickets.calc.states import OPEN, State
from tickets.calc.timeline import Part, Timeline, named_days, timeline_of
from tickets.forms import DeedForm
from tickets.models import LEVELS, Ticket, Tier
from tickets.selectors import handler_told
from tickets.services.terms import day_names
from tickets.tables import countdown_badge, ticket_url
from tickets.views.deeds import deed_do_with_files, deeds_of
from tickets.views.lists import TICKETS
from tickets.views.talk import conversation, papers
from tickets.wording import (
    DEEDS,
    STATE_TONES,
    TIER_TONES,
    clock_name,
    countdown,
    due_text,
    duration_text,
)

SHOWN_OF_CUSTOMER = 10
CALLS_BACK = timedelta(days=90)
# Fields of a service to those of the form of deeds.
FIELDS = {"requirement": "text", "other": "number", "into": "number", "files": "attached"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of a drawn clock, in thousandths of its width."""

    part: str
    x: str
    width: str
    title: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A cycle of a clock as it is shown."""

    name: str
    badge: Any
    sentence: str
    bars: list[Bar]
    now: str
    due: str
    holidays: list[tuple[date, str]]
    hours: list[tuple[str, str]]
    zone: str
    start: datetime
    end: datetime
    is_open: bool


@require_safe
def ticket_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one ticket."""
    scope = scope_of(request)
    scope.require("tickets.view")
    ticket = selectors.ticket_get(scope=scope, uuid=uuid)
    deeds = deeds_of(scope=scope, ticket=ticket)
    asked = request.GET.get("do", "")
    form = DeedForm(scope=scope, ticket=ticket, initial={"deed": asked if asked in deeds else next(iter(deeds), "")})
    return render(request, "tickets/ticket_detail.html", _context(scope, ticket, form))


@require_POST
def ticket_act(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Do one deed; what stands in the way comes back beside the form, with all that was typed."""
    scope = scope_of(request)
    scope.require("tickets.edit")
    ticket = selectors.ticket_get(scope=scope, uuid=uuid)
    form = DeedForm(request.POST, request.FILES, scope=scope, ticket=ticket)
    status = 422
    if form.is_valid():
        try:
            deed_do_with_files(scope=scope, ticket=ticket, values=form.cleaned_data)
        except (Invalid, Conflict) as refusal:
            if isinstance(refusal, Invalid):
                refusal.fields = {FIELDS.get(name, name): texts for name, texts in refusal.fields.items()}
            mark_refused(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("Done: %(deed)s.") % {"deed": DEEDS[form.cleaned_data["deed"]]})
            # Whoever handed a ticket on may have lost sight of it.
            is_there = selectors.ticket_list(scope=scope).filter(uuid=uuid).exists()
            return redirect(f"{ticket_url(ticket)}#latest" if is_there else reverse("tickets:ticket_list"))
    ticket = selectors.ticket_get(scope=scope, uuid=uuid)
    return render(request, "tickets/ticket_detail.html", _context(scope, ticket, form), status=status)


def _context(scope: Scope, ticket: Ticket, form: DeedForm) -> dict[str, Any]:
    readings = services.readings_of(scope=scope, tickets=[ticket])
    body = ticket.terms.body
    drawn = [_drawn(reading.run, body, scope.at, ticket.contract.zone) for reading in readings]
    customer = selectors.customer_tickets(scope=scope, vendor_id=ticket.vendor_id, customer_key=ticket.customer_key)
    call_url = ""
    if ticket.call_external_id and scope.can("calls.view"):
        call_url = reverse("calls:detail", args=[ticket.contract.uuid, ticket.call_external_id])
    tier = ui.badge(TIER_TONES[Tier(ticket.tier)], ticket.get_tier_display())
    state = ui.badge(STATE_TONES[State(ticket.state)], ticket.get_state_display())
    files = papers(scope, ticket)
    before, after = selectors.transfers_of(scope=scope, ticket=ticket)
    return {
        "title": f"#{ticket.number} {ticket.subject}",
        "title_badge": format_html("{} {}", state, tier),
        "crumbs": (TICKETS, Crumb(f"#{ticket.number}")),
        "zone": ticket.contract.zone,
        "ticket": ticket,
        "countdown": countdown_badge(countdown(ticket, scope.at)),
        "next_clock": ticket.next_clock and clock_name(ticket.next_clock),
        "facts": _facts(scope, ticket, call_url),
        "conversation": conversation(scope, ticket, files),
        "files": files,
        "incidents": list(selectors.incidents_of(scope=scope, ticket=ticket)),
        "may_link": scope.can("tickets.edit"),
        "before": before,
        "after": after,
        "menu": _menu(scope, ticket),
        "clocks": [one for one in drawn if one.is_open],
        "former_clocks": [one for one in drawn if not one.is_open],
        "form": form,
        "deeds": [(deed, DEEDS[deed]) for deed in deeds_of(scope=scope, ticket=ticket)],
        "deed": form["deed"].value(),
        "replies": _replies(scope, ticket),
        "evaluated": _evaluated(scope, ticket),
        "linked": list(selectors.linked_list(scope=scope, ticket=ticket)[:SHOWN_OF_CUSTOMER]),
        "merged_into": _merged_into(scope, ticket),
        "customer_tickets": list(customer.exclude(pk=ticket.pk)[:SHOWN_OF_CUSTOMER]),
        "customer_calls": _customer_calls(scope, ticket),
        # Whose book tells of a ticket cannot be asked by agent; what happened stands in the conversation.
        "has_history": scope.agent_id is None,
    }


def _evaluated(scope: Scope, ticket: Ticket) -> list[tuple[Any, Any]]:
    if not scope.can("qa.view"):
        return []
    rows = qa.conversation_evaluations(
        scope=scope, kind="ticket", contract_id=ticket.contract_id, reference=str(ticket.number)
    )
    return [(row, score_shown(row)) for row in rows]


def _menu(scope: Scope, ticket: Ticket) -> list[Action]:
    menu = []
    if scope.can("complaints.edit"):
        url = f"{reverse('tickets:feedback_create')}?ticket={ticket.uuid}"
        menu.append(Action(_("Register feedback"), url, "message"))
    if scope.can("tickets.transfer") and State(ticket.state) in OPEN:
        url = reverse("tickets:ticket_transfer", args=[ticket.uuid])
        menu.append(Action(_("Give to another vendor"), url, "arrows-exchange"))
    return menu


def _facts(scope: Scope, ticket: Ticket, call_url: str) -> list[Fact]:
    listed: Any = ticket
    call: Any = ticket.call_external_id
    if call_url:
        call = format_html('<a href="{}">{}</a>', call_url, call)
    held = LEVELS[ticket.level]  # type: ignore[index]
    facts = [
        Fact(_("Held by"), format_html("{} · {}", handler_told(scope, ticket) or _("nobody yet"), held)),
        Fact(_("Customer"), listed.customer_masked or ui.missing(_("not known"))),
        Fact(_("Queue"), ticket.queue.name if ticket.queue else ui.missing(_("not given"))),
        Fact(_("Reason"), ticket.reason.name if ticket.reason else ui.missing(_("not given"))),
        Fact(_("Contract"), ticket.contract.name),
        Fact(_("Came in by"), ticket.get_channel_display()),
        Fact(_("Policy"), ticket.terms.body["policy"]["name"]),
    ]
    if scope.is_client:
        facts.insert(0, Fact(_("Vendor"), ticket.vendor.name))
    if ticket.agent:
        facts.append(Fact(_("On the record of"), ticket.agent.name))
    if call:
        facts.append(Fact(_("Call"), call))
    if ticket.reopened_count:
        facts.append(Fact(_("Reopened"), ui.count(ticket.reopened_count)))
    if ticket.satisfaction:
        facts.append(Fact(_("Satisfaction"), _("%(number)s of 5") % {"number": ticket.satisfaction}))
    return facts


def _drawn(run: Run, body: Mapping[str, Any], at: datetime, contract_zone: str) -> Drawn:
    line = timeline_of(run, at)
    calendar = body["callback_calendar"] if run.clock == "callback" else body["calendar"]
    # The clock on the wall is that of the contract.
    zone = run.calendar.zone if calendar else contract_zone
    names = day_names(calendar=calendar, language=get_language() or "en") if calendar else {}
    start = run.started_at
    end = line.segments[-1].end if line.segments else start
    span = max((end - start).total_seconds(), 1.0)

    def x(moment: datetime) -> str:
        return f"{1000 * (moment - start).total_seconds() / span:.1f}"

    bars = [
        Bar(
            segment.part.value,
            x(segment.start),
            f"{1000 * segment.seconds / span:.1f}",
            f"{part_words()[segment.part]}: {due_text(segment.start, zone)} – {due_text(segment.end, zone)}",
        )
        for segment in line.segments
    ]
    due = run.due_at
    return Drawn(
        name=clock_name(run.clock, run.level or ""),
        badge=_clock_badge(run, at),
        sentence=_arithmetic(run, line, zone),
        bars=bars,
        now=x(at) if run.is_open and at < end else "",
        due=x(due) if due is not None and start < due < end else "",
        holidays=named_days(names, line, zone),
        hours=hours_lines(run.calendar.hours),
        zone=zone,
        start=start,
        end=end,
        is_open=run.is_open,
    )


def part_words() -> dict[Part, str]:
    """Return the kinds of segments in words."""
    return {
        Part.TICKING: _("counted"),
        Part.OVER: _("over the promise"),
        Part.PAUSED: _("paused, not counted"),
        Part.CLOSED: _("closed hours"),
        Part.AHEAD: _("still to come"),
    }


def _clock_badge(run: Run, at: datetime) -> Any:
    if run.canceled:
        return ui.badge("neutral", _("came to nothing"))
    if run.stopped_at is not None:
        return ui.badge("good", _("kept")) if run.is_met() else ui.badge("bad", _("missed"))
    if run.is_breached(at):
        return ui.badge("bad", _("overdue"), "alert-circle")
    if not run.is_running:
        return ui.badge("neutral", _("paused"), "player-pause")
    return ui.badge("info", _("running"), "clock")


def _arithmetic(run: Run, line: Timeline, zone: str) -> str:
    """Return a clock's sum in words: promised, used, paused, due (C18)."""
    parts = [
        _("%(time)s promised") % {"time": duration_text(line.target_seconds)},
        _("%(time)s used") % {"time": duration_text(line.used_seconds)},
    ]
    if run.deadline is not None:
        parts[0] = _("deadline %(moment)s") % {"moment": due_text(run.deadline, zone)}
    if line.paused_seconds:
        parts.append(_("%(time)s paused (not counted)") % {"time": duration_text(line.paused_seconds)})
    over = line.seconds_of(Part.OVER)
    if over:
        parts.append(_("%(time)s over") % {"time": duration_text(over)})
    if run.stopped_at is not None:
        parts.append(_("stopped %(moment)s") % {"moment": due_text(run.stopped_at, zone)})
    elif run.due_at is None:
        parts.append(_("no due moment while it is paused"))
    elif run.deadline is None:
        parts.append(_("due %(moment)s") % {"moment": due_text(run.due_at, zone)})
    return f"{_(', ').join(parts)} {zone}"


def _replies(scope: Scope, ticket: Ticket) -> list[tuple[str, str]]:
    if not scope.can("tickets.edit"):
        return []
    listed: Any = ticket
    named = {
        "{number}": f"#{ticket.number}",
        "{customer}": listed.customer_masked or "",
        "{vendor}": ticket.vendor.name,
        "{agent}": scope.actor,
    }
    found = []
    replies = selectors.quick_reply_list(scope=scope, vendor_ids=[ticket.vendor_id]).filter(is_active=True)
    for reply in replies:
        text = reply.text
        for name, value in named.items():
            text = text.replace(name, value)
        found.append((reply.name, text))
    return found


def _merged_into(scope: Scope, ticket: Ticket) -> Ticket | None:
    if ticket.merged_into_id is None:
        return None
    return selectors.ticket_list(scope=scope).filter(pk=ticket.merged_into_id).first()


def _customer_calls(scope: Scope, ticket: Ticket) -> list[Any]:
    if ticket.customer_key is None or not scope.can("calls.view"):
        return []
    found = calls.call_list(scope=scope).filter(
        contract_id=ticket.contract_id,
        customer_key=ticket.customer_key,
        offered_at__gte=scope.at - CALLS_BACK,
        offered_at__lte=scope.at,
    )
    return list(calls.with_names(scope=scope, calls=found)[:SHOWN_OF_CUSTOMER])
