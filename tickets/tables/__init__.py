"""The columns of the lists of tickets and of what customers say."""

from tickets.tables.work import (
    TicketTable,
    countdown_badge,
    ticket_url,
)

__all__ = [
    "TicketTable",
    "countdown_badge",
    "ticket_url",
]
