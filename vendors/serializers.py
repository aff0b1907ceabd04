"""What the interface tells of vendors, sites, queues and agents; the rights table leaves fields out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.serializers import FieldRightsMixin
from core.endpoints import Query, unknown
from core.scope import Scope
from vendors import selectors
from vendors.models import Agent, Queue, Site, Vendor


class VendorSerializer(FieldRightsMixin, serializers.ModelSerializer[Vendor]):
    """A vendor."""

    access_object = "vendor"
    id = serializers.UUIDField(source="uuid", read_only=True)

    class Meta:
        model = Vendor
        fields = ("id", "code", "name", "country", "contact_name", "contact_email", "note", "is_active")


class SiteSerializer(FieldRightsMixin, serializers.ModelSerializer[Site]):
    """A place where agents sit."""

    access_object = "site"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    zone = serializers.CharField(read_only=True, help_text="IANA name.")

    class Meta:
        model = Site
        fields = ("id", "vendor", "code", "name", "city", "country", "zone", "is_active")


class QueueSerializer(FieldRightsMixin, serializers.ModelSerializer[Queue]):
    """A service line."""

    access_object = "queue"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")

    class Meta:
        model = Queue
        fields = ("id", "vendor", "code", "name", "direction", "is_active")


class AgentSerializer(FieldRightsMixin, serializers.ModelSerializer[Agent]):
    """Somebody who answers calls."""

    access_object = "agent"
    id = serializers.UUIDField(source="uuid", read_only=True)
    vendor = serializers.CharField(source="vendor.code", read_only=True, help_text="The vendor's code.")
    site = serializers.CharField(
        source="site.code", read_only=True, allow_null=True, default=None, help_text="The site's code."
    )

    class Meta:
        model = Agent
        fields = ("id", "vendor", "code", "name", "site", "team", "hired_on", "left_on", "is_active")


class VendorQuery(Query):
    """What vendors are asked for by."""

    active = serializers.BooleanField(required=False, help_text="Only those in use, or only those that are not.")


class PartQuery(VendorQuery):
    """What parts of vendors are asked for by."""

    vendor = serializers.CharField(required=False, max_length=40, help_text="The vendor's code or id.")


def part_filters(scope: Scope, query: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that the parameters bind.

    Raises:
        BadParameter: The vendor does not exist for the caller.
    """
    filters: dict[str, Any] = {}
    if "active" in query:
        filters["is_active"] = query["active"]
    if "vendor" in query:
        vendor = selectors.vendor_asked(scope=scope, text=query["vendor"])
        if vendor is None:
            raise unknown("vendor", query["vendor"])
        filters["vendor"] = vendor
    return filters
