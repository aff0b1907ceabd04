"""Addresses of the audit book."""

from __future__ import annotations

from django.urls import path

from accounts.views import book

app_name = "audit"

urlpatterns = [
    path("", book.Book.as_view(), name="book"),
    path("verify/", book.verify, name="verify"),
    path("history/<slug:object_type>/<uuid:uuid>/", book.history, name="history"),
]
