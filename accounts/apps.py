"""People, organizations, roles and tokens."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users belong to one organization in one role."""

    name = "accounts"

    def ready(self) -> None:
        # Connects itself; models must be loaded first.
        from accounts import receivers  # noqa: F401, PLC0415
