"""What improvement actions, ideas and cases of exceptional service say in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from qa.calc.improvement import Step, Verdict
from qa.models import CaseState, IdeaState, ImprovementState, Kind

IMPROVEMENT_TONES = {
    ImprovementState.PLAN: "neutral",
    ImprovementState.DO: "info",
    ImprovementState.CHECK: "warning",
    ImprovementState.ROLLED_OUT: "good",
    ImprovementState.REDO: "serious",
    ImprovementState.CLOSED: "neutral",
}
# What proves a case of exceptional service; one of them.
PROOFS: Mapping[str, Any] = {Kind.CALL: _("call"), Kind.TICKET: _("ticket")}
# What each step of an improvement action is called on its button, and what is said once it is taken.
IMPROVEMENT_STEPS: Mapping[Step, tuple[Any, Any]] = {
    Step.START_PILOT: (_("Start the pilot"), _("The pilot runs.")),
    Step.START_CHECK: (_("Begin the check"), _("The check has begun.")),
    Step.ROLL_OUT: (_("Roll out"), _("Rolled out.")),
    Step.SEND_BACK: (_("Send back to redo"), _("Sent back.")),
    Step.PLAN_AGAIN: (_("Plan again"), _("It is planned again.")),
    Step.CLOSE: (_("Close the action"), _("Closed.")),
}
# Where an action stands, and what happens next.
IMPROVEMENT_NOW: Mapping[ImprovementState, tuple[Any, Any]] = {
    ImprovementState.PLAN: (
        _("Plan"),
        _("Say what is done otherwise, choose a pilot and a control group, then start the pilot."),
    ),
    ImprovementState.DO: (_("Do"), _("The pilot works in the new way, the control group as before.")),
    ImprovementState.CHECK: (
        _("Check"),
        _("Once the window is complete, the check compares both groups; nothing is rolled out before."),
    ),
    ImprovementState.ROLLED_OUT: (_("Act: rolled out"), _("Bring it to everybody, then close the action.")),
    ImprovementState.REDO: (_("Act: redo"), _("Find out why it did not help, then plan again or close.")),
    ImprovementState.CLOSED: (_("Closed"), _("Nothing more is done.")),
}
IMPROVEMENT_EVENTS: Mapping[str, Any] = {
    "planned": _("planned it"),
    "comment": _("wrote"),
    "checked": _("ran the check"),
    "start_pilot": _("started the pilot"),
    "start_check": _("began the check"),
    "roll_out": _("rolled it out"),
    "send_back": _("sent it back"),
    "plan_again": _("planned it again"),
    "close": _("closed it"),
}
VERDICT_TONES = {
    Verdict.REACHED: "good",
    Verdict.BETTER: "info",
    Verdict.UNSURE: "neutral",
    Verdict.WORSE: "bad",
    Verdict.NO_FIGURE: "neutral",
}
VERDICTS: Mapping[Verdict, Any] = {
    Verdict.REACHED: _("Better than the control beyond chance, and the target is reached."),
    Verdict.BETTER: _("Better than the control beyond chance, but the target is not reached."),
    Verdict.UNSURE: _("No difference beyond chance."),
    Verdict.WORSE: _("Worse than the control beyond chance."),
    Verdict.NO_FIGURE: _("No figure: one of the groups has nothing to count."),
}
# How an effect was computed, in words.
METHOD_WORDS: Mapping[str, Any] = {
    "units": _("Each unit is its own yardstick: the mean change of the pilot’s less that of the control’s; Welch’s t."),
    "ratios": _("Shares of cases of both groups; the interval is put together from four Wilson intervals."),
    "moments": _("One of the groups has a single unit: its evaluations or days are the values; Welch’s t."),
}
IDEA_TONES = {
    IdeaState.SENT: "warning",
    IdeaState.ACCEPTED: "info",
    IdeaState.ADOPTED: "good",
    IdeaState.DECLINED: "neutral",
}
CASE_TONES = {CaseState.PROPOSED: "warning", CaseState.APPROVED: "good", CaseState.DECLINED: "neutral"}
