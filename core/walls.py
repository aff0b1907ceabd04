"""What a migration says to put tables behind the database's wall between vendors."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.migrations import RunSQL


def walls(
    *, tables: Sequence[str], references: Sequence[tuple[str, ...]] = (), more: str = "", undo: str = ""
) -> RunSQL:
    """Return the operation that puts tables behind the policy, with foreign keys that cannot cross vendors.

    Args:
        tables: Tables with a ``vendor_id``.
        references: Child, its column, parent, and what follows when the parent goes (NO ACTION if not said).
        more: Statements that belong to it, such as triggers.
        undo: Takes back what ``more`` did.
    """
    # References first: they look at the table once, and behind the wall nobody said for whom.
    forward = [
        f"SELECT tenant_reference('{child}', '{column}', '{parent}', '{gone[0] if gone else 'NO ACTION'}');"
        for child, column, parent, *gone in references
    ]
    backward = [
        f"DROP POLICY tenant ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;"
        for table in tables
    ] + [f"ALTER TABLE {child} DROP CONSTRAINT {child}_{column}_tenant;" for child, column, *_parent in references]
    forward += [f"SELECT tenant_protect('{table}');" for table in tables]
    return RunSQL("\n".join([*forward, more]), "\n".join([undo, *backward]))
