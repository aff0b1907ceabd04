"""What quality assurance calls the states of an evaluation, and what is done with one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qa.calc.states import State, Step

STATE_TONES = {
    State.SAMPLED: "neutral",
    State.DRAFT: "info",
    State.SUBMITTED: "info",
    State.RELEASED: "warning",
    State.ACKNOWLEDGED: "good",
    State.DISPUTED: "serious",
    State.FINAL: "good",
    State.DROPPED: "neutral",
}
# What somebody did, a sentence without its subject.
STEP_SENTENCES = {
    Step.TAKE: _("took it in hands"),
    Step.GIVE_BACK: _("gave it back"),
    Step.SUBMIT: _("submitted it"),
    Step.REOPEN: _("took it back to change it"),
    Step.RELEASE: _("released it"),
    Step.ACKNOWLEDGE: _("acknowledged it"),
    Step.DISPUTE: _("disputed it"),
    Step.REVISE: _("revised it"),
    Step.DECLINE: _("declined the dispute"),
    Step.CLOSE: _("made it final, for nobody disputed it in time"),
    Step.DROP: _("left it out"),
}
# What is said once a step is done.
STEPS_DONE = {
    Step.TAKE: _("It is in your hands now."),
    Step.GIVE_BACK: _("Given back."),
    Step.REOPEN: _("You have it in hands again."),
    Step.RELEASE: _("Released."),
    Step.ACKNOWLEDGE: _("Acknowledged."),
    Step.DROP: _("Left out."),
}
