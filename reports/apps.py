"""What people look at: dashboards, the KPI interface, exports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The top of the house."""

    name = "reports"
