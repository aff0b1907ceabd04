"""Addresses of the interface of incidents."""

from __future__ import annotations

from django.urls import path

from sla import api

urlpatterns = [
    path("incidents", api.IncidentListView.as_view(), name="api_incidents"),
    path("incidents/<uuid:uuid>", api.IncidentDetailView.as_view(), name="api_incident"),
    path("incidents/<uuid:uuid>/steps", api.IncidentStepView.as_view(), name="api_incident_step"),
]
