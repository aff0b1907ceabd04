"""Scripts go live only after a second person of the client found them in order (A80)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import fields_require, rivals_refuse
from audit.rows import row_add, row_change
from core.errors import Conflict, Forbidden, Invalid
from core.scope import Scope
from tickets import selectors
from tickets.calc.outbound import ScriptState
from tickets.models import Script
from vendors.models import Vendor


@transaction.atomic
def script_write(*, scope: Scope, vendor: Vendor, name: str, text: str) -> Script:
    """Write a script, or another version of the one that has the name; either waits for its review.

    Raises:
        Forbidden: The role may not write scripts.
        Invalid: Name or text is missing or too long, or the text is that of the newest version.
    """
    scope.require("campaigns.edit")
    fields_require(scope=scope, obj="script", names=("name", "text"))
    name, text = " ".join(name.split()), text.strip()
    versions = Script.objects.visible_to(scope).filter(vendor=vendor, name=name)
    number = versions.number_next(vendor_id=vendor.pk)
    newest = versions.order_by("-number").first()
    if newest is not None and newest.text == text:
        message = _("This is what version %(number)s says already.") % {"number": newest.number}
        raise Invalid("invalid", _("Please mend what is marked."), fields={"text": [message]})
    rivals_refuse(scope=scope, vendor_id=vendor.pk, texts={"name": name, "text": text})
    script = Script(
        vendor=vendor,
        name=name,
        number=number,
        text=text,
        written_at=scope.at,
        written_by_id=scope.user_id,
        written_by=scope.actor[:150],
        written_side=scope.side,
    )
    row_add(scope=scope, action="script.written", row=script, entered={"text": text})
    return script


@transaction.atomic
def script_review(
    *, scope: Scope, uuid: UUID, expected_version: int, is_approved: bool, review_note: str = ""
) -> Script:
    """Approve a version, or send it back with a remark; its writer cannot.

    Raises:
        NotFound: It does not exist for the caller.
        Forbidden: The role may not review, or the caller wrote it.
        Conflict: It was reviewed already, or somebody saved it meanwhile.
        Invalid: It is sent back without a remark.
    """
    scope.require("scripts.review")
    script = selectors.script_get(scope=scope, uuid=uuid)
    if scope.user_id is None or script.written_by_id == scope.user_id:
        raise Forbidden(_("A second person reviews what somebody wrote."))
    if script.state != ScriptState.WAITING:
        raise Conflict("reviewed", _("This version was reviewed already; another text is another version."))
    if not is_approved and not review_note.strip():
        message = _("Say what has to change.")
        raise Invalid("invalid", _("Please mend what is marked."), fields={"review_note": [message]})
    rivals_refuse(scope=scope, vendor_id=script.vendor_id, texts={"review_note": review_note})
    values = {
        "state": (ScriptState.APPROVED if is_approved else ScriptState.RETURNED).value,
        "reviewed_at": scope.at,
        "reviewed_by_id": scope.user_id,
        "reviewed_by": scope.actor[:150],
        "review_note": review_note.strip(),
    }
    row_change(
        scope=scope,
        action="script.approved" if is_approved else "script.returned",
        row=script,
        expected_version=expected_version,
        values=values,
        untold=("reviewed_at", "reviewed_by_id", "reviewed_by"),
    )
    return script
