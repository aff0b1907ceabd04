"""Call reasons: the vendor's coding of why people call, which its files use."""

from __future__ import annotations

from django.db import transaction

from accounts.services import fields_require
from audit.rows import row_add
from calls.models import CallReason
from core.scope import Scope
from vendors import selectors as vendors


@transaction.atomic
def reason_create(*, scope: Scope, vendor_id: int, code: str, name: str) -> CallReason:
    """Register a reason, so that files may name it.

    Args:
        scope: Who acts.
        vendor_id: Whose coding it belongs to.
        code: What files say; it stays.
        name: What people read; the code if empty.

    Raises:
        NotFound: The vendor does not exist for the caller.
        Forbidden: The role may not keep reasons.
        Invalid: The code is missing, too long or taken.
    """
    scope.require("profiles.edit")
    fields_require(scope=scope, obj="reason", names=["name"])
    vendor = vendors.vendor_of_id(scope=scope, vendor_id=vendor_id)
    values = {"code": code.strip(), "name": name.strip() or code.strip()}
    reason = CallReason(vendor=vendor, **values)
    row_add(scope=scope, action="reason.created", row=reason, entered=values)
    return reason
