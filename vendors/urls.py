"""Addresses of vendors and their parts."""

from __future__ import annotations

from django.urls import path

from vendors.views import lists, parts, vendors

app_name = "vendors"

urlpatterns = [
    path("", vendors.VendorList.as_view(), name="vendor_list"),
    path("new/", vendors.VendorForm.as_view(), name="vendor_create"),
    path("sites/", lists.SiteList.as_view(), name="site_list"),
    path("sites/new/", parts.SiteForm.as_view(), name="site_create"),
    path("sites/<uuid:uuid>/", parts.SiteDetail.as_view(), name="site_detail"),
    path("sites/<uuid:uuid>/edit/", parts.SiteForm.as_view(), name="site_edit"),
    path("queues/", lists.QueueList.as_view(), name="queue_list"),
    path("queues/new/", parts.QueueForm.as_view(), name="queue_create"),
    path("queues/<uuid:uuid>/", parts.QueueDetail.as_view(), name="queue_detail"),
    path("queues/<uuid:uuid>/edit/", parts.QueueForm.as_view(), name="queue_edit"),
    path("agents/", lists.AgentList.as_view(), name="agent_list"),
    path("agents/new/", parts.AgentForm.as_view(), name="agent_create"),
    path("agents/<uuid:uuid>/", parts.AgentDetail.as_view(), name="agent_detail"),
    path("agents/<uuid:uuid>/edit/", parts.AgentForm.as_view(), name="agent_edit"),
    path("agents/<uuid:uuid>/login/", parts.AgentLogin.as_view(), name="agent_login"),
    path("<uuid:uuid>/", vendors.VendorSummary.as_view(), name="vendor_detail"),
    path("<uuid:uuid>/edit/", vendors.VendorForm.as_view(), name="vendor_edit"),
    path("<uuid:uuid>/sites/", vendors.VendorSites.as_view(), name="vendor_sites"),
    path("<uuid:uuid>/queues/", vendors.VendorQueues.as_view(), name="vendor_queues"),
    path("<uuid:uuid>/agents/", vendors.VendorAgents.as_view(), name="vendor_agents"),
    path("<uuid:uuid>/history/", vendors.VendorHistory.as_view(), name="vendor_history"),
]
