"""What people are told by notices and webhooks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

# What people are told about (accounts.calc.notices.KINDS), and in which words; rooms add their own.
NOTICE_KIND_WORDS: dict[str, Any] = {
    "ticket": gettext_lazy("Tickets: handed over, mentioned, answered"),
    "ticket_alert": gettext_lazy("Tickets: deadlines near or past"),
    "incident": gettext_lazy("Incidents"),
    "feedback": gettext_lazy("Feedback: not passed on in time"),
    "voice": gettext_lazy("Voice of the customer: more calls, less content"),
    "improvement": gettext_lazy("Improvement actions: given to you, overdue"),
    "idea": gettext_lazy("Ideas and exceptional service: decided"),
    "script": gettext_lazy("Scripts: to be confirmed, near their last day"),
    "live": gettext_lazy("Calls in progress: help is wanted"),
    "evaluation": gettext_lazy("Evaluations: released, disputed, decided"),
    "coaching": gettext_lazy("Coaching: given, overdue"),
    "calibration": gettext_lazy("Calibration: to be scored, revealed"),
    "webhook": gettext_lazy("Webhooks that fail"),
}
NOTICE_WORDS: dict[str, Any] = {
    "incident_raised": gettext_lazy("Incident %(incident)s was raised."),
    "incident_locate_near": gettext_lazy("Incident %(incident)s: three quarters of the time to locate it have passed."),
    "incident_locate_over": gettext_lazy("Incident %(incident)s is not located in time."),
    "incident_restore_near": gettext_lazy(
        "Incident %(incident)s: three quarters of the time to restore the service have passed."
    ),
    "incident_restore_over": gettext_lazy("Incident %(incident)s: the service is not restored in time."),
    "feedback_late": gettext_lazy(
        "Feedback %(feedback)s was not passed on to a department in time; it was due %(due_at)s."
    ),
    "voice_signal": gettext_lazy(
        "“%(reason)s” at %(vendor)s: %(rise)s %% more calls a day, and only %(csat)s %% of the callers are satisfied "
        "(%(csat_before)s %% before)."
    ),
    "improvement_given": gettext_lazy("Improvement action %(action)s “%(title)s” is yours now."),
    "improvement_overdue": gettext_lazy(
        "Improvement action %(action)s “%(title)s” waits for its next step since %(due)s."
    ),
    "idea_decided": gettext_lazy("Your idea %(idea)s “%(title)s” was decided: %(decision)s."),
    "case_decided": gettext_lazy("The exceptional service %(case)s “%(title)s” was decided: %(decision)s."),
    "script_confirm": gettext_lazy("Please read and confirm the script %(script)s until %(due)s."),
    "script_near": gettext_lazy("The script %(script)s may be used until %(due)s only."),
    "script_over": gettext_lazy("The script %(script)s expired; campaigns do not call with it any more."),
    "live_flagged": gettext_lazy("%(live)s: %(agent)s needs help on a call (%(flag)s)."),
    "ticket_near": gettext_lazy("Ticket %(ticket)s: the promise “%(clock)s” falls due soon."),
    "ticket_over": gettext_lazy("Ticket %(ticket)s: the promise “%(clock)s” is overdue since %(due_at)s."),
    "ticket_mentioned": gettext_lazy("You are mentioned in ticket %(ticket)s."),
    "evaluation_released": gettext_lazy("Evaluation %(evaluation)s of %(conversation)s was released."),
    "evaluation_disputed": gettext_lazy("Evaluation %(evaluation)s of %(conversation)s is disputed."),
    "evaluation_decided": gettext_lazy("The dispute of evaluation %(evaluation)s was decided."),
    "coaching_given": gettext_lazy("%(agent)s has something to practice until %(due_on)s."),
    "coaching_due": gettext_lazy("The coaching of %(agent)s was due on %(due_on)s and has not ended."),
    "calibration_begun": gettext_lazy(
        "Calibration %(calibration)s has begun: calls for you to score blind: %(count)s, until %(deadline_at)s."
    ),
    "calibration_revealed": gettext_lazy("The results of calibration %(calibration)s are there."),
    "webhook_failing": gettext_lazy("The webhook “%(name)s” has failed since %(since_at)s."),
    "webhook_given_up": gettext_lazy("Messages to the webhook “%(name)s” are lost: it has failed since %(since_at)s."),
}
# Parameters of notices whose values are words of ours: name to value to word.
NOTICE_TERMS: dict[str, dict[str, Any]] = {
    "decision": {
        "accepted": gettext_lazy("accepted"),
        "adopted": gettext_lazy("adopted"),
        "approved": gettext_lazy("approved"),
        "declined": gettext_lazy("declined"),
    },
    "flag": {
        "help": gettext_lazy("asked for help"),
        "risky_words": gettext_lazy("risky words"),
        "silence": gettext_lazy("long silence"),
        "long_talk": gettext_lazy("long call"),
        "other": gettext_lazy("other"),
    },
    "clock": {
        "first_response": gettext_lazy("first response"),
        "update": gettext_lazy("next update"),
        "resolution": gettext_lazy("resolution"),
        "hop": gettext_lazy("hand-over"),
        "callback": gettext_lazy("callback"),
    },
}
MODE_WORDS: dict[str, Any] = {
    "now": gettext_lazy("one by one"),
    "digest": gettext_lazy("collected into one"),
    "muted": gettext_lazy("not at all"),
}
EVENT_WORDS: dict[str, Any] = {
    "ping": gettext_lazy("test"),
    "ticket.created": gettext_lazy("a ticket was created"),
    "ticket.changed": gettext_lazy("a ticket changed its state or was handed over"),
    "ticket.alerted": gettext_lazy("a ticket is near or past a deadline"),
    "incident.raised": gettext_lazy("an incident was raised"),
    "incident.changed": gettext_lazy("an incident changed its state"),
    "feedback.registered": gettext_lazy("feedback or a complaint was registered"),
    "feedback.changed": gettext_lazy("feedback was passed on, answered, closed or reopened"),
    "feedback.late": gettext_lazy("feedback was not passed on in time"),
    "voice.signaled": gettext_lazy("a reason is asked about more by unhappier callers"),
    "evaluation.released": gettext_lazy("an evaluation was released"),
    "evaluation.disputed": gettext_lazy("an evaluation was disputed"),
    "evaluation.revised": gettext_lazy("an evaluation was revised after a dispute"),
    "evaluation.declined": gettext_lazy("a dispute of an evaluation was declined"),
}
# Why there is no answer of a receiver.
ANSWER_WORDS: dict[str, Any] = {
    "address_refused": gettext_lazy("refused: not a public address"),
    "name_unknown": gettext_lazy("the name is unknown"),
    "not_http": gettext_lazy("the answer is not HTTP"),
    "timeout": gettext_lazy("no answer in time"),
    "tls": gettext_lazy("the certificate is not trusted"),
    "unreachable": gettext_lazy("no connection"),
}
