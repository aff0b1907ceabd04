"""The vendors, their sites, queues and agents."""

from django.apps import AppConfig


class VendorsConfig(AppConfig):
    """The lowest place that calls, shifts and evaluations need."""

    name = "vendors"
