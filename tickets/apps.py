"""Matters that customers bring and that somebody promised to settle in time."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Tickets, their clocks and what follows from a call."""

    name = "tickets"

    def ready(self) -> None:
        """Offer solved tickets to whoever samples conversations."""
        from qa.selectors import population_offer  # noqa: PLC0415 - models are there from now on
        from tickets.selectors import SolvedTickets  # noqa: PLC0415

        population_offer(kind="ticket", population=SolvedTickets())
