"""What a session brings to every request: its end, its language, its device."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import translation
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.adapters import device_remember
from accounts.models import User
from accounts.selectors import CLOSED, membership_of
from accounts.wording import closed_words
from core.errors import Forbidden
from core.http import refusal

_SEEN, _BEGAN = "seen_at", "began_at"
# A minute's grain spares two writes for each of a page's many requests.
_GRAIN_SECONDS = 60
# Pages ask it by themselves, whether or not anybody looks at them.
_BELL = "/accounts/bell/"


def session_begin(request: HttpRequest) -> None:
    """Note when a person signed in; both limits count from here."""
    request.session[_SEEN] = request.session[_BEGAN] = time.time()


class SessionLimits:
    """Ends sessions that were idle too long or have lasted too long, and notes where they were last seen (S1)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = time.time()
            seen, began = request.session.get(_SEEN, now), request.session.setdefault(_BEGAN, now)
            if now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
                logout(request)
            elif (_SEEN not in request.session or now - seen > _GRAIN_SECONDS) and request.path_info != _BELL:
                request.session[_SEEN] = now
                UserSession.objects.create_from_request(request)
        response = self.get_response(request)
        if isinstance(request.user, User) and not request.path.startswith("/api/"):
            device_remember(request, response, request.user)
        return response


class KeptOut:
    """Leads who is signed in and may not go on: out of a deactivated vendor, or to the missing second step."""

    # What a person without the second step needs beside the pages that add it.
    OPEN = frozenset({"account_logout", "account_reauthenticate", "set_language"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Answer instead of the view; the scope is known by now."""
        why: str = getattr(request, "kept_out", "")
        name = request.resolver_match.view_name if request.resolver_match else ""
        # The REST framework's views are not behind the log-in: they answer by themselves.
        is_program = request.path.startswith("/api/v1/")
        if not why or name in self.OPEN or not (is_program or getattr(view, "login_required", True)):
            return None
        if why != CLOSED and name.startswith("mfa_"):
            return None
        membership = membership_of(user_id=request.user.pk or 0)
        assert membership is not None  # or nothing would keep anybody out
        if why == CLOSED:
            words, target = closed_words(membership.organization), "account_login"
        else:
            words = _("%(name)s wants a second step at every sign-in. Set yours up here, then go on.")
            words, target = words % {"name": membership.organization.name}, "mfa_activate_totp"
        if is_program:
            return refusal(request, Forbidden(words))
        if why == CLOSED:
            logout(request)
        messages.warning(request, words)
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(resolve_url(target))
        return redirect(target)


class PreferredLanguage:
    """The language that a person chose goes before the browser's, and stays for the log-in page in a cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.user.language if isinstance(request.user, User) else ""
        if chosen and chosen != translation.get_language():
            translation.activate(chosen)
            request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        # The view may just have changed it.
        chosen = request.user.language if isinstance(request.user, User) else ""
        if chosen and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != chosen:
            language_remember(response, chosen)
        return response


def language_remember(response: HttpResponseBase, language: str) -> None:
    """Keep a language in the cookie that Django reads."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
