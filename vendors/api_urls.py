"""Addresses of the vendors' interface."""

from __future__ import annotations

from django.urls import path

from vendors import api

urlpatterns = [
    path("vendors", api.VendorListView.as_view(), name="api_vendors"),
    path("vendors/<uuid:uuid>", api.VendorDetailView.as_view(), name="api_vendor"),
    path("sites", api.SiteListView.as_view(), name="api_sites"),
    path("sites/<uuid:uuid>", api.SiteDetailView.as_view(), name="api_site"),
    path("queues", api.QueueListView.as_view(), name="api_queues"),
    path("queues/<uuid:uuid>", api.QueueDetailView.as_view(), name="api_queue"),
    path("agents", api.AgentListView.as_view(), name="api_agents"),
    path("agents/<uuid:uuid>", api.AgentDetailView.as_view(), name="api_agent"),
]
