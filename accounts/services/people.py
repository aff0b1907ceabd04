"""Organizations and their people: who there is, in which role, signed in where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.account import app_settings as allauth_settings
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import selectors
from accounts.calc.access import API_CLIENT, ROLES, roles_grantable
from accounts.models import ApiToken, Membership, Organization, User
from accounts.services.rights import fields_require
from audit.rows import refusals
from audit.services import record
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import CLIENT, VENDOR, Scope, activate


@transaction.atomic
def organization_create(*, scope: Scope, side: str, name: str) -> Organization:
    """Create an organization; its book begins with this entry.

    The caller's scope was made before the organization was: to write rows of it, widen the scope with
    :func:`accounts.selectors.scope_widened` and activate that.

    Raises:
        Forbidden: The role may not create vendors.
        Invalid: The name is missing.
        Conflict: There is a client already; there can be one only.
    """
    scope.require("vendors.edit")
    if side == CLIENT and Organization.objects.filter(side=CLIENT).exists():
        raise Conflict("client_exists", _("There is a client organization already."))
    organization = Organization(side=side, name=name.strip())
    with refusals(organization), transaction.atomic():
        organization.clean_fields()
        organization.save(force_insert=True)
    wider = selectors.scope_widened(scope=scope, organization_id=organization.pk)
    with activate(wider):
        record(
            scope=wider,
            action="organization.created",
            target=organization,
            vendor_id=organization.pk,
            changes={"name": [None, organization.name], "side": [None, side]},
        )
    return organization


@transaction.atomic
def user_create(
    *,
    scope: Scope,
    organization_id: int,
    username: str,
    role: str,
    display_name: str = "",
    email: str = "",
    agent_id: int | None = None,
    password: str | None = None,
) -> User:
    """Create a person, or in the role ``api_client`` a service account that only its tokens act as.

    Without a password nobody can sign in until the person has used the link of :func:`invitation_make`.

    Args:
        scope: Who acts.
        organization_id: Whom the person works for.
        username: Name to sign in with; kept in lower case. Of a vendor it gets the vendor's ending.
        role: One of the roles that the caller may give there.
        display_name: Name that others see.
        email: For the invitation and for forgotten passwords.
        agent_id: The agent, for the role ``agent``; the caller fetched it in scope.
        password: A first password, where no invitation is wanted.

    Raises:
        NotFound: The organization does not exist for the caller.
        Forbidden: The caller may not give this role there.
        Invalid: A value cannot be right, or the user name is taken.
    """
    scope.require("users.manage")
    organization = _organization(scope, organization_id)
    _require_grantable(scope, organization, role)
    if (role == "agent") != (agent_id is not None):
        message = _("An agent's log-in is made on the agent's page.")
        raise Invalid("agent_needed", message, fields={"role": [message]})
    user = User(
        username=User.normalize_username(_name_given(scope, organization, username)),
        display_name=display_name.strip(),
        email=User.objects.normalize_email(email.strip()),
        is_service=role == API_CLIENT,
    )
    if password is None or user.is_service:
        user.set_unusable_password()
    else:
        _require_good_password(password, user)
        user.set_password(password)
    try:
        with refusals(user), transaction.atomic():
            user.clean_fields()
            user.save(force_insert=True)
    except IntegrityError as error:
        message = _("This user name is taken.")
        raise Invalid("username_taken", message, fields={"username": [message]}) from error
    Membership.objects.create(user=user, organization=organization, role=role, agent_id=agent_id)
    record(
        scope=scope,
        action="user.created",
        target=user,
        vendor_id=organization.pk,
        changes={
            name: [None, value]
            for name, value in (
                ("username", user.username),
                ("display_name", user.display_name),
                ("email", user.email),
                ("role", role),
                ("organization", organization.name),
            )
            if value
        },
    )
    return user


@transaction.atomic
def user_change(*, scope: Scope, uuid: UUID, values: Mapping[str, str]) -> User:
    """Change somebody's name or e-mail address.

    Raises:
        NotFound: There is no such person in the caller's organizations.
        Forbidden: The person is not the caller's to manage.
        Invalid: A value cannot be right, or the field cannot be set.
    """
    membership = _managed(scope, uuid)
    fields_require(scope=scope, obj="user", names=values)
    if refused := set(values) - {"display_name", "email"}:
        raise Invalid("field_not_writable", _("This field cannot be set."), fields=dict.fromkeys(refused, ()))
    user = membership.user
    changes = {name: [getattr(user, name), value] for name, value in values.items() if value != getattr(user, name)}
    if changes:
        for name, (_former, value) in changes.items():
            setattr(user, name, value)
        with refusals(user):
            user.clean_fields()
            user.save(update_fields=list(changes))
        _record(scope, "user.changed", membership, changes)
    return user


@transaction.atomic
def user_change_role(*, scope: Scope, uuid: UUID, role: str) -> User:
    """Give somebody another role; it holds from the next request, for which they sign in again.

    Raises:
        NotFound: There is no such person in the caller's organizations.
        Forbidden: The caller may not take the former role away or give the new one, or it is their own.
        Invalid: The role needs an agent, or is that of service accounts.
    """
    membership = _managed(scope, uuid)
    _require_grantable(scope, membership.organization, role)
    user, former = membership.user, membership.role
    if role == "agent" or user.is_service != (role == API_CLIENT):
        message = _("This account cannot have that role; create another one for it.")
        raise Invalid("role_not_fitting", message, fields={"role": [message]})
    if role != former:
        membership.role, membership.agent_id = role, None
        membership.save(update_fields=["role", "agent_id"])
        _record(scope, "user.role_changed", membership, {"role": [former, role]})
        _sessions_delete(user)
    return user


@transaction.atomic
def user_deactivate(*, scope: Scope, uuid: UUID) -> User:
    """Shut somebody out: sessions end and tokens are revoked with this transaction.

    Raises:
        NotFound: There is no such person in the caller's organizations.
        Forbidden: The person is not the caller's to manage, or is the caller.
    """
    membership = _managed(scope, uuid)
    user = membership.user
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=scope.at)
        _sessions_delete(user)
        _record(scope, "user.deactivated", membership, {"is_active": [True, False]})
    return user


@transaction.atomic
def user_activate(*, scope: Scope, uuid: UUID) -> User:
    """Let somebody in again; revoked tokens stay revoked.

    Raises:
        NotFound: There is no such person in the caller's organizations.
        Forbidden: The person is not the caller's to manage.
    """
    membership = _managed(scope, uuid)
    user = membership.user
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        _record(scope, "user.activated", membership, {"is_active": [False, True]})
    return user


@transaction.atomic
def user_reset_mfa(*, scope: Scope, uuid: UUID) -> User:
    """Take two-step login off an account whose owner lost the second factor.

    Raises:
        NotFound: There is no such person in the caller's organizations.
        Forbidden: The person is not the caller's to manage, or is the caller.
    """
    membership = _managed(scope, uuid)
    user = membership.user
    deleted, _by_model = Authenticator.objects.filter(user=user).delete()
    if deleted:
        _sessions_delete(user)
        _record(scope, "user.mfa_reset", membership, {"mfa": [True, False]})
    return user


@transaction.atomic
def invitation_make(*, scope: Scope, uuid: UUID) -> tuple[str, str]:
    """Make the two parts of a link with which a person sets a password and is then able to sign in.

    The link ends with its first use, with any other log-in, and after ``PASSWORD_RESET_TIMEOUT``.

    Raises:
        NotFound: There is no such person in the caller's organizations.
        Forbidden: The person is not the caller's to manage.
        Conflict: The account is a service account, or not active.
    """
    membership = _managed(scope, uuid)
    user = membership.user
    if user.is_service or not user.is_active:
        raise Conflict("not_invitable", _("Only people with an active account can be invited."))
    key = allauth_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    _record(scope, "user.invited", membership, {})
    return user_pk_to_url_str(user), key


@transaction.atomic
def user_set_preferences(
    *, scope: Scope, language: str | None = None, theme: str | None = None, display_name: str | None = None
) -> User:
    """Set one's own language, theme or name; what is None stays.

    Raises:
        NotFound: Nobody in person acts.
        Invalid: There is no such language or theme, or the name is empty.
    """
    user = selectors.user_acting(scope=scope)
    wanted = {"language": language, "theme": theme, "display_name": display_name and display_name.strip()}
    changes = {
        name: [getattr(user, name), value]
        for name, value in wanted.items()
        if value is not None and value != getattr(user, name)
    }
    if display_name is not None and not wanted["display_name"]:
        message = _("Others need a name to see.")
        raise Invalid("name_missing", message, fields={"display_name": [message]})
    if language and language not in dict(settings.LANGUAGES):
        message = _("There is no such language.")
        raise Invalid("language_unknown", message, fields={"language": [message]})
    if changes:
        for name, (_former, value) in changes.items():
            setattr(user, name, value)
        with refusals(user):
            user.clean_fields()
            user.save(update_fields=list(changes))
        record(
            scope=scope,
            action="user.preferences_changed",
            target=user,
            vendor_id=scope.organization_id,
            changes=changes,
        )
    return user


@transaction.atomic
def session_end(*, scope: Scope, session_id: int) -> None:
    """End one of one's own sessions.

    Raises:
        NotFound: It is not the caller's.
    """
    session = UserSession.objects.filter(pk=session_id, user_id=scope.user_id).first()
    if session is None:
        raise NotFound
    Session.objects.filter(session_key=session.session_key).delete()
    session.delete()
    _record_own(scope, "user.session_ended")


@transaction.atomic
def sessions_end_others(*, scope: Scope, keep: str) -> int:
    """End all one's own sessions but the present one, and return how many that were."""
    others = UserSession.objects.filter(user_id=scope.user_id).exclude(session_key=keep)
    keys = list(others.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    others.delete()
    if keys:
        _record_own(scope, "user.other_sessions_ended")
    return len(keys)


def _organization(scope: Scope, organization_id: int) -> Organization:
    found = selectors.organization_list(scope=scope).filter(pk=organization_id).first()
    if found is None:
        raise NotFound
    return found


def _name_given(scope: Scope, organization: Organization, typed: str) -> str:
    """Return the user name for what was typed, such that a vendor learns nothing of others' names.

    Whatever a vendor gives ends with what no other organization's names may end with, so only its own are ever taken.
    """
    name, ending = typed.strip().lower(), organization.name_ending
    _local, at, tail = name.rpartition("@")
    if at and f"@{tail}" == ending:
        return name
    message = ""
    if scope.side == VENDOR and at:
        message = _("Leave out @ and what follows: it becomes %(ending)s.") % {"ending": ending}
    elif at and "." not in tail:
        message = _("@%(tail)s is how a vendor's own user names end; leave it out.") % {"tail": tail}
    if message:
        raise Invalid("username_ending", message, fields={"username": [message]})
    return name + ending if scope.side == VENDOR and name else name


def _managed(scope: Scope, uuid: UUID) -> Membership:
    """Return a person's membership, locked, if the caller may manage that person."""
    scope.require("users.manage")
    membership = selectors.user_list(scope=scope).select_for_update(of=("self",)).filter(user__uuid=uuid).first()
    if membership is None:
        raise NotFound
    if membership.user_id == scope.user_id:
        raise Forbidden(_("Your own account is somebody else's to manage."))
    _require_grantable(scope, membership.organization, membership.role)
    return membership


def _require_grantable(scope: Scope, organization: Organization, role: str) -> None:
    if role not in ROLES:
        message = _("There is no such role.")
        raise Invalid("role_unknown", message, fields={"role": [message]})
    grantable = roles_grantable(scope.role, scope.side, organization.side)
    if grantable and scope.side == CLIENT and role not in grantable:
        message = _("This role belongs to the other side.")
        raise Invalid("role_not_fitting", message, fields={"role": [message]})
    if role not in grantable:
        raise Forbidden(_("This role is not yours to give or take."))


def _require_good_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid("password_weak", _("The password is too weak."), fields={"password": error.messages}) from error


def _sessions_delete(user: User) -> None:
    sessions = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    sessions.delete()


def _record(scope: Scope, action: str, membership: Membership, changes: Mapping[str, Any]) -> None:
    record(
        scope=scope,
        action=action,
        target=membership.user,
        vendor_id=membership.organization_id,
        changes=changes,
    )


def _record_own(scope: Scope, action: str) -> None:
    user = selectors.user_acting(scope=scope)
    record(scope=scope, action=action, target=user, vendor_id=scope.organization_id)
