"""People, organizations, roles and tokens."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users belong to one organization in one role."""

    name = "accounts"
