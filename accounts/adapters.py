"""What differs from allauth's ways: nobody signs up, known devices keep their own limit, secrets are encrypted."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import Any

from allauth.account import app_settings as allauth_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User
from accounts.selectors import membership_of
from accounts.wording import closed_words
from core.seals import seal_of

DEVICE_COOKIE = "callsteward_device"
DEVICE_AGE = timedelta(days=180)
# People who share a screen; the longest unseen makes room.
DEVICE_MOST_USERS = 8
_SALT = "accounts.device"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are invited; the sign-up page stays shut."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Answer the right password of a deactivated account like a wrong one.

        Raises:
            ValidationError: The password is right and the account's organization is deactivated.
        """
        user: User | None = super().authenticate(request, **credentials)
        if user is None or not user.is_active:
            return None
        membership = membership_of(user_id=user.pk)
        if membership is not None and not membership.organization.is_active:
            told = {"credentials": {"username": user.username}, "request": request, "action": "user.login_refused"}
            user_login_failed.send(sender=type(self), **told)
            raise ValidationError(closed_words(membership.organization))
        return user

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Spare who signed in a moment ago from typing the password again."""
        records = self.request.session.get("account_authentication_methods") or [{}]
        fresh = time.time() - float(records[-1].get("at", 0)) < allauth_settings.REAUTHENTICATION_TIMEOUT
        return not fresh and bool(super().is_reauthentication_required(app=app, **kwargs))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures of a device that signed in before apart from the rest of the world's (W3).

        So whoever guesses at a rival's account slows down strangers, not the people who work there.
        """
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        name = credentials.get("username") or credentials.get("email") or ""
        device = None
        if DEVICE_COOKIE in request.COOKIES:
            user = User.objects.filter(username__iexact=name).only("pk").first()
            device = _devices(request).get(str(user.pk)) if user is not None else None
        return f"{key}:{device}" if device else key


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds and recovery codes are encrypted at rest."""

    def encrypt(self, text: str) -> str:
        return seal_of("accounts.mfa").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return seal_of("accounts.mfa").decrypt(encrypted_text.encode()).decode()


def device_remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Give the browser of a signed-in person a signed cookie by which its log-ins are known."""
    devices = _devices(request)
    if str(user.pk) in devices:
        return
    devices[str(user.pk)] = secrets.token_urlsafe(9)
    newest = dict(list(devices.items())[-DEVICE_MOST_USERS:])
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps(newest, salt=_SALT),
        max_age=DEVICE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _devices(request: HttpRequest) -> dict[str, str]:
    try:
        return dict(signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=_SALT, max_age=DEVICE_AGE))
    except (signing.BadSignature, ValueError, TypeError):
        return {}
