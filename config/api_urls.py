"""The addresses of the REST API, version 1."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.api_urls")),
    path("", include("vendors.api_urls")),
    path("", include("contracts.api_urls")),
    path("", include("calls.api_urls")),
    path("", include("sla.api_urls")),
    path("", include("qa.api_urls")),
    path("", include("tickets.api_urls")),
    path("", include("reports.api_urls")),
]
