"""Addresses of reports."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from reports.api import DocsView
from reports.views.contract import contract
from reports.views.explorer import explorer
from reports.views.health import health
from reports.views.home import overview
from reports.views.small import about, explain, find

pages: list[URLPattern] = [
    path("kpis/", explorer, name="explorer"),
    path("kpis/derivation/", explain, name="derivation"),
    path("contracts/<uuid:uuid>/kpis/", contract, name="contract"),
    path("search", find, name="search"),
    path("about/", about, name="about"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview, name="home"),
    path("", include((pages, "reports"))),
    path("health/", health, name="health"),
    path("api/docs/", DocsView.as_view(), name="api_docs"),
]
