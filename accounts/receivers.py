"""Who signed in, tried to, or changed how: heard from the log-in and written into the right book (P5).

All this happens before a scope exists, so each entry is made under the platform's scope of the one organization,
in the name of the person. A name that belongs to nobody is masked: people type passwords into the wrong field.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as mfa
from django.contrib import messages
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.middleware import session_begin
from accounts.models import Organization, User
from accounts.selectors import has_mfa, membership_of, organization_scope
from audit.services import record
from core.scope import CLIENT, activate

logger = logging.getLogger(__name__)


@receiver(account.user_logged_in)
def on_login(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Enter a log-in and by what means."""
    session_begin(request)
    membership = membership_of(user_id=user.pk)
    if not has_mfa(user=user) and not (membership and membership.organization.mfa_required):
        messages.info(request, _("Your sign-in has one step only. Your profile shows how to add a second."))
    methods = request.session.get("account_authentication_methods", [])
    _enter("user.logged_in", user, request, method=sorted({str(m.get("method")) for m in methods}))


@receiver(user_login_failed)
def on_login_failed(
    credentials: dict[str, Any],
    request: HttpRequest | None = None,
    action: str = "user.login_failed",
    **kwargs: Any,
) -> None:
    """Enter a refused log-in, in the book of the organization whose account was tried."""
    typed = str(credentials.get("username") or credentials.get("email") or "")
    tried = User.objects.filter(username__iexact=typed).first() if typed else None
    _enter(action, tried, request, acted=False, label=masked(typed))


@receiver(mfa.authentication_failed)
def on_mfa_failed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Enter a refused second factor."""
    _enter("user.mfa_failed", user, request, acted=False)


@receiver(user_logged_out)
def on_logout(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Enter a log-out; an expired session has nobody to name."""
    if isinstance(user, User):
        _enter("user.logged_out", user, request)


@receiver(account.password_changed)
@receiver(account.password_set)
def on_password_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Enter a changed password; all other sessions ended with it."""
    _enter("user.password_changed", user, request)


@receiver(account.password_reset)
def on_password_reset(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Enter a password set by a link from an invitation or a mail."""
    _enter("user.password_reset", user, request)


@receiver(mfa.authenticator_added)
def on_mfa_added(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """Enter a new second factor."""
    _enter("user.mfa_added", user, request, method=[str(authenticator.type)])


@receiver(mfa.authenticator_removed)
def on_mfa_removed(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """Enter a removed second factor."""
    _enter("user.mfa_removed", user, request, method=[str(authenticator.type)])


@receiver(mfa.authenticator_reset)
def on_mfa_reset(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """Enter new recovery codes."""
    _enter("user.mfa_codes_renewed", user, request, method=[str(authenticator.type)])


def masked(typed: str) -> str:
    """Return a typed name that belongs to nobody, beyond recognition.

    >>> masked("Tr0ub4dor&3")
    'T…'
    """
    return f"{typed[:1]}…"


def _enter(
    action: str,
    user: User | None,
    request: HttpRequest | None,
    *,
    acted: bool = True,
    label: str = "",
    method: list[str] | None = None,
) -> None:
    """Write the entry; ``acted`` tells whether it was the user, or somebody who may not be."""
    membership = membership_of(user_id=user.pk) if user is not None else None
    book = membership.organization_id if membership else _client_id()
    if book is None:
        logger.warning("%s before there is any organization", action)
        return
    scope = organization_scope(organization_id=book, reason="log-in")
    if user is not None and acted:
        scope = replace(scope, user_id=user.pk, actor=str(user), role=membership.role if membership else "")
    else:
        scope = replace(scope, actor="somebody", role="")
    scope = replace(scope, request_id=getattr(request, "request_id", ""))
    changes: dict[str, Any] = {"address": _address(request)} if request is not None else {}
    if method:
        changes["method"] = method
    with activate(scope):
        record(
            scope=scope,
            action=action,
            target=user,
            vendor_id=book,
            changes=changes,
            label=label if user is None else "",
        )


def _client_id() -> int | None:
    return Organization.objects.filter(side=CLIENT).values_list("pk", flat=True).first()


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured):
        return "unknown"
