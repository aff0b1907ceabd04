"""Management commands that bring their own servers, alone and together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.servers import ROOT
from tests.embedded.test_servers import gone_within

# A command that holds its database until its standard input ends, and uses it once more then.
COMMAND = """
import os, sys, psycopg2
from embedded.stack import database_for
with database_for(["manage.py", "makemigrations"]):
    print(os.environ["DATABASE_URL"], flush=True)
    sys.stdin.read()
    host, name = os.environ["DATABASE_URL"].partition("@/")[2].rsplit("/", 1)
    psycopg2.connect(host=host, user="callsteward_app", dbname=name).close()
"""


def start(data_dir: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND],
        cwd=ROOT,
        env=environment | {"DATA_DIR": str(data_dir)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def address(command: subprocess.Popen[str]) -> str:
    assert command.stdout
    return command.stdout.readline().strip()


def finish(command: subprocess.Popen[str]) -> int:
    command.communicate(timeout=30)
    return command.returncode


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    assert gone_within(tmp_path, seconds=5) == []


def test_a_command_brings_servers_and_takes_them_away(data_dir: Path) -> None:
    command = start(data_dir)
    assert str(data_dir) in address(command)
    assert finish(command) == 0
    assert gone_within(data_dir, seconds=0) == []


def test_commands_share_servers_until_the_last_has_ended(data_dir: Path) -> None:
    first = start(data_dir)
    url = address(first)
    second = start(data_dir)
    assert address(second) == url
    assert first.stdin
    first.stdin.close()
    with pytest.raises(subprocess.TimeoutExpired):
        first.wait(timeout=1)
    assert finish(second) == 0
    assert first.wait(timeout=30) == 0
    assert first.stdout
    first.stdout.close()


def test_two_commands_started_at_once_agree(data_dir: Path) -> None:
    both = [start(data_dir), start(data_dir)]
    assert len({address(command) for command in both}) == 1
    for command in reversed(both):
        assert command.stdin
        command.stdin.close()
    for command in both:
        assert command.wait(timeout=30) == 0
        assert command.stdout
        command.stdout.close()


@pytest.mark.faults
def test_a_killed_command_blocks_nobody(data_dir: Path) -> None:
    killed = start(data_dir)
    address(killed)
    killed.kill()
    killed.communicate()
    assert json.loads((data_dir / "stack.json").read_text())["environment"]
    command = start(data_dir)
    address(command)
    assert finish(command) == 0
