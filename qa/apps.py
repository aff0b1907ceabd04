"""Listening to conversations: which, by what form, what came of it, and what is done about it."""

from django.apps import AppConfig


class QaConfig(AppConfig):
    """Forms, samples, evaluations and what follows from them."""

    name = "qa"
