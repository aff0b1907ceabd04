"""The append-only book: one hash chain for each organization."""

from __future__ import annotations

import uuid

from django.db import models

from core.models import ScopedQuerySet


class Entry(models.Model):
    """One thing that somebody did; rows are only ever added (grant and trigger see to it)."""

    id = models.BigAutoField(primary_key=True)
    # The organization whose book it is: the vendor concerned, or the client for its own affairs.
    vendor_id = models.IntegerField(editable=False)
    sequence = models.BigIntegerField()
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=150)
    # "client" entries in a vendor's book are shown to the vendor without the fields its role may not read.
    side = models.CharField(max_length=6)
    role = models.CharField(max_length=20)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    object_label = models.CharField(max_length=200, blank=True)
    # Field name to [before, after]; plain JSON values.
    changes = models.JSONField(default=dict)
    request_id = models.CharField(max_length=32, blank=True)
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor_id", "sequence"], name="audit_entry_sequence"),
        ]
        indexes = [
            models.Index(fields=["vendor_id", "object_type", "object_id"], name="audit_entry_object"),
            models.Index(fields=["vendor_id", "at"], name="audit_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.action}"
