"""The columns of the lists of tickets and of what customers say."""

from tickets.tables.feedback import FeedbackTable, VoiceTable, feedback_url
from tickets.tables.work import (
    TicketTable,
    VersionedSelect,
    countdown_badge,
    ticket_url,
)

__all__ = [
    "FeedbackTable",
    "TicketTable",
    "VersionedSelect",
    "VoiceTable",
    "countdown_badge",
    "feedback_url",
    "ticket_url",
]
