"""Ticks of the outbox: send what waits, forget what is old."""

from __future__ import annotations

import time

from celery import shared_task

from accounts import services
from accounts.selectors import system_scope

BUDGET_SECONDS = 10


@shared_task
def deliveries_send() -> None:
    """Send due messages for at most some seconds; the next tick goes on."""
    scope = system_scope(reason="webhooks")
    end = time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end and services.deliveries_send(scope=scope.now(), most=1):
        pass


@shared_task
def outbox_forget() -> None:
    """Delete what nobody needs any more."""
    scope = system_scope(reason="old notices")
    end = time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end and services.outbox_forget(scope=scope):
        pass
