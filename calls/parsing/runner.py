"""Reading a call file in a limited child process: whatever happens there is an answer, never an exception here."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO

from calls.calc.lookups import Lookups
from calls.calc.profile import Profile, profile_dump
from calls.calc.rules import Notice
from calls.parsing.limits import Limits
from calls.parsing.results import RESULT_FILE, FileCheck, check_load, lookups_dump

_ROOT = Path(__file__).resolve().parents[2]
_RESULT_BYTES = 4_000_000
_STDERR_BYTES = 20_000
_MEMORY_SIGNS = (b"memory allocation of", b"MemoryError", b"out of memory", b"Cannot allocate memory")


def file_check(
    path: Path,
    *,
    profile: Profile,
    lookups: Lookups,
    now: datetime,
    out_dir: Path,
    file_name: str | None = None,
    limits: Limits | None = None,
    progress: Callable[[int], None] | None = None,
) -> FileCheck:
    """Read and check a call file.

    Args:
        path: the stored file.
        profile: how to read it.
        lookups: the vendor's codes and coverage.
        now: aware moment of receipt.
        out_dir: an existing directory that only this reading uses; gets the parts and the errors.
        file_name: the name under which the file was sent, for its extension; default the name of path.
        limits: default the house rules.
        progress: is told the number of rows so far, about once a block.

    Returns:
        the account of the file. A file that cannot be read, or that breaks its reader, has a ``refusal``.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if size > limits.file_bytes:
        return FileCheck(refusal=Notice("file_too_large", {"size": size, "limit": limits.file_bytes}))
    request = {
        "path": str(path.resolve()),
        "suffix": Path(file_name or path.name).suffix,
        "profile": profile_dump(profile),
        "lookups": lookups_dump(lookups),
        "now": now.isoformat(),
        "out_dir": str(out_dir.resolve()),
        "limits": asdict(limits),
        "parent_pid": os.getpid(),
    }
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as errors:
        source.write(json.dumps(request).encode())
        source.seek(0)
        started = time.monotonic()
        child = subprocess.Popen(
            [sys.executable, "-s", "-m", "calls.parsing"],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=_ROOT,
            env=_environment(),
            start_new_session=True,
        )
        try:
            in_time = _wait(child, deadline=started + limits.wall_seconds, progress=progress)
        finally:
            _kill(child)
        if not in_time:
            return FileCheck(refusal=Notice("file_too_slow", {"limit": limits.wall_seconds}))
        if child.returncode:
            return FileCheck(refusal=_crash(child.returncode, errors, limits))
    try:
        with (out_dir / RESULT_FILE).open("rb") as file:
            return check_load(json.loads(file.read(_RESULT_BYTES)), out_dir)
    except (OSError, ValueError, KeyError, TypeError):
        return FileCheck(refusal=Notice("file_crashed"))


def _environment() -> dict[str, str]:
    """Only what the readers need: no secret of the application reaches the child."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Threads cost stack memory, and two are what a reading may take of the machine.
        "POLARS_MAX_THREADS": "2",
        "RAYON_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _wait(child: subprocess.Popen[bytes], *, deadline: float, progress: Callable[[int], None] | None) -> bool:
    """Pass on the progress until the child ends; false when time is up."""
    stream = child.stdout
    assert stream is not None
    pending = b""
    poll = select.poll()
    poll.register(stream, select.POLLIN)
    while (left := deadline - time.monotonic()) > 0:
        if not poll.poll(left * 1000):
            return False
        data = os.read(stream.fileno(), 4096)
        if not data:
            try:
                child.wait(timeout=max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                return False
            return True
        *lines, pending = (pending + data).split(b"\n")
        if progress and lines and lines[-1].isdigit():
            progress(int(lines[-1]))
    return False


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started, if it still runs."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _crash(returncode: int, errors: IO[bytes], limits: Limits) -> Notice:
    """Which refusal the end of the child stands for; its own words stay here, they may quote the file."""
    errors.seek(0)
    text = errors.read(_STDERR_BYTES)
    if returncode == -signal.SIGXCPU:
        return Notice("file_too_slow", {"limit": limits.wall_seconds})
    if any(sign in text for sign in _MEMORY_SIGNS):
        return Notice("file_memory", {"limit": limits.memory_bytes})
    reason = f"signal {-returncode}" if returncode < 0 else f"exit {returncode}"
    return Notice("file_crashed", {"reason": reason})
