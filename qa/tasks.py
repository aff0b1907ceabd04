"""Ticks of quality assurance: days that wait to be drawn, transcripts to be judged, and so on (R1, R7)."""

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
def coaching_due() -> None:
    """Tell of coaching tasks whose day has passed, slice by slice."""
    scope, end = system_scope(reason="coaching"), time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end and services.coaching_due(scope=scope.now()):
        pass


@shared_task
def evaluations_close() -> None:
    """Make final what nobody disputed in time, slice by slice."""
    scope, end = system_scope(reason="evaluations"), time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end and services.evaluations_close(scope=scope.now()):
        pass


@shared_task
def transcripts_work() -> None:
    """Read transcripts that were sent and judge those that wait, slice by slice; the next tick goes on."""
    scope, end = system_scope(reason="transcripts"), time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end:
        now = scope.now()
        # New calls first: a risk in them is of today, one in a run over former calls is not.
        if not (
            services.transcripts_read(scope=now)
            or services.transcripts_check(scope=now)
            or services.runs_work(scope=now)
        ):
            break


@shared_task
def live_lapse() -> None:
    """Let flags of calls lapse that nobody took in time, slice by slice."""
    scope, end = system_scope(reason="flagged calls"), time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end and services.live_lapse(scope=scope.now()):
        pass


@shared_task
def scripts_warn() -> None:
    """Tell of scripts near their last day of use, and of those past it."""
    services.scripts_warn(scope=system_scope(reason="scripts"))


@shared_task
def scores_count() -> None:
    """Count the KPIs of days whose evaluations changed, slice by slice."""
    scope, end = system_scope(reason="QA KPIs"), time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end and services.score_days_count(scope=scope.now()):
        pass


@shared_task
def improvements_overdue() -> None:
    """Tell of improvement actions whose next step is overdue, slice by slice."""
    scope, end = system_scope(reason="improvements"), time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end and services.improvements_overdue(scope=scope.now()):
        pass


@shared_task
def calibrations_reveal() -> None:
    """Reveal sessions whose deadline is over, or that everybody has scored."""
    scope, end = system_scope(reason="calibration"), time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < end and services.calibrations_reveal(scope=scope.now()):
        pass
