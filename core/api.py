"""What every REST endpoint shares: who may ask, how errors, pages and numbers look."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qs, urlsplit

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, permissions
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.utils.urls import replace_query_param

from core.errors import BadParameter, HouseError, NotFound
from core.http import error_body, explain

if TYPE_CHECKING:
    # The framework's views read these classes from the settings; importing them here would close a circle.
    from rest_framework.views import APIView


class HasScope(permissions.BasePermission):
    """Lets in callers with a scope; a view names the action it needs in ``permission``."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        scope = getattr(request._request, "scope", None)
        if scope is None:
            return False
        if needed := getattr(view, "permission", None):
            scope.require(needed)
        return True


class StrictJSONParser(JSONParser):
    """JSON in UTF-8 without what no column can hold: NaN, Infinity, NUL characters and halves of a pair."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            body = stream.read().decode()
            value = json.loads(body, parse_constant=_refuse_constant, object_pairs_hook=_once)
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise exceptions.ParseError("The body holds half of a surrogate pair.") from error
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(f"The body is not valid JSON: {error}") from error
        if "\\u0000" in body or "\x00" in body:
            raise exceptions.ParseError("The body holds a NUL character.")
        return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for name, given in pairs:
        if name in value:
            raise ValueError(f"{name[:100]!r} is there twice in one object")
        value[name] = given
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number in JSON")


class Pages(CursorPagination):
    """Pages by a token, so that rows that arrive meanwhile neither repeat nor hide others."""

    page_size_query_param = "page_size"
    max_page_size = 1000
    cursor_query_param = "next_token"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        # A token belongs to the question whose page answered it: another list reads its position as nonsense.
        own = (self.cursor_query_param, self.page_size_query_param)
        asked = sorted((name, values) for name, values in request.query_params.lists() if name not in own)
        self.salt = f"next_token:{request.path}:{json.dumps(asked)}"
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Request) -> Cursor | None:
        token = request.query_params.get(self.cursor_query_param)
        if token is None:
            return None
        try:
            return Cursor(*signing.loads(token, salt=self.salt))
        except signing.BadSignature:
            message = _("This is no token that a former page of this list answered; leave it out to begin again.")
            raise BadParameter(self.cursor_query_param, message, "bad_token") from None

    def encode_cursor(self, cursor: Cursor) -> str:
        token = signing.dumps([cursor.offset, cursor.reverse, cursor.position], salt=self.salt)
        return replace_query_param(str(self.base_url), self.cursor_query_param, token)

    def get_page_size(self, request: Request) -> int | None:
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return self.page_size
        if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= self.max_page_size:
            message = _("page_size must lie between 1 and %(limit)s.") % {"limit": self.max_page_size}
            raise BadParameter(self.page_size_query_param, message)
        return int(text)

    def get_paginated_response(self, data: Any) -> Response:
        link = self.get_next_link()
        token = None
        if link:
            token = parse_qs(urlsplit(link).query)[self.cursor_query_param][0]
        return Response({"results": data, "next_token": token})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next_token"],
            "properties": {"results": schema, "next_token": {"type": "string", "nullable": True}},
        }


class OrganizationThrottle(SimpleRateThrottle):
    """Counts the calls of one user or token; rivals have counters of their own."""

    scope = "organization"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        scope = getattr(request._request, "scope", None)
        if scope is None:
            return None
        return f"throttle:{scope.organization_id}:{scope.user_id}"


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Give every refusal the same body; let what nobody expected become a 500."""
    if isinstance(error, Http404):
        error = NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, HouseError):
        # The service that refused rolled back its own part; what was recorded before it stays (failed access).
        explain(context["request"]._request, error)
        return Response(error_body(error), status=error.status)
    if not isinstance(error, exceptions.APIException):
        return None
    body: dict[str, Any] = {"code": str(error.default_code), "message": _first_message(error.detail)}
    if isinstance(error, exceptions.ValidationError) and isinstance(error.detail, dict):
        body["fields"] = error.detail
    headers = {}
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers["WWW-Authenticate"] = "Token"
    if isinstance(error, exceptions.Throttled) and error.wait:  # type: ignore[attr-defined]
        headers["Retry-After"] = str(int(error.wait) + 1)  # type: ignore[attr-defined]
    return Response({"error": body}, status=error.status_code, headers=headers)


REFUSAL_SCHEMA = {
    "type": "object",
    "description": "The shape of every refusal; the message names the remedy.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string", "description": "Stable name of the rule."},
                "message": {"type": "string"},
                "fields": {"type": "object", "description": "Fields of the body to messages about them."},
                "details": {"type": "object", "description": "Such as the parameter, or the rows with their errors."},
            },
        }
    },
}
REFUSALS = {
    "400": "A parameter is unknown, cannot be read or names nothing, or the body is not JSON.",
    "401": "No token, or one that is unknown, expired or revoked.",
    "403": "The role or the token does not allow this.",
    "404": "There is no such thing for the caller.",
    "406": "The answer does not come in the format asked for.",
    "409": "The state that the request goes by has changed.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "422": "What was asked for or sent can be read but cannot be right.",
    "429": "Too many requests; Retry-After says when to go on.",
}


def refusals_document(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Add to the OpenAPI document how each operation refuses, unless it says so itself."""
    result["components"]["schemas"]["Refusal"] = REFUSAL_SCHEMA
    json_content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    csv_content = {"text/csv": {"schema": {"type": "string"}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            as_csv = "text/csv" in operation["responses"].get("200", {}).get("content", {})
            content = json_content | csv_content if as_csv else json_content
            for status, description in REFUSALS.items():
                answer = operation["responses"].setdefault(status, {"description": description})
                answer.setdefault("content", content)
    return result


def summaries_document(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Give each operation of the OpenAPI document a title: the first clause of what it says it does."""
    for operations in result["paths"].values():
        for operation in operations.values():
            clause = re.split(r"[.;:\n]", operation.get("description", ""), maxsplit=1)[0]
            operation.setdefault("summary", clause)
    return result


def _first_message(detail: Any) -> str:
    while isinstance(detail, dict | list) and detail:
        detail = next(iter(detail.values())) if isinstance(detail, dict) else detail[0]
    return str(detail)
