"""Addresses of reports."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver, include, path

from reports.api import DocsView

pages: list[URLPattern] = []

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((pages, "reports"))),
    path("api/docs/", login_required(DocsView.as_view()), name="api_docs"),
]
