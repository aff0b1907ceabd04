"""Addresses of accounts in the API."""

from __future__ import annotations

from django.urls import path

from accounts import api

urlpatterns = [
    path("me", api.MeView.as_view(), name="api_me"),
    path("notices", api.NoticeListView.as_view(), name="api_notices"),
    path("notices/<uuid:uuid>/read", api.NoticeReadView.as_view(), name="api_notice_read"),
    path("webhooks", api.WebhookListView.as_view(), name="api_webhooks"),
    path("webhooks/<uuid:uuid>", api.WebhookDetailView.as_view(), name="api_webhook"),
]
