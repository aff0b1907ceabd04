"""What incidents, drills and inspections say in words."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import seconds_text
from sla.calc.incidents import Clock, Reading, Severity, State, Step, Verdict
from sla.calc.readiness import DrillState
from sla.models import IncidentEntry

STATES: dict[State, tuple[Any, str]] = {
    State.RAISED: (gettext_lazy("raised"), "bad"),
    State.ACKNOWLEDGED: (gettext_lazy("acknowledged"), "serious"),
    State.LOCATED: (gettext_lazy("located"), "warning"),
    State.RESTORED: (gettext_lazy("restored"), "info"),
    State.CLOSED: (gettext_lazy("closed"), "neutral"),
    State.REVIEWED: (gettext_lazy("reviewed"), "good"),
}
SEVERITIES: dict[Severity, tuple[Any, str]] = {
    Severity.CRITICAL: (gettext_lazy("critical"), "bad"),
    Severity.MAJOR: (gettext_lazy("major"), "warning"),
    Severity.MINOR: (gettext_lazy("minor"), "neutral"),
}
CLOCKS: dict[Clock, Any] = {Clock.LOCATE: gettext_lazy("Locate"), Clock.RESTORE: gettext_lazy("Restore")}
VERDICT_TONES = {
    Verdict.RUNNING: "info",
    Verdict.NEAR: "warning",
    Verdict.OVERDUE: "bad",
    Verdict.MET: "good",
    Verdict.MISSED: "bad",
}
# The button of a step, and what is said once it is taken.
STEPS: dict[Step, tuple[Any, Any]] = {
    Step.ACKNOWLEDGE: (gettext_lazy("Acknowledge"), gettext_lazy("Acknowledged.")),
    Step.LOCATE: (gettext_lazy("The fault is located"), gettext_lazy("Located; the first clock has stopped.")),
    Step.RESTORE: (gettext_lazy("The service is restored"), gettext_lazy("Restored; the second clock has stopped.")),
    Step.FAIL_AGAIN: (gettext_lazy("It failed again"), gettext_lazy("Open again; the clock to restore runs on.")),
    Step.CLOSE: (gettext_lazy("Close it"), gettext_lazy("Closed.")),
    Step.REVIEW: (gettext_lazy("Finish the review"), gettext_lazy("The review is done.")),
}
# What is to be done now, and by whom.
NOW: dict[State, tuple[Any, Any]] = {
    State.RAISED: (gettext_lazy("Somebody must take it"), gettext_lazy("Acknowledge it, so that nobody waits.")),
    State.ACKNOWLEDGED: (gettext_lazy("Find the fault"), gettext_lazy("Say where it lies as soon as it is located.")),
    State.LOCATED: (gettext_lazy("Bring the service back"), gettext_lazy("Follow the plan; agents have the script.")),
    State.RESTORED: (gettext_lazy("Watch it, then close"), gettext_lazy("If it fails again, the clock runs on.")),
    State.CLOSED: (gettext_lazy("Learn from it"), gettext_lazy("Write down what will be done, by whom, by when.")),
    State.REVIEWED: (gettext_lazy("Done"), gettext_lazy("Nothing is left to do.")),
}
ENTRY_WORDS: dict[str, Any] = {
    "raised": gettext_lazy("raised it"),
    Step.ACKNOWLEDGE: gettext_lazy("acknowledged it"),
    Step.LOCATE: gettext_lazy("located the fault"),
    Step.RESTORE: gettext_lazy("restored the service"),
    Step.FAIL_AGAIN: gettext_lazy("reported that it failed again"),
    Step.CLOSE: gettext_lazy("closed it"),
    Step.REVIEW: gettext_lazy("finished the review"),
    "note": gettext_lazy("wrote"),
    "affected": gettext_lazy("said anew what is affected"),
    "window": gettext_lazy("corrected when callers were affected"),
    "relief": gettext_lazy("decided on relief"),
    "alert": gettext_lazy("gave the alarm"),
}
ALERT_WORDS: dict[str, Any] = {
    "locate 75": gettext_lazy("Three quarters of the time to locate it have passed."),
    "locate 100": gettext_lazy("The time to locate it is over."),
    "restore 75": gettext_lazy("Three quarters of the time to restore the service have passed."),
    "restore 100": gettext_lazy("The time to restore the service is over."),
}
ITEM_WORDS: dict[str, Any] = {
    "sign_in": gettext_lazy("people can sign in"),
    "history_opens": gettext_lazy("a customer's history opens"),
    "ticket_saved": gettext_lazy("a ticket is saved and found again"),
    "answers_in_time": gettext_lazy("pages answer in time"),
    "schedule_shown": gettext_lazy("today's schedule is shown"),
    "live_data": gettext_lazy("live data arrive"),
    "forecast_run": gettext_lazy("the forecast was computed"),
    "test_call_in": gettext_lazy("a test call comes in"),
    "test_call_out": gettext_lazy("a test call goes out"),
    "menu_plays": gettext_lazy("the voice menu plays"),
    "recording_kept": gettext_lazy("the test call was recorded"),
    "transfer_works": gettext_lazy("a transfer works"),
}
DRILL_STATES: dict[DrillState, tuple[Any, str]] = {
    DrillState.HELD: (gettext_lazy("held"), "good"),
    DrillState.PLANNED: (gettext_lazy("planned"), "info"),
    DrillState.DUE: (gettext_lazy("due"), "warning"),
    DrillState.MISSING: (gettext_lazy("missing"), "bad"),
    DrillState.NOT_YET: (gettext_lazy("not in force"), "neutral"),
}
RELIEF: dict[bool | None, tuple[Any, str]] = {
    None: (gettext_lazy("not decided"), "neutral"),
    True: (gettext_lazy("counts"), "info"),
    False: (gettext_lazy("does not count"), "neutral"),
}


def reading_words(reading: Reading) -> str:
    """Return how a clock stands: what is left while it runs, what it took once it has stopped."""
    if reading.verdict is Verdict.OVERDUE:
        return _("%(time)s over") % {"time": seconds_text(round(-reading.left_seconds))}
    if reading.stopped_at is None:
        return _("%(time)s left") % {"time": seconds_text(round(reading.left_seconds))}
    text = _("met in %(time)s") if reading.verdict is Verdict.MET else _("missed: %(time)s")
    return text % {"time": seconds_text(round(reading.elapsed_seconds))}


def entry_words(entry: IncidentEntry) -> tuple[str, str]:
    """Return what a line of the log says: the deed, and its text."""
    text: str | Promise = ALERT_WORDS.get(entry.text, entry.text) if entry.kind == "alert" else entry.text
    return str(ENTRY_WORDS.get(entry.kind, entry.kind)), str(text)
