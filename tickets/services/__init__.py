"""Writing tickets and the rules that promise something about them."""

from tickets.services.alerts import alerts_sweep
from tickets.services.attempts import Turn, attempt_number, attempt_record, contact_next
from tickets.services.bulk import TICKETS_MOST, Bulk, Chosen, ManyDeed, Outcome, tickets_do
from tickets.services.campaigns import campaign_create, campaign_step, campaign_update, rules_of, windows_of
from tickets.services.clocks import clocks_refresh, readings_of
from tickets.services.contacts import contacts_add, contacts_from_callers, contacts_upload
from tickets.services.do_not_call import do_not_call_add, do_not_call_withdraw, numbers_blocked
from tickets.services.feedback import (
    feedback_answer,
    feedback_classify,
    feedback_close,
    feedback_register,
    feedback_reopen,
    feedback_route,
    feedback_sweep,
)
from tickets.services.figures import ticket_days_count, ticket_days_mark
from tickets.services.following import tickets_follow
from tickets.services.incidents import ticket_incident_link, ticket_incident_unlink
from tickets.services.kept import view_begin_with, view_keep, view_remove
from tickets.services.opening import Opening, ticket_open, ticket_promise
from tickets.services.papers import attachment_delete, attachment_open, attachments_add, ticket_remark
from tickets.services.replies import reply_create, reply_delete, reply_update
from tickets.services.results import Result
from tickets.services.rules import (
    calendar_create,
    calendar_delete,
    calendar_update,
    policies_order,
    policy_create,
    policy_update,
    presets_create,
)
from tickets.services.transfer import Taking, ticket_transfer
from tickets.services.voice import voice_look
from tickets.services.work import (
    HandOver,
    ticket_asked,
    ticket_assign,
    ticket_call_back,
    ticket_hand_over,
    ticket_link,
    ticket_merge,
    ticket_note,
    ticket_reply,
    ticket_retier,
    ticket_step,
)

__all__ = [
    "TICKETS_MOST",
    "Bulk",
    "Chosen",
    "HandOver",
    "ManyDeed",
    "Opening",
    "Outcome",
    "Result",
    "Taking",
    "Turn",
    "alerts_sweep",
    "attachment_delete",
    "attachment_open",
    "attachments_add",
    "attempt_number",
    "attempt_record",
    "calendar_create",
    "calendar_delete",
    "calendar_update",
    "campaign_create",
    "campaign_step",
    "campaign_update",
    "clocks_refresh",
    "contact_next",
    "contacts_add",
    "contacts_from_callers",
    "contacts_upload",
    "do_not_call_add",
    "do_not_call_withdraw",
    "feedback_answer",
    "feedback_classify",
    "feedback_close",
    "feedback_register",
    "feedback_reopen",
    "feedback_route",
    "feedback_sweep",
    "numbers_blocked",
    "policies_order",
    "policy_create",
    "policy_update",
    "presets_create",
    "readings_of",
    "reply_create",
    "reply_delete",
    "reply_update",
    "rules_of",
    "ticket_asked",
    "ticket_assign",
    "ticket_call_back",
    "ticket_days_count",
    "ticket_days_mark",
    "ticket_hand_over",
    "ticket_incident_link",
    "ticket_incident_unlink",
    "ticket_link",
    "ticket_merge",
    "ticket_note",
    "ticket_open",
    "ticket_promise",
    "ticket_remark",
    "ticket_reply",
    "ticket_retier",
    "ticket_step",
    "ticket_transfer",
    "tickets_do",
    "tickets_follow",
    "view_begin_with",
    "view_keep",
    "view_remove",
    "voice_look",
    "windows_of",
]
