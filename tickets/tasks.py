"""Ticks of tickets: look whose promise runs out, whose rules changed, and what customers say (R1, R7)."""

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


@shared_task
def feedback_sweep() -> None:
    """Tell of feedback that was not passed on within its day, slice by slice."""
    _until_done(services.feedback_sweep, reason="feedback not passed on")


@shared_task
def voice_look() -> None:
    """Look for reasons that are asked about more by unhappier callers; each is told of once a week."""
    services.voice_look(scope=system_scope(reason="voice of the customer"))


def _until_done(service: Callable[..., int], *, reason: str) -> None:
    scope, end = system_scope(reason=reason), time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end and service(scope=scope.now()):
        pass
