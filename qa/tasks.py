"""Ticks of quality assurance: look which days wait to be drawn, and what nobody disputes any more (R1, R7)."""

from __future__ import annotations

import time

from celery import shared_task

from accounts.selectors import system_scope
from qa import services

BUDGET_SECONDS = 20


@shared_task
def samples_draw() -> None:
    """Draw days that wait and hand out what was drawn, slice by slice; the next tick goes on."""
    scope, end = system_scope(reason="samples"), time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end:
        scope = scope.now()
        if not services.draws_place(scope=scope) and not services.draws_due(scope=scope):
            break


@shared_task
def evaluations_close() -> None:
    """Make final what nobody disputed in time, slice by slice."""
    scope, end = system_scope(reason="evaluations"), time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end and services.evaluations_close(scope=scope.now()):
        pass
