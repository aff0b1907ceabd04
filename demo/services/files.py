"""Handing in the demo's files, and keeping how far that is."""

from __future__ import annotations

from uuid import UUID

from accounts.models import User
from accounts.selectors import scope_of_user
from calls import selectors as calls
from calls import services as calls_services
from calls.models import Batch
from core.errors import Conflict, NotFound
from core.scope import Scope, activate
from demo.calls import CallFile
from demo.people import LOGINS
from demo.plan import Plan
from demo.selectors import SWEEP_NAME
from sla import services as sla
from vendors import selectors as vendors

_SENDER = "vendor_supervisor"


def file_receive(*, scope: Scope, file: CallFile) -> Batch | None:
    """Hand a file in for its vendor's supervisor, or find the import that took it already.

    Args:
        scope: The platform's; its moment is that of the receipt.
        file: One of the plan's.

    Returns:
        The import, in whatever state it is; None for a file without calls, which nobody would send.

    Raises:
        NotFound: The demo's vendor or its supervisor is gone.
        Forbidden: The supervisor may not import any more.
    """
    if file.text.count("\n") <= 1:
        return None
    login = next(each for each in LOGINS if (each.organization_code, each.role) == (file.vendor_code, _SENDER))
    user = User.objects.filter(username=login.username).first()
    sender = None if user is None else scope_of_user(user=user, at=scope.at)
    if sender is None:
        raise NotFound(f"The demo's user {login.username} is gone.")
    with activate(scope):
        vendor = vendors.vendor_by_code(scope=scope, code=file.vendor_code)
    content = file.text.encode()
    try:
        return calls_services.batch_receive(
            scope=sender,
            vendor_id=vendor.vendor_id,
            source="command",
            file_name=file.name,
            chunks=[content],
            confirmed=True,
            max_bytes=len(content),
        )
    except Conflict as conflict:
        if conflict.code != "already_received":
            raise
        with activate(scope):
            return calls.batch_get(scope=scope, uuid=UUID(str(conflict.details["batch"])))


def progress_record(*, scope: Scope, plan: Plan, files_done: int) -> None:
    """Keep how many files are loaded, for pages to show and for another run to go on from."""
    findings = {"files_done": files_done, "files_total": plan.files_total, **plan.as_json()}
    sla.sweep_record(scope=scope, name=SWEEP_NAME, findings=findings)
