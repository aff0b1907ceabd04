"""Who is named to whom about an evaluation."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.scope import VENDOR, Scope


def person_told(scope: Scope, name: str, side: str) -> str:
    """Return what somebody about an evaluation is called; empty for nobody.

    A vendor's people go by name before the client and their own; the client's people are the client before a vendor;
    an agent is told the side alone.
    """
    if name and side == VENDOR and scope.agent_id is not None:
        return _("the vendor")
    return scope.called(name, side)
