#!/usr/bin/env python
"""Runs a management command, with embedded servers when DATABASE_URL names no others."""

# ruff: noqa: PLC0415 - nothing is imported before the environment is known

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext


def main() -> None:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    try:
        from django.core.management import execute_from_command_line

        import config.env  # noqa: F401 - reads .env, which may name a database
    except ImportError as error:
        raise SystemExit(
            f"{error}. Use the environment that `make run` creates: .venv/bin/python manage.py …"
        ) from None
    database: AbstractContextManager[None] = nullcontext()
    if "DATABASE_URL" not in os.environ:
        from embedded.stack import database_for

        database = database_for(sys.argv)
    with database:
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
