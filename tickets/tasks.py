"""Ticks of tickets: look whose promise runs out, and whose rules changed (R1, R7)."""

from __future__ import annotations

import time
from collections.abc import Callable

from celery import shared_task

from accounts.selectors import system_scope
from tickets import services

BUDGET_SECONDS = 10


@shared_task
def alerts_sweep() -> None:
    """Tell of thresholds that were reached, slice by slice, for at most some seconds; the next tick goes on."""
    _until_done(services.alerts_sweep, reason="ticket alerts")


@shared_task
def tickets_follow() -> None:
    """Give open tickets the terms of changed policies and calendars, slice by slice."""
    _until_done(services.tickets_follow, reason="ticket rules")


@shared_task
def days_count() -> None:
    """Count the KPIs of days whose clocks changed, slice by slice."""
    _until_done(services.ticket_days_count, reason="ticket KPIs")


def _until_done(service: Callable[..., int], *, reason: str) -> None:
    scope, end = system_scope(reason=reason), time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end and service(scope=scope.now()):
        pass
