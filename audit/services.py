"""Writing the book, and proving that nobody rewrote it."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext as _

from audit.models import Entry
from core import sql
from core.scope import Scope

GENESIS = bytes(32)
_LOCK_CLASS = 7001


def record(
    *,
    scope: Scope,
    action: str,
    target: models.Model | None = None,
    vendor_id: int | None = None,
    changes: Mapping[str, Any] | None = None,
    label: str = "",
) -> Entry:
    """Add an entry inside the caller's transaction, so that the deed and its record stand or fall together.

    Args:
        scope: Who acts and when.
        action: ``object.verb_in_past``, such as ``contract.version_signed``.
        target: The row concerned; its ``vendor_id`` chooses the book.
        vendor_id: The book, where there is no row; the actor's own by default.
        changes: Field name to ``[before, after]`` or to a plain value; never clear personal data.
        label: What people call the object, if not ``str(target)``.
    """
    book = vendor_id or getattr(target, "vendor_id", None) or scope.organization_id
    # One writer a book at a time; taken as its own statement, so that the next one sees the row we add.
    sql.lock(_LOCK_CLASS, book)
    last = Entry.objects.visible_to(scope).filter(vendor_id=book).order_by("-sequence").first()
    entry = Entry(
        vendor_id=book,
        sequence=(last.sequence if last else 0) + 1,
        uuid=uuid.uuid4(),
        at=scope.at.astimezone(UTC),
        actor_id=scope.user_id,
        actor=(scope.actor or "Callsteward")[:150],
        side=scope.side,
        role=scope.role,
        action=action,
        object_type=target._meta.model_name or "" if target is not None else "",
        object_id=str(getattr(target, "uuid", None) or getattr(target, "pk", "") or ""),
        object_label=(label or (str(target) if target is not None else ""))[:200],
        changes=json.loads(json.dumps(dict(changes or {}), cls=DjangoJSONEncoder)),
        request_id=scope.request_id,
        previous_hash=bytes(last.hash) if last else GENESIS,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    return entry


def entry_hash(entry: Entry) -> bytes:
    """Return SHA-256 over the former hash and the canonical JSON of the entry's own fields."""
    body = {
        "vendor_id": entry.vendor_id,
        "sequence": entry.sequence,
        "uuid": str(entry.uuid),
        "at": _moment(entry.at),
        "actor_id": entry.actor_id,
        "actor": entry.actor,
        "side": entry.side,
        "role": entry.role,
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "object_label": entry.object_label,
        "changes": entry.changes,
        "request_id": entry.request_id,
    }
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(bytes(entry.previous_hash) + canonical.encode()).digest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def verify(*, scope: Scope, vendor_id: int) -> Iterator[str]:
    """Yield every break in one book: a changed row, a missing one, a wrong link."""
    expected, previous = 1, GENESIS
    entries = Entry.objects.visible_to(scope).filter(vendor_id=vendor_id).order_by("sequence")
    for entry in entries.iterator(chunk_size=2000):
        if entry.sequence != expected:
            yield _("entries %(first)s to %(last)s are missing") % {
                "first": expected,
                "last": entry.sequence - 1,
            }
        if bytes(entry.previous_hash) != previous:
            yield _("entry %(number)s does not follow the one before it") % {"number": entry.sequence}
        if entry_hash(entry) != bytes(entry.hash):
            yield _("entry %(number)s was changed after it was written") % {"number": entry.sequence}
        expected, previous = entry.sequence + 1, bytes(entry.hash)
