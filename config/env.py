"""Typed readers of the environment: every setting that a deployment may change is named here once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

_env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def text(name: str, default: str | None = None) -> str:
    """Return a text setting; without a default its absence stops the start with the setting's name."""
    return str(_env.str(name) if default is None else _env.str(name, default=default))


def flag(name: str, *, default: bool) -> bool:
    """Return a yes/no setting (``1``, ``true``, ``yes``, ``on``)."""
    return bool(_env.bool(name, default=default))


def integer(name: str, *, default: int) -> int:
    """Return a whole number."""
    return int(_env.int(name, default=default))


def names(name: str, *, default: list[str]) -> list[str]:
    """Return a comma-separated list."""
    return list(_env.list(name, default=default))


def folder(name: str, *, default: str) -> Path:
    """Return a directory; a relative one counts from the repository."""
    return (BASE_DIR / text(name, default)).resolve()


def database(name: str) -> dict[str, Any]:
    """Return a Django database entry from a URL such as ``postgres://user@//run/dir/name``."""
    return dict(_env.db_url(name))
