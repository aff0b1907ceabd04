"""Every address of the product: pages by app, the API under one versioned path."""

from __future__ import annotations

from django.urls import include, path

handler404 = "core.http.not_found"
handler500 = "core.http.server_error"

urlpatterns = [
    path("", include("reports.urls")),
    path("accounts/", include("accounts.urls")),
    path("audit/", include("accounts.book_urls")),
    path("vendors/", include("vendors.urls")),
    path("contracts/", include("contracts.urls")),
    path("calls/", include("calls.urls")),
    path("service/", include("sla.urls")),
    path("qa/", include("qa.urls")),
    path("tickets/", include("tickets.urls")),
    path("api/v1/", include("config.api_urls")),
]
