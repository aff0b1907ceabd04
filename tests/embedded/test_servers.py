"""The embedded servers by themselves: what they are, who they run as, and that they leave nothing behind."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis

from embedded.processes import processes_of
from embedded.servers import ROOT, Servers

HOLD_SERVERS = """
import os, sys
from embedded.servers import start_for_tests
start_for_tests()
print(os.environ["DATABASE_URL"], flush=True)
sys.stdin.read()
"""


def query(sockets: Path, sql: str, *, user: str = "postgres", database: str = "template1") -> list[Any]:
    connection = psycopg2.connect(host=str(sockets), user=user, dbname=database)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def gone_within(folder: Path, *, seconds: float) -> list[str]:
    """Return what still runs after so many seconds."""
    deadline = time.monotonic() + seconds
    while (left := processes_of(folder)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    servers = Servers(tmp_path_factory.mktemp("servers"), for_tests=True)
    servers.start()
    yield servers
    servers.stop()


def test_the_four_roles_can_do_what_they_are_for_and_no_more(servers: Servers) -> None:
    rows = query(
        servers.addresses.sockets,
        "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
        " WHERE rolname LIKE 'callsteward%' ORDER BY 1",
    )
    assert rows == [
        ("callsteward_app", True, False, False, False),
        ("callsteward_dump", True, False, True, False),
        ("callsteward_monitor", True, False, False, False),
        ("callsteward_owner", True, False, False, False),
    ]
    assert query(servers.addresses.sockets, "SELECT pg_has_role('callsteward_monitor', 'pg_monitor', 'USAGE')")


def test_roles_sql_run_again_changes_nothing_and_makes_the_real_database(servers: Servers) -> None:
    servers.for_tests = False
    servers._apply_roles()
    servers._apply_roles()
    (owner, creates), *_ = query(
        servers.addresses.sockets,
        "SELECT r.rolname, r.rolcreatedb FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba"
        " WHERE datname = 'callsteward'",
    )
    assert (owner, creates) == ("callsteward_owner", False)


def test_a_deployment_gives_the_roles_their_passwords(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    for role in ("OWNER", "APP", "DUMP", "MONITOR"):
        monkeypatch.setenv(f"CALLSTEWARD_{role}_PASSWORD", f"it's {role.lower()}")
    servers._apply_roles()
    sql = "SELECT rolname, left(rolpassword, 13) FROM pg_authid WHERE rolname LIKE 'callsteward%' ORDER BY 1"
    assert [password for _, password in query(servers.addresses.sockets, sql)] == ["SCRAM-SHA-256"] * 4


def test_the_owners_tables_are_open_to_the_app_for_rows_only(servers: Servers) -> None:
    sockets = servers.addresses.sockets
    query(sockets, "CREATE DATABASE rights OWNER callsteward_owner")
    query(sockets, "CREATE TABLE t (id int)", user="callsteward_owner", database="rights")
    query(sockets, "INSERT INTO t VALUES (1)", user="callsteward_app", database="rights")
    assert query(sockets, "SELECT id FROM t", user="callsteward_dump", database="rights") == [(1,)]
    for user, statement in (
        ("callsteward_app", "TRUNCATE t"),
        ("callsteward_app", "CREATE TABLE u (id int REFERENCES t)"),
        ("callsteward_app", "DROP TABLE t"),
        ("callsteward_dump", "DELETE FROM t"),
        ("callsteward_monitor", "SELECT id FROM t"),
    ):
        with pytest.raises(psycopg2.Error):
            query(sockets, statement, user=user, database="rights")


def test_the_app_never_waits_for_ever(servers: Servers) -> None:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    rows = [query(servers.addresses.sockets, f"SHOW {name}", user="callsteward_app") for name in names]
    assert rows == [[("30s",)], [("5s",)], [("1min",)]]


def test_the_database_knows_chinese_and_accents(servers: Servers) -> None:
    sql = "SELECT lower('É'), similarity('中国银行客服', '中国银行') > 0.3, current_setting('TimeZone')"
    assert query(servers.addresses.sockets, sql) == [("é", True, "UTC")]


def test_the_servers_never_run_as_root(servers: Servers) -> None:
    for child in (servers.postgres, servers.valkey):
        assert child.process
        user = Path(f"/proc/{child.process.pid}").stat().st_uid
        assert user == (os.geteuid() or pwd.getpwnam("nobody").pw_uid)


def test_nothing_listens_on_the_network_and_the_queue_is_kept_on_disk(servers: Servers) -> None:
    assert query(servers.addresses.sockets, "SHOW listen_addresses") == [("",)]
    valkey = redis.Redis(unix_socket_path=str(servers.addresses.sockets / "valkey.sock"), decode_responses=True)
    wanted = {"port": "0", "appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"}
    assert valkey.config_get(*wanted) == wanted
    valkey.close()


@pytest.mark.faults
def test_a_stale_pid_file_stops_nothing_and_hurts_nobody(tmp_path: Path) -> None:
    servers = Servers(tmp_path, for_tests=True)
    servers.start()
    assert servers.postgres.process
    assert servers.valkey.process
    os.kill(servers.postgres.process.pid, signal.SIGKILL)
    os.kill(servers.valkey.process.pid, signal.SIGKILL)
    servers.stop()
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        # The number in the file now belongs to a process that has nothing to do with PostgreSQL.
        pid_file = tmp_path / "postgres" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n")
        again = Servers(tmp_path, for_tests=True)
        again.start()
        again.stop()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()
    assert processes_of(tmp_path) == []


@pytest.mark.faults
def test_an_initdb_that_was_killed_is_done_again(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    servers = Servers(tmp_path, for_tests=True)
    servers.start()
    servers.stop()
    assert processes_of(tmp_path) == []


def test_a_deep_checkout_gets_a_short_socket_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    servers = Servers(deep, for_tests=True)
    short = servers.addresses.sockets
    servers.start()
    assert servers.valkey_ready()
    assert query(short, "SELECT 1") == [(1,)]
    servers.stop()
    assert not short.exists()


@pytest.mark.faults
def test_servers_end_with_a_test_run_that_is_killed(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_SERVERS],
        cwd=ROOT,
        env=environment | {"TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin
    assert holder.stdout
    try:
        sockets = Path(holder.stdout.readline().partition("@/")[2]).parent
        assert query(sockets, "SELECT 1", user="callsteward_app") == [(1,)]
        assert len(processes_of(tmp_path)) > 2
    finally:
        holder.kill()
        holder.wait()
        holder.stdin.close()
        holder.stdout.close()
    assert gone_within(tmp_path, seconds=5) == []
    shutil.rmtree(sockets)  # a killed run cannot tidy up; the next one there would use it again
