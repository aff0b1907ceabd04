"""Refuses to serve on a database whose second wall is down (T4)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import WARNING, CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

# The temporary tables of a file that is being loaded belong to the role, and are no hole in the wall.
ROLE_QUERY = """
SELECT rolname, rolsuper OR rolbypassrls,
  EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't')
FROM pg_roles r WHERE rolname = current_user
"""
# Tables of tenant data are those with a vendor_id column; each needs the policy, forced on the owner too.
OPEN_TABLES_QUERY = """
SELECT c.oid::regclass::text
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'vendor_id' AND NOT a.attisdropped
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public'
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
    SELECT 1 FROM pg_policy p
    WHERE p.polrelid = c.oid
      AND pg_get_expr(p.polqual, p.polrelid) =
        '(vendor_id = ANY (( SELECT scope_vendors() AS scope_vendors)::integer[]))'
      AND pg_get_expr(p.polwithcheck, p.polrelid) = pg_get_expr(p.polqual, p.polrelid)))
ORDER BY 1
"""


def wall_problems() -> list[str]:
    """Return what is wrong with the database's own wall between vendors; empty when it stands."""
    with connection.cursor() as cursor:
        cursor.execute(ROLE_QUERY)
        role, bypasses, owns = cursor.fetchone()
        problems = []
        if bypasses:
            problems.append(f"The database role {role} bypasses row-level security; use a plain role.")
        if owns:
            problems.append(f"The database role {role} owns tables; serve with a role that owns nothing.")
        cursor.execute(OPEN_TABLES_QUERY)
        problems += [f"Table {name} lacks the tenant policy." for (name,) in cursor.fetchall()]
    return problems


def require_walls() -> None:
    """Refuse to serve on a database whose wall is down; web and worker call this when they start.

    Raises:
        ImproperlyConfigured: The role may pass the wall, or a table stands before it.
    """
    problems = wall_problems()
    connection.close()
    if problems:
        raise ImproperlyConfigured(" ".join(problems))


@register(Tags.database)
def database_walls(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Run with ``manage.py check --database default``."""
    if not databases or "default" not in databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ROLE_QUERY)
        if cursor.fetchone()[2]:
            # Migrations run as the owner, and may be about to build or mend the wall.
            return []
    return [Error(text, id="core.E001") for text in wall_problems()]


@register(Tags.security)
def uploads_closed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Folders that the service makes are closed; one that was there before may not be."""
    root = Path(settings.UPLOAD_ROOT)
    if root.exists() and root.stat().st_mode & 0o007:
        text = f"Every user of this machine may enter {root}; close it: chmod 700 {root}"
        return [CheckMessage(WARNING, text, id="core.W001")]
    return []


@register(Tags.security, deploy=True)
def crash_points_off(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Crash points are for the suite; a deployment that could be told to crash does not start (R14)."""
    if getattr(settings, "CRASH_POINTS", False) or os.environ.get("CRASH_FILE"):
        return [Error("Crash points are compiled in or asked for; unset CRASH_FILE and CRASH_POINTS.", id="core.E002")]
    return []
