"""The vendors and their parts, to read."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view

from core.endpoints import DetailEndpoint, ListEndpoint
from core.scope import Scope
from vendors import selectors
from vendors.models import Agent, Queue, Site, Vendor
from vendors.serializers import (
    AgentSerializer,
    PartQuery,
    QueueSerializer,
    SiteSerializer,
    VendorQuery,
    VendorSerializer,
    part_filters,
)


@extend_schema_view(get=extend_schema(operation_id="vendors_list", parameters=[VendorQuery], tags=["vendors"]))
class VendorListView(ListEndpoint):
    """The vendors that the caller sees, by code."""

    permission = "vendors.view"
    serializer_class = VendorSerializer
    query_class = VendorQuery

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Vendor]:
        return selectors.vendor_list(scope=scope).filter(**part_filters(scope, query))


@extend_schema_view(get=extend_schema(operation_id="vendors_retrieve", tags=["vendors"]))
class VendorDetailView(DetailEndpoint):
    """One vendor."""

    permission = "vendors.view"
    serializer_class = VendorSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Vendor:
        return selectors.vendor_get(scope=scope, uuid=uuid)


@extend_schema_view(get=extend_schema(operation_id="sites_list", parameters=[PartQuery], tags=["vendors"]))
class SiteListView(ListEndpoint):
    """The sites that the caller sees, by code."""

    permission = "vendors.view"
    serializer_class = SiteSerializer
    query_class = PartQuery

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Site]:
        return selectors.site_list(scope=scope).filter(**part_filters(scope, query))


@extend_schema_view(get=extend_schema(operation_id="sites_retrieve", tags=["vendors"]))
class SiteDetailView(DetailEndpoint):
    """One site."""

    permission = "vendors.view"
    serializer_class = SiteSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Site:
        return selectors.site_get(scope=scope, uuid=uuid)


@extend_schema_view(get=extend_schema(operation_id="queues_list", parameters=[PartQuery], tags=["vendors"]))
class QueueListView(ListEndpoint):
    """The queues that the caller sees, by code."""

    permission = "vendors.view"
    serializer_class = QueueSerializer
    query_class = PartQuery

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Queue]:
        return selectors.queue_list(scope=scope).filter(**part_filters(scope, query))


@extend_schema_view(get=extend_schema(operation_id="queues_retrieve", tags=["vendors"]))
class QueueDetailView(DetailEndpoint):
    """One queue."""

    permission = "vendors.view"
    serializer_class = QueueSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Queue:
        return selectors.queue_get(scope=scope, uuid=uuid)


@extend_schema_view(get=extend_schema(operation_id="agents_list", parameters=[PartQuery], tags=["vendors"]))
class AgentListView(ListEndpoint):
    """The agents that the caller sees, by code."""

    permission = "agents.view"
    serializer_class = AgentSerializer
    query_class = PartQuery

    def get_rows(self, scope: Scope, query: dict[str, Any]) -> QuerySet[Agent]:
        return selectors.agent_list(scope=scope).filter(**part_filters(scope, query))


@extend_schema_view(get=extend_schema(operation_id="agents_retrieve", tags=["vendors"]))
class AgentDetailView(DetailEndpoint):
    """One agent."""

    permission = "agents.view"
    serializer_class = AgentSerializer

    def get_row(self, scope: Scope, uuid: Any) -> Agent:
        return selectors.agent_get(scope=scope, uuid=uuid)
