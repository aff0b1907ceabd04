"""A real worker is killed at every named point, once; nothing is lost, nothing doubled, every figure right (R14)."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from calls import services as calls
from calls.models import Batch, BatchState, Call, Mark
from calls.tasks import batches_work
from config.celery import app
from core.scope import activate
from sla.tasks import marks_drain
from tests.oracle import Row, figures
from tests.sla.feed import stored_figures
from tests.world import World

POINTS = [
    "after_check",
    "after_copy",
    "after_upsert",
    "before_commit",
    "after_commit",
    "after_marks_deleted",
    "after_kpi_upsert",
]
START = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
RECOVERY_SECONDS = 60
BAD_ROWS = 2
FIELDS = [
    *("external_id", "queue", "direction", "customer", "agent"),
    *("offered_at", "wait_seconds", "talk_seconds", "outcome"),
]


class Worker:
    """A Celery worker of its own processes, on the test's database and broker."""

    def __init__(self, folder: Path, queue: str) -> None:
        database = connection.settings_dict
        self.order = folder / "crash"
        environment = os.environ | {
            "DATABASE_URL": f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "UPLOAD_ROOT": str(settings.UPLOAD_ROOT),
            "CRASH_FILE": str(self.order),
        }
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-c", "1", "-Q", queue, "-n", queue]
        command += ["--without-gossip", "--without-mingle", "--loglevel", "ERROR"]
        self.process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, start_new_session=True)

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def worker(tmp_path: Path, committed_world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.setattr(settings, "UPLOAD_ROOT", tmp_path / "uploads")
    queue = f"crash-{os.getpid()}"
    app.conf.task_default_queue, former = queue, app.conf.task_default_queue
    running = Worker(tmp_path, queue)
    yield running
    running.stop()
    app.conf.task_default_queue = former


def rows_of(number: int) -> list[Row]:
    """A file's worth of good calls."""
    return [
        Row(
            external_id=f"{number}-{index}",
            queue="ORDERS",
            offered_at=START + timedelta(days=number, seconds=97 * index),
            outcome="answered" if index % 5 else "abandoned",
            answered_at=START + timedelta(days=number, seconds=97 * index + index % 40) if index % 5 else None,
            wait=index % 40,
            talk=100 if index % 5 else None,
            customer=f"+8613800000{index % 60:03d}",
            agent="ANDES-A1" if index % 5 else None,
        )
        for index in range(300)
    ]


def file_of(rows: list[Row]) -> bytes:
    """The rows as a canonical file, with two rows that no queue of the vendor fits."""
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS)
    writer.writeheader()
    for row in rows:
        record = {
            "external_id": row.external_id,
            "queue": row.queue,
            "direction": "inbound",
            "customer": row.customer,
            "agent": row.agent,
            "offered_at": row.offered_at.isoformat(),
            "wait_seconds": row.wait,
            "talk_seconds": row.talk,
            "outcome": row.outcome,
        }
        writer.writerow(record)
    for index in range(BAD_ROWS):
        writer.writerow(
            {"external_id": f"bad-{index}", "queue": "NOWHERE", "offered_at": rows[0].offered_at.isoformat()}
        )
    return text.getvalue().encode()


def wait_until_quiet(world: World, batch: Batch) -> Batch:
    """Send ticks as beat would until the file is loaded and no mark waits."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while time.monotonic() < deadline:
        batches_work.apply_async(expires=5)
        marks_drain.apply_async(expires=5)
        time.sleep(0.5)
        with activate(world.system):
            batch = Batch.objects.visible_to(world.system).get(pk=batch.pk)
            marks = Mark.objects.visible_to(world.system).exists()
        if batch.state == BatchState.LOADED and not marks:
            return batch
    raise AssertionError(f"still {batch.state} after {RECOVERY_SECONDS} s, attempts {batch.attempts}, marks {marks}")


@pytest.mark.faults
def test_a_worker_killed_at_each_point_loses_and_doubles_nothing(committed_world: World, worker: Worker) -> None:
    world, vendor = committed_world, committed_world.vendors["ANDES"]
    scope = world.system
    everything: list[Row] = []
    with activate(scope):
        first = vendor.version.definitions.first()
        assert first is not None
        definition = first.definition.as_dict()
    for number, point in enumerate(POINTS):
        rows = rows_of(number)
        everything += rows
        worker.order.write_text(point)
        batch = calls.batch_receive(
            scope=scope,
            vendor_id=vendor.vendor.organization_id,
            source="page",
            file_name=f"{point}.csv",
            chunks=[file_of(rows)],
            confirmed=True,
        )
        batch = wait_until_quiet(world, batch)
        assert not worker.order.exists(), f"nothing died at {point}"
        account = calls.account_of(batch)
        assert account["read"] == len(rows) + BAD_ROWS == sum(account.values()) - account["read"]
        assert account["rejected"] == BAD_ROWS
        with activate(scope):
            assert Call.objects.visible_to(scope).count() == len(everything)
        found = stored_figures(scope=scope, vendor=vendor)
        assert found == figures(everything, definition=definition, zone="Asia/Shanghai"), point
