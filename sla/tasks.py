"""Ticks of this room: recompute what changed, apply new versions, check ourselves, look at incidents' clocks."""

from __future__ import annotations

import time

from celery import shared_task

from accounts.selectors import system_scope
from sla import services

BUDGET_SECONDS = 10


@shared_task
def marks_drain() -> None:
    """Recompute marked days, slice by slice, for at most some seconds; the next tick goes on."""
    scope = system_scope(reason="KPI recompute")
    services.versions_apply(scope=scope)
    end = time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end and services.marks_drain(scope=scope.now()):
        pass
    services.sweep_record(scope=scope.now(), name="marks_drain")


@shared_task
def self_check() -> None:
    """Recompute some closed days from raw calls and compare; a difference is an alarm and is repaired."""
    services.self_check(scope=system_scope(reason="self-check"))


@shared_task
def incident_clocks() -> None:
    """Look which clocks of incidents came near or over their limit, and tell of each once."""
    services.incident_clocks_tick(scope=system_scope(reason="incident clocks"))
