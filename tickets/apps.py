"""Matters that customers bring and that somebody promised to settle in time."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Tickets, their clocks and what follows from a call."""

    name = "tickets"

    def ready(self) -> None:
        """Offer solved tickets to whoever samples conversations, and complaints to whoever watches graders."""
        from qa.selectors import complaints_offer, population_offer  # noqa: PLC0415 - models are there from now on
        from tickets.selectors import SolvedTickets, calls_complained  # noqa: PLC0415

        complaints_offer(room="tickets", find=calls_complained)
        population_offer(kind="ticket", population=SolvedTickets())
