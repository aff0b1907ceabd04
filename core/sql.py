"""Runs the named queries of the ``sql/`` folders: one query a file, parameters by name, never by formatting."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

_BASE = Path(__file__).resolve().parent.parent


@cache
def text(name: str) -> str:
    """Return the query ``app/file`` from ``app/sql/file.sql``."""
    app, _, file = name.partition("/")
    return (_BASE / app / "sql" / f"{file}.sql").read_text(encoding="utf-8")


def lock(kind: int, key: int) -> None:
    """Be alone with ``key`` among those who take a lock of this kind, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [kind, key])


def try_lock(kind: int, key: int = 0) -> bool:
    """Take the same lock if nobody holds it, and tell whether it was taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [kind, key])
        return bool(cursor.fetchone()[0])


def tuples(name: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Run a query and return its rows as they are."""
    with connection.cursor() as cursor:
        cursor.execute(text(name), parameters or {})
        return list(cursor.fetchall())


def rows(name: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Run a query and return its rows as dictionaries."""
    with connection.cursor() as cursor:
        cursor.execute(text(name), parameters or {})
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def execute(name: str, parameters: Mapping[str, Any] | None = None) -> int:
    """Run a statement and return the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(text(name), parameters or {})
        return int(cursor.rowcount)
