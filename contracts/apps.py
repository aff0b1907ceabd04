"""Contracts and the definitions of record that their versions freeze."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """What was promised, how it is measured, and from which day."""

    name = "contracts"
