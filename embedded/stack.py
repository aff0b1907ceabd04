"""Who runs the embedded servers, and how others find them: one file that is both the lock and the notice."""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self

import psycopg2

from embedded.servers import DATABASE, ROOT, Addresses, Servers, data_dir

# Commands that touch no table; everything else gets a database.
OFFLINE_COMMANDS = frozenset(
    {"check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages"}
    | {"spectacular", "startapp", "version", "--version", "--help", "-h"}
)


class Notice:
    """``stack.json``: locked by the process that runs the servers, and read by those that look for them.

    The lock ends with its process however that dies, so a notice without a lock is stale and means nothing.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = (folder / "stack.json").open("a+", encoding="utf-8")

    def acquire(self, *, purpose: str = "command", wait: bool = False) -> bool:
        """Take the lock and clear what an earlier process left; answer whether it was free."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        self.write({"pid": os.getpid(), "purpose": purpose, "title": shlex.join(sys.argv)})
        return True

    def write(self, state: dict[str, Any]) -> None:
        """Replace the notice."""
        self._file.seek(0)
        self._file.truncate()
        json.dump(state, self._file)
        self._file.flush()

    def read(self) -> dict[str, Any]:
        """Return what the running process says of itself; empty while it is writing."""
        self._file.seek(0)
        try:
            state: dict[str, Any] = json.loads(self._file.read())
        except json.JSONDecodeError:
            return {}
        return state

    def __enter__(self) -> Self:
        """Return the notice itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Give up the lock, if it is ours."""
        self._file.close()


@contextmanager
def database_for(arguments: Sequence[str]) -> Iterator[None]:
    """Set the addresses of a database for one management command, running the servers if nobody does.

    Several commands share the servers of the first one, which stops them when the last has ended.
    """
    command = arguments[1] if len(arguments) > 1 else "help"
    if (command in OFFLINE_COMMANDS and "--database" not in arguments) or "--help" in arguments:
        # Settings want addresses even where nothing connects to them.
        os.environ.update(Addresses(data_dir() / "sockets").environment)
        yield
        return

    folder = data_dir()
    with Notice(folder) as notice, (folder / "commands.lock").open("a") as commands:
        fcntl.flock(commands, fcntl.LOCK_SH)
        while not notice.acquire():
            if environment := notice.read().get("environment"):
                os.environ.update(environment)
                yield
                return
            time.sleep(0.1)  # whoever holds the lock is still starting, or already stopping

        servers = Servers(folder)
        try:
            servers.start()
            os.environ.update(servers.addresses.environment)
            if command not in {"makemigrations", "migrate"} and not _has_tables(servers.addresses):
                print("A new database: creating its tables first.", file=sys.stderr)
                subprocess.run([sys.executable, ROOT / "manage.py", "migrate", "-v", "0"], check=True)
            notice.write(notice.read() | {"environment": servers.addresses.environment})
            yield
        finally:
            # Shared to exclusive: waits for the commands that came to use these servers meanwhile.
            fcntl.flock(commands, fcntl.LOCK_EX)
            servers.stop()
            notice.write({})


def _has_tables(addresses: Addresses) -> bool:
    connection = psycopg2.connect(host=str(addresses.sockets), user="callsteward_owner", dbname=DATABASE)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
            return bool(cursor.fetchall()[0][0])
    finally:
        connection.close()
