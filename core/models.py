"""What every table of tenant data has in common."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, Self

from django.db import connection, models

from core.errors import ScopeMissing
from core.scope import Scope


class ScopedQuerySet(models.QuerySet[Any]):
    """A queryset that refuses to run before it was told for whom.

    Rows reached through an instance that was itself fetched in scope (``contract.versions.all()``) count as told.
    """

    _told = False

    def visible_to(self, scope: Scope) -> Self:
        """Return the rows that exist for ``scope``."""
        key = getattr(self.model, "tenant_key", "vendor_id")
        queryset = self.filter(**{f"{key}__in": scope.vendor_ids})
        queryset._told = True
        return queryset

    def number_next(self, *, vendor_id: int) -> int:
        """Return the number of a vendor's next row; whoever asks at the same time waits for the transaction's end."""
        with connection.cursor() as cursor:
            table = self.model._meta.db_table
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [table, vendor_id])
        last = self.filter(vendor_id=vendor_id).aggregate(last=models.Max("number"))["last"]
        return (last or 0) + 1

    def _check_told(self) -> None:
        if not (self._told or getattr(self, "_hints", None) or getattr(self, "_known_related_objects", None)):
            raise ScopeMissing(f"{self.model.__name__} was queried without visible_to(scope)")

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._told = self._told
        return clone

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._check_told()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        self._check_told()
        return super().iterator(chunk_size)

    def count(self) -> int:
        if self._result_cache is None:
            self._check_told()
        return super().count()

    def exists(self) -> bool:
        if self._result_cache is None:
            self._check_told()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._check_told()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._check_told()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._check_told()
        return super().delete()


class TenantModel(models.Model):
    """A row that belongs to one vendor."""

    vendor = models.ForeignKey("vendors.Vendor", models.PROTECT, related_name="+", editable=False, db_index=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class PartyModel(models.Model):
    """A row of one party: a vendor, or the client's own organization, whose key ``vendor_id`` then is."""

    vendor_id = models.IntegerField(editable=False)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class ScopedModel(TenantModel):
    """A tenant row that people and programs name: ``uuid`` is the only id that leaves the house."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True
