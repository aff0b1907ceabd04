"""What a session brings to every request: its end, its language, its device."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from accounts.adapters import device_remember
from accounts.models import User

_SEEN, _BEGAN = "seen_at", "began_at"
# A minute's grain spares two writes for each of a page's many requests.
_GRAIN_SECONDS = 60


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
            elif _SEEN not in request.session or now - seen > _GRAIN_SECONDS:
                request.session[_SEEN] = now
                UserSession.objects.create_from_request(request)
        response = self.get_response(request)
        if isinstance(request.user, User) and not request.path.startswith("/api/"):
            device_remember(request, response, request.user)
        return response


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
