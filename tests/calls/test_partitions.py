"""Months of calls are made when their first call arrives, by whoever comes first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from tests.conftest import superuser

MONTH, PART = "2031-05-01", "calls_call_203105"


def make() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT calls_partition_make(%s)", [MONTH])


def make_apart() -> None:
    try:
        make()
    finally:
        connection.close()


def wait_until_it_waits() -> None:
    """Wait until a session waits for another that makes a month."""
    with superuser() as opened, opened.cursor() as cursor:
        for _ in range(200):
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 7002 AND NOT granted"
            )
            if cursor.fetchone() == (1,):
                return
            time.sleep(0.05)
    raise AssertionError("nobody waits")


@pytest.fixture
def no_month(real_commits: None) -> Iterator[None]:
    """Take the month away again."""
    yield
    with superuser() as opened, opened.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {PART}")


def test_two_that_need_a_new_month_at_once_both_go_on(no_month: None) -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            make()
            other = pool.submit(make_apart)
            wait_until_it_waits()
        other.result(timeout=30)
    make()
