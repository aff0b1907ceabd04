"""Child processes that end with their parent, in order, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_WRAPPER = Path(__file__).with_name("child.py")
LOG_KEEP_BYTES = 5_000_000


@dataclass(kw_only=True)
class Child:
    """One program, started through the wrapper that ties it to this process.

    Must be started from the main thread: the kernel sends the death signal when the *thread* that
    started a child ends.
    """

    name: str
    command: Sequence[str | Path]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signals: tuple[signal.Signals, ...] = (signal.SIGTERM,)
    death_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15
    user: tuple[int, int] | None = None
    folder: Path | None = None
    lock: Path | None = None
    pass_fds: tuple[int, ...] = ()
    on_line: Callable[[str, str], None] | None = None
    process: subprocess.Popen[bytes] | None = None
    _asked: bool = False

    def start(self) -> None:
        """Start the program; its output goes to its log, and line by line to ``on_line`` if given."""
        wrapper: list[str | Path] = [sys.executable, "-I", "-S", _WRAPPER]
        wrapper += ["--parent", str(os.getpid()), "--signal", str(int(self.death_signal))]
        if self.lock:
            wrapper += ["--lock", self.lock]
        if self.user:
            wrapper += ["--user", str(self.user[0]), str(self.user[1])]
        if self.folder:
            wrapper += ["--folder", self.folder]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_KEEP_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*wrapper, "--", *self.command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if self.on_line else log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                pass_fds=self.pass_fds,
                # Its own session: Ctrl-C reaches the launcher alone, which then stops everything in order.
                start_new_session=True,
            )
        if self.on_line:
            threading.Thread(target=self._relay, args=(self.process,), daemon=True).start()

    def _relay(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout
        assert self.on_line
        with process.stdout, self.log.open("ab", buffering=0) as log:
            for line in process.stdout:
                log.write(line)
                if not self._asked:  # what it says while it ends is for the log alone
                    self.on_line(self.name, line.decode(errors="replace").rstrip())

    @property
    def running(self) -> bool:
        """Whether the program is alive."""
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Ask the program to end, without waiting for it."""
        self._asked = True
        if self.process and self.running:
            self.process.send_signal(self.stop_signals[0])

    def stop(self) -> None:
        """Ask the program to end, wait, and kill whatever is left of it and of the processes it started."""
        if not self._asked:
            self.ask_to_stop()
        for number in (None, *self.stop_signals[1:]):
            if self.process and self.running:
                if number:
                    self.process.send_signal(number)
                with suppress(subprocess.TimeoutExpired):
                    self.process.wait(timeout=self.stop_seconds)
        self.clear()

    def clear(self) -> None:
        """Kill what is left of the program's process group, as after its own sudden death."""
        if self.process is None:
            return
        # The group outlives its leader, and its number is not given away while a member lives.
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def processes_of(folder: Path) -> list[str]:
    """Return the processes that work in a folder or name it in their arguments or environment.

    All three, because servers overwrite their arguments and environment with a title.
    """
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # ended meanwhile, or another user's
            arguments = (process / "cmdline").read_bytes()
            place = bytes((process / "cwd").readlink())
            if bytes(folder) in arguments + place + (process / "environ").read_bytes():
                found.append(f"{process.name} {arguments.replace(bytes(1), b' ').decode(errors='replace')}")
    return found


def wait_until(ready: Callable[[], bool], *, child: Child, timeout_seconds: float) -> None:
    """Poll until ``ready`` answers true.

    Raises:
        SystemExit: the child ended or the time is over; names the log that says why.
    """
    deadline = time.monotonic() + timeout_seconds
    while not ready():
        if not child.running or time.monotonic() > deadline:
            tail = child.log.read_text(errors="replace").splitlines()[-5:] if child.log.exists() else []
            raise SystemExit(f"{child.name} did not start; {child.log} ends with:\n  " + "\n  ".join(tail))
        time.sleep(0.02)
