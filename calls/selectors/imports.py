"""Reading imports and import profiles."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.db.models import Count, QuerySet

from calls.models import Batch, BatchState, Call, ImportProfile, RowError
from contracts import selectors as contracts
from contracts.models import Contract
from core.errors import NotFound
from core.scope import Scope

# Imports that wait for somebody or something.
OPEN_STATES = (BatchState.RECEIVED, BatchState.CHECKED, BatchState.CONFIRMED, BatchState.QUARANTINED)

UNKNOWN_RULES = ("queue_unknown", "agent_unknown", "reason_unknown")
UNKNOWN_SHOWN = 30


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
    return batch_list(scope=scope).filter(state__in=OPEN_STATES)


def row_errors(*, scope: Scope, batch: Batch) -> QuerySet[RowError]:
    """Return a file's rejected cells in the order of its lines."""
    return RowError.objects.visible_to(scope).filter(batch=batch).order_by("line", "pk")


def error_kinds(*, scope: Scope, batch: Batch) -> list[dict[str, Any]]:
    """Return how often each rule was broken, the most frequent first."""
    errors = RowError.objects.visible_to(scope).filter(batch=batch).order_by()
    return list(errors.values("rule").annotate(count=Count("pk")).order_by("-count", "rule"))


def unknown_codes(*, scope: Scope, batch: Batch) -> list[dict[str, Any]]:
    """Return the codes of queues, agents and reasons that nobody registered, the most frequent first."""
    errors = RowError.objects.visible_to(scope).filter(batch=batch, rule__in=UNKNOWN_RULES).order_by()
    counted = errors.values("rule", "value").annotate(count=Count("pk")).order_by("-count", "rule", "value")
    return list(counted[:UNKNOWN_SHOWN])


def batch_has_unsigned(*, scope: Scope, batch: Batch) -> bool:
    """Return whether calls of a loaded file belong to a contract that does not exist for the caller yet."""
    known = contracts.contract_list(scope=scope).values("pk")
    hidden = list(Contract.objects.visible_to(scope).filter(vendor_id=batch.vendor_id).exclude(pk__in=known))
    if not hidden or batch.first_offered_at is None:
        return False
    calls = Call.objects.visible_to(scope).filter(
        batch_id=batch.pk, offered_at__gte=batch.first_offered_at, offered_at__lte=batch.last_offered_at
    )
    return bool(calls.filter(contract_id__in=[contract.pk for contract in hidden]).exists())


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


def profile_get(*, scope: Scope, uuid: uuids.UUID) -> ImportProfile:
    """Return one version of a profile.

    Raises:
        NotFound: There is none in scope.
    """
    profile: ImportProfile | None = (
        ImportProfile.objects.visible_to(scope).select_related("vendor").filter(uuid=uuid).first()
    )
    if profile is None:
        raise NotFound
    return profile


def profile_versions(*, scope: Scope, profile: ImportProfile) -> QuerySet[ImportProfile]:
    """Return all versions of a profile, newest first."""
    versions = ImportProfile.objects.visible_to(scope).filter(vendor_id=profile.vendor_id, name=profile.name)
    return versions.order_by("-number")
