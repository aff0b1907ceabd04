"""The rights table in front of a write."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.calc.access import fields_writable
from core.errors import Invalid
from core.scope import Scope


def fields_require(*, scope: Scope, obj: str, names: Iterable[str]) -> None:
    """Refuse a change of fields that the caller's role may not set (W1).

    A field that does not exist for the role is refused in the same words as one that exists nowhere.

    Args:
        scope: Who acts.
        obj: Object of ``accounts.calc.access``.
        names: Fields to be set.

    Raises:
        Invalid: With the fields that stand in the way.
    """
    refused = sorted(set(names) - fields_writable(scope.role, scope.side, obj))
    if refused:
        message = _("This field cannot be set.")
        raise Invalid("field_not_writable", message, fields={name: [message] for name in refused})
