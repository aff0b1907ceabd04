"""What rules over transcripts say, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SPEAKERS = {"agent": _("Agent"), "customer": _("Customer"), "system": _("System")}
VERDICTS = {"failed": _("failed"), "passed": _("passed"), "not_applicable": _("not applicable")}
VERDICT_TONES = {"failed": "bad", "passed": "good", "not_applicable": "neutral"}
RULE_KINDS = {
    "must_say": _("must be said"),
    "must_not_say": _("must not be said"),
    "order": _("must be said in this order"),
    "greeting": _("greeting in time"),
    "silence": _("no long silence"),
    "talk_ratio": _("share of the agent’s talk"),
    "interruption": _("no interruption"),
}
# Why a rule says what it says; each of qa.calc.rule_book.Reason has one.
REASONS = {
    "not_said": _("it was not said"),
    "said": _("it was said"),
    "out_of_order": _("it was said in another order"),
    "too_late": _("it was said too late"),
    "number_not_said": _("the agent’s number was not said"),
    "too_long": _("the silence was too long"),
    "too_little": _("the agent spoke too little"),
    "too_much": _("the agent spoke too much"),
    "too_often": _("it happened too often"),
    "other_language": _("the call is in another language"),
    "no_speaker": _("whom it looks at does not speak"),
    "no_times": _("the transcript has no times"),
    "no_connection": _("nobody knows when the call was connected"),
    "number_unknown": _("the agent’s number is not known"),
}
