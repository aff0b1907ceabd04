"""Calls: their import, their storage and the log of what changed."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Raw call records, the only source of every figure."""

    name = "calls"
