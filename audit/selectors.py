"""Reading the book."""

from __future__ import annotations

from django.db import models

from audit.models import Entry
from core.scope import Scope


def entry_list(*, scope: Scope) -> models.QuerySet[Entry]:
    """Return the visible entries, newest first."""
    return Entry.objects.visible_to(scope).order_by("-at", "-sequence")


def history_of(*, scope: Scope, target: models.Model) -> models.QuerySet[Entry]:
    """Return what happened to one object, newest first."""
    return entry_list(scope=scope).filter(
        object_type=target._meta.model_name, object_id=str(getattr(target, "uuid", None) or target.pk)
    )


def holds(*, scope: Scope, vendor_id: int, sequence: int, digest: bytes) -> bool:
    """Return whether a book still holds the entry of an exported head."""
    entries = Entry.objects.visible_to(scope).filter(vendor_id=vendor_id)
    return bool(entries.filter(sequence=sequence, hash=digest).exists())


def head(*, scope: Scope, vendor_id: int) -> Entry | None:
    """Return the newest entry of a book; exported off the machine it makes a cut-off tail visible."""
    entries = Entry.objects.visible_to(scope).filter(vendor_id=vendor_id)
    newest: Entry | None = entries.order_by("-sequence").first()
    return newest
