"""Whose data a piece of work may touch: the value that every selector and service takes first.

Two walls stand on it and neither trusts the other: ``visible_to(scope)`` in Python, and the row-level security
policies of PostgreSQL, which read ``app.vendor_ids`` as :func:`activate` sets it for one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from django.db import connection, transaction

from core.errors import Forbidden, ScopeMissing

CLIENT = "client"
VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class Scope:
    """Who acts, for whom, when, and what that role may do.

    Attributes:
        organization_id: The actor's own organization; its audit book as well.
        side: ``client`` or ``vendor``.
        vendor_ids: Organizations whose rows exist for this actor; a client's list has its own id too.
        role: Role name of ``accounts.calc.access``.
        permissions: Actions that the role (or the narrower token) allows.
        at: The moment of the action, aware, UTC. Services read the time here and nowhere else.
        user_id: The acting person or service account; None for the platform's own work.
        agent_id: The agent this user is, where the role sees its own records only.
        actor: Name shown in the audit trail.
        organization_name: Name shown in the frame.
        client_name: What the enterprise is called.
    """

    organization_id: int
    side: str
    vendor_ids: tuple[int, ...]
    role: str
    permissions: frozenset[str]
    at: datetime
    user_id: int | None = None
    agent_id: int | None = None
    actor: str = ""
    organization_name: str = ""
    client_name: str = ""
    request_id: str = field(default="", compare=False)

    @property
    def is_client(self) -> bool:
        """Whether the actor belongs to the enterprise."""
        return self.side == CLIENT

    def called(self, name: str, side: str) -> str:
        """Return what the actor calls somebody of a side: to a vendor, the client's people are the client."""
        return self.client_name if name and side == CLIENT and not self.is_client else name

    def can(self, permission: str) -> bool:
        """Whether the role allows the action."""
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Refuse when the role does not allow the action.

        Raises:
            Forbidden: The permission is missing.
        """
        if permission not in self.permissions:
            raise Forbidden(permission=permission)

    def now(self) -> Scope:
        """Return the same scope at the present moment, for work that outlives one action."""
        return replace(self, at=datetime.now(UTC))


_active: ContextVar[Scope | None] = ContextVar("scope", default=None)


def active() -> Scope | None:
    """Return the scope that the database connection works under, if any."""
    return _active.get()


def _tell_database(scope: Scope | None) -> None:
    value = "" if scope is None else "{" + ",".join(str(int(pk)) for pk in sorted(scope.vendor_ids)) + "}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.vendor_ids', %s, true)", [value])


@contextmanager
def activate(scope: Scope) -> Iterator[Scope]:
    """Open a transaction in which the database shows exactly the rows of ``scope``.

    The setting ends with the transaction; inside a nested block the former one comes back at its end. There is no
    session-wide setting anywhere, so a kept connection cannot carry one caller's rows to the next.

    Raises:
        ScopeMissing: ``scope`` is None: nobody may mean "everything" by saying nothing.
    """
    if scope is None:
        raise ScopeMissing("no scope given")
    former = _active.get()
    with transaction.atomic():
        _tell_database(scope)
        token = _active.set(scope)
        try:
            yield scope
        finally:
            _active.reset(token)
        # After an error the rollback to the savepoint brings the former setting back by itself.
        if not connection.needs_rollback:
            _tell_database(former)
