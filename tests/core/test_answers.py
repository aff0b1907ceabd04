"""Answers that no view writes: to what broke, to HEAD, and the titles of refusals."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import path

from config.urls import handler500
from core.errors import Conflict
from core.http import ScopeMiddleware

Clients = Callable[[str], Client]

__all__ = ["handler500"]


def broken(request: HttpRequest) -> HttpResponse:
    """Break as a bug does."""
    raise RuntimeError("a bug")


urlpatterns = [path("api/v1/broken", broken), path("broken/", broken)]


@pytest.mark.urls(__name__)
def test_what_breaks_is_told_in_the_shape_of_its_interface(client_of: Clients) -> None:
    client = client_of("programme_manager")
    client.raise_request_exception = False
    told = client.get("/api/v1/broken")
    assert (told.status_code, told["Content-Type"]) == (500, "application/json")
    assert told.json() == {
        "error": {"code": "server_error", "message": "Something broke on our side; nothing was changed."}
    }
    page = client.get("/broken/")
    assert (page.status_code, page["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert "Something broke on our side" in page.content.decode()


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_is_told_in_the_shape_of_its_interface(client_of: Clients) -> None:
    for client in (Client(), client_of("programme_manager")):
        answer = client.get("/api/v1/nothing/here")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
        assert "text/html" in client.get("/nothing/here/")["Content-Type"]


@pytest.mark.parametrize("answer", [HttpResponse("body"), StreamingHttpResponse(iter([b"bo", b"dy"]))])
def test_head_has_no_body(answer: HttpResponseBase) -> None:
    request = RequestFactory().head("/api/v1/calls")
    request.user = AnonymousUser()
    told = ScopeMiddleware(lambda request: answer)(request)
    assert b"".join(told) == b""
    assert told.get("Content-Length") == (None if told.streaming else "4")


@pytest.mark.parametrize(("code", "title"), [("stale", "Somebody was faster"), ("frozen", "This cannot be done now")])
def test_only_a_stale_page_says_that_somebody_was_faster(code: str, title: str) -> None:
    page = render_to_string("components/refusal_page.html", {"error": Conflict(code, "Because.")})
    assert f"<h1>{title}</h1>" in page
