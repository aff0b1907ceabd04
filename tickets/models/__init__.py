"""Tables of tickets and of what customers say."""

from tickets.models.feedback import Feedback, FeedbackKind, FeedbackSource, FeedbackState, VoiceSignal
from tickets.models.figures import DayMark
from tickets.models.work import (
    CLOCKS,
    LEVELS,
    STATES,
    UPDATE_MODES,
    Calendar,
    Channel,
    Policy,
    QuickReply,
    Terms,
    Ticket,
    TicketAlert,
    TicketClock,
    TicketEvent,
    TicketLink,
    Tier,
)

__all__ = [
    "CLOCKS",
    "LEVELS",
    "STATES",
    "UPDATE_MODES",
    "Calendar",
    "Channel",
    "DayMark",
    "Feedback",
    "FeedbackKind",
    "FeedbackSource",
    "FeedbackState",
    "Policy",
    "QuickReply",
    "Terms",
    "Ticket",
    "TicketAlert",
    "TicketClock",
    "TicketEvent",
    "TicketLink",
    "Tier",
    "VoiceSignal",
]
