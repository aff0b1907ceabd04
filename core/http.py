"""How the web sets its scope: one middleware for pages and API alike, one wrapper for streams."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db import DataError, OperationalError, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.log import log_response
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views import defaults
from psycopg2.errors import DeadlockDetected, LockNotAvailable, QueryCanceled, UntranslatableCharacter

from core.errors import Forbidden, HouseError, Invalid, NotFound
from core.scope import Scope, activate

# The one who writes is done within a moment or at most a step of a big piece of work.
RETRY_SECONDS = 5


class ScopeMiddleware:
    """Resolves the caller's scope and holds one scoped transaction around the whole response.

    Template rendering happens inside; a stream outlives it and must use :func:`scoped_stream`. An answer of 500
    rolls back, so nothing half-written stays. An answer to HEAD tells how long the body would be and has none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.resolve: Callable[[HttpRequest], Scope | None] = import_string(settings.SCOPE_RESOLVER)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        scope = self.resolve(request)
        request.scope = scope  # type: ignore[attr-defined]
        if scope is None:
            response = self.get_response(request)
        else:
            with activate(scope):
                response = self.get_response(request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        if request.method == "HEAD":
            _body_drop(response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer a refusal of a service, or a wait that took too long, with its own status."""
        if isinstance(exception, HouseError):
            return refusal(request, exception)
        if is_unkeepable(exception):
            message = _(
                "The text holds a character that cannot be kept (NUL, or half of a pair); remove it and send again."
            )
            return refusal(request, Invalid("unkeepable", message))
        return busy(request) if is_busy(exception) else None


def _body_drop(response: HttpResponseBase) -> None:
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    elif isinstance(response, HttpResponse):
        response.setdefault("Content-Length", str(len(response.content)))
        response.content = b""


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the answer to a request that broke: the API's error body, or the page that needs nothing to work."""
    # What waited in vain outside of any view, such as the end of a session that had lasted too long.
    if is_busy(sys.exc_info()[1]):
        return busy(request)
    if not request.path.startswith("/api/"):
        return defaults.server_error(request)
    return JsonResponse(
        {"error": {"code": "server_error", "message": _("Something broke on our side; nothing was changed.")}},
        status=500,
    )


def is_unkeepable(error: BaseException) -> bool:
    """Whether a text was refused that no database row can hold; most fields refuse it before."""
    if isinstance(error, DataError):
        return isinstance(error.__cause__, UntranslatableCharacter)
    return isinstance(error, ValueError) and ("NUL (0x00)" in str(error) or "surrogates not allowed" in str(error))


def is_busy(error: BaseException | None) -> bool:
    """Whether the database gave up waiting for what somebody else holds, or a query at the end of its time."""
    cause = error.__cause__ if isinstance(error, OperationalError) else None
    return isinstance(cause, LockNotAvailable | QueryCanceled | DeadlockDetected)


def busy(request: HttpRequest) -> HttpResponse:
    """Return the answer to a request that waited too long; the caller's transaction is of no use any more.

    So the page asks the database nothing. A status of 500 or more undoes what the request did.
    """
    if request.path.startswith("/api/"):
        message = _("Much is being written just now; nothing was changed. Try again in a moment.")
        response: HttpResponse = JsonResponse({"error": {"code": "busy", "message": message}}, status=503)
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    # Django would log it as an error of ours.
    log_response("Waited too long: %s", request.path, response=response, request=request, level="warning")
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the answer to an address that leads nowhere, in the shape of whoever asked."""
    return refusal(request, NotFound())


def refusal(request: HttpRequest, error: HouseError) -> HttpResponse:
    """Return the answer to a refused request: the API's error body, a partial for htmx, or the error page."""
    explain(request, error)
    if request.path.startswith("/api/"):
        return JsonResponse(error_body(error), status=error.status)
    template = "404.html" if isinstance(error, NotFound) else "refused.html"
    return render(request, template, {"error": error}, status=error.status)


def explain(request: HttpRequest, error: HouseError) -> None:
    """Let a refusal for a missing right say which, who has it, and whom to ask."""
    scope: Scope | None = getattr(request, "scope", None)
    if scope is not None and isinstance(error, Forbidden) and error.permission:
        error.message = import_string(settings.REFUSAL_WORDS)(scope=scope, permission=error.permission)


def error_body(error: HouseError) -> dict[str, Any]:
    """Return the one shape that every API error has."""
    body: dict[str, Any] = {"code": error.code, "message": str(error.message)}
    if isinstance(error, Invalid) and error.fields:
        body["fields"] = error.fields
    if error.details:
        body["details"] = error.details
    return {"error": body}


def scoped_stream(scope: Scope, make: Callable[[], Iterable[Any]]) -> Iterator[Any]:
    """Yield what ``make()`` yields inside a scoped transaction of its own, as the response is sent."""
    with activate(scope):
        yield from make()


def file_response(
    path: Path, file_name: str, *, opened: Callable[[Path], Iterable[bytes]] | None = None
) -> StreamingHttpResponse:
    """Send a kept file, always to be saved: whatever it holds, no browser runs or shows it as a part of this site.

    Args:
        path: Where it lies.
        file_name: What the receiver calls it.
        opened: Turns what lies there into the content, as by decryption.

    Raises:
        NotFound: It is gone.
    """
    if not path.exists():
        raise NotFound
    content: Any = opened(path) if opened else path.open("rb")
    response = (StreamingHttpResponse if opened else FileResponse)(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, file_name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def scope_of(request: HttpRequest) -> Scope:
    """Return the request's scope.

    Raises:
        NotFound: The caller has none (a person without a membership sees an empty house).
    """
    scope = cast("Scope | None", getattr(request, "scope", None))
    if scope is None:
        raise NotFound
    return scope


def zone_of(scope: Scope) -> str:
    """Return the IANA name of the zone that pages without one of their own show moments in."""
    zone: str = import_string(settings.ZONE_RESOLVER)(scope=scope)
    return zone


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Give every template the scope."""
    return {"scope": getattr(request, "scope", None)}
