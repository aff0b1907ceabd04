"""The Celery application and its only schedule: ticks that say "look", never "do this" (R1, R4)."""

from __future__ import annotations

import os
import signal
from typing import Any

from celery import Celery, Task
from celery.signals import worker_init, worker_process_init

from embedded.child import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")


class HouseTask(Task):  # type: ignore[type-arg]
    """A task that comes back at most three times when its process is killed (M8, M9)."""

    retry_on_worker_lost = True
    max_retries = 3


@worker_init.connect
def refuse_open_walls(**kwargs: Any) -> None:
    """Stop a worker whose database role could see past the wall, before it takes a task."""
    from core.checks import require_walls  # noqa: PLC0415 - needs the settings

    require_walls()


@worker_process_init.connect
def end_with_the_worker(**kwargs: Any) -> None:
    """A killed worker takes the processes of its pool along; what they were doing is done again (M8)."""
    die_with_parent(signal.SIGKILL)


app = Celery("callsteward", task_cls=HouseTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # `expires` keeps a stopped worker from finding an hour of stale ticks when it comes back.
    "calls-work": {"task": "calls.tasks.batches_work", "schedule": 2.0, "options": {"expires": 5}},
    "calls-rebook": {"task": "calls.tasks.calls_rebook", "schedule": 5.0, "options": {"expires": 10}},
    "sla-drain": {"task": "sla.tasks.marks_drain", "schedule": 2.0, "options": {"expires": 5}},
    "calls-answers-forget": {"task": "calls.tasks.answers_forget", "schedule": 3600.0, "options": {"expires": 1800}},
    "accounts-deliveries": {"task": "accounts.tasks.deliveries_send", "schedule": 5.0, "options": {"expires": 10}},
    "accounts-forget": {"task": "accounts.tasks.outbox_forget", "schedule": 3600.0, "options": {"expires": 1800}},
    "sla-incident-clocks": {"task": "sla.tasks.incident_clocks", "schedule": 15.0, "options": {"expires": 15}},
    "tickets-alerts": {"task": "tickets.tasks.alerts_sweep", "schedule": 10.0, "options": {"expires": 20}},
    "tickets-follow": {"task": "tickets.tasks.tickets_follow", "schedule": 5.0, "options": {"expires": 10}},
    "tickets-days": {"task": "tickets.tasks.days_count", "schedule": 5.0, "options": {"expires": 10}},
    "tickets-feedback": {"task": "tickets.tasks.feedback_sweep", "schedule": 15.0, "options": {"expires": 20}},
    # Looks at whole days and tells once a week; every hour, so that no day is missed whenever beat was restarted.
    "tickets-voice": {"task": "tickets.tasks.voice_look", "schedule": 3600.0, "options": {"expires": 1800}},
    "qa-samples": {"task": "qa.tasks.samples_draw", "schedule": 30.0, "options": {"expires": 30}},
    "qa-transcripts": {"task": "qa.tasks.transcripts_work", "schedule": 5.0, "options": {"expires": 10}},
    "qa-improvements": {
        "task": "qa.tasks.improvements_overdue",
        "schedule": 1800.0,
        "options": {"expires": 900},
    },
    "qa-live": {"task": "qa.tasks.live_lapse", "schedule": 60.0, "options": {"expires": 30}},
    "qa-scripts": {"task": "qa.tasks.scripts_warn", "schedule": 1800.0, "options": {"expires": 900}},
    "qa-coaching": {"task": "qa.tasks.coaching_due", "schedule": 3600.0, "options": {"expires": 1800}},
    "qa-close": {"task": "qa.tasks.evaluations_close", "schedule": 600.0, "options": {"expires": 300}},
    "qa-scores": {"task": "qa.tasks.scores_count", "schedule": 10.0, "options": {"expires": 20}},
    "qa-calibrations": {"task": "qa.tasks.calibrations_reveal", "schedule": 10.0, "options": {"expires": 20}},
    "sla-self-check": {"task": "sla.tasks.self_check", "schedule": 3600.0, "options": {"expires": 1800}},
}
