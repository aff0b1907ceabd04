"""Changing organizations, people, sessions and tokens."""

from accounts.services.organizations import organization_require_mfa
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
from accounts.services.tokens import token_create, token_revoke

__all__ = [
    "fields_require",
    "invitation_make",
    "organization_create",
    "organization_require_mfa",
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
]
