"""Matters that customers bring and that somebody promised to settle in time."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Tickets, their clocks and what follows from a call."""

    name = "tickets"
