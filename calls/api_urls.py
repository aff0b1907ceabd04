"""Addresses of the interface of calls and imports."""

from __future__ import annotations

from django.urls import path

from calls import api

urlpatterns = [
    path("calls", api.CallListView.as_view(), name="api_calls"),
    path("calls/batch", api.CallBatchView.as_view(), name="api_calls_batch"),
    path("imports", api.BatchListView.as_view(), name="api_imports"),
    path("imports/<uuid:uuid>", api.BatchDetailView.as_view(), name="api_import"),
]
