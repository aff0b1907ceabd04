"""KPIs of record: rollups of calls under the contract's definitions."""

from django.apps import AppConfig


class SlaConfig(AppConfig):
    """Turns changed days into figures."""

    name = "sla"
