"""Whose scope a request, a task or a command works under."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from django.http import HttpRequest

from accounts.calc.access import PLATFORM, permissions_of
from accounts.models import ApiToken, Membership, Organization, User
from accounts.selectors.people import has_mfa, membership_of
from core.scope import CLIENT, Scope

# What keeps a person out who has signed in.
CLOSED, SECOND_STEP = "closed", "second_step"


def scope_of_request(request: HttpRequest) -> Scope | None:
    """Return the scope of a session user or of an API token; None for everybody else.

    Under ``/api/`` a request that brings an ``Authorization`` header is judged by its token alone; elsewhere tokens
    count for nothing. Of a session that has no scope although its user has a role, ``request.kept_out`` tells why.
    """
    request_id = getattr(request, "request_id", "")
    now = datetime.now(UTC)
    header = request.headers.get("Authorization", "") if request.path.startswith("/api/") else ""
    if header:
        token = token_find(header=header, now=now)
        request.api_token = token  # type: ignore[attr-defined]
        if token is None:
            return None
        request.user = token.user
        return scope_of_user(
            user=token.user,
            at=now,
            only=frozenset(token.permissions),
            request_id=request_id,
            actor=f"{token.user} ({token.name})",
        )
    user = request.user
    if not isinstance(user, User) or user.is_service:
        return None
    membership = membership_of(user_id=user.pk)
    request.kept_out = kept_out = _kept_out(membership)  # type: ignore[attr-defined]
    return None if kept_out else _scope(membership, at=now, request_id=request_id)


def _kept_out(membership: Membership | None) -> str:
    if membership is None:
        return ""
    if not membership.organization.is_active:
        return CLOSED
    return SECOND_STEP if membership.organization.mfa_required and not has_mfa(user=membership.user) else ""


def scope_of_user(
    *, user: User, at: datetime, only: frozenset[str] | None = None, request_id: str = "", actor: str = ""
) -> Scope | None:
    """Return a person's scope as of now, so that a changed right holds from the next request on."""
    return _scope(membership_of(user_id=user.pk), at=at, only=only, request_id=request_id, actor=actor)


def _scope(
    membership: Membership | None,
    *,
    at: datetime,
    only: frozenset[str] | None = None,
    request_id: str = "",
    actor: str = "",
) -> Scope | None:
    if membership is None or not membership.user.is_active or not membership.organization.is_active:
        return None
    organization, user = membership.organization, membership.user
    permissions = permissions_of(membership.role, side=organization.side)
    return Scope(
        organization_id=organization.pk,
        side=organization.side,
        vendor_ids=organization_ids() if organization.side == CLIENT else (organization.pk,),
        role=membership.role,
        permissions=permissions if only is None else permissions & only,
        at=at,
        user_id=user.pk,
        agent_id=membership.agent_id,
        actor=actor or str(user),
        organization_name=organization.name,
        client_name=organization.name if organization.side == CLIENT else _client()[1],
        request_id=request_id,
    )


def _client() -> tuple[int, str]:
    return Organization.objects.filter(side=CLIENT).values_list("pk", "name").first() or (0, "")


def organization_ids() -> tuple[int, ...]:
    """Return every organization's id, the client's included."""
    return tuple(Organization.objects.order_by("pk").values_list("pk", flat=True))


def token_find(*, header: str, now: datetime) -> ApiToken | None:
    """Return the living token of an ``Authorization: Token …`` header.

    The key is 256 random bits, so that looking its digest up tells nobody anything about it.
    """
    kind, _, key = header.partition(" ")
    if kind.lower() not in ("token", "bearer") or not key:
        return None
    digest = hashlib.sha256(key.strip().encode()).digest()
    living = ApiToken.objects.filter(revoked_at=None, expires_at__gt=now)
    token = living.select_related("user").filter(digest=digest).first()
    if token is None or not token.user.is_active:
        return None
    # A minute's grain spares a write for each of a client's many calls.
    if token.last_used_at is None or (now - token.last_used_at).total_seconds() > 60:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def system_scope(*, reason: str, at: datetime | None = None) -> Scope:
    """Return the platform's own scope over all organizations, for work that nobody asked for.

    Args:
        reason: What the work is, for the audit trail.
        at: The moment of the action; now if not given.
    """
    client_id, client_name = _client()
    return Scope(
        organization_id=client_id,
        side=CLIENT,
        vendor_ids=organization_ids(),
        role=PLATFORM,
        permissions=permissions_of("platform_admin", CLIENT) | permissions_of("programme_manager", CLIENT),
        at=at or datetime.now(UTC),
        client_name=client_name,
        actor=f"Callsteward: {reason}",
    )


def organization_scope(*, organization_id: int, reason: str, at: datetime | None = None) -> Scope:
    """Return the platform's own scope narrowed to one organization."""
    organization = Organization.objects.get(pk=organization_id)
    role = "programme_manager" if organization.side == CLIENT else "vendor_manager"
    return Scope(
        organization_id=organization.pk,
        side=organization.side,
        vendor_ids=(organization.pk,),
        role=PLATFORM,
        permissions=permissions_of(role, side=organization.side),
        at=at or datetime.now(UTC),
        client_name=_client()[1],
        actor=f"Callsteward: {reason}",
    )


def scope_widened(*, scope: Scope, organization_id: int) -> Scope:
    """Return a scope that also holds an organization created after the scope was made."""
    return replace(scope, vendor_ids=(*scope.vendor_ids, organization_id))
