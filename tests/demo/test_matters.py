"""The demo's tickets and feedback: told once, and settled, waiting or overdue as the last call finds them."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psycopg2.extensions
import pytest
from django.core.management import call_command
from django.db import OperationalError

from accounts.models import Notice
from accounts.selectors import system_scope
from audit.services import verify
from core.scope import Scope, activate
from demo import services
from demo.plan import Plan
from demo.world import VENDORS
from sla.models import MeasuredDay
from tests.conftest import empty_database, superuser
from tickets.models import Feedback, Policy, Ticket, TicketEvent

STOPPED_AFTER = 12
PLAN = Plan(seed=5, calls=8_000, months=1, until=datetime(2025, 11, 20, 12, tzinfo=UTC))


def book_hold(other: psycopg2.extensions.connection, *, after_events: int) -> int:
    """Take the book of the vendor whose tales are being told, as a log-in does, only for good; return the vendor."""
    with other.cursor() as cursor:
        for _second in range(240):
            cursor.execute("SELECT vendor_id FROM tickets_ticketevent OFFSET %s LIMIT 1", [after_events])
            if found := cursor.fetchone():
                cursor.execute("SET lock_timeout = '4s'")
                cursor.execute("SELECT pg_advisory_lock(7001, %s)", found)
                return int(found[0])
            time.sleep(0.25)
    return 0


@pytest.fixture(scope="module")
def scope(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scope]:
    """A demo with some dozens of matters, stopped amid the tales and finished; taken away after the last test here."""
    with django_db_blocker.unblock():
        try:
            wishes = {"calls": PLAN.calls, "months": PLAN.months, "seed": PLAN.seed, "until": PLAN.until}
            with superuser() as other, ThreadPoolExecutor(1) as pool:
                held = pool.submit(book_hold, other, after_events=STOPPED_AFTER)
                with pytest.raises(OperationalError, match="lock timeout"):
                    call_command("demo", stdout=io.StringIO(), **wishes)
                assert held.result() > 0
            other.close()
            call_command("demo", stdout=io.StringIO())
            yield system_scope(reason="test")
        finally:
            empty_database()


def test_every_vendor_has_matters_in_all_states(scope: Scope) -> None:
    with activate(scope):
        tickets = Ticket.objects.visible_to(scope)
        assert set(Counter(tickets.values_list("vendor__code", flat=True))) == {vendor.code for vendor in VENDORS}
        states = Counter(tickets.values_list("state", flat=True))
        assert states["archived"] > states["merged"] > 0
        assert states["new"] > 0
        assert tickets.filter(is_breached=True, ended_at=None).exists()
        assert not tickets.exclude(call_external_id="").filter(customer_key=None).exists()
        feedback = Counter(Feedback.objects.visible_to(scope).values_list("state", flat=True))
        assert feedback["closed"] > 0
        assert sum(feedback.values()) >= 6
        assert Policy.objects.visible_to(scope).filter(name="Normal").count() == len(VENDORS)


def test_nothing_happens_after_the_last_call_and_the_book_holds(scope: Scope) -> None:
    with activate(scope):
        events = TicketEvent.objects.visible_to(scope)
        assert not events.filter(at__gt=PLAN.until).exists()
        assert Notice.objects.visible_to(scope).filter(kind="ticket_alert").exists()
        assert MeasuredDay.objects.visible_to(scope).filter(kpi="ticket_resolution").exists()
        for vendor_id in scope.vendor_ids:
            assert list(verify(scope=scope, vendor_id=vendor_id)) == []


def test_the_tales_are_told_once(scope: Scope) -> None:
    def count() -> tuple[int, int]:
        with activate(scope):
            events = TicketEvent.objects.visible_to(scope).count()
            return events, Feedback.objects.visible_to(scope).count()

    before = count()
    services.matters_create(scope=system_scope(reason="test"), plan=PLAN)
    assert count() == before
