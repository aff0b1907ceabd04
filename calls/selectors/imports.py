"""Reading imports and import profiles."""

from __future__ import annotations

import uuid as uuids

from django.db.models import QuerySet

from calls.models import Batch, BatchState, ImportProfile, RowError
from core.errors import NotFound
from core.scope import Scope


def batch_list(*, scope: Scope) -> QuerySet[Batch]:
    """Return imports, newest first."""
    return Batch.objects.visible_to(scope).select_related("vendor", "profile").order_by("-received_at", "-pk")


def batch_get(*, scope: Scope, uuid: uuids.UUID) -> Batch:
    """Return one import.

    Raises:
        NotFound: There is none in scope.
    """
    batch: Batch | None = batch_list(scope=scope).filter(uuid=uuid).first()
    if batch is None:
        raise NotFound
    return batch


def batches_open(*, scope: Scope) -> QuerySet[Batch]:
    """Return imports that wait for somebody or something."""
    waiting = (BatchState.RECEIVED, BatchState.CHECKED, BatchState.CONFIRMED, BatchState.QUARANTINED)
    return batch_list(scope=scope).filter(state__in=waiting)


def row_errors(*, scope: Scope, batch: Batch) -> QuerySet[RowError]:
    """Return a file's rejected cells in the order of its lines."""
    return RowError.objects.visible_to(scope).filter(batch=batch).order_by("line", "pk")


def profile_list(*, scope: Scope) -> QuerySet[ImportProfile]:
    """Return the current import profiles."""
    profiles = ImportProfile.objects.visible_to(scope).filter(is_current=True)
    return profiles.select_related("vendor").order_by("vendor__name", "name")


def profile_by_name(*, scope: Scope, vendor_id: int, name: str) -> ImportProfile:
    """Return a vendor's current profile of that name.

    Raises:
        NotFound: There is none; the message lists those there are.
    """
    profiles = profile_list(scope=scope).filter(vendor_id=vendor_id)
    profile: ImportProfile | None = profiles.filter(name=name).first()
    if profile is None:
        known = ", ".join(profiles.values_list("name", flat=True)) or "none"
        raise NotFound(f"There is no import profile {name!r}; stored ones: {known}.")
    return profile
