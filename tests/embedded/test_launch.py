"""``make run``, for real: the whole product is started, hurt, stopped and started again."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from embedded.launch import open_port
from embedded.processes import processes_of
from embedded.servers import ROOT, Servers
from embedded.stack import Notice
from tests.embedded.test_servers import gone_within, query

START_SECONDS = 90
ADDRESS = re.compile(r"Callsteward runs at (http\S+)")
pytestmark = pytest.mark.faults


class Launched:
    """A running launcher; its words are read by a thread so that it never waits for us."""

    def __init__(self, data_dir: Path, *, port: int, demo: str = "no") -> None:
        self.data_dir = data_dir
        kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
        # The tests' own settings would be found in the environment; a person has none of them.
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "embedded.launch"],
            cwd=ROOT,
            env=kept | {"DATA_DIR": str(data_dir), "PORT": str(port), "DEMO": demo},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.words: list[str] = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        self.words.extend(self.process.stdout)
        self.process.stdout.close()

    @property
    def text(self) -> str:
        return "".join(self.words)

    @property
    def notice(self) -> dict[str, Any]:
        with Notice(self.data_dir) as notice:
            return notice.read()

    def url(self) -> str:
        """Return the address once the launcher has said it."""
        deadline = time.monotonic() + START_SECONDS
        while not (found := ADDRESS.search(self.text)):
            assert self.process.poll() is None, self.text
            assert time.monotonic() < deadline, self.text
            time.sleep(0.1)
        return found[1]

    def send(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(timeout=30)
        self.reader.join(timeout=10)
        return code


def answers_within(url: str, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except urllib.error.HTTPError as error:
            with error:
                if error.code < 500:
                    return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


class Start(Protocol):
    """What starts a launcher that the test's end kills."""

    def __call__(self, data_dir: Path, *, demo: str = "no") -> Launched: ...


@pytest.fixture
def started() -> Iterator[Start]:
    launchers: list[Launched] = []

    def start(data_dir: Path, *, demo: str = "no") -> Launched:
        launchers.append(Launched(data_dir, port=20000, demo=demo))
        return launchers[-1]

    yield start
    for launcher in launchers:
        launcher.send(signal.SIGKILL)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("launch")
    yield folder / "data"
    assert gone_within(folder, seconds=5) == []


@pytest.fixture(scope="module")
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture(scope="module")
def launched(data_dir: Path, taken_port: int) -> Iterator[Launched]:
    launched = Launched(data_dir, port=taken_port)
    launched.url()
    yield launched
    if launched.process.poll() is None:
        launched.send(signal.SIGKILL)


def test_an_empty_house_says_the_next_command_and_whole_addresses(launched: Launched) -> None:
    url = launched.url()
    deadline = time.monotonic() + 10
    while "Ctrl-C stops it" not in launched.text and time.monotonic() < deadline:
        time.sleep(0.1)
    line = next(line for line in launched.words if "house_create" in line)
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    # Pasted as a person would.
    made = subprocess.run(line, shell=True, env=kept, capture_output=True, text=True, check=True)
    assert made.stdout.strip().startswith(f"{url}accounts/password/reset/key/")
    assert answers_within(made.stdout.strip(), seconds=5)


def test_a_taken_port_means_the_next_free_one(launched: Launched, taken_port: int) -> None:
    port = int(launched.url().rstrip("/").rsplit(":", 1)[1])
    assert port > taken_port
    assert answers_within(launched.url(), seconds=5)


def test_a_port_that_frees_up_is_taken() -> None:
    with open_port(20000) as first, open_port(20000) as second:
        assert first.getsockname()[1] < second.getsockname()[1]


def test_a_second_start_is_refused_and_says_where_the_first_runs(launched: Launched) -> None:
    second = Launched(launched.data_dir, port=8000)
    assert second.process.wait(timeout=20) == 1
    second.reader.join()
    assert f"already running (pid {launched.process.pid}, {launched.url()})" in second.text
    assert answers_within(launched.url(), seconds=5)


def test_a_management_command_uses_the_running_servers(launched: Launched) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    code = "from django.db import connection as c; c.ensure_connection(); print(c.settings_dict['HOST'])"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", code],
        cwd=ROOT,
        env=kept | {"DATA_DIR": str(launched.data_dir), "DJANGO_SETTINGS_MODULE": "config.settings.dev"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split()[-1] == str(sockets_of(launched))
    assert launched.notice["pid"] == launched.process.pid


def sockets_of(launched: Launched) -> Path:
    return Path(launched.notice["environment"]["DATABASE_URL"].partition("@/")[2]).parent


def test_whatever_is_killed_comes_back(launched: Launched) -> None:
    before = launched.notice["processes"]
    assert set(before) == {"postgres", "valkey", "web", "worker", "beat"}
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    now = before
    while set(now) != set(before) or set(now.values()) & set(before.values()):
        assert time.monotonic() < deadline, launched.text
        time.sleep(0.2)
        now = launched.notice.get("processes", before)
    # PostgreSQL first repeats from its log what the kill left unwritten.
    while not Servers(launched.data_dir).postgres_ready():
        assert time.monotonic() < deadline, launched.text
        time.sleep(0.2)
    assert answers_within(launched.url(), seconds=20)
    assert query(sockets_of(launched), "SELECT 1", user="callsteward_app", database="callsteward") == [(1,)]


def test_ctrl_c_leaves_no_process(launched: Launched) -> None:
    assert launched.send(signal.SIGINT) == 0
    assert "nothing is left running" in launched.text
    assert "Warning" not in launched.text
    assert "log-ins" not in launched.text
    assert processes_of(launched.data_dir) == []


def test_a_killed_launcher_takes_everything_with_it_and_the_next_start_works(started: Start, tmp_path: Path) -> None:
    killed = started(tmp_path, demo="6000")
    # In the middle of the work, where it is hardest to end.
    deadline = time.monotonic() + START_SECONDS
    while "1 of 21 files" not in killed.text:
        assert killed.process.poll() is None, killed.text
        assert time.monotonic() < deadline, killed.text
        time.sleep(0.1)
    assert killed.text.index("These log-ins work now") < killed.text.index("1 of 21 files")
    killed.send(signal.SIGKILL)
    assert gone_within(tmp_path, seconds=5) == []

    again = started(tmp_path)
    assert answers_within(again.url(), seconds=5)
    assert again.send(signal.SIGTERM) == 0
    assert processes_of(tmp_path) == []
