"""Keeping quick replies: texts that people put in instead of writing them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.services import fields_require
from audit.rows import row_add, row_change
from audit.services import record
from core.scope import Scope
from tickets import selectors
from tickets.models import QuickReply
from vendors.models import Vendor


def reply_create(*, scope: Scope, vendor: Vendor, values: Mapping[str, Any]) -> QuickReply:
    """Add a quick reply for a vendor's tickets.

    Raises:
        Forbidden: The role may not change quick replies.
        Invalid: The name is taken, or a field cannot be right.
    """
    scope.require("tickets.replies")
    fields_require(scope=scope, obj="quick_reply", names=values)
    reply = QuickReply(vendor=vendor, **values)
    row_add(scope=scope, action="quick_reply.created", row=reply, entered=values)
    return reply


def reply_update(*, scope: Scope, uuid: UUID, expected_version: int, values: Mapping[str, Any]) -> QuickReply:
    """Change a quick reply; what was sent with it stays as it was.

    Raises:
        NotFound, Conflict: There is none for the caller, or somebody saved it meanwhile.
        Forbidden, Invalid: As :func:`reply_create`.
    """
    scope.require("tickets.replies")
    fields_require(scope=scope, obj="quick_reply", names=values)
    reply = selectors.quick_reply_get(scope=scope, uuid=uuid)
    row_change(scope=scope, action="quick_reply.changed", row=reply, expected_version=expected_version, values=values)
    return reply


@transaction.atomic
def reply_delete(*, scope: Scope, uuid: UUID) -> None:
    """Remove a quick reply.

    Raises:
        NotFound, Forbidden: As :func:`reply_update`.
    """
    scope.require("tickets.replies")
    reply = selectors.quick_reply_get(scope=scope, uuid=uuid)
    record(scope=scope, action="quick_reply.deleted", target=reply)
    QuickReply.objects.visible_to(scope).filter(pk=reply.pk).delete()
