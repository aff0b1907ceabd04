"""Changing organizations, people, sessions and tokens; telling people, and programs of others."""

from accounts.services.notices import notice_preferences_set, notice_send, notices_read, notices_send
from accounts.services.organizations import organization_require_mfa
from accounts.services.outbox import deliveries_send, event_publish, events_publish, outbox_forget
from accounts.services.people import (
    invitation_make,
    organization_create,
    session_end,
    sessions_end_others,
    user_activate,
    user_change,
    user_change_role,
    user_create,
    user_deactivate,
    user_reset_mfa,
    user_set_preferences,
)
from accounts.services.rights import fields_require
from accounts.services.rivals import rivals_refuse
from accounts.services.tokens import token_create, token_revoke
from accounts.services.webhooks import (
    webhook_create,
    webhook_delete,
    webhook_rotate,
    webhook_test,
    webhook_update,
)

__all__ = [
    "deliveries_send",
    "event_publish",
    "events_publish",
    "fields_require",
    "invitation_make",
    "notice_preferences_set",
    "notice_send",
    "notices_read",
    "notices_send",
    "organization_create",
    "organization_require_mfa",
    "outbox_forget",
    "rivals_refuse",
    "session_end",
    "sessions_end_others",
    "token_create",
    "token_revoke",
    "user_activate",
    "user_change",
    "user_change_role",
    "user_create",
    "user_deactivate",
    "user_reset_mfa",
    "user_set_preferences",
    "webhook_create",
    "webhook_delete",
    "webhook_rotate",
    "webhook_test",
    "webhook_update",
]
