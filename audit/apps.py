"""Who did what, in words nobody can change later."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only book of every organization."""

    name = "audit"
