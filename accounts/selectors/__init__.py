"""Whose scope work runs under, and reading people, tokens, sessions and the book."""

from accounts.selectors.book import (
    actor_shown,
    changes_readable,
    client_name,
    entry_list,
    history_of,
    organization_names,
)
from accounts.selectors.people import (
    has_mfa,
    membership_of,
    organization_list,
    session_list,
    token_get,
    token_list,
    user_acting,
    user_get,
    user_list,
    user_names,
)
from accounts.selectors.scopes import (
    organization_ids,
    organization_scope,
    scope_of_request,
    scope_of_user,
    scope_widened,
    system_scope,
    token_find,
)

__all__ = [
    "actor_shown",
    "changes_readable",
    "client_name",
    "entry_list",
    "has_mfa",
    "history_of",
    "membership_of",
    "organization_ids",
    "organization_list",
    "organization_names",
    "organization_scope",
    "scope_of_request",
    "scope_of_user",
    "scope_widened",
    "session_list",
    "system_scope",
    "token_find",
    "token_get",
    "token_list",
    "user_acting",
    "user_get",
    "user_list",
    "user_names",
]
