"""``make run``: the whole product on one machine, from an empty folder to a page, until Ctrl-C."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from embedded.processes import Child
from embedded.servers import ROOT, Servers, data_dir
from embedded.stack import Notice

FIRST_PORT = 8000
PORTS_TRIED = 100
POLL_SECONDS = 0.2
RESTART_FIRST_SECONDS = 1.0
RESTART_MAX_SECONDS = 30.0
# A child that lived this long was healthy: the next restart is quick again.
HEALTHY_SECONDS = 60.0
# A server may say this much at the terminal in this time.
FLOOD_LINES, FLOOD_SECONDS = 10, 30.0
TRACEBACK_LINES = ("Traceback (most recent call last)", "['  File ", "During handling of", "The above exception was")
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(BaseException):
    """Someone pressed Ctrl-C, closed the terminal or sent SIGTERM."""


def _on_stop_signal(number: int, frame: FrameType | None) -> None:
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)  # stopping is under way; nothing may interrupt it
    raise Stop


def say(text: str = "") -> None:
    """Print for the person at the terminal, who may be gone already."""
    with suppress(OSError):
        print(text, flush=True)


def _say_line(name: str, line: str) -> None:
    say(f"{name:>8} | {line}")


@dataclass
class Voice:
    """What a server says, told at the terminal: never a whole traceback, and of a flood the beginning only.

    While the database or the queue is away each connection complains at length, again and again; all of it stands in
    the log.
    """

    log: Path
    told: int = 0
    since: float = float("-inf")

    def hear(self, name: str, line: str) -> None:
        if not line or line[0] in " \t^" or line.startswith(TRACEBACK_LINES):
            return
        now = time.monotonic()
        if now - self.since > FLOOD_SECONDS:
            self.told, self.since = 0, now
        self.told += 1
        if self.told <= FLOOD_LINES:
            _say_line(name, line)
        elif self.told == FLOOD_LINES + 1:
            _say_line(name, f"… goes on in {self.log}")


@dataclass
class Kept:
    """A child that is started again when it ends by itself, later and later if that goes on."""

    child: Child
    delay_seconds: float = RESTART_FIRST_SECONDS
    started_at: float = 0.0
    restart_at: float | None = None

    def start(self) -> None:
        self.child.start()
        self.started_at = time.monotonic()
        self.restart_at = None

    def look(self) -> bool:
        """Start the child again when its time has come; answer whether that happened now."""
        now = time.monotonic()
        if self.child.running:
            return False
        if self.restart_at is None:
            self.child.clear()
            if now - self.started_at > HEALTHY_SECONDS:
                self.delay_seconds = RESTART_FIRST_SECONDS
            say(f"{self.child.name} ended; starting it again in {self.delay_seconds:.0f} s ({self.child.log})")
            self.restart_at = now + self.delay_seconds
            self.delay_seconds = min(2 * self.delay_seconds, RESTART_MAX_SECONDS)
        if now < self.restart_at:
            return False
        self.start()
        return True


def open_port(wanted: int) -> socket.socket:
    """Return a listening socket on the wanted port or the next free one.

    The launcher holds it and hands it down: nobody can take the port meanwhile, and while the web server
    starts again callers wait instead of being refused.
    """
    for port in range(wanted, wanted + PORTS_TRIED):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen(512)
        except OSError:
            listener.close()
            continue
        return listener
    raise SystemExit(f"No free port from {wanted} to {wanted + PORTS_TRIED - 1}.")


def _services(*, folder: Path, listener: socket.socket, environment: dict[str, str]) -> list[Child]:
    """Return web, worker and beat, in the order in which they start."""
    python = sys.executable
    celery: list[str | Path] = [python, "-m", "celery", "-q", "-A", "config"]
    web: list[str | Path] = [python, "-m", "gunicorn", "config.wsgi", "--bind", f"fd://{listener.fileno()}"]
    web += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload"]
    web += ["--no-control-socket", "--log-level", "warning", "--graceful-timeout", "5"]
    worker = [*celery, "worker", "-c", "2", "--without-gossip", "--without-mingle", "-l", "WARNING"]
    beat = [*celery, "beat", "--pidfile=", "-s", folder / "beat", "-l", "WARNING"]
    return [
        Child(
            name="web",
            command=web,
            log=folder / "log" / "web.log",
            environment=environment,
            death_signal=signal.SIGQUIT,
            pass_fds=(listener.fileno(),),
            on_line=Voice(folder / "log" / "web.log").hear,
        ),
        Child(
            name="worker",
            command=worker,
            log=folder / "log" / "worker.log",
            environment=environment,
            # Warm first; then cold, which gives an unfinished task back to the queue.
            stop_signals=(signal.SIGTERM, signal.SIGQUIT),
            # Nobody is left to see to it: in the middle of a task a cold shutdown may wait for ever.
            death_signal=signal.SIGKILL,
            stop_seconds=5,
            on_line=Voice(folder / "log" / "worker.log").hear,
        ),
        Child(
            name="beat",
            command=beat,
            log=folder / "log" / "beat.log",
            environment=environment,
            on_line=Voice(folder / "log" / "beat.log").hear,
        ),
    ]


def _manage(*arguments: str, folder: Path, environment: dict[str, str]) -> Child:
    return Child(
        name=arguments[0],
        command=[sys.executable, ROOT / "manage.py", *arguments],
        log=folder / "log" / f"{arguments[0]}.log",
        environment=environment,
        on_line=_say_line,
    )


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError as error:
        with error:
            return error.code < 500
    except OSError:
        return False


class Launcher:
    """Starts everything in order, keeps it alive and stops it in reverse order."""

    def __init__(self, folder: Path, notice: Notice) -> None:
        self.folder = folder
        self.notice = notice
        self.kept: list[Kept] = []
        self.children: list[Child] = []
        self.servers: Servers | None = None

    def take_lock(self) -> None:
        """Become the one who runs the servers.

        Raises:
            SystemExit: another launcher does.
        """
        while not self.notice.acquire(purpose="run"):
            state = self.notice.read()
            if state.get("purpose") == "run":
                where = f", {state['web']}" if "web" in state else ""
                raise SystemExit(f"Callsteward is already running (pid {state['pid']}{where}) – stop it first.")
            if state:
                say(f"Waiting for a command to end: {state['title']} (pid {state['pid']})")
                if self.notice.acquire(purpose="run", wait=True):
                    return
            time.sleep(POLL_SECONDS)

    def run(self) -> None:
        """Start everything and keep it running."""
        began = time.monotonic()
        if "DATABASE_URL" in os.environ:
            # The demo with its public passwords must never land in somebody's real database.
            say("DATABASE_URL is set, but this always runs its own servers.")
        self.servers = Servers(self.folder)
        # Web and worker make it closed; one from before they did is closed here.
        uploads = self.folder / "uploads"
        if uploads.exists():
            uploads.chmod(0o700)
        self.servers.start()
        say(f"Database and queue are ready ({time.monotonic() - began:.1f} s).")

        environment = self.servers.addresses.environment | {
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.dev"),
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
            "PYTHONUNBUFFERED": "1",
        }
        migrate = _manage("migrate", "-v", "0", folder=self.folder, environment=environment)
        self.children.append(migrate)
        migrate.start()
        assert migrate.process
        if migrate.process.wait() != 0:
            raise SystemExit(f"The tables could not be brought up to date; {migrate.log} says why.")
        say(f"Tables are up to date ({time.monotonic() - began:.1f} s).")

        listener = open_port(int(os.environ.get("PORT", FIRST_PORT)))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        services = _services(folder=self.folder, listener=listener, environment=environment)
        self.children += services
        self.kept = [Kept(child, started_at=time.monotonic()) for child in self._servers]
        for service in services:
            kept = Kept(service)
            kept.start()
            self.kept.append(kept)
        self._write_notice(environment=environment, url=url)

        waiting_for_web = True
        while True:
            restarted = [kept for kept in self.kept if kept.look()]
            if restarted:
                self._write_notice(environment=environment, url=url)
            if waiting_for_web and _answers(url):
                waiting_for_web = False
                wish = os.environ.get("DEMO", "yes")
                with_demo = wish != "no"
                self._welcome(url=url, seconds=time.monotonic() - began, with_demo=with_demo)
                if not with_demo:
                    continue
                size = ["--calls", wish] if wish.isdigit() else []
                demo = _manage("demo", "--if-empty", *size, folder=self.folder, environment=environment)
                self.children.append(demo)
                demo.start()
            time.sleep(POLL_SECONDS)

    @property
    def _servers(self) -> list[Child]:
        return [self.servers.postgres, self.servers.valkey] if self.servers else []

    def _write_notice(self, *, environment: dict[str, str], url: str) -> None:
        pids = {kept.child.name: kept.child.process.pid for kept in self.kept if kept.child.process}
        addresses = {name: value for name, value in environment.items() if name.endswith("_URL")} | {"WEB_URL": url}
        more = {"web": url, "environment": addresses, "processes": pids}
        self.notice.write(self.notice.read() | more)

    def _welcome(self, *, url: str, seconds: float, with_demo: bool) -> None:
        say(f"\nCallsteward runs at {url} ({seconds:.1f} s).")
        if with_demo:
            say("The demo's log-ins follow in a moment, as soon as they work.")
        else:
            say("If the house is still empty, make your enterprise and its first administrator in another terminal:")
            folder = f"DATA_DIR={shlex.quote(os.environ['DATA_DIR'])} " if "DATA_DIR" in os.environ else ""
            python = f"{folder}{os.path.relpath(sys.executable, ROOT)}"
            say(f'  cd {shlex.quote(str(ROOT))} && {python} manage.py house_create "Your company" --admin admin')
            say("It prints the link under which the administrator sets a password.")
        say("Ctrl-C stops it.\n")

    def stop(self) -> None:
        """End everything, the servers last."""
        say("\nStopping …")
        for child in reversed(self.children):
            child.ask_to_stop()
        for child in reversed(self.children):
            child.stop()
        if self.servers:
            self.servers.stop()
        self.notice.write({})
        say("Stopped; nothing is left running.")


def main() -> None:
    """Run until told to stop."""
    for number in STOP_SIGNALS:
        # Explicitly: a shell that starts us in the background hands us SIGINT ignored.
        signal.signal(number, _on_stop_signal)
    folder = data_dir()
    with suppress(Stop), Notice(folder) as notice:
        launcher = Launcher(folder, notice)
        launcher.take_lock()
        try:
            launcher.run()
        finally:
            for number in STOP_SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            launcher.stop()


if __name__ == "__main__":
    main()
