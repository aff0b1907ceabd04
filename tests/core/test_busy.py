"""What waits for somebody else's writing is told so, undone, and neither shown nor logged as a fault of ours."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from calls.services.load import LOAD_LOCK
from core.scope import activate
from sla.models import Incident
from tests.conftest import superuser
from tests.world import World

BOOKS = 7001
WORDS = "Much is being written just now; nothing was changed. Try again in a moment."


@pytest.fixture
def house(committed_world: World) -> World:
    """The house, in which nobody waits for long."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    return committed_world


@contextmanager
def book_held(world: World, *, lock: int = BOOKS) -> Iterator[None]:
    """Write into the book of ANDES (or load its calls) from another connection, and do not come to an end."""
    opened = superuser()
    try:
        with opened.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [lock, world.vendors["ANDES"].vendor.pk])
        yield
    finally:
        opened.close()


def entries(world: World) -> int:
    with activate(world.system):
        return Entry.objects.visible_to(world.system).count()


def warned(caplog: pytest.LogCaptureFixture) -> list[tuple[str, Any]]:
    """Return what was logged of the requests, and with which trace."""
    rows = [row for row in caplog.records if row.name == "django.request"]
    assert all(row.levelno == logging.WARNING for row in rows)
    return [(row.getMessage(), row.exc_info) for row in rows]


@pytest.mark.parametrize("password", ["a plain test pass-phrase", "a wrong one"])
def test_a_log_in_that_waits_too_long_is_asked_to_come_again(
    house: World, caplog: pytest.LogCaptureFixture, password: str
) -> None:
    client, address = Client(), reverse("account_login")
    body = {"login": "andes_vendor_supervisor", "password": password}
    with book_held(house):
        answer = client.post(address, body)
        # Others' books are free.
        other = Client().post(address, {"login": "boral_vendor_supervisor", "password": "a plain test pass-phrase"})
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "private, no-store")
    page = answer.content.decode()
    assert WORDS in page
    assert "Traceback" not in page
    assert "LockNotAvailable" not in page
    assert warned(caplog) == [(f"Waited too long: {address}", None)]
    assert "_auth_user_id" not in client.session
    assert other.status_code == 302
    assert client.post(address, body).status_code in (200, 302)


def test_a_program_that_waits_too_long_is_told_so_in_json_and_nothing_is_kept(
    house: World, caplog: pytest.LogCaptureFixture
) -> None:
    client, address = Client(), "/api/v1/incidents"
    client.force_login(house.users["andes_vendor_supervisor"])
    body = {"title": "No calls arrive", "severity": 1, "systems": ["call_system"], "queues": ["ORDERS"]}
    sent: dict[str, Any] = {"content_type": "application/json", "headers": {"Idempotency-Key": "k"}}
    before = entries(house)
    with book_held(house):
        answer = client.post(address, body, **sent)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5"), answer.content
    assert answer.json() == {"error": {"code": "busy", "message": WORDS}}
    assert warned(caplog) == [(f"Waited too long: {address}", None)]
    assert entries(house) == before
    with activate(house.system):
        assert not Incident.objects.visible_to(house.system).exists()
    # What was asked for once is free to be asked for again.
    assert client.post(address, body, **sent).status_code == 201


def test_a_session_that_cannot_be_ended_yet_is_told_so_too(
    house: World, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    """The end of a session that lasted too long is written before any view is reached."""
    client = Client(raise_request_exception=False)
    client.force_login(house.users["andes_vendor_manager"])
    settings.SESSION_COOKIE_AGE = -1
    with book_held(house):
        answer = client.get("/calls/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert warned(caplog) == [("Waited too long: /calls/", None)]


def test_a_program_does_not_wait_as_a_worker_does_while_a_file_of_its_vendor_loads(house: World) -> None:
    client = Client()
    client.force_login(house.users["andes_vendor_supervisor"])
    row = {"external_id": "a", "queue": "ORDERS", "offered_at": "2026-06-10T08:00:00Z", "outcome": "abandoned"}
    sent: dict[str, Any] = {"content_type": "application/json", "headers": {"Idempotency-Key": "k"}}
    with book_held(house, lock=LOAD_LOCK):
        answer = client.post("/api/v1/calls/batch", {"rows": [row | {"wait_seconds": 45}]}, **sent)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5"), answer.content
    answer = client.post("/api/v1/calls/batch", {"rows": [row | {"wait_seconds": 45}]}, **sent)
    assert answer.status_code == 201, answer.content
