"""What calls and imports say in words: outcomes, states, why a row or a file is not taken, what a column holds."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.calc.canonical import AbandonPlace, CallDirection, Outcome
from calls.calc.mapping import NAMES_SHOWN
from calls.calc.parts import Part
from calls.calc.rules import NOTES, REFUSALS, RULES
from core import formats

OUTCOMES: dict[int, Any] = {
    Outcome.ANSWERED: gettext_lazy("answered"),
    Outcome.ABANDONED: gettext_lazy("abandoned"),
    Outcome.FLOWED_OUT: gettext_lazy("flowed out"),
    Outcome.WITHDRAWN: gettext_lazy("withdrawn"),
}
OUTCOME_TONES: dict[int, str] = {
    Outcome.ANSWERED: "good",
    Outcome.ABANDONED: "bad",
    Outcome.FLOWED_OUT: "info",
    Outcome.WITHDRAWN: "neutral",
}
DIRECTIONS: dict[int, Any] = {
    CallDirection.INBOUND: gettext_lazy("inbound"),
    CallDirection.OUTBOUND: gettext_lazy("outbound"),
}
ABANDON_PLACES: dict[int, Any] = {
    AbandonPlace.GREETING: gettext_lazy("in the greeting"),
    AbandonPlace.QUEUE: gettext_lazy("in the queue"),
    AbandonPlace.RINGING: gettext_lazy("while ringing"),
    AbandonPlace.HOLD: gettext_lazy("on hold"),
}
PARTS: dict[Part, Any] = {
    Part.OFFERED: gettext_lazy("offered"),
    Part.ANSWERED: gettext_lazy("answered"),
    Part.ABANDONED: gettext_lazy("abandoned"),
    Part.FLOWED_OUT: gettext_lazy("flowed out"),
    Part.ABANDONED_SHORT: gettext_lazy("abandoned early"),
    Part.SERVICE_MET: gettext_lazy("met the service level"),
    Part.SERVICE_MISSED: gettext_lazy("missed the service level"),
    Part.SERVICE_BASE: gettext_lazy("count in the service level"),
    Part.CONNECT_MET: gettext_lazy("answered, as the connect rate counts"),
    Part.CONNECT_MISSED: gettext_lazy("abandoned, as the connect rate counts"),
    Part.CONNECT_BASE: gettext_lazy("count in the connect rate"),
    Part.ABANDONMENT_MET: gettext_lazy("abandoned, as abandonment counts"),
    Part.ABANDONMENT_BASE: gettext_lazy("count in abandonment"),
    Part.CSAT_MET: gettext_lazy("satisfied"),
    Part.CSAT_MISSED: gettext_lazy("not satisfied"),
    Part.CSAT_BASE: gettext_lazy("answered the survey"),
    Part.FCR_MET: gettext_lazy("resolved with the first call"),
    Part.FCR_MISSED: gettext_lazy("followed by a repeat call"),
    Part.FCR_BASE: gettext_lazy("count in first-call resolution"),
    Part.HANDLED: gettext_lazy("handled"),
    Part.TRANSFERRED: gettext_lazy("came by transfer"),
    Part.DIALED: gettext_lazy("dialed"),
    Part.SUCCESS: gettext_lazy("successful"),
    Part.RESOLVED: gettext_lazy("marked as resolved"),
}
STATE_TONES = {
    "received": "info",
    "checked": "warning",
    "confirmed": "info",
    "loaded": "good",
    "refused": "bad",
    "canceled": "neutral",
    "quarantined": "bad",
}
# How a batch's end is called that no refusal of a file says (calls.services.batches).
PROBLEMS: dict[str, tuple[Any, Any]] = {
    "failed_three_times": (
        gettext_lazy("Working on this file failed three times; nothing of the unfinished part was stored."),
        gettext_lazy("Try again. If it is set aside once more, give this page's address to your administrator."),
    ),
}
# Column: what it holds. An example stands in the template.
COLUMNS: dict[str, Any] = {
    "external_id": gettext_lazy("The call's id in the phone system; with the contract it names the call for ever."),
    "revision": gettext_lazy("Whole number; a correction of a call is sent with a higher one. Empty is 1."),
    "queue": gettext_lazy("Code of the queue that the call was offered to."),
    "direction": gettext_lazy("Which side dialed. Empty is inbound."),
    "customer": gettext_lazy("The other party's number, with + and country code. Stored encrypted, shown masked."),
    "reason": gettext_lazy("Code of the call reason."),
    "agent": gettext_lazy("Code of the agent who answered or dialed."),
    "offered_at": gettext_lazy("When the call entered the queue (outbound: when it was dialed)."),
    "answered_at": gettext_lazy("When it was answered. If empty: offered + wait."),
    "ended_at": gettext_lazy("When it ended, without wrap-up. If empty: answered + talk + hold."),
    "ring_seconds": gettext_lazy("How long it rang at the agent; part of the wait."),
    "wait_seconds": gettext_lazy("From offered to answered, or to the hang-up of an abandoned call."),
    "talk_seconds": gettext_lazy("Talking, without hold. If empty: ended − answered − hold."),
    "hold_seconds": gettext_lazy("On hold while talking to the agent."),
    "wrap_seconds": gettext_lazy("Work on the call after its end."),
    "outcome": gettext_lazy("What became of the call; withdrawn takes a record back that was sent by mistake."),
    "abandon_place": gettext_lazy("Where the caller was who hung up. Only with abandoned; empty is queue."),
    "transferred_from": gettext_lazy("Id of the call that this one was transferred from."),
    "resolved": gettext_lazy("Whether the agent marked the matter as resolved."),
    "success": gettext_lazy("Whether an outbound call reached its aim."),
    "csat": gettext_lazy("The caller's answer to the survey, a whole number from 0 to 10; 0 is no answer."),
    "recording": gettext_lazy("Where the recording is kept: a reference, never the sound itself."),
    "ivr_path": gettext_lazy("The choices in the menu before the queue."),
}


class _Known(string.Formatter):
    """Fills a template with what there is; a missing value leaves an ellipsis."""

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        value = kwargs.get(str(key), "…")
        if isinstance(value, list | tuple):
            shown = ", ".join(str(item) for item in value[:NAMES_SHOWN])
            more = len(value[NAMES_SHOWN:]) + kwargs.get(f"{key}_more", 0)
            if not more:
                return shown
            return _("%(names)s and %(count)s more") % {"names": shown, "count": formats.count_text(more)}
        return formats.count_text(value) if isinstance(value, int) else value


def _filled(template: str, values: Mapping[str, Any]) -> str:
    return _Known().format(_(template), **values)


def rule_text(*, rule: str, column: str, value: str) -> str:
    """Return what is wrong with a cell."""
    known = RULES.get(rule)
    return _filled(known.message, {"column": column, "value": value}) if known else rule


def rule_remedy(*, rule: str) -> str:
    """Return what the sender can do about it."""
    known = RULES.get(rule)
    return _(known.remedy) if known else ""


def problem_words(*, code: str, details: Mapping[str, Any]) -> tuple[str, str]:
    """Return why a whole file was not taken, and the remedy."""
    if code in PROBLEMS:
        message, remedy = PROBLEMS[code]
        return str(message), str(remedy)
    known = REFUSALS.get(code)
    if known is None:
        return code, ""
    return _filled(known.message, details), _(known.remedy)


def note_text(*, code: str, details: Mapping[str, Any]) -> str:
    """Return a remark of the reader about a file."""
    return _filled(NOTES.get(code, code), details)
