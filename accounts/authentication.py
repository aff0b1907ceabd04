"""Tells the REST framework who calls; the scope middleware found out already."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from accounts.selectors import membership_of
from accounts.wording import closed_words


class ScopeAuthentication(SessionAuthentication):
    """Accepts the token or the session behind the request's scope; a session must bring its CSRF token."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        http = request._request
        if "Authorization" in request.headers:
            token = getattr(http, "api_token", None)
            if token is None or getattr(http, "scope", None) is None:
                membership = membership_of(user_id=token.user_id) if token is not None else None
                if membership is not None and not membership.organization.is_active:
                    raise exceptions.AuthenticationFailed(closed_words(membership.organization))
                raise exceptions.AuthenticationFailed(_("The token is unknown, expired or revoked."))
            return token.user, token
        if getattr(http, "scope", None) is None:
            return None
        self.enforce_csrf(request)
        return http.user, None

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class ScopeAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[misc]
    """Describes the header in the OpenAPI document."""

    target_class = "accounts.authentication.ScopeAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <key>"}
