"""Ticks of the import: look what waits and do some of it (R1, R7)."""

from __future__ import annotations

import time

from celery import shared_task

from accounts.selectors import system_scope
from calls import services

BUDGET_SECONDS = 10


@shared_task
def batches_work() -> None:
    """Check and load waiting files, a step at a time, for at most some seconds; the next tick goes on."""
    scope = system_scope(reason="import")
    services.batches_quarantine(scope=scope)
    services.rebooking_work(scope=scope)
    end = time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end:
        scope = scope.now()
        worked = services.batch_load_next(scope=scope) or services.batch_check(scope=scope)
        if worked is None:
            break


@shared_task
def answers_forget() -> None:
    """Forget answers to bulk requests after their week."""
    services.answers_forget(scope=system_scope(reason="housekeeping"))
