"""The product running for real on the test database: a web server, a worker and the ticks that beat would send."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.test import Client

from calls.models import Mark
from calls.tasks import batches_work
from core.scope import activate
from embedded.child import die_with_parent
from sla.tasks import marks_drain
from tests.browser.props import props_set
from tests.calls.pages import loaded
from tests.world import World

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = 10
TICK_SECONDS = 0.4
START_SECONDS = 60
PASSWORD = "a plain test pass-phrase"


def yesterday() -> date:
    """Return the last whole day where the contracts are."""
    return (datetime.now(UTC).astimezone(ZONE) - timedelta(days=1)).date()


def call_on(day: date, number: int, *, queue: str = "ORDERS", hour: int = 10, **fields: Any) -> dict[str, Any]:
    """Return a good answered call of a day in canonical columns."""
    offered = datetime(day.year, day.month, day.day, hour, number % 60, 30, tzinfo=ZONE)
    row: dict[str, Any] = {
        "external_id": f"{day:%m%d}-{queue}-{hour}-{number}",
        "queue": queue,
        "customer": f"+86138{number % 7:03}{day.day:05}",
        "offered_at": offered.isoformat(),
        "wait_seconds": 12,
        "talk_seconds": 200,
        "wrap_seconds": 20,
        "outcome": "answered",
        "csat": 5,
    }
    return row | fields


def history(code: str) -> list[dict[str, Any]]:
    """Return two calm weeks of a vendor: most calls answered at once, some late, some given up."""
    draw = random.Random(code)
    rows = []
    for back in range(DAYS):
        day = yesterday() - timedelta(days=back)
        for queue in ("ORDERS", "SUPPORT"):
            for number in range(24):
                wait = draw.choice((4, 9, 12, 15, 18, 19, 41))
                row = call_on(day, number * 2, queue=queue, hour=9 + number % 8, wait_seconds=wait)
                row |= {"agent": f"{code}-A{number % 3 + 1}", "csat": draw.choice((5, 5, 4, 3, ""))}
                if not number % 11:
                    row |= {"outcome": "abandoned", "talk_seconds": "", "wrap_seconds": "", "agent": "", "csat": ""}
                rows.append(row)
    return rows


@dataclass
class Stage:
    """The running product and its house."""

    world: World
    folder: Path
    url: str = ""
    queue: str = field(default_factory=lambda: f"browser-{os.getpid()}")
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    curtain: threading.Event = field(default_factory=threading.Event)
    # Word to the address of a page of the props.
    props: dict[str, str] = field(default_factory=dict)

    def open(self) -> None:
        """Start everything, and load each vendor's history."""
        database = connection.settings_dict
        environment = os.environ | {
            "DATABASE_URL": f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "UPLOAD_ROOT": str(self.folder),
            "LOG_LEVEL": "ERROR",
        }
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            door.listen()
            self.url = f"http://127.0.0.1:{door.getsockname()[1]}"
            web = ["gunicorn", "config.wsgi", "--bind", f"fd://{door.fileno()}", "--worker-class", "gthread"]
            self._start([*web, "--threads", "4", "--log-level", "error"], environment, pass_fds=(door.fileno(),))
        worker = ["celery", "-q", "-A", "config", "worker", "-c", "1", "-Q", self.queue, "-n", self.queue]
        self._start([*worker, "--without-gossip", "--without-mingle", "--loglevel", "ERROR"], environment)
        threading.Thread(target=self._tick, daemon=True).start()
        former, settings.UPLOAD_ROOT = settings.UPLOAD_ROOT, self.folder
        for code in self.world.vendors:
            loaded(self.world, history(code), vendor=code, name=f"{code.lower()}.csv")
        self.props = props_set(self.world)
        settings.UPLOAD_ROOT = former
        self.wait_for_figures()
        self._wait_for_the_page()

    def close(self) -> None:
        """Stop what was started."""
        self.curtain.set()
        for process in self.processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def wait_for_figures(self) -> None:
        """Wait until no mark waits to be computed."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with activate(self.world.system):
                if not Mark.objects.visible_to(self.world.system).exists():
                    return
            time.sleep(0.2)
        raise AssertionError("the figures were not computed in time")

    def session_of(self, username: str) -> dict[str, Any]:
        """Return the cookie of a session that is signed in already."""
        client = Client()
        client.force_login(self.world.users[username])
        return {"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": self.url}

    def _start(self, command: list[str], environment: dict[str, str], pass_fds: tuple[int, ...] = ()) -> None:
        self.processes.append(
            subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", *command],
                env=environment,
                cwd=settings.BASE_DIR,
                start_new_session=True,
                pass_fds=pass_fds,
                preexec_fn=partial(die_with_parent, signal.SIGKILL),  # noqa: PLW1509 - no other thread runs yet
            )
        )

    def _tick(self) -> None:
        while not self.curtain.wait(TICK_SECONDS):
            for task in (batches_work, marks_drain):
                task.apply_async(queue=self.queue, expires=5)

    def _wait_for_the_page(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/accounts/login/", timeout=START_SECONDS):
                    return
            except urllib.error.URLError:
                time.sleep(0.2)
        raise AssertionError("the web server did not answer")
