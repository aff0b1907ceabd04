"""Who is named to whom about an evaluation."""

from __future__ import annotations

from functools import cached_property

from django.utils.translation import gettext as _

from accounts.selectors import client_name
from core.scope import CLIENT, Scope


class Names:
    """What one reader calls the people about an evaluation.

    A vendor's people go by name before the client and their own; the client's people are the client before a vendor;
    an agent is told the side alone.

    Args:
        scope: The reader.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    @cached_property
    def client(self) -> str:
        """What the client is called; asked for once."""
        return client_name()

    def person(self, name: str, side: str) -> str:
        """Return what somebody of a side is called; empty for nobody."""
        if not name or self.scope.is_client:
            return name
        if side == CLIENT:
            return self.client
        return _("the vendor") if self.scope.agent_id is not None else name
