"""What tickets say in words: lengths of time, what is due, what was done, and which step leads where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import moment_text, weekday_name
from core.templatetags import ui
from tickets.calc.clocks import Clock, Kind, Level
from tickets.calc.feedback import Routing, Verdict
from tickets.calc.feedback import Step as FeedbackStep
from tickets.calc.states import ENDED, PENDING, State, Step
from tickets.models import CLOCKS, LEVELS, STATES, FeedbackState, Ticket, TicketEvent, Tier
from tickets.services.moves import ASSIGNED, FROM_INCIDENT, MERGED, NOT_FROM_INCIDENT, NOTED, TRIED

TIER_TONES = {Tier.URGENT: "bad", Tier.NORMAL: "info", Tier.CONSULTATION: "neutral"}
STATE_TONES = {
    State.NEW: "warning",
    State.ASSIGNED: "info",
    State.IN_PROGRESS: "info",
    State.PENDING_CUSTOMER: "neutral",
    State.PENDING_THIRD_PARTY: "neutral",
    State.RESOLVED: "good",
    State.CALLBACK_DUE: "warning",
    State.ARCHIVED: "good",
    State.MERGED: "neutral",
    State.CANCELED: "neutral",
    State.TRANSFERRED: "neutral",
}
SOON_SECONDS = 3600

DEEDS: Mapping[str, Any] = {
    "reply": gettext_lazy("Answer the customer"),
    "note": gettext_lazy("Internal note"),
    "remark": gettext_lazy("Note for the client only"),
    "asked": gettext_lazy("The customer said"),
    "take": gettext_lazy("Take it"),
    Step.START.value: gettext_lazy("Start work"),
    Step.RESUME.value: gettext_lazy("Go on"),
    Step.WAIT_FOR_CUSTOMER.value: gettext_lazy("Wait for the customer"),
    Step.WAIT_FOR_THIRD_PARTY.value: gettext_lazy("Wait for a third party"),
    Step.HAND_OVER.value: gettext_lazy("Hand over"),
    Step.RESOLVE.value: gettext_lazy("Solved"),
    Step.CALL_BACK.value: gettext_lazy("Callback"),
    Step.ARCHIVE.value: gettext_lazy("Archive"),
    Step.REOPEN.value: gettext_lazy("Reopen"),
    "link": gettext_lazy("Link a ticket"),
    "incident": gettext_lazy("Link an incident"),
    Step.ASSIGN.value: gettext_lazy("Assign"),
    "retier": gettext_lazy("Change the tier"),
    Step.MERGE.value: gettext_lazy("Merge"),
    Step.CANCEL.value: gettext_lazy("Cancel the ticket"),
}
OUTCOMES: Mapping[str, Any] = {
    "settled": gettext_lazy("settled"),
    "not_settled": gettext_lazy("not settled: reopens the ticket"),
    "not_reached": gettext_lazy("nobody answered"),
}
CALLED_BACK: Mapping[str, Any] = {
    "settled": gettext_lazy("called the customer back: the matter is settled"),
    "not_settled": gettext_lazy("called the customer back: the matter is not settled"),
}
# What happened, as a sentence without its subject.
HAPPENED: Mapping[str, Any] = {
    Kind.OPENED: gettext_lazy("opened the ticket"),
    Kind.REPLIED: gettext_lazy("answered the customer"),
    Kind.ASKED: gettext_lazy("entered what the customer said"),
    Kind.CALLED_BACK: gettext_lazy("called the customer back"),
    NOTED: gettext_lazy("noted"),
    TRIED: gettext_lazy("called the customer back, but nobody answered"),
}


def duration_text(seconds: float) -> str:
    """Return a length of time as people promise it: 5 h 20 min, 40 min, 30 s; hours are never made days of."""
    whole = abs(round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    if whole < 60:
        return _("%(seconds)s s") % {"seconds": whole}
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)s h") % {"hours": f"{hours:,}"}
    return _("%(hours)s h %(minutes)s min") % {"hours": f"{hours:,}", "minutes": minutes}


def distance_text(seconds: float) -> str:
    """Return a stretch of wall-clock time, in days where hours are too many to picture: 3 d 4 h."""
    hours = int(abs(seconds)) // 3600
    if hours < 48:
        return duration_text(seconds)
    return _("%(days)s d %(hours)s h") % {"days": hours // 24, "hours": hours % 24}


def due_text(moment: datetime, zone: str) -> str:
    """Return a due moment with its weekday: Tue 2026-06-16 14:00."""
    return f"{weekday_name(moment.astimezone(ZoneInfo(zone)).weekday())} {moment_text(moment, zone)}"


@dataclass(frozen=True, slots=True)
class Countdown:
    """What presses next about a ticket, in words.

    Attributes:
        text: Such as "in 2 h 15 min", "overdue by 40 min", "paused".
        tone: Tone of the badge; empty for plain text.
    """

    text: str
    tone: str = ""


def countdown(ticket: Ticket, at: datetime) -> Countdown:
    """Return how long there is until what is due next."""
    if ticket.next_due_at is not None:
        seconds = (ticket.next_due_at - at).total_seconds()
        if seconds < 0:
            return Countdown(_("overdue by %(time)s") % {"time": distance_text(seconds)}, "bad")
        text = _("in %(time)s") % {"time": distance_text(seconds)}
        return Countdown(text, "warning" if seconds <= SOON_SECONDS else "")
    state = State(ticket.state)
    if state in PENDING:
        return Countdown(_("paused"), "neutral")
    if state in ENDED or state is State.RESOLVED:
        return Countdown(_("nothing more due"))
    return Countdown(_("nothing due now"))


def clock_name(clock: str, level: str = "") -> str:
    """Return a clock's name, that of a hand-over with its level."""
    if clock == Clock.HOP and level:
        return f"{CLOCKS[Clock.HOP]} · {LEVELS[Level(level)]}"
    return str(CLOCKS[Clock(clock)])


def event_sentence(event: TicketEvent) -> str:
    """Return what somebody did, without its subject."""
    say = SENTENCES.get(event.kind)
    return say(event) if say else str(HAPPENED.get(event.kind, event.kind))


def _moved(event: TicketEvent) -> str:
    return _("set it to: %(state)s") % {"state": STATES[State(event.state)]}


def _handed_over(event: TicketEvent) -> str:
    level = LEVELS[Level(event.level)]
    if event.facts.get("handler"):
        return _("handed it over to %(who)s (%(level)s)") % {"who": event.facts["handler"], "level": level}
    return _("handed it over to: %(level)s") % {"level": level}


def _assigned(event: TicketEvent) -> str:
    if not event.facts.get("to"):
        return _("took it from %(who)s") % {"who": event.facts.get("from", "")}
    return _("assigned it to %(who)s") % {"who": event.facts["to"]}


def _merged(event: TicketEvent) -> str:
    return _("merged ticket #%(number)s into it") % {"number": event.facts["number"]}


def _from_incident(event: TicketEvent) -> str:
    return _("linked it to incident #%(number)s") % {"number": event.facts["incident"]}


def _not_from_incident(event: TicketEvent) -> str:
    return _("took the link to incident #%(number)s back") % {"number": event.facts["incident"]}


def _promised(event: TicketEvent) -> str:
    words = {"policy": event.facts.get("policy", ""), "tier": _tier(event.facts.get("to", ""))}
    return _("gave it other promises: %(policy)s (%(tier)s)") % words


def _called_back(event: TicketEvent) -> str:
    outcome = CALLED_BACK.get(event.facts.get("outcome", ""), HAPPENED[Kind.CALLED_BACK])
    if not event.facts.get("satisfaction"):
        return str(outcome)
    said = _("satisfaction %(number)s of 5") % {"number": event.facts["satisfaction"]}
    return _(", ").join([str(outcome), said])


def _tier(value: str) -> str:
    return str(Tier(value).label) if value in Tier.values else value


RECIPIENT_NAMES: Mapping[str, Any] = {
    "handler": gettext_lazy("handler"),
    "lead": gettext_lazy("team lead"),
    "manager": gettext_lazy("vendor’s manager"),
    "client": gettext_lazy("client"),
}
SENTENCES: Mapping[str, Callable[[TicketEvent], str]] = {
    Kind.STATE: _moved,
    Kind.HOP: _handed_over,
    Kind.TERMS: _promised,
    Kind.CALLED_BACK: _called_back,
    ASSIGNED: _assigned,
    MERGED: _merged,
    FROM_INCIDENT: _from_incident,
    NOT_FROM_INCIDENT: _not_from_incident,
}


FEEDBACK_TONES = {
    FeedbackState.NOTED: "neutral",
    FeedbackState.REGISTERED: "warning",
    FeedbackState.ROUTED: "info",
    FeedbackState.ANSWERED: "info",
    FeedbackState.CLOSED: "good",
}
# The label of each step's button, and what is said once it is taken.
FEEDBACK_STEPS: Mapping[FeedbackStep, tuple[Any, Any]] = {
    FeedbackStep.CLASSIFY: (gettext_lazy("Classify"), gettext_lazy("Classified.")),
    FeedbackStep.ROUTE: (gettext_lazy("Pass on"), gettext_lazy("Passed on.")),
    FeedbackStep.ANSWER: (gettext_lazy("Enter the answer"), gettext_lazy("The answer is entered.")),
    FeedbackStep.CLOSE: (gettext_lazy("Close the loop"), gettext_lazy("Closed.")),
    FeedbackStep.REOPEN: (gettext_lazy("Reopen"), gettext_lazy("Taken up again.")),
}
# What stands at the top of the page of one voice: the state and what is to do.
FEEDBACK_NOW: Mapping[FeedbackState, tuple[Any, Any]] = {
    FeedbackState.NOTED: (
        gettext_lazy("Noted"),
        gettext_lazy("A satisfied rating without a word: nobody has to do anything."),
    ),
    FeedbackState.REGISTERED: (
        gettext_lazy("Waits to be passed on"),
        gettext_lazy("Say what it is about and pass it on to the department that owns the matter."),
    ),
    FeedbackState.ROUTED: (
        gettext_lazy("With the department"),
        gettext_lazy("Enter what came of it there once the department has answered."),
    ),
    FeedbackState.ANSWERED: (
        gettext_lazy("Answered"),
        gettext_lazy("Tell the customer what came of it, then close the loop."),
    ),
    FeedbackState.CLOSED: (gettext_lazy("Closed"), ""),
}
_ROUTING_TONES = {
    Verdict.RUNNING: ("info", "clock"),
    Verdict.NEAR: ("warning", "clock"),
    Verdict.LATE: ("bad", "alert-circle"),
    Verdict.KEPT: ("good", "check"),
    Verdict.MISSED: ("bad", "alert-circle"),
}


def routing_words(routing: Routing) -> str:
    """Return how the way to the department stands."""
    time = distance_text(routing.seconds)
    match routing.verdict:
        case Verdict.RUNNING | Verdict.NEAR:
            return _("in %(time)s") % {"time": time}
        case Verdict.LATE:
            return _("overdue by %(time)s") % {"time": time}
        case Verdict.KEPT:
            return _("in time")
        case Verdict.MISSED:
            return _("late by %(time)s") % {"time": time}
    return ""


def routing_badge(routing: Routing) -> Any:
    """Show how the way to the department stands; nothing where there is none."""
    if routing.verdict is Verdict.NONE:
        return ""
    tone, icon = _ROUTING_TONES[routing.verdict]
    return ui.badge(tone, routing_words(routing), icon)
