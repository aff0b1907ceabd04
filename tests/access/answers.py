"""Sends one request through the whole middleware and keeps everything that could give something away."""

from __future__ import annotations

import io
import logging
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from django.core import mail
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import RequestFactory
from django.utils import translation

from tests.access.house import House
from tests.access.principals import Principal

# What differs from answer to answer without telling anything.
VOLATILE_HEADERS = {"date", "content-length", "content-security-policy"}
VOLATILE_TEXTS = (
    re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'),
    re.compile(r'"X-CSRFToken": "[^"]*"'),
    re.compile(r'nonce="[^"]*"'),
    re.compile(r"csrftoken=[^;]*"),
    re.compile(r"callsteward_device=[^;]*"),
    re.compile(r"sessionid=[^;]*"),
)
# Statements that change rows.
WRITES = re.compile(r"^\s*(?:WITH\b.*?\b)?(INSERT INTO|UPDATE|DELETE FROM|COPY)\s+\"?(\w+)", re.I | re.S)
# Tables that any request may touch: where somebody was last seen, and when a token was used.
BOOKKEEPING = {"django_session", "usersessions_usersession", "accounts_apitoken"}


@dataclass(frozen=True)
class Ask:
    """One request."""

    method: str
    path: str
    body: Mapping[str, Any] | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    has_csrf: bool = True

    @property
    def said(self) -> str:
        """The text of the body, which an answer may repeat."""
        if isinstance(self.body, bytes):
            return self.body.decode()
        return " ".join(str(value) for value in (self.body or {}).values())


@dataclass
class Answer:
    """What came back, and what it left behind."""

    status: int
    headers: dict[str, str]
    body: str
    logged: str
    written: set[str]
    queries: int
    failure: str = ""

    @property
    def everything(self) -> str:
        """All text that left the house, random tokens apart."""
        head = "\n".join(f"{name}: {value}" for name, value in self.headers.items())
        return plain(f"{head}\n{self.body}\n{self.logged}")

    def told(self, *own_words: str) -> tuple[int, dict[str, str], str]:
        """Return what the caller learns: without what is different each time, and without its own words."""
        headers = {name: plain(value) for name, value in self.headers.items() if name.lower() not in VOLATILE_HEADERS}
        body = plain(self.body)
        for number, word in enumerate(sorted(own_words, key=len, reverse=True)):
            body = body.replace(word, f"<{number}>")
            headers = {name: value.replace(word, f"<{number}>") for name, value in headers.items()}
        return self.status, headers, body


def plain(text: str) -> str:
    """Return a text without nonces, tokens and session keys."""
    for pattern in VOLATILE_TEXTS:
        text = pattern.sub("", text)
    return text


class Log(logging.Handler):
    """Keeps every record of the root logger."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class Door:
    """The application without a network; answers are read to their end before the transaction is rolled back."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.log = Log()
        self.failures: list[str] = []

    @contextmanager
    def open(self) -> Iterator[Door]:
        """Listen to the log and to failures while the block runs."""
        root = logging.getLogger()
        level = root.level
        root.addHandler(self.log)
        root.setLevel(logging.INFO)
        got_request_exception.connect(self._note)
        try:
            yield self
        finally:
            got_request_exception.disconnect(self._note)
            root.setLevel(level)
            root.removeHandler(self.log)

    def _note(self, **kwargs: Any) -> None:
        kind, error, _trace = sys.exc_info()
        self.failures.append(f"{kind.__name__ if kind else ''}: {error}")

    def ask(self, who: Principal, ask: Ask, *, keep: bool = False) -> Answer:
        """Send a request as somebody; what it wrote is undone unless it is to be kept."""
        return self.send(self.credentials(who), ask, keep=keep)

    def credentials(self, who: Principal) -> tuple[dict[str, str], dict[str, str]]:
        """Return cookies and headers that somebody brings."""
        cookies = self.house.cookies[who.username] if who.username else {}
        return cookies, {"Authorization": f"Token {self.house.keys[who.token]}"} if who.token else {}

    def send(self, credentials: tuple[dict[str, str], dict[str, str]], ask: Ask, *, keep: bool = False) -> Answer:
        """Send a request with the given cookies and headers."""
        cookies, headers = credentials
        request = self._request(ask, dict(ask.headers) | headers)
        request.COOKIES = dict(cookies)
        request.META["HTTP_COOKIE"] = SimpleCookie(cookies).output(header="", sep=";")
        request._dont_enforce_csrf_checks = ask.has_csrf
        self.log.lines.clear()
        self.failures.clear()
        mail.outbox = []
        watch = Watch()
        with transaction.atomic(), connection.execute_wrapper(watch):
            response = self.handler.get_response(request)
            body = _read(response)
            if not keep:
                transaction.set_rollback(True)
        translation.deactivate()
        letters = "".join(f"{letter.subject}\n{letter.body}\n{letter.to}" for letter in mail.outbox)
        return Answer(
            status=response.status_code,
            headers={**dict(response.items()), "Set-Cookie": response.cookies.output(header="", sep=";")},
            body=body + letters,
            logged="\n".join(self.log.lines),
            written=watch.written - BOOKKEEPING,
            queries=watch.queries,
            failure="; ".join(self.failures),
        )

    def cached(self) -> str:
        """Return all that the requests left in the cache, and forget it."""
        client = cache._cache.get_client()  # type: ignore[attr-defined]
        kept = [f"{key!r} {client.get(key) if client.type(key) == b'string' else ''!r}" for key in client.scan_iter()]
        cache.clear()
        return "\n".join(kept)

    def _request(self, ask: Ask, headers: dict[str, str]) -> Any:
        factory = RequestFactory()
        if isinstance(ask.body, bytes):
            return factory.generic(
                ask.method, ask.path, ask.body, content_type="application/json", headers=headers, secure=False
            )
        make: Callable[..., Any] = getattr(factory, ask.method.lower())
        if ask.method == "POST":
            return make(ask.path, dict(ask.body or {}), headers=headers)
        return make(ask.path, headers=headers)


class Watch:
    """Counts the queries, and notes which tables they write to."""

    def __init__(self) -> None:
        self.queries = 0
        self.written: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.queries += 1
        found = WRITES.match(sql)
        if found:
            self.written.add(found[2])
        return execute(sql, params, many, context)


def _read(response: HttpResponseBase) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    for closer in response._resource_closers:  # type: ignore[attr-defined]
        closer()
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            # The moment of making is in one of the parts.
            names = [name for name in packed.namelist() if name != "docProps/core.xml"]
            return "\n".join(packed.read(name).decode(errors="replace") for name in sorted(names))
    return content.decode(errors="replace")
