"""Addresses of the contracts' interface."""

from __future__ import annotations

from django.urls import path

from contracts import api

urlpatterns = [
    path("contracts", api.ContractListView.as_view(), name="api_contracts"),
    path("contracts/<uuid:uuid>", api.ContractDetailView.as_view(), name="api_contract"),
]
