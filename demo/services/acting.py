"""Acting as one of the demo's people, at a moment of the past."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from accounts import selectors as accounts
from accounts.models import User
from core.errors import Conflict
from core.scope import Scope, activate
from demo.people import LOGINS


@contextmanager
def acting(username: str, at: datetime) -> Iterator[Scope]:
    """Act as one of the demo's people; what they may do is their role's."""
    scope = accounts.scope_of_user(user=User.objects.get(username=username), at=at)
    if scope is None:
        raise Conflict("gone", f"The demo's user {username} is gone.")
    with activate(scope):
        yield scope


def manager_of(vendor_code: str) -> str:
    """Return the log-in of a vendor's manager."""
    return next(
        login.username for login in LOGINS if (login.organization_code, login.role) == (vendor_code, "vendor_manager")
    )
