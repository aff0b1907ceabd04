"""API tokens: shown once, kept as a digest, never wider than their owner's role."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import selectors
from accounts.calc.access import token_permissions_of
from accounts.models import ApiToken, User
from audit.services import record
from core.errors import Conflict, Forbidden, Invalid
from core.scope import Scope

LONGEST_LIFE = timedelta(days=366)
MOST_LIVING = 20
_KEY_PREFIX = "cs_"


@transaction.atomic
def token_create(
    *,
    scope: Scope,
    name: str,
    permissions: Collection[str],
    expires_at: datetime,
    user_uuid: UUID | None = None,
) -> tuple[ApiToken, str]:
    """Create a token for oneself, or for a service account of one's organization.

    Args:
        scope: Who acts.
        name: What the token is for.
        permissions: Actions that it may use; a subset of its owner's.
        expires_at: The moment it ends, at most a year away.
        user_uuid: The service account; the caller by default.

    Returns:
        The token and its key, which is kept nowhere else.

    Raises:
        NotFound: There is no such service account for the caller.
        Forbidden: The role may not create such tokens.
        Conflict: The owner has as many living tokens as anybody may have.
        Invalid: Name, permissions or expiry cannot be right.
    """
    owner, role, side = _owner(scope, user_uuid)
    fields: dict[str, list[str]] = {}
    if not name.strip():
        fields["name"] = [_("Say what the token is for.")]
    granted = sorted(set(permissions))
    if not granted or set(granted) - token_permissions_of(role, side):
        fields["permissions"] = [_("Choose among the rights that the owner has.")]
    if not scope.at < expires_at <= scope.at + LONGEST_LIFE:
        fields["expires_at"] = [_("The end lies in the future, at most a year away.")]
    if fields:
        raise Invalid("token_invalid", _("Please mend what is marked."), fields=fields)
    # Two at once wait for each other here, so that together they cannot pass the limit.
    User.objects.select_for_update().get(pk=owner.pk)
    living = ApiToken.objects.filter(user=owner, revoked_at=None, expires_at__gt=scope.at)
    if living.count() >= MOST_LIVING:
        raise Conflict("too_many_tokens", _("There are too many living tokens; revoke one first."))
    key = _KEY_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=owner,
        name=name.strip()[:80],
        prefix=key[: len(_KEY_PREFIX) + 6],
        digest=hashlib.sha256(key.encode()).digest(),
        permissions=granted,
        created_at=scope.at,
        expires_at=expires_at,
    )
    _record(
        scope,
        "token.created",
        token,
        {
            "user": [None, owner.username],
            "name": [None, token.name],
            "permissions": [None, granted],
            "expires_at": [None, expires_at],
        },
    )
    return token, key


@transaction.atomic
def token_revoke(*, scope: Scope, uuid: UUID) -> ApiToken:
    """End a token at once: one's own, or with ``tokens.manage`` anybody's of one's organizations.

    Raises:
        NotFound: There is no such token for the caller.
    """
    token = selectors.token_get(scope=scope, uuid=uuid)
    if token.revoked_at is None:
        token.revoked_at = scope.at
        token.save(update_fields=["revoked_at"])
        _record(scope, "token.revoked", token, {"revoked_at": [None, scope.at]})
    return token


def _owner(scope: Scope, user_uuid: UUID | None) -> tuple[User, str, str]:
    """Return whose token it shall be, and the role and side that bound it."""
    if user_uuid is None:
        scope.require("tokens.own")
        return selectors.user_acting(scope=scope), scope.role, scope.side
    scope.require("tokens.manage")
    membership = selectors.user_get(scope=scope, uuid=user_uuid)
    if not membership.user.is_service or not membership.user.is_active:
        raise Forbidden(_("People create their own tokens; yours to create are those of service accounts."))
    return membership.user, membership.role, membership.organization.side


def _record(scope: Scope, action: str, token: ApiToken, changes: dict[str, list[object]]) -> None:
    record(
        scope=scope,
        action=action,
        target=token,
        vendor_id=token.user.membership.organization_id,
        changes=changes,
    )
