"""The lowest app: words of no business, tables of no kind."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Registers the start-up checks of the database role."""

    name = "core"

    def ready(self) -> None:
        # Registers itself; models must be loaded first.
        from core import checks  # noqa: F401, PLC0415
