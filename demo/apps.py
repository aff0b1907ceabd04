"""A believable enterprise for the first look."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Loads itself through the services, like anyone."""

    name = "demo"
