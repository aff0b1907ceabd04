"""Addresses of the KPI interface and of the OpenAPI document."""

from __future__ import annotations

from django.urls import path

from reports.api import KpiReportView, SchemaView

urlpatterns = [
    path("kpis", KpiReportView.as_view(), name="api_kpis"),
    path("schema", SchemaView.as_view(), name="schema"),
]
