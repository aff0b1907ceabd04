"""What the book, the rights and the tokens say in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.calc.access import CLIENT_ROLES, MODELS, VENDOR_ROLES, object_of, permissions_of
from accounts.models import ROLE_LABELS, Organization
from accounts.wording.deeds import ACTION_WORDS, VERB_WORDS
from accounts.wording.notices import (
    ANSWER_WORDS,
    EVENT_WORDS,
    MODE_WORDS,
    NOTICE_KIND_WORDS,
    NOTICE_TERMS,
    NOTICE_WORDS,
)
from core.formats import moment_text
from core.scope import Scope

__all__ = [
    "ACTION_WORDS",
    "ANSWER_WORDS",
    "EVENT_WORDS",
    "EXTRA_FIELD_WORDS",
    "LONGEST_VALUE",
    "MODE_WORDS",
    "NOTICE_KIND_WORDS",
    "NOTICE_TERMS",
    "NOTICE_WORDS",
    "OBJECT_WORDS",
    "PERMISSION_WORDS",
    "VERB_WORDS",
    "action_words",
    "answer_words",
    "closed_words",
    "field_words",
    "name_hint",
    "notice_words",
    "object_words",
    "refusal_words",
    "value_words",
]

LONGEST_VALUE = 200

PERMISSION_WORDS: dict[str, Any] = {
    "vendors.view": gettext_lazy("see vendors, sites and queues"),
    "vendors.edit": gettext_lazy("edit vendors and queues"),
    "sites.edit": gettext_lazy("edit sites"),
    "agents.view": gettext_lazy("see agents"),
    "agents.edit": gettext_lazy("edit agents"),
    "contracts.view": gettext_lazy("see contracts"),
    "contracts.edit": gettext_lazy("edit contracts and draft versions"),
    "contracts.sign": gettext_lazy("sign contract versions"),
    "kpis.view": gettext_lazy("see KPIs"),
    "calls.view": gettext_lazy("see calls"),
    "tickets.view": gettext_lazy("see tickets"),
    "tickets.edit": gettext_lazy("work on tickets"),
    "tickets.assign": gettext_lazy("assign tickets"),
    "tickets.transfer": gettext_lazy("give tickets to another vendor"),
    "tickets.rules": gettext_lazy("change ticket calendars and policies"),
    "complaints.view": gettext_lazy("see ratings and complaints"),
    "complaints.edit": gettext_lazy("work on ratings and complaints"),
    "tickets.replies": gettext_lazy("change quick replies"),
    "campaigns.view": gettext_lazy("see outbound campaigns"),
    "campaigns.edit": gettext_lazy("edit outbound campaigns and lists"),
    "campaigns.call": gettext_lazy("call customers of a campaign"),
    "scripts.view": gettext_lazy("see scripts"),
    "scripts.edit": gettext_lazy("write scripts"),
    "scripts.confirm": gettext_lazy("confirm that one has read a script"),
    "live.view": gettext_lazy("see flagged calls in progress"),
    "live.flag": gettext_lazy("flag a call in progress"),
    "live.take": gettext_lazy("help on a call in progress"),
    "scripts.review": gettext_lazy("review scripts"),
    "dnc.view": gettext_lazy("see who is not to be called"),
    "dnc.edit": gettext_lazy("change who is not to be called"),
    "qa.view": gettext_lazy("see evaluations"),
    "qa.compare": gettext_lazy("see calibration, graders and the findings of the week"),
    "qa.calibrate": gettext_lazy("lead calibration sessions"),
    "qa.forms": gettext_lazy("write evaluation forms and sampling plans"),
    "qa.evaluate": gettext_lazy("evaluate conversations"),
    "qa.release": gettext_lazy("release evaluations and decide disputes"),
    "qa.acknowledge": gettext_lazy("acknowledge evaluations"),
    "qa.dispute": gettext_lazy("dispute evaluations"),
    "qa.coach": gettext_lazy("give coaching tasks"),
    "speech.view": gettext_lazy("see automatic checks"),
    "speech.edit": gettext_lazy("write rules over transcripts"),
    "transcripts.view": gettext_lazy("read transcripts"),
    "transcripts.import": gettext_lazy("import transcripts"),
    "improvements.view": gettext_lazy("see improvement actions"),
    "improvements.edit": gettext_lazy("work on improvement actions"),
    "consistency.view": gettext_lazy("see answers to the question bank"),
    "consistency.edit": gettext_lazy("write the question bank and enter answers"),
    "ideas.view": gettext_lazy("see ideas and exceptional service"),
    "ideas.send": gettext_lazy("send ideas"),
    "ideas.review": gettext_lazy("decide on ideas and exceptional service"),
    "calls.export": gettext_lazy("export calls"),
    "imports.view": gettext_lazy("see imports"),
    "calls.import": gettext_lazy("import calls"),
    "profiles.edit": gettext_lazy("edit import profiles"),
    "customers.unmask": gettext_lazy("see a caller's clear number"),
    "incidents.view": gettext_lazy("see incidents"),
    "incidents.raise": gettext_lazy("raise incidents"),
    "incidents.step": gettext_lazy("take incidents on"),
    "incidents.judge": gettext_lazy("decide on relief for incidents"),
    "plans.view": gettext_lazy("see contingency plans"),
    "plans.edit": gettext_lazy("edit contingency plans and drills"),
    "inspections.view": gettext_lazy("see drills, inspections and evidence"),
    "inspections.edit": gettext_lazy("record inspections and evidence"),
    "users.view": gettext_lazy("see people"),
    "users.manage": gettext_lazy("manage people"),
    "tokens.own": gettext_lazy("create own API tokens"),
    "tokens.manage": gettext_lazy("manage service accounts and tokens"),
    "audit.view": gettext_lazy("read the audit book"),
    "notices.view": gettext_lazy("read own notices"),
    "webhooks.view": gettext_lazy("see webhooks"),
    "webhooks.manage": gettext_lazy("manage webhooks"),
}

OBJECT_WORDS: dict[str, Any] = {
    "organization": gettext_lazy("organization"),
    "vendor": gettext_lazy("vendor"),
    "site": gettext_lazy("site"),
    "queue": gettext_lazy("queue"),
    "agent": gettext_lazy("agent"),
    "contract": gettext_lazy("contract"),
    "coverage": gettext_lazy("covered queue"),
    "version": gettext_lazy("contract version"),
    "definition": gettext_lazy("KPI definition"),
    "target": gettext_lazy("target"),
    "call": gettext_lazy("call"),
    "customer": gettext_lazy("caller"),
    "reason": gettext_lazy("call reason"),
    "calendar": gettext_lazy("calendar"),
    "policy": gettext_lazy("ticket policy"),
    "ticket": gettext_lazy("ticket"),
    "ticket_event": gettext_lazy("ticket event"),
    "ticket_clock": gettext_lazy("ticket clock"),
    "ticket_alert": gettext_lazy("ticket alert"),
    "attachment": gettext_lazy("file of a ticket"),
    "client_remark": gettext_lazy("client’s remark"),
    "ticket_view": gettext_lazy("view of the list of tickets"),
    "feedback": gettext_lazy("feedback"),
    "voice_signal": gettext_lazy("signal of customers"),
    "quick_reply": gettext_lazy("quick reply"),
    "script": gettext_lazy("script"),
    "live_call": gettext_lazy("flagged call"),
    "confirmation_round": gettext_lazy("confirmation of a script"),
    "confirmation": gettext_lazy("agent’s confirmation"),
    "campaign": gettext_lazy("campaign"),
    "contact_import": gettext_lazy("list of contacts"),
    "contact": gettext_lazy("contact"),
    "attempt": gettext_lazy("attempt"),
    "do_not_call": gettext_lazy("entry of who is not to be called"),
    "form_draft": gettext_lazy("draft of an evaluation form"),
    "form": gettext_lazy("evaluation form"),
    "sampling_plan": gettext_lazy("sampling plan"),
    "draw": gettext_lazy("draw of a sample"),
    "evaluation": gettext_lazy("evaluation"),
    "dispute": gettext_lazy("dispute"),
    "coaching_task": gettext_lazy("coaching task"),
    "calibration": gettext_lazy("calibration"),
    "calibration_case": gettext_lazy("case of a calibration"),
    "calibration_seat": gettext_lazy("grader of a calibration"),
    "calibration_sheet": gettext_lazy("scores of a calibration"),
    "rule_draft": gettext_lazy("draft of a rule set"),
    "rule_set": gettext_lazy("rule set"),
    "transcript": gettext_lazy("transcript"),
    "transcript_import": gettext_lazy("list of transcripts"),
    "check": gettext_lazy("automatic check"),
    "improvement": gettext_lazy("improvement action"),
    "improvement_check": gettext_lazy("check of an improvement"),
    "bank_question": gettext_lazy("question of the bank"),
    "bank_reply": gettext_lazy("answer to the question bank"),
    "idea": gettext_lazy("idea"),
    "service_case": gettext_lazy("case of exceptional service"),
    "profile": gettext_lazy("import profile"),
    "batch": gettext_lazy("import"),
    "row_error": gettext_lazy("rejected row"),
    "kpi": gettext_lazy("KPI"),
    "incident": gettext_lazy("incident"),
    "incident_entry": gettext_lazy("line of the log"),
    "plan": gettext_lazy("contingency plan"),
    "drill": gettext_lazy("drill"),
    "inspection": gettext_lazy("inspection"),
    "evidence": gettext_lazy("monthly evidence"),
    "evidence_file": gettext_lazy("evidence file"),
    "entry": gettext_lazy("audit entry"),
    "notice": gettext_lazy("notice"),
    "webhook": gettext_lazy("webhook"),
    "delivery": gettext_lazy("message to a webhook"),
    "user": gettext_lazy("account"),
    "token": gettext_lazy("API token"),
}

# What changes call things that are no column.
EXTRA_FIELD_WORDS: dict[str, Any] = {
    "case": gettext_lazy("case"),
    "queues": gettext_lazy("queues"),
    "address": gettext_lazy("address"),
    "coverage": gettext_lazy("covered queue"),
    "definitions": gettext_lazy("how it is counted"),
    "document_hash": gettext_lazy("seal"),
    "duplicate": gettext_lazy("duplicate"),
    "method": gettext_lazy("method"),
    "mfa": gettext_lazy("two-step sign-in"),
    "new": gettext_lazy("new"),
    "organization": gettext_lazy("organization"),
    "read": gettext_lazy("read"),
    "rejected": gettext_lazy("rejected"),
    "role": gettext_lazy("role"),
    "rows": gettext_lazy("rows"),
    "filters": gettext_lazy("filters"),
    "reason": gettext_lazy("reason"),
    "notices_evaluation": NOTICE_KIND_WORDS["evaluation"],
    "notices_coaching": NOTICE_KIND_WORDS["coaching"],
    "notices_calibration": NOTICE_KIND_WORDS["calibration"],
    "notices_feedback": NOTICE_KIND_WORDS["feedback"],
    "notices_idea": NOTICE_KIND_WORDS["idea"],
    "notices_improvement": NOTICE_KIND_WORDS["improvement"],
    "notices_incident": NOTICE_KIND_WORDS["incident"],
    "notices_ticket": NOTICE_KIND_WORDS["ticket"],
    "notices_ticket_alert": NOTICE_KIND_WORDS["ticket_alert"],
    "notices_voice": NOTICE_KIND_WORDS["voice"],
    "notices_webhook": NOTICE_KIND_WORDS["webhook"],
    "sha256": "SHA-256",
    "signed_at": gettext_lazy("signed on"),
    "submitted_at": gettext_lazy("submitted on"),
    "superseded": gettext_lazy("superseded"),
    "targets": gettext_lazy("targets"),
    "unchanged": gettext_lazy("unchanged"),
    "updated": gettext_lazy("updated"),
    "user": gettext_lazy("account"),
}


def closed_words(organization: Organization) -> str:
    """Return what whoever works for a deactivated vendor is told."""
    words = _("%(name)s is deactivated here: its people cannot sign in and its tokens are refused.")
    return words % {"name": organization.name}


def name_hint(ending: str) -> str:
    """Return what stands below the field for a user name that somebody gives."""
    return _("To sign in with; %(ending)s is put behind it.") % {"ending": ending} if ending else _("To sign in with.")


def refusal_words(*, scope: Scope, permission: str) -> str:
    """Return which right somebody lacks, which roles of the own side have it, and whom to ask."""
    values: dict[str, Any] = {"right": PERMISSION_WORDS[permission], "role": ROLE_LABELS.get(scope.role, scope.role)}
    if permission in permissions_of(scope.role, scope.side):
        words = _("You need the right “%(right)s”. Your role, %(role)s, has it, but this token does not carry it.")
        return words % values
    own = CLIENT_ROLES if scope.is_client else VENDOR_ROLES
    values["holders"] = ", ".join(str(ROLE_LABELS[r]) for r in own if permission in permissions_of(r, scope.side))
    if values["holders"]:
        words = _(
            "You need the right “%(right)s”; your role, %(role)s, does not have it. "
            "Ask somebody who does (%(holders)s), or your administrator for another role."
        )
    else:
        words = _("You need the right “%(right)s”; your role, %(role)s, does not have it. Ask the client's people.")
    return words % values


def notice_words(message: str, parameters: Mapping[str, Any], zone: str) -> str:
    """Return what a notice says, in the reader's language and zone; a message of a former release says its key."""
    words = NOTICE_WORDS.get(message)
    if words is None:
        return message
    values = {
        name: moment_text(datetime.fromisoformat(value), zone)
        if name.endswith("_at")
        else str(NOTICE_TERMS.get(name, {}).get(value, value))
        for name, value in parameters.items()
    }
    return str(words) % values


def answer_words(status: str) -> str:
    """Return what a receiver answered: its HTTP status, or why there is none."""
    return str(ANSWER_WORDS.get(status, status))


def action_words(action: str) -> str:
    """Return a deed in words, a sentence without its subject: ``created the site``."""
    if action in ACTION_WORDS:
        return str(ACTION_WORDS[action])
    thing, _dot, verb = action.partition(".")
    if verb in VERB_WORDS:
        return str(VERB_WORDS[verb]).format(thing=OBJECT_WORDS.get(thing, thing))
    return action.replace(".", ": ").replace("_", " ")


def field_words(object_type: str, name: str) -> str:
    """Return what people call a field of a model, by the model's name as audit entries carry it."""
    if name not in EXTRA_FIELD_WORDS and (field := _field(object_type, name)) is not None:
        return str(getattr(field, "verbose_name", name))
    return str(EXTRA_FIELD_WORDS.get(name, name.replace("_", " ")))


def _field(object_type: str, name: str) -> Any:
    label = next((label for label in MODELS if label.partition(".")[2] == object_type), None)
    try:
        return apps.get_model(label)._meta.get_field(name) if label else None
    except FieldDoesNotExist:
        return None


def object_words(object_type: str) -> str:
    """Return what people call a kind of object, by the name of its model."""
    obj = object_of(object_type)
    return str(OBJECT_WORDS[obj]) if obj in OBJECT_WORDS else object_type


def value_words(name: str, value: Any, object_type: str = "") -> Any:
    """Return a value of an entry as people say it."""
    field = _field(object_type, name)
    choices: dict[Any, Any] = ROLE_LABELS if name == "role" else dict(getattr(field, "flatchoices", None) or ())
    if isinstance(value, str | int) and value in choices:
        return str(choices[value])
    if name.endswith("_at") and isinstance(value, str):
        return _moment_words(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)[:LONGEST_VALUE]
    return _list_words(name, value) if isinstance(value, list) else value


def _list_words(name: str, values: list[Any]) -> str:
    if name.isdigit():
        # The windows of a weekday.
        return ", ".join("–".join(window) for window in values) or _("closed")
    words = (PERMISSION_WORDS.get(i, i) if isinstance(i, str) else value_words(name, i) for i in values)
    return ", ".join(map(str, words))


def _moment_words(text: str) -> str:
    try:
        return f"{moment_text(datetime.fromisoformat(text), 'UTC')} UTC"
    except ValueError:
        # In an import profile the same name stands for the column that holds the moment.
        return text
