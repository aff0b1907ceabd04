"""Two writers and two workers for some seconds; then every figure is compared with a recompute from raw calls.

Beside it the negative control: marks as unique rows with ON CONFLICT DO NOTHING, which lose updates (reliability 0.2).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from benchmarks.house import House
from benchmarks.table import Row

SECONDS = 8
START = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


def stress_rows(house: House, *, vendor_id: int) -> list[Row]:
    """Run the real thing and the control."""
    writes, wrong, checked = _ours(vendor_id)
    lost, rounds = _control(house)
    return [
        Row(
            "append-only marks, lock, delete, compute",
            goal="0 wrong",
            note=f"{wrong} of {checked} days wrong, {writes} writes",
        ),
        Row("control: unique marks, DO NOTHING", goal="must lose some", note=f"{lost} of {rounds} rounds wrong"),
    ]


def _ours(vendor_id: int) -> tuple[int, int, int]:
    from django.db import connection

    from accounts.selectors import system_scope
    from calls.services.rows import rows_load
    from sla import services

    scope = system_scope(reason="bench")
    end, writes = time.monotonic() + SECONDS, [0, 0]

    def write(number: int) -> None:
        count = 0
        while time.monotonic() < end:
            rows = [
                {
                    "external_id": f"s{number}-{count}-{n}",
                    "queue": "Q00",
                    "direction": "inbound",
                    "offered_at": (START + timedelta(days=count % 5, minutes=n)).isoformat(),
                    "outcome": "answered",
                    "wait_seconds": 5,
                    "talk_seconds": 60,
                    "agent": "A000",
                }
                for n in range(5)
            ]
            rows_load(scope=scope.now(), vendor_id=vendor_id, key=f"{number}-{count}", body=b"%d" % count, rows=rows)
            count += 1
        writes[number] = count
        connection.close()

    def work() -> None:
        while time.monotonic() < end:
            services.marks_drain(scope=scope.now())
        connection.close()

    jobs: list[Callable[[], None]] = [lambda: write(0), lambda: write(1), work, work]
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while services.marks_drain(scope=scope.now()):
        pass
    keys = services.days_known(scope=scope, first=date(2026, 5, 1), last=date(2026, 6, 30))
    return sum(writes), len(services.days_rebuild(scope=scope.now(), keys=keys)), len(keys)


def _control(house: House, rounds: int = 20) -> tuple[int, int]:
    """Play the losing order of the naive design over and over, on two connections."""
    writer, worker = house.superuser(), house.superuser()
    writer.execute("CREATE TABLE control_row (bucket int)")
    writer.execute("CREATE TABLE control_mark (bucket int PRIMARY KEY)")
    writer.execute("CREATE TABLE control_figure (bucket int PRIMARY KEY, n int)")
    lost = 0
    for bucket in range(rounds):
        worker.execute("INSERT INTO control_mark VALUES (%s)", [bucket])
        writer.execute("BEGIN")
        writer.execute("INSERT INTO control_row VALUES (%s)", [bucket])
        writer.execute("INSERT INTO control_mark VALUES (%s) ON CONFLICT DO NOTHING", [bucket])
        worker.execute("BEGIN")
        worker.execute("DELETE FROM control_mark WHERE bucket = %s", [bucket])
        worker.execute(
            "INSERT INTO control_figure SELECT %s, count(*) FROM control_row WHERE bucket = %s", [bucket] * 2
        )
        worker.execute("COMMIT")
        writer.execute("COMMIT")
        worker.execute("SELECT count(*) FROM control_mark WHERE bucket = %s", [bucket])
        waiting = worker.fetchone()[0]
        worker.execute("SELECT n FROM control_figure WHERE bucket = %s", [bucket])
        lost += worker.fetchone()[0] == 0 and waiting == 0
    writer.execute("DROP TABLE control_row, control_mark, control_figure")
    return lost, rounds
