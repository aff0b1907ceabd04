"""Ticks of the import: look what waits and do some of it (R1, R7)."""

from __future__ import annotations

import logging
import time

from celery import shared_task
from django.db import DatabaseError

from accounts.selectors import system_scope
from calls import services

BUDGET_SECONDS = 10
logger = logging.getLogger(__name__)


@shared_task
def batches_work() -> None:
    """Check and load waiting files, a step at a time, for at most some seconds; the next tick goes on."""
    scope = system_scope(reason="import")
    services.batches_quarantine(scope=scope)
    end = time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end:
        scope = scope.now()
        worked = services.batch_load_next(scope=scope) or services.batch_check(scope=scope)
        if worked is None:
            break


@shared_task
def calls_rebook() -> None:
    """Book calls anew where zone or coverage of their contract changed; a vendor for whom it fails waits for later."""
    failed: set[int] = set()
    scope, end = system_scope(reason="rebooking"), time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end and (vendor_id := services.rebooking_next(scope=scope, without=failed)) is not None:
        try:
            services.rebooking_work(scope=scope.now(), vendor_id=vendor_id)
        except DatabaseError:
            logger.exception("rebooking of vendor %d failed", vendor_id)
            failed.add(vendor_id)


@shared_task
def answers_forget() -> None:
    """Forget answers to bulk requests after their week."""
    services.answers_forget(scope=system_scope(reason="housekeeping"))
