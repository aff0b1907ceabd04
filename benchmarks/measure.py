"""Seconds of the clock and of all processors, our processes and PostgreSQL's alike."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """What a piece of work took."""

    wall_seconds: float = 0.0
    client_seconds: float = 0.0
    postgres_seconds: float = 0.0

    @property
    def cpu_seconds(self) -> float:
        """Client and PostgreSQL together: the figure to trust on a busy machine."""
        return self.client_seconds + self.postgres_seconds


@contextmanager
def measured(postmaster_pid: int) -> Iterator[Cost]:
    """Fill the yielded cost at the end of the block."""
    cost = Cost()
    began, client, postgres = time.perf_counter(), _client_seconds(), _postgres_seconds(postmaster_pid)
    yield cost
    cost.wall_seconds = time.perf_counter() - began
    cost.client_seconds = _client_seconds() - client
    cost.postgres_seconds = _postgres_seconds(postmaster_pid) - postgres


def _client_seconds() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def _postgres_seconds(postmaster_pid: int) -> float:
    """The living back ends, the postmaster, and the ended ones that it waited for."""
    total = 0
    for pid in Path("/proc").iterdir():
        if not pid.name.isdigit():
            continue
        try:
            fields = (pid / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(pid.name) == postmaster_pid:
            total += sum(int(field) for field in fields[11:15])
        elif int(fields[1]) == postmaster_pid:
            total += int(fields[11]) + int(fields[12])
    return total / TICK
