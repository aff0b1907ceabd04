"""Files of tickets, and what the client's people note for themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from calls.services.storage import opened, sealed
from core.errors import Conflict, Forbidden, Invalid
from core.scope import CLIENT, VENDOR, Scope
from core.uploads import is_what_it_says, original_store, plain_name
from tickets import selectors
from tickets.models import Attachment, ClientRemark, Ticket
from tickets.services.moves import ticket_lock
from tickets.services.work import mentioned_tell

FILE_MAX_BYTES = 10 * 1024 * 1024
AT_ONCE_MOST = 5
FILES_MOST = 30
HEAD_BYTES = 1024


def attachments_add(
    *,
    scope: Scope,
    uuid: UUID,
    uploads: Sequence[UploadedFile[Any]],
    sequence: int | None = None,
    is_client_only: bool = False,
) -> list[Attachment]:
    """Keep files of a ticket; one that the ticket has already, by name and content, is kept once.

    Args:
        scope: Who sends them.
        uuid: The ticket.
        uploads: At most five at once, each at most 10 MB; a ticket has at most thirty for each of its readers.
        sequence: The number of the event that they were sent with.
        is_client_only: Whether only the client's people may read them.

    Raises:
        NotFound: The ticket does not exist for the caller.
        Forbidden: The role may not work on tickets, or a vendor asks for what only the client has.
        Invalid: There are too many, or one is empty, too large, of no allowed kind or not what its name says.
    """
    scope.require("tickets.edit")
    if is_client_only and not scope.is_client:
        raise Forbidden
    ticket = ticket_lock(scope=scope, uuid=uuid)
    owner = scope.organization_id if is_client_only else ticket.vendor_id
    known = selectors.attachment_list(scope=scope, ticket=ticket).filter(vendor_id=owner)
    if len(uploads) > AT_ONCE_MOST:
        raise _refused(_("At most %(count)s files at once.") % {"count": AT_ONCE_MOST})
    if known.count() + len(uploads) > FILES_MOST:
        raise _refused(_("A ticket has at most %(count)s files.") % {"count": FILES_MOST})
    fresh: list[Path] = []
    try:
        with transaction.atomic():
            return [_keep(scope, ticket, owner, upload, sequence, fresh) for upload in uploads]
    except BaseException:
        for path in fresh:
            path.unlink(missing_ok=True)
        raise


def _keep(
    scope: Scope, ticket: Ticket, owner: int, upload: UploadedFile[Any], sequence: int | None, fresh: list[Path]
) -> Attachment:
    name = plain_name(upload.name or "")
    head = upload.read(HEAD_BYTES)
    upload.seek(0)
    if not is_what_it_says(name, head):
        words = _(
            "%(file)s: attach a PDF, PNG, JPEG, DOCX, XLSX, ZIP, TXT, CSV or LOG file that is what its name says."
        )
        raise _refused(words % {"file": name})
    folder = selectors.attachment_folder(owner)
    try:
        digest, size, path = original_store(
            folder, upload.chunks(), FILE_MAX_BYTES, seal=partial(sealed, vendor_id=owner)
        )
    except Invalid as refusal:
        words = _("%(file)s is empty.") if refusal.code == "file_empty" else _("%(file)s is larger than 10 MB.")
        raise _refused(words % {"file": name}) from refusal
    try:
        files = Attachment.objects.visible_to(scope)
        same = files.filter(vendor_id=owner, ticket_uuid=ticket.uuid, sha256=digest, file_name=name).first()
        if same is not None:
            found: Attachment = same
            return found
        file = Attachment(
            vendor_id=owner,
            ticket_uuid=ticket.uuid,
            sequence=sequence,
            file_name=name,
            size_bytes=size,
            sha256=digest,
            received_at=scope.at,
            received_by=scope.actor[:150],
            received_by_id=scope.user_id,
            side=CLIENT if scope.is_client else VENDOR,
        )
        file.save(force_insert=True)
        record(
            scope=scope,
            action="attachment.added",
            target=file,
            changes={"file_name": [None, name], "size_bytes": [None, size], "ticket": [None, str(ticket)]},
        )
        fresh.append(path.rename(selectors.attachment_path(file)))
    finally:
        path.unlink(missing_ok=True)
    return file


def attachment_open(file: Attachment, path: Path) -> Iterator[bytes]:
    """Return the content of a file that was fetched in scope, as it was sent.

    Raises:
        ValueError: No key of FIELD_KEYS opens it.
    """
    return opened(path, vendor_id=file.vendor_id)


@transaction.atomic
def attachment_delete(*, scope: Scope, uuid: UUID) -> None:
    """Delete a file; the book keeps its name, length and digest.

    Raises:
        NotFound: The file, or its ticket, does not exist for the caller.
        Forbidden: The role may not work on tickets, or the file is somebody else's and the caller directs nobody.
        Conflict: A vendor asks it of what the client added.
    """
    scope.require("tickets.edit")
    file, ticket = selectors.attachment_get(scope=scope, uuid=uuid)
    if file.received_by_id != scope.user_id:
        scope.require("tickets.assign")
    if file.side == CLIENT and not scope.is_client:
        raise Conflict("others_file", _("The client added this file; only the client can delete it."))
    record(
        scope=scope,
        action="attachment.deleted",
        target=file,
        changes={
            "file_name": [file.file_name, None],
            "size_bytes": [file.size_bytes, None],
            "sha256": [bytes(file.sha256).hex(), None],
            "ticket": [str(ticket), None],
        },
    )
    path = selectors.attachment_path(file)
    Attachment.objects.visible_to(scope).filter(pk=file.pk).delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


@transaction.atomic
def ticket_remark(*, scope: Scope, uuid: UUID, text: str) -> Ticket:
    """Note something of a ticket that only the client's people read; nothing of it touches the vendor's ticket.

    Raises:
        NotFound: The ticket does not exist for the caller.
        Forbidden: The caller is not the client's, or may not work on tickets.
        Invalid: There is no text.
    """
    scope.require("tickets.edit")
    if not scope.is_client:
        raise Forbidden
    if not text.strip():
        raise Invalid("invalid", _("Please mend what is marked."), fields={"text": [_("Write something.")]})
    ticket = selectors.ticket_get(scope=scope, uuid=uuid)
    remark = ClientRemark(
        vendor_id=scope.organization_id,
        ticket_uuid=ticket.uuid,
        at=scope.at,
        actor=scope.actor[:150],
        actor_id=scope.user_id,
        text=text.strip(),
    )
    remark.save(force_insert=True)
    record(scope=scope, action="client_remark.added", target=remark, label=str(ticket))
    people = selectors.mentioned_in(scope=scope, ticket=ticket, text=text, own_only=True)
    mentioned_tell(scope=scope, ticket=ticket, people=people, key=str(remark.uuid))
    return ticket


def _refused(message: str) -> Invalid:
    return Invalid("invalid", _("Please mend what is marked."), fields={"files": [message]})
