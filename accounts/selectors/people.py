"""People, their tokens and their sessions, as far as the caller may see them.

These tables stand outside row-level security, so the filters here are the only wall: every query starts from the
organizations of the scope, or from the caller's own user.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import models
from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q, Value

from accounts.models import ApiToken, Membership, Organization, User
from core.errors import NotFound
from core.scope import Scope


def organization_list(*, scope: Scope) -> models.QuerySet[Organization]:
    """Return the organizations that exist for the caller."""
    return Organization.objects.filter(pk__in=scope.vendor_ids).order_by("side", "name")


def name_ending(*, scope: Scope) -> str:
    """Return what is put behind the user names that the caller gives; nothing for the client's people."""
    return "" if scope.is_client else organization_list(scope=scope).get(pk=scope.organization_id).name_ending


def organization_list_counted(*, scope: Scope) -> models.QuerySet[Organization]:
    """Return the organizations with ``people`` who may sign in and how many of them do ``without_mfa``.

    ``is_own_missing`` tells that it is the caller's own and the caller is one of those.
    """
    is_own_missing = scope.user_id is not None and not has_mfa(user=user_acting(scope=scope))
    people = Q(memberships__user__is_active=True, memberships__user__is_service=False)
    second_step = people & Q(memberships__user__authenticator__type=Authenticator.Type.TOTP)
    return (
        organization_list(scope=scope)
        .annotate(
            people=Count("memberships", filter=people, distinct=True),
            with_mfa=Count("memberships", filter=second_step, distinct=True),
        )
        .annotate(
            without_mfa=F("people") - F("with_mfa"),
            is_own_missing=ExpressionWrapper(
                Q(pk=scope.organization_id) & Q(Value(is_own_missing)), output_field=models.BooleanField()
            ),
        )
    )


def user_list(*, scope: Scope) -> models.QuerySet[Membership]:
    """Return the people of the caller's organizations, each with the role; ``has_mfa`` tells the second factor.

    Raises:
        Forbidden: The role may not see people.
    """
    scope.require("users.view")
    second_factors = Authenticator.objects.filter(user_id=OuterRef("user_id"), type=Authenticator.Type.TOTP)
    return (
        Membership.objects.filter(organization_id__in=scope.vendor_ids)
        .select_related("user", "organization")
        .annotate(has_mfa=Exists(second_factors))  # declared on the model for readers
        .order_by("user__username")
    )


def user_get(*, scope: Scope, uuid: UUID) -> Membership:
    """Return one person with the role.

    Raises:
        Forbidden: The role may not see people.
        NotFound: There is no such person in the caller's organizations.
    """
    found = user_list(scope=scope).filter(user__uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def user_names(*, scope: Scope, ids: Collection[int]) -> dict[int, str]:
    """Return the names of people of the caller's organizations, by key; who signed a row is part of the row."""
    people = Membership.objects.filter(organization_id__in=scope.vendor_ids, user_id__in=ids).select_related("user")
    return {membership.user_id: str(membership.user) for membership in people}


def colleague_list(
    *, scope: Scope, organization_ids: Collection[int], roles: Collection[str] = ()
) -> models.QuerySet[Membership]:
    """Return the people of some organizations, as far as they exist for the caller, who may be given work."""
    wanted = set(organization_ids) & set(scope.vendor_ids)
    people = Membership.objects.filter(
        organization_id__in=wanted, organization__is_active=True, user__is_active=True, user__is_service=False
    )
    if roles:
        people = people.filter(role__in=roles)
    return people.select_related("user", "organization").order_by("user__display_name", "user__username")


def names_elsewhere(*, names: Collection[str], organization_ids: Collection[int]) -> set[str]:
    """Return which of some user names are accounts of other organizations than these, for keeping them out of texts.

    It looks past every scope, so its answer is for judging a text and never for whoever asks.
    """
    people = Membership.objects.exclude(organization_id__in=organization_ids).filter(user__username__in=names)
    return set(people.values_list("user__username", flat=True))


def membership_of(*, user_id: int) -> Membership | None:
    """Return the organization and role of a person, for what happens before a scope exists."""
    return Membership.objects.select_related("user", "organization").filter(user_id=user_id).first()


def has_mfa(*, user: User) -> bool:
    """Return whether somebody's sign-in has a second step."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def token_list(*, scope: Scope) -> models.QuerySet[ApiToken]:
    """Return the caller's own tokens and, with ``tokens.manage``, all of the caller's organizations."""
    visible = Q(user_id=scope.user_id)
    if scope.can("tokens.manage"):
        visible |= Q(user__membership__organization_id__in=scope.vendor_ids)
    return (
        ApiToken.objects.filter(visible).select_related("user__membership__organization").order_by("-created_at", "-pk")
    )


def token_get(*, scope: Scope, uuid: UUID) -> ApiToken:
    """Return one token.

    Raises:
        NotFound: There is no such token for the caller.
    """
    found = token_list(scope=scope).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def session_list(*, scope: Scope) -> list[UserSession]:
    """Return the caller's living sessions, newest activity first."""
    living = UserSession.objects.purge_and_list(user_acting(scope=scope))
    return sorted(living, key=lambda session: session.last_seen_at, reverse=True)


def user_acting(*, scope: Scope) -> User:
    """Return the acting person.

    Raises:
        NotFound: Nobody in person acts.
    """
    membership = membership_of(user_id=scope.user_id) if scope.user_id is not None else None
    if membership is None:
        raise NotFound
    return membership.user
